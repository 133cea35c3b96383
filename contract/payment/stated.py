"""What a terminal was asked to do, and what it stated in the end."""

from dataclasses import dataclass, field
from enum import StrEnum

from contract.payment.money import Money


class Operation(StrEnum):
    """What a terminal may be asked to do with money."""

    CHARGE = "charge"
    REFUND = "refund"
    """Money back to a card, whatever was paid with it before."""
    REVERSAL = "reversal"
    """An earlier charge is undone."""


class Verdict(StrEnum):
    """How a terminal says that an operation ended. That nothing is known is no verdict."""

    APPROVED = "approved"
    DECLINED = "declined"
    """Not done: refused, or not taken on."""
    CANCELLED = "cancelled"
    """Not done: somebody at the terminal stopped it, or nobody did anything."""


class Why(StrEnum):
    """Reasons that terminals give, whatever their protocol calls them."""

    AUTHORISED = "authorised"
    REFUSED = "refused"
    FORBIDDEN = "forbidden"
    CALL = "call"
    """The bank wants to be called."""
    ABANDONED = "abandoned"
    STOPPED = "stopped"
    """By whoever minds the terminal."""
    TIMED_OUT = "timed_out"
    NOT_COMPLETED = "not_completed"
    BUSY = "busy"
    NOT_TAKEN = "not_taken"
    """The terminal did not take the request."""
    NOT_UNDERSTOOD = "not_understood"
    """The terminal does not know such a request, or finds something wrong in it."""
    CURRENCY = "currency"
    """The terminal does not take this currency."""
    AMOUNT = "amount"
    """The terminal does not take this amount."""
    NOT_READY = "not_ready"
    """The terminal wants something of its own first: an end of day, a diagnosis, a registration."""
    ALREADY_REVERSED = "already_reversed"
    NOT_REVERSIBLE = "not_reversible"
    UNSTATED = "unstated"
    """The terminal gives no reason, or one that no source explains."""


class Entry(StrEnum):
    """How a card was read."""

    CONTACT = "contact"
    CONTACTLESS = "contactless"
    STRIPE = "stripe"
    KEYED = "keyed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """As much of a card as may ever leave a driver."""

    last_four: str | None = None
    """Four digits; None where they were not stated or could be something else."""
    application: str | None = None
    """Its brand, as the terminal calls it."""
    entry: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a terminal stated at the end of an operation. None: it did not say."""

    verdict: Verdict
    why: Why
    code: str = ""
    """Its own code of the reason."""
    money: Money | None = None
    reference: str | None = None
    """Ours, as it came back."""
    look: bool = False
    """A person should look at the terminal all the same."""
    authorisation: str | None = None
    receipt: str | None = None
    """Number of its receipt; what reversals name."""
    trace: str | None = None
    terminal_id: str | None = None
    at: str | None = None
    """When, as the terminal says it."""
    card: Card = field(default_factory=Card)
    ticket: str | None = None
    """The customer's, without anything of a card but its last four digits."""


class Doubt(StrEnum):
    """Why nobody knows how an operation ended: money may have moved."""

    NOT_ACKNOWLEDGED = "not_acknowledged"
    """The request was sent, and the terminal did not say that it took it."""
    SILENT = "silent"
    """The terminal took the request, and said nothing in time."""
    LINK_LOST = "link_lost"
    INTERRUPTED = "interrupted"
    """The agent stopped in between."""
    CONTRADICTION = "contradiction"
    """The terminal says that it was done, and also that it was not."""
    OTHER_REFERENCE = "other_reference"
    OTHER_AMOUNT = "other_amount"
    OTHER_CURRENCY = "other_currency"
    OTHER_OPERATION = "other_operation"
    """The answer is about another till, or about something else that was asked for."""
    UNEXPLAINED = "unexplained"
    """The terminal gives a result that no source explains."""
    UNREADABLE = "unreadable"
    """An answer came that cannot be read."""
    NOT_THERE = "not_there"
    """The terminal was asked afterwards, and knows of nothing; which proves nothing."""


class Unsent(StrEnum):
    """Why nothing was asked of a terminal, as is proved."""

    NO_CONNECTION = "no_connection"
    NO_ANSWER = "no_answer"
    """The terminal did not say that it is ready."""
    BUSY = "busy"
    NOT_REGISTERED = "not_registered"
    """The terminal does not accept this till."""
    WITHDRAWN = "withdrawn"
    """Somebody stopped it before it was sent."""
    INTERRUPTED = "interrupted"
    """The agent stopped before it was sent."""
    NOT_SAVED = "not_saved"
    """It could not be written down that it would be sent."""
