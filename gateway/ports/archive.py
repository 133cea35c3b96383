"""Reading what was taken in."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from contract.signing import KeyRecord
from contract.wire.down import Outcome
from gateway.ports.office import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A capture as it is kept: the triple link, sig, statement is the evidence, the rest is read from it."""

    agent: str
    epoch: str
    seq: int
    hash: str
    link: str
    sig: str
    key: str
    statement: str | None
    kind: str | None
    intervention: str | None
    report: str | None
    received_at: str
    outcome: Outcome
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poison:
    """Something refused: kept, never answered."""

    sha256: str
    topic: str
    agent: str | None
    head: bytes
    size: int
    reason: str
    received_at: str
    times: int


class Archive(Protocol):
    """The captures, for reading."""

    async def captures(self, cursor: str | None, limit: int) -> Page[Stored]:
        """Return captures in the order of the events that announced them: nobody skips a late one."""
        ...

    async def of_intervention(self, intervention: str) -> Sequence[Stored]:
        """Return those of an intervention, in the order of their places."""
        ...

    async def of_event(self, event: str) -> Sequence[Stored]:
        """Return those that one event announced."""
        ...

    def between(self, agent: str, epoch: str, first: int, last: int) -> AsyncIterator[Stored]:
        """Yield those of one epoch in chain order, whatever intervention they belong to."""
        ...

    async def keys(self, ids: Sequence[str]) -> Sequence[KeyRecord]: ...


class Recent(Protocol):
    """The captures, for looking at."""

    async def newest(self, limit: int) -> Sequence[Stored]:
        """Return the captures that arrived last, newest first."""
        ...


class Quarantine(Protocol):
    """What a person must look at."""

    async def quarantined(self, cursor: str | None, limit: int) -> Page[Stored | Poison]: ...
