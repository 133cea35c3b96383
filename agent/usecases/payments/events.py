"""What may happen to an attempt to move money."""

from dataclasses import dataclass

from contract.payment.stated import Doubt, Stated, Unsent
from contract.wire.captured import Technician


@dataclass(frozen=True, slots=True)
class Sending:
    """The terminal is reached, and the next byte may move money."""

    mark: str | None = None


@dataclass(frozen=True, slots=True)
class WasSent:
    """The request was written, whole."""


@dataclass(frozen=True, slots=True)
class WasTaken:
    """The terminal says that it has the request."""

    handle: str | None = None
    """What it calls it, where it has a name for it."""


@dataclass(frozen=True, slots=True)
class NothingSent:
    """It is proved that the terminal was asked for nothing."""

    why: Unsent


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """It is given up before it was sent; only an attempt that is just written down can be."""

    why: Unsent


@dataclass(frozen=True, slots=True)
class Answer:
    """The terminal stated an end; ``misfit`` says what in it is of another operation."""

    stated: Stated
    misfit: Doubt | None = None
    partial: bool = False
    """Whether less than was asked for may have been paid."""
    enquired: bool = False
    """Whether the terminal was asked about it afterwards."""


@dataclass(frozen=True, slots=True)
class WasPromised:
    """The terminal states that it was done; it stands once the terminal knows that we have it."""

    stated: Stated


@dataclass(frozen=True, slots=True)
class TicketCame:
    """The customer's receipt of what is settled."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody knows how it ended."""

    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Restarted:
    """The agent begins anew, and finds it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A person who looked at the terminal says what happened."""

    by: Technician
    paid: bool
    reason: str


Event = (
    Sending
    | WasSent
    | WasTaken
    | NothingSent
    | Withdrawn
    | WasPromised
    | Answer
    | TicketCame
    | Unclear
    | Restarted
    | Decided
)
