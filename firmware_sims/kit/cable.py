"""Cables: a pseudo-terminal, or a TCP port, with a wired instrument at the near end."""

import asyncio
import contextlib
import os
import pty
import tempfile
import tty
from collections import deque
from collections.abc import AsyncGenerator
from pathlib import Path
from types import TracebackType
from typing import Self

from firmware_sims.kit.faults import Fault, slices
from firmware_sims.kit.ports import listening
from firmware_sims.kit.serving import LOOPBACK
from firmware_sims.kit.way import delay, on_the_way
from firmware_sims.kit.wired import WiredInstrument

LONGEST_WRITE = 256
AT_ONCE = 4096


class Outlet:
    """Frames on their way out of an instrument, with what its faults do to them."""

    def __init__(self, instrument: WiredInstrument) -> None:
        self._instrument = instrument
        self._due: deque[tuple[float, bytes]] = deque()

    def pieces(self) -> list[bytes]:
        """Return what leaves now, as it is cut."""
        instrument = self._instrument
        late = instrument.elapsed + delay(instrument.faults)
        said = on_the_way(instrument.take_outgoing(), instrument.faults, instrument.chance)
        self._due.extend((late, frame) for frame in said)
        leaving: list[bytes] = []
        while self._due and self._due[0][0] <= instrument.elapsed:
            chance = instrument.chance if Fault.SPLIT in instrument.faults else None
            leaving += slices(self._due.popleft()[1], LONGEST_WRITE, chance)
        return leaving


class Cable:
    """The near end of a pseudo-terminal. Its path stays the same when it is plugged in again."""

    def __init__(self, instrument: WiredInstrument) -> None:
        self._instrument = instrument
        self._outlet = Outlet(instrument)
        self._folder = tempfile.TemporaryDirectory(prefix="releve-sim-")
        self._path = Path(self._folder.name) / f"{instrument.slug}-{instrument.serial}"
        self._ends: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        self._plug_in()
        self._instrument.place = str(self._path)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._unplug()
        self._folder.cleanup()

    def tend(self) -> None:
        """Follow the link loss fault, take in what came, and send what waits."""
        lost = Fault.LINK_LOSS in self._instrument.faults
        if lost and self._ends:
            self._unplug()
        elif not lost and not self._ends:
            self._plug_in()
        self._listen()

    def _listen(self) -> None:
        if self._ends is None:
            return
        with contextlib.suppress(BlockingIOError, OSError):
            self._instrument.heard(os.read(self._ends[0], AT_ONCE))
        for piece in self._outlet.pieces():
            # Nobody reads and the line is full: an instrument does not wait.
            with contextlib.suppress(BlockingIOError):
                os.write(self._ends[0], piece)

    def _plug_in(self) -> None:
        near, far = pty.openpty()
        tty.setraw(near)
        tty.setraw(far)
        os.set_blocking(near, False)
        self._ends = (near, far)
        self._path.symlink_to(os.ttyname(far))
        self._instrument.plugged_in()
        # Without a loop, as in a plain test, only `tend` listens.
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop().add_reader(near, self._listen)

    def _unplug(self) -> None:
        if self._ends is None:
            return
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop().remove_reader(self._ends[0])
        self._path.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = None


class Jack:
    """A TCP port with the instrument behind it; one peer at a time, the latest."""

    def __init__(self, instrument: WiredInstrument) -> None:
        self._instrument = instrument
        self._outlet = Outlet(instrument)
        self._writer: asyncio.StreamWriter | None = None

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Be the instrument for one peer."""
        if self._writer is not None:
            self._writer.close()
        self._writer = writer
        self._instrument.plugged_in()
        # The end of the server cancels its conversations: that is no fault to tell of.
        with contextlib.suppress(OSError, asyncio.CancelledError):
            while data := await reader.read(AT_ONCE):
                self._instrument.heard(data)
                self.tend()
        if self._writer is writer:
            self._writer = None
        writer.close()

    def tend(self) -> None:
        """Follow the link loss fault, and send what waits."""
        if self._writer is None:
            self._instrument.take_outgoing()
        elif Fault.LINK_LOSS in self._instrument.faults:
            self._writer.close()
            self._writer = None
        else:
            for piece in self._outlet.pieces():
                self._writer.write(piece)


@contextlib.asynccontextmanager
async def on_tcp(instrument: WiredInstrument, port: int = 0) -> AsyncGenerator[Jack]:
    """Serve an instrument on the loopback while the context lasts."""
    jack = Jack(instrument)
    with listening(port, "--port"):
        server = await asyncio.start_server(jack.converse, LOOPBACK, port)
    instrument.place = f"{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    try:
        yield jack
    finally:
        server.close()
