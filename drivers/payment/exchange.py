"""One operation at a terminal that is asked once and answers once, whatever carries the bodies."""

from collections import deque
from enum import Enum, auto
from typing import Protocol

from contract.payment.stated import Doubt, Stated, Unsent, Verdict, Why
from drivers.kit.errors import FrameError
from drivers.payment.carriers import (
    Body,
    Carried,
    Carrier,
    NotReached,
    Parted,
    Reached,
    Receipt,
    Unreadable,
)
from drivers.payment.dialogue import (
    AboutToSend,
    Answered,
    Doubted,
    NotSent,
    Out,
    Over,
    Rejected,
    Sent,
    TakenOn,
)

RESULT_WITHIN = 180.0
"""Seconds for the customer, the bank and the terminal: other tills wait less, and lose payments."""
STATE_WITHIN = 10.0
"""Seconds for an answer to a question that needs nobody."""


class PutOff:
    """The terminal has the request, and its end is still to come."""


Understood = Stated | Doubt | PutOff


class Reading(Protocol):
    """What one protocol says in a body, about one operation."""

    @property
    def stray(self) -> bool:
        """Whether an answer to something earlier may still come."""
        ...

    def understand(self, body: bytes) -> Understood:
        """Return what a body says; raises FrameError when it says nothing."""
        ...

    def misfit(self, stated: Stated) -> Doubt | None:
        """Return what in an answer is of another operation, None when it is of this one."""
        ...


class Job(Enum):
    """What a conversation is for."""

    OPERATION = auto()
    """Money may move: it waits before it asks, and asks once."""
    QUESTION = auto()
    """What became of an earlier operation; moves nothing."""
    LISTENING = auto()
    """Whether the terminal has something left to say."""


class _At(Enum):
    REACHING = auto()
    HOLDING = auto()
    """The terminal is reached, and the disk is waited for."""
    ASKED = auto()
    DOUBTED = auto()
    ANSWERED = auto()
    """An answer waits for the disk."""
    PARTING = auto()
    OVER = auto()


