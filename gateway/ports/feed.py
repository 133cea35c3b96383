"""Events, numbered after their commit so that nobody who reads in order skips a late one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at the gateway."""

    cursor: int
    id: str
    at: str
    type: str
    subject: str | None
    document: dict[str, Any]


class Feed(Protocol):
    """The numbered events."""

    async def number(self) -> int:
        """Give the next cursors to the committed events that have none; return how many there were."""
        ...

    async def after(self, cursor: int, limit: int) -> Sequence[Event]: ...

    async def newest(self) -> int:
        """Return the highest cursor, 0 when there is none."""
        ...
