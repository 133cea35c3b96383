"""What SumUp's servers say of a payment.

Facts and their sources: docs/protocols/sumup.md, §5 and §6. Nothing here is asked: see agent/adapters/sumup_line.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from contract.payment.currency import CurrencyError, digits_of
from contract.payment.money import Money
from contract.payment.stated import Card, Entry, Stated, Verdict, Why
from drivers.payment.redaction import ROOM, last_four, scrubbed

LONGEST_REASON = 40
_ENDS: Mapping[str, tuple[Verdict, Why]] = {
    "successful": (Verdict.APPROVED, Why.AUTHORISED),
    "failed": (Verdict.DECLINED, Why.NOT_COMPLETED),
    "cancelled": (Verdict.CANCELLED, Why.STOPPED),
}
_PAID = frozenset({"SUCCESSFUL", "REFUNDED"})
_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""Of a transaction or a checkout. Its digits are by chance, and may be those of a card: they are left as they are."""
_ENTRIES = {
    "CHIP": Entry.CONTACT,
    "CONTACTLESS": Entry.CONTACTLESS,
    "MAGSTRIPE": Entry.STRIPE,
    "MANUAL_ENTRY": Entry.KEYED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What is asked of a reader, as it stands."""

    status: str
    value: int | None
    minor_unit: int | None
    currency: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """What came of it."""

    id: str | None
    code: str | None
    status: str | None
    amount: str | None
    """In major units, as it was written."""
    currency: str | None
    reference: str | None
    """Ours."""
    authorisation: str | None
    at: datetime | None
    entry: str | None
    card: str | None
    """Its last four digits."""
    application: str | None
    refunded: tuple[str, ...] = ()
    """What went back, each in major units."""


def named(id: str | None) -> str | None:
    """Return what a transaction or a checkout is called; what is no such name is scrubbed."""
    return id if id is None or _NAME.fullmatch(id) else _plain(id)


def of_checkout(
    checkout: Checkout, transaction: Transaction | None, reference: str
) -> Stated | None:
    """Return what a checkout ended with, None while it has not; its transaction says more, where it is known."""
    end = _ENDS.get(checkout.status)
    if end is None:
        return None
    return _stated(end, _of_minor(checkout), reference, transaction, checkout.reason)


def of_transaction(transaction: Transaction) -> Stated | None:
    """Return what a transaction that was looked for says; None where it does not say that it was paid.

    One that failed may have been followed by another of the same checkout: it settles nothing.
    """
    if transaction.status not in _PAID:
        return None
    money = of_major(transaction.amount, transaction.currency)
    return _stated(
        (Verdict.APPROVED, Why.AUTHORISED), money, transaction.reference or "", transaction, None
    )


def refunded(transaction: Transaction) -> int | None:
    """Return how much of a transaction went back, in minor units; None where that cannot be said."""
    found = [of_major(each, transaction.currency) for each in transaction.refunded]
    if any(each is None for each in found):
        return None
    return sum(each.minor_units for each in found if each is not None)


def of_major(amount: str | None, currency: str | None) -> Money | None:
    """Return an amount of major units, None for what is none in that currency."""
    if amount is None or currency is None:
        return None
    try:
        units = Decimal(amount).scaleb(digits_of(currency))
        whole = int(units)
    except (InvalidOperation, CurrencyError, ValueError, OverflowError):
        return None
    return Money(whole, currency) if whole == units and whole >= 0 else None


def major(money: Money) -> Decimal:
    """Return an amount in major units."""
    return Decimal(money.minor_units).scaleb(-digits_of(money.currency))


def _of_minor(checkout: Checkout) -> Money | None:
    try:
        known = checkout.currency is not None and checkout.minor_unit == digits_of(
            checkout.currency
        )
    except CurrencyError:
        return None
    if not known or checkout.value is None or checkout.currency is None:
        return None
    return Money(checkout.value, checkout.currency)


def _stated(
    end: tuple[Verdict, Why],
    money: Money | None,
    reference: str,
    transaction: Transaction | None,
    reason: str | None,
) -> Stated:
    verdict, why = end
    said = transaction
    code = scrubbed(reason)[:LONGEST_REASON] if reason and verdict is not Verdict.APPROVED else ""
    return Stated(
        verdict=verdict,
        why=why,
        code=code,
        money=money,
        reference=scrubbed(reference),
        authorisation=_plain(said.authorisation) if said else None,
        receipt=named(said.id) if said else None,
        trace=_plain(said.code) if said else None,
        at=said.at.isoformat(timespec="seconds") if said and said.at else None,
        card=Card(
            last_four=last_four("************" + said.card) if said and said.card else None,
            application=_plain(said.application) if said else None,
            entry=_ENTRIES.get(said.entry or "") if said else None,
        ),
    )


def _plain(text: str | None) -> str | None:
    return None if text is None else scrubbed(text)[:ROOM] or None
