"""Numbering events after their commit, and waking those who follow them."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.ports.feed import Feed
from gateway.ports.inbox import StoreUnavailableError

LOOK_EVERY = 1.0
"""Seconds after which events that another process committed are looked for."""


class Sequencer:
    """Gives cursors, and tells followers that something moved."""

    def __init__(self, feed: Feed, pause: Callable[[float], Awaitable[None]]) -> None:
        self._feed = feed
        self._pause = pause
        self._wake = asyncio.Event()
        self._moved = asyncio.Event()
        self.closed = False

    def wake(self) -> None:
        """Say that events may have been committed."""
        self._wake.set()

    async def run(self) -> None:
        """Number events until cancelled."""
        while True:
            try:
                numbered = await self._feed.number()
            except StoreUnavailableError:
                await self._pause(LOOK_EVERY)
                continue
            if numbered:
                self._tell()
                continue
            await _within(self._wake, LOOK_EVERY)
            self._wake.clear()

    def _tell(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def moved(self) -> None:
        """Return when events were numbered here, or after a while: another process numbers too."""
        await _within(self._moved, LOOK_EVERY)

    def close(self) -> None:
        """Let every follower go."""
        self.closed = True
        self._tell()


async def _within(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
