"""Payments in a line."""

from collections.abc import Iterator
from typing import Any, cast

from contract.payment.codes import CODES

UNKNOWN = "unknown"
DECLINED = frozenset({"declined", "cancelled", "not_sent"})


def state_of(payment: dict[str, Any]) -> str:
    """Return how a payment stands."""
    return str(payment["state"])


def said(group: str, code: object) -> str:
    """Return what a code means, in English."""
    pair = CODES.get(f"{group}.{code}")
    return str(code) if pair is None else pair[1]


def sentence(payment: dict[str, Any]) -> str:
    """Return a payment in a line."""
    amount = f"{payment['paid'] or payment['amount']} {payment['currency']}"
    parts = [
        str(payment["id"]),
        said("operation", payment["operation"]),
        amount,
        f"at {payment['terminal']} for {payment['intervention']}:",
        said("paying", payment["state"]).lower(),
    ]
    why = _why(payment)
    return " ".join(parts) + (f" ({why})" if why else "")


def _why(payment: dict[str, Any]) -> str | None:
    if payment["shown"]:
        return said("shown", payment["shown"])
    if payment["state"] == UNKNOWN:
        return said("doubt", payment["doubt"])
    if payment["not_sent"]:
        return said("unsent", payment["not_sent"])
    if payment["decided_by"]:
        return f"{payment['decided_by']['name']}: {payment['reason']}"
    stated = payment["stated"]
    return said("why", stated["why"]) if stated and payment["state"] != "approved" else None


def unmatched(answer: dict[str, Any]) -> str:
    """Return an answer that fits no payment, in a line."""
    amount = f"{answer['amount']} {answer['currency']}, " if answer["amount"] else ""
    return (
        f"{answer['id']} an answer of {answer['terminal']} fits no payment: "
        f"{amount}{said('paying', answer['verdict']).lower()}, {answer['at']}; "
        f"look at the terminal, then `releve payments seen {answer['id']}`"
    )


def totals(comparison: dict[str, Any]) -> Iterator[str]:
    """Return a comparison in lines."""
    terminal = cast("dict[str, Any]", comparison["terminal"])
    journal = cast("dict[str, Any]", comparison["journal"])
    currency = comparison["currency"]
    yield (
        f"terminal: {terminal['count']} payments, {terminal['amount']} {currency}, "
        f"receipts {comparison['first']} to {comparison['last']}"
    )
    for each in terminal["groups"]:
        yield f"  {each['name']}: {each['count']}, {each['amount']} {currency}"
    yield f"journal:  {journal['count']} payments, {journal['amount']} {currency}"
    yield {
        True: "they agree",
        False: "they do not agree: compare with the terminal's receipts",
        None: "with money that went back no source says how the terminal counts: compare yourself",
    }[comparison["equal"]]
