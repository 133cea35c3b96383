"""One attempt to move money, as a pure state machine.

Nothing here waits, writes or sends: ``step`` says what an event makes of an attempt, and what is then to be done. The
attempt is on disk before any of it is.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from agent.usecases.payments.events import (
    Answer,
    Decided,
    Event,
    NothingSent,
    Restarted,
    Sending,
    TicketCame,
    Unclear,
    WasPromised,
    WasSent,
    WasTaken,
    Withdrawn,
)
from contract.payment.fitting import misfit
from contract.payment.money import Money
from contract.payment.stated import Doubt, Operation, Stated, Unsent, Verdict
from contract.wire.base import Place
from contract.wire.captured import Technician
from contract.wire.payment import CapturedTerminal, SettledBy
from drivers.payment.dialogue import Asked


class State(StrEnum):
    """Where an attempt stands."""

    CREATED = "created"
    """Written down; not a byte has left."""
    SENDING = "sending"
    """The first byte may be on its way."""
    SENT = "sent"
    PENDING = "pending"
    """The terminal has it."""
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    NOT_SENT = "not_sent"
    """Proved: the terminal was asked for nothing."""
    UNKNOWN = "unknown"
    """Money may have moved. Only the terminal, or a person who looked at it, settles it."""


SETTLED = frozenset({State.APPROVED, State.DECLINED, State.CANCELLED, State.NOT_SENT})
UNDER_WAY = frozenset({State.SENDING, State.SENT, State.PENDING})
_OF_VERDICT = {
    Verdict.APPROVED: State.APPROVED,
    Verdict.DECLINED: State.DECLINED,
    Verdict.CANCELLED: State.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was asked, of which terminal, by whom; and how far it got."""

    id: str
    """Ten letters and digits; the terminal gives it back where it can."""
    key: str
    """The caller's own: the same key is the same attempt."""
    operation: Operation
    money: Money
    intervention: str
    terminal: CapturedTerminal
    by: Technician
    begun: datetime
    of: str | None = None
    """With a reversal or a refund: the attempt that it undoes."""
    receipt: str | None = None
    """With a reversal: the terminal's number of what it undoes."""
    mark: str | None = None
    """What the terminal had done last before this, in words of its driver."""
    handle: str | None = None
    """What the other side calls it, where it has a name for it."""
    stray: bool = False
    """Whether the terminal still owed an answer to something earlier when this began."""
    state: State = State.CREATED
    promised: Stated | None = None
    """What the terminal stated, and has not confirmed."""
    doubt: Doubt | None = None
    unsent: Unsent | None = None
    stated: Stated | None = None
    settled_by: SettledBy | None = None
    decided_by: Technician | None = None
    reason: str | None = None
    """With a person's decision: why they are sure."""
    captured: Place | None = None
    """Where its latest capture stands."""

    @property
    def asked(self) -> Asked:
        return Asked(
            operation=self.operation,
            money=self.money,
            reference=self.id,
            receipt=self.receipt,
            mark=self.mark,
            handle=self.handle,
            stray=self.stray,
        )

    @property
    def open(self) -> bool:
        """Whether another attempt has to wait for it."""
        return self.state not in SETTLED

    @property
    def moved(self) -> Money | None:
        """What was really paid, or given back; None while or where nothing was."""
        if self.state is not State.APPROVED:
            return None
        stated = self.stated.money if self.stated is not None else None
        return stated or self.money


class Effect(StrEnum):
    """What is to be done once the attempt is on disk. CAPTURE and ORPHAN go with it, in the same transaction."""

    CAPTURE = "capture"
    """The intervention gets to know."""
    ORPHAN = "orphan"
    """An answer that fits nothing is kept, and somebody has to look at it."""
    SEND = "send"
    """The request may go."""
    ACKNOWLEDGE = "acknowledge"
    """The terminal may hear that its answer arrived."""


class StepError(Exception):
    """The event cannot happen to an attempt in this state."""


Step = tuple[Attempt, tuple[Effect, ...]]


