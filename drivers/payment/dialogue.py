"""A till's conversation with a terminal: what goes in, what comes out, and where it waits for the disk.

It stops until the caller says ``proceed``: before the first byte that could move money (``AboutToSend``), and before it
acknowledges an answer (``Promised``, ``Answered``). What it told is on disk by then.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from contract.payment.money import Money
from contract.payment.stated import Doubt, Operation, Stated, Unsent
from contract.payment.totals import Totals
from drivers.kit.errors import DriverError


class CannotAskError(DriverError):
    """The protocol has no way to ask for this; the message says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the terminal is to do."""

    operation: Operation
    money: Money
    reference: str
    """Ours, ten letters and digits: what the terminal gives back where it can."""
    receipt: str | None = None
    """With a reversal: the number of the receipt to be undone."""
    mark: str | None = None
    """What the terminal had done last before this, as ``AboutToSend`` said."""
    handle: str | None = None
    """What the other side calls it, as ``TakenOn`` said."""
    stray: bool = False
    """Whether the terminal still owes an answer to something earlier, for all that is known."""


@dataclass(frozen=True, slots=True)
class AboutToSend:
    """The terminal is reached; the next byte may move money. Waits for ``proceed``."""

    mark: str | None = None
    """What the terminal has done last, in words of its driver: what a question afterwards is compared with."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The request is written, whole."""


@dataclass(frozen=True, slots=True)
class TakenOn:
    """The terminal has the request."""

    handle: str | None = None
    """What it calls it, where it has a name for it."""


class Showing(StrEnum):
    """What happens at a terminal, as far as it says so."""

    INSERT = "insert"
    """It waits for the card."""
    HOST = "host"
    """It waits for the bank."""
    WAIT = "wait"
    DIALLING = "dialling"
    REVERSING = "reversing"
    """It undoes something, by itself."""
    DECLINED = "declined"
    TAKE_CARD = "take_card"


@dataclass(frozen=True, slots=True)
class Shown:
    """What happens at the terminal now."""

    what: Showing


@dataclass(frozen=True, slots=True)
class Printed:
    """The customer's receipt came, whole, without anything of a card but its last four digits."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Totalled:
    """The terminal stated the totals of its day."""

    totals: Totals


@dataclass(frozen=True, slots=True)
class Answered:
    """The terminal stated an end. Waits for ``proceed``."""

    stated: Stated
    misfit: Doubt | None = None
    """What in it is of another operation; None: it is the end of this one."""


@dataclass(frozen=True, slots=True)
class Promised:
    """The terminal states that it was done, and undoes it unless it hears that we have that. Waits for ``proceed``."""

    stated: Stated


@dataclass(frozen=True, slots=True)
class Doubted:
    """Nobody knows how it ended. The conversation goes on listening, as long as it is let."""

    doubt: Doubt


@dataclass(frozen=True, slots=True)
class NotSent:
    """It is proved that nothing was asked of the terminal."""

    why: Unsent


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something came that is no part of the protocol; the reason holds nothing of it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Over:
    """There is nothing more to say."""


PaymentEvent = (
    AboutToSend
    | Sent
    | TakenOn
    | Shown
    | Printed
    | Totalled
    | Promised
    | Answered
    | Doubted
    | NotSent
    | Rejected
    | Over
)


class PaymentDialogue(Protocol):
    """One operation over one connection. Times are seconds on one clock that only goes forward."""

    @property
    def next_timer(self) -> float | None:
        """When ``timer_fired`` is due; None when nothing is waited for."""
        ...

    @property
    def out(self) -> "Out": ...

    def connection_made(self, now: float) -> None: ...
    def connection_lost(self, now: float) -> None: ...
    def receive(self, data: bytes, now: float) -> None: ...
    def timer_fired(self, now: float) -> None: ...
    def proceed(self, now: float) -> None: ...
    def cancel(self, now: float) -> None:
        """Ask the terminal to stop, where the protocol has a way; it may be too late."""
        ...


class Out:
    """What a dialogue has to say to both sides, in order."""

    def __init__(self) -> None:
        self._data: deque[bytes] = deque()
        self._events: deque[PaymentEvent] = deque()

    def send(self, data: bytes) -> None:
        """Have bytes written."""
        self._data.append(data)

    def tell(self, event: PaymentEvent) -> None:
        """Have the caller know; bytes sent before are written before."""
        self._events.append(event)

    def data(self) -> Iterator[bytes]:
        """Yield and forget what is to be written, oldest first."""
        while self._data:
            yield self._data.popleft()

    def events(self) -> Iterator[PaymentEvent]:
        """Yield and forget what happened, oldest first."""
        while self._events:
            yield self._events.popleft()
