"""Payments as the API shows them."""

from typing import Any

from contract.payment.amount import shown
from contract.payment.money import Money
from contract.wire.paid import Standing
from contract.wire.statement import Payment

_SAID = frozenset(
    {
        *("attempt", "operation", "of", "state", "currency", "terminal", "begun", "settled_by"),
        *("reason", "doubt", "why", "code", "authorisation", "receipt", "trace", "stated_at"),
        *("last_four", "application", "entry", "ticket", "by", "at"),
    }
)


def standing(one: Standing) -> dict[str, Any]:
    """Show what is due and was paid, and the latest word about each payment."""
    return {
        "due": _money(one.due),
        "paid": [_money(each) for each in one.paid.monies],
        "difference": _money(one.difference),
        "unknown": [each.attempt for each in one.paid.unknown],
        "items": [{"agent": agent, **payment(each)} for agent, each in one.payments],
    }


def payment(one: Payment) -> dict[str, Any]:
    """Show one payment."""
    return {
        **one.model_dump(mode="json", include=set(_SAID)),
        "asked": shown(one.asked),
        "paid": shown(one.moved) if one.moved else None,
    }


def _money(money: Money | None) -> dict[str, Any] | None:
    if money is None:
        return None
    return {"amount": shown(money), "currency": money.currency}