def step(attempt: Attempt, event: Event) -> Step:
    """Return the attempt after an event, and what is then to be done; raises StepError."""
    match event:
        case Sending(mark=mark):
            after = _sending(attempt, mark)
        case WasSent():
            after = _forth(attempt, {State.SENDING}, State.SENT)
        case WasTaken(handle=handle):
            after = _taken(attempt, handle)
        case NothingSent(why=why):
            after = _nothing_sent(attempt, why)
        case Withdrawn(why=why):
            after = _withdrawn(attempt, why)
        case Answer():
            after = _answered(attempt, event)
        case WasPromised(stated=stated):
            under_way = attempt.state in UNDER_WAY
            after = (replace(attempt, promised=stated) if under_way else attempt), ()
        case TicketCame(ticket=ticket):
            after = _with_ticket(attempt, ticket)
        case Unclear(doubt=doubt):
            after = _doubted(attempt, doubt)
        case Restarted():
            after = _restarted(attempt)
        case Decided():
            after = _decided(attempt, event)
    return after


def _sending(attempt: Attempt, mark: str | None) -> Step:
    if attempt.state is not State.CREATED:
        raise StepError(f"{attempt.id} is {attempt.state}: it is never sent again")
    return replace(attempt, state=State.SENDING, mark=mark), (Effect.SEND,)


def _forth(attempt: Attempt, before: set[State], after: State) -> Step:
    return (replace(attempt, state=after) if attempt.state in before else attempt), ()


def _taken(attempt: Attempt, handle: str | None) -> Step:
    if attempt.state in SETTLED:
        return attempt, ()
    after, _ = _forth(attempt, {State.SENDING, State.SENT}, State.PENDING)
    return replace(after, handle=after.handle or handle), ()


def _nothing_sent(attempt: Attempt, why: Unsent) -> Step:
    if attempt.state not in {State.CREATED, State.SENDING}:
        # It is the terminal that could not be asked afterwards.
        return attempt, ()
    return replace(attempt, state=State.NOT_SENT, unsent=why), ()


def _withdrawn(attempt: Attempt, why: Unsent) -> Step:
    if attempt.state is not State.CREATED:
        raise StepError(f"{attempt.id} is {attempt.state}: it may have been sent")
    return _nothing_sent(attempt, why)


def _answered(attempt: Attempt, answer: Answer) -> Step:
    stated = answer.stated
    wrong = answer.misfit or misfit(stated, attempt.money, attempt.id, partial=answer.partial)
    if wrong is not None:
        doubted, effects = _doubted(attempt, wrong)
        return doubted, (Effect.ORPHAN, *effects, Effect.ACKNOWLEDGE)
    if attempt.state in UNDER_WAY or attempt.state is State.UNKNOWN:
        late = SettledBy.ENQUIRY if answer.enquired else SettledBy.LATE_ANSWER
        settled = replace(
            attempt,
            state=_OF_VERDICT[stated.verdict],
            stated=stated,
            settled_by=late if attempt.state is State.UNKNOWN else SettledBy.TERMINAL,
        )
        return settled, (Effect.CAPTURE, Effect.ACKNOWLEDGE)
    same = attempt.state is _OF_VERDICT[stated.verdict]
    return attempt, (Effect.ACKNOWLEDGE,) if same else (Effect.ORPHAN, Effect.ACKNOWLEDGE)


def _with_ticket(attempt: Attempt, ticket: str) -> Step:
    if attempt.stated is None or attempt.stated.ticket is not None:
        return attempt, ()
    return replace(attempt, stated=replace(attempt.stated, ticket=ticket)), (Effect.CAPTURE,)


def _doubted(attempt: Attempt, doubt: Doubt) -> Step:
    if attempt.state in UNDER_WAY:
        return replace(attempt, state=State.UNKNOWN, doubt=doubt), (Effect.CAPTURE,)
    return attempt, ()


def _restarted(attempt: Attempt) -> Step:
    if attempt.state is State.CREATED:
        return _nothing_sent(attempt, Unsent.INTERRUPTED)
    return _doubted(attempt, Doubt.INTERRUPTED)


def _decided(attempt: Attempt, decided: Decided) -> Step:
    if attempt.state is not State.UNKNOWN:
        raise StepError(f"{attempt.id} is {attempt.state}: there is nothing to decide")
    settled = replace(
        attempt,
        state=State.APPROVED if decided.paid else State.DECLINED,
        settled_by=SettledBy.PERSON,
        decided_by=decided.by,
        reason=decided.reason,
    )
    return settled, (Effect.CAPTURE,)