class Exchange:
    """A PaymentDialogue."""

    def __init__(self, job: Job, request: bytes, reading: Reading, carrier: Carrier) -> None:
        self.out = Out()
        self._job = job
        self._request = request
        self._reading = reading
        self._carrier = carrier
        self._at = _At.REACHING
        self._after = _At.REACHING
        """Where it will stand once the answer is on disk."""
        self._deadline: float | None = None
        self._said: bytes | None = None
        """The answer that waits for the disk; None where there is nothing to acknowledge."""
        self._known: bytes | None = None
        """The answer that is on disk: said again, it is only acknowledged again."""
        self._more: deque[bytes] = deque()
        """What came while an answer waited for the disk."""
        self._lost = False

    @property
    def next_timer(self) -> float | None:
        due = [each for each in (self._deadline, self._carrier.next_timer) if each is not None]
        return min(due, default=None)

    def connection_made(self, now: float) -> None:
        if self._job is Job.LISTENING:
            self._at = _At.DOUBTED
            self._carrier.listen()
        else:
            self._carrier.reach(now)
        self._pass_on(now)

    def receive(self, data: bytes, now: float) -> None:
        self._carrier.receive(data, now)
        self._pass_on(now)

    def timer_fired(self, now: float) -> None:
        if self._carrier.next_timer is not None and self._carrier.next_timer <= now:
            self._carrier.timer_fired(now)
        self._pass_on(now)
        if self._deadline is not None and self._deadline <= now:
            self._deadline = None
            self._doubt(Doubt.SILENT)
            if self._job is Job.QUESTION:
                self._end()

    def connection_lost(self, now: float) -> None:
        self._lost = True
        self._carrier.ended()
        self._pass_on(now)
        match self._at:
            case _At.REACHING | _At.HOLDING:
                self._unsent(Unsent.NO_CONNECTION)
            case _At.ASKED:
                self._doubt(Doubt.LINK_LOST)
                self._end()
            case _At.DOUBTED | _At.PARTING:
                self._end()
            case _At.ANSWERED | _At.OVER:
                # What waits for the disk is still to be written down.
                pass

    def proceed(self, now: float) -> None:
        match self._at:
            case _At.HOLDING:
                self._ask(now)
            case _At.ANSWERED:
                self._written_down(now)
            case _:
                pass
        self._pass_on(now)

    def _written_down(self, now: float) -> None:
        self._at = self._after
        if self._said is None:
            self._end()
            return
        self._known, self._said = self._said, None
        self._carrier.acknowledge(now)
        while self._more and self._at is not _At.ANSWERED:
            self._body(self._more.popleft(), now)
        # A question has one answer, also where that is about something else.
        over = self._lost or self._job is Job.QUESTION
        if over and self._at not in {_At.ANSWERED, _At.OVER}:
            self._end()

    def cancel(self, now: float) -> None:
        """Nothing: only the terminal's own key stops it."""

    def _ask(self, now: float) -> None:
        self._at = _At.ASKED
        self._carrier.send(self._request, now)
        within = STATE_WITHIN if self._job is Job.QUESTION else RESULT_WITHIN
        self._deadline = now + within
        self._write()
        self.out.tell(Sent())

    def _pass_on(self, now: float) -> None:
        """Do what follows from what the carrier told."""
        while self._carrier.told:
            self._told(self._carrier.told.pop(0), now)
        self._write()

    def _write(self) -> None:
        while self._carrier.written:
            self.out.send(self._carrier.written.pop(0))

    def _told(self, told: Carried, now: float) -> None:
        match told:
            case Reached():
                self._reached(now)
            case NotReached(why=why):
                self._unsent(why)
            case Receipt():
                self._receipt(told)
            case Body(data=data):
                self._body(data, now)
            case Unreadable(reason=reason):
                self.out.tell(Rejected(reason))
            case Parted():
                if self._at is _At.PARTING:
                    self._end()

    def _reached(self, now: float) -> None:
        if self._job is Job.OPERATION:
            self._at = _At.HOLDING
            self.out.tell(AboutToSend())
        else:
            self._ask(now)

    def _receipt(self, receipt: Receipt) -> None:
        match receipt:
            case Receipt.TAKEN:
                self.out.tell(TakenOn())
            case Receipt.UNACKNOWLEDGED:
                self._doubt(Doubt.NOT_ACKNOWLEDGED)
            case Receipt.REFUSED:
                # The terminal says that it did not take it: nothing is under way there.
                self._answer(Stated(verdict=Verdict.DECLINED, why=Why.NOT_TAKEN), None)

    def _body(self, data: bytes, now: float) -> None:
        if self._at is _At.ANSWERED:
            if data != self._said:
                self._more.append(data)
            return
        if data == self._known:
            self._carrier.acknowledge(now)
            return
        try:
            understood = self._reading.understand(data)
        except FrameError as error:
            self.out.tell(Rejected(str(error)))
            self._unclear(Doubt.UNREADABLE, now)
            return
        match understood:
            case PutOff():
                self._carrier.acknowledge(now)
                self.out.tell(TakenOn())
            case Doubt():
                self._unclear(understood, now)
            case Stated():
                self._stated(understood, data)

    def _unclear(self, doubt: Doubt, now: float) -> None:
        """Something came that settles nothing; the end may still come."""
        self._carrier.acknowledge(now)
        if self._at is _At.ASKED:
            self._doubt(doubt)
            if self._job is Job.QUESTION:
                self._end()

    def _stated(self, stated: Stated, data: bytes) -> None:
        asked = self._at is _At.ASKED
        doubt = self._reading.misfit(stated) or self._stray(stated)
        if doubt is None and self._at in {_At.ASKED, _At.DOUBTED}:
            self._answer(stated, data)
            return
        # Another operation's: it is kept, and ours goes on.
        self._answer(stated, data, doubt, after=_At.DOUBTED if asked else self._at)
        if asked and doubt is not None:
            self.out.tell(Doubted(doubt))

    def _stray(self, stated: Stated) -> Doubt | None:
        """Return the doubt about an answer that does not say whose it is, where it could be an earlier one's.

        On a line a terminal gives an answer to whoever is there when it is ready. Over a connection of its own it
        cannot.
        """
        if not self._carrier.keeps or stated.reference is not None:
            return None
        vague = stated.money is None
        late = self._at is not _At.ASKED
        return Doubt.OTHER_REFERENCE if late or (vague and self._reading.stray) else None

    def _answer(
        self,
        stated: Stated,
        data: bytes | None,
        misfit: Doubt | None = None,
        after: _At = _At.PARTING,
    ) -> None:
        self._deadline = None
        self._after = after
        self._said = data
        self._at = _At.ANSWERED
        self.out.tell(Answered(stated, misfit))

    def _doubt(self, doubt: Doubt) -> None:
        self._at = _At.DOUBTED
        self.out.tell(Doubted(doubt))

    def _unsent(self, why: Unsent) -> None:
        self.out.tell(NotSent(why))
        self._end()

    def _end(self) -> None:
        self._at = _At.OVER
        self._deadline = None
        self.out.tell(Over())
