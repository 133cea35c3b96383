"""How long a process lives: until a signal, or until whoever started it is gone."""

import asyncio
import contextlib
import os
import signal
import stat
import sys
from collections.abc import AsyncGenerator

PARENT_STEP = 0.2


@contextlib.asynccontextmanager
async def asked_to_end(*, with_parent: bool) -> AsyncGenerator[asyncio.Event]:
    """Yield an event that is set by SIGINT, by SIGTERM and, if wished, by the parent's end."""
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for each in signals:
        loop.add_signal_handler(each, end.set)
    async with asyncio.TaskGroup() as tasks:
        watches: list[asyncio.Task[None]] = []
        if with_parent:
            watches.append(tasks.create_task(_parent_gone(end, os.getppid())))
            if _stdin_is_a_pipe():
                watches.append(tasks.create_task(_stdin_closed(end)))
        try:
            yield end
        finally:
            for watch in watches:
                watch.cancel()
            for each in signals:
                loop.remove_signal_handler(each)


async def _parent_gone(end: asyncio.Event, parent: int) -> None:
    while not end.is_set():
        if os.getppid() != parent:
            end.set()
        await asyncio.sleep(PARENT_STEP)


def _stdin_is_a_pipe() -> bool:
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


async def _stdin_closed(end: asyncio.Event) -> None:
    """Read what the parent writes, and nothing of it; the pipe's end is the sign."""
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: protocol, sys.stdin)
    try:
        while await reader.read(1024):
            pass
        end.set()
    finally:
        transport.close()
