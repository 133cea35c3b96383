"""What payments need of the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agent.ports import Build
from agent.usecases.payments.attempt import Attempt, Effect
from agent.usecases.payments.events import Event
from contract.payment.stated import Doubt, Stated
from contract.wire.base import Name, ShortText, Time, WireModel
from contract.wire.captured import Technician


class JournalConflictError(Exception):
    """Something else stands in the journal than was thought; nothing was written."""


class NoRoomError(Exception):
    """The end of a payment could not be written down: none may begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """An answer of a terminal that fits no attempt."""

    n: int
    terminal: str
    at: datetime
    attempt: str | None
    """The attempt that was under way, or looked after, when it came."""
    misfit: Doubt | None
    stated: Stated
    seen_by: Technician | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of an attempt's history."""

    at: datetime
    event: str
    state: str


class PairedTerminal(WireModel):
    """A person's statement that this terminal is theirs to be paid with."""

    name: Name
    kind: Name
    address: ShortText
    """Where it was when it was paired; elsewhere it is not the one."""
    paired_by: Technician
    paired_at: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One step to be written down, whole or not at all."""

    before: Attempt
    after: Attempt
    event: Event
    effects: Sequence[Effect]
    at: datetime
    capture: Build | None
    """Drafts the capture that goes with it."""


class PaymentJournal(Protocol):
    """Attempts. What a method wrote is on disk when it returns; all raise StoreRefusedError, and then wrote nothing."""

    async def open(self, attempt: Attempt) -> Attempt:
        """Write down a new attempt, and return it; or the one that has the same key already.

        Raises JournalConflictError where the terminal or the intervention has an open one, and NoRoomError.
        """
        ...

    async def record(self, recording: Recording) -> Attempt:
        """Write a step down, and return the attempt; raises JournalConflictError when it is not as before."""
        ...

    async def attempt(self, id: str) -> Attempt | None:
        """Return one attempt, None when there is no such one."""
        ...

    async def attempts(
        self, intervention: str | None = None, *, only_open: bool = False
    ) -> list[Attempt]:
        """Return attempts, oldest first: all of them, those of an intervention, or those that are not settled."""
        ...

    async def history(self, attempt: str) -> list[Happened]:
        """Return what happened to an attempt, oldest first."""
        ...


class OrphanRecords(Protocol):
    """Answers that fit no attempt."""

    async def orphans(self) -> list[Orphan]: ...
    async def look_at(self, n: int, by: Technician) -> bool:
        """Write down that somebody looked at one; False when there is no such one left."""
        ...


class TerminalRecords(Protocol):
    """Which terminals are ours."""

    async def terminals(self) -> list[PairedTerminal]: ...
    async def keep_terminal(self, terminal: PairedTerminal) -> None: ...
    async def drop_terminal(self, name: str) -> bool: ...
    async def may_refund(self, technician: str) -> bool: ...
