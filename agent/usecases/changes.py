"""Tell whoever watches that something changed; what it is now, they ask for themselves."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

BACKLOG = 100


class Subject(StrEnum):
    """Kinds of thing that change."""

    INSTRUMENT = "instrument"
    INTERVENTION = "intervention"
    OUTBOX = "outbox"
    SCAN = "scan"
    BUTTON = "button"
    FILE = "file"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Change:
    """One change."""

    subject: Subject
    id: str


class Changes:
    """Hands each change to every watcher; a watcher that does not keep up misses some, and never blocks."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[Change]] = set()

    def tell(self, subject: Subject, id: str = "") -> None:
        """Have every watcher know."""
        for watcher in self._watchers:
            with suppress(asyncio.QueueFull):
                watcher.put_nowait(Change(subject, id))

    @contextmanager
    def watching(self) -> Generator[asyncio.Queue[Change]]:
        """Yield the changes that happen inside the block."""
        queue: asyncio.Queue[Change] = asyncio.Queue(BACKLOG)
        self._watchers.add(queue)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)
