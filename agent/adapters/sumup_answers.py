"""Answers of SumUp's library, as the driver reads them; and why there is none."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from contract.payment.stated import Doubt, Unsent
from drivers.payment.sumup import Checkout, Transaction

_REFUSED = frozenset({400, 401, 403, 404, 409, 422, 429})
"""Answers of the servers themselves that they do not do it; others may be of somebody in between."""
_GIVEN_BACK = frozenset({"REFUNDED", "SUCCESSFUL"})
_BEFORE_SENDING = frozenset({"ConnectError", "ConnectTimeout"})
"""Errors of httpx with which not a byte of the request was sent."""
_NOT_ALLOWED = frozenset({401, 403})


class CannotReachError(Exception):
    """Nobody could be asked."""

    def __init__(self, why: Unsent) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer that can be used."""

    status: int | None
    reason: str
    never_left: bool = False
    """It is proved that the request was not sent."""
    timed_out: bool = False

    @property
    def refused(self) -> bool:
        """Whether the other side says that it does not do it."""
        return self.status in _REFUSED

    @property
    def unsent(self) -> Unsent:
        """The same, of a request that moves nothing."""
        if self.status in _NOT_ALLOWED:
            return Unsent.NOT_REGISTERED
        return Unsent.NO_ANSWER if self.status is not None else Unsent.NO_CONNECTION

    @property
    def doubt(self) -> Doubt:
        """What is unknown after a request that may have moved money."""
        if self.timed_out:
            return Doubt.NOT_ACKNOWLEDGED
        if self.status is None:
            return Doubt.LINK_LOST
        return Doubt.UNREADABLE if self.status < 400 else Doubt.UNEXPLAINED


def failure(error: Exception) -> Failure:
    """Return what an exception of the library means; its words may hold what is not ours to log."""
    library: Any = import_module("sumup.errors")
    name = type(error.__cause__ or error).__name__
    if isinstance(error, library.APIConnectionError):
        return Failure(
            None,
            name,
            never_left=name in _BEFORE_SENDING,
            timed_out=isinstance(error, library.APITimeoutError),
        )
    status = getattr(error, "status", None) if isinstance(error, library.APIError) else None
    # Without a status an answer came, and is none that the library can read.
    return Failure(int(status or 200), name)


def checkout_of(answer: Any) -> Checkout:
    """Return a checkout as it stands."""
    data = answer.data
    total = data.total_amount
    return Checkout(
        status=str(data.status),
        value=total.value,
        minor_unit=total.minor_unit,
        currency=total.currency,
        reason=data.payment_failure_reason,
    )


def transaction_of(answer: Any) -> Transaction:
    """Return a transaction; whatever it leaves out is unknown."""
    card = answer.card
    events = answer.transaction_events or ()
    return Transaction(
        id=answer.id,
        code=answer.transaction_code,
        status=_text(answer.status),
        amount=_text(answer.amount),
        currency=_text(answer.currency),
        reference=answer.foreign_transaction_id,
        authorisation=answer.auth_code,
        at=answer.timestamp,
        entry=_text(answer.entry_mode),
        card=card.last_4_digits if card else None,
        application=_text(card.type) if card else None,
        # One that failed, or is not final, says nothing: an amount that is none makes all of them unknown.
        refunded=tuple(
            (_text(each.amount) or "") if each.status in _GIVEN_BACK else ""
            for each in events
            if each.event_type == "REFUND"
        ),
    )


def _text(value: object) -> str | None:
    """Return what the library made a number of, in its shortest digits, or a text as it is."""
    return None if value is None else str(value)
