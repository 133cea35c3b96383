"""Whether an answer is about what was asked."""

from contract.payment.money import Money
from contract.payment.stated import Doubt, Stated, Verdict


def misfit(stated: Stated, money: Money, reference: str, *, partial: bool = False) -> Doubt | None:
    """Return what in an answer is of another operation; None when all that it states is of this one.

    A terminal that did nothing may leave out the amount; one that did something must state it. ``partial``: less than
    was asked for may have been paid.
    """
    if stated.reference not in {None, reference}:
        return Doubt.OTHER_REFERENCE
    if stated.money is None:
        return Doubt.OTHER_AMOUNT if stated.verdict is Verdict.APPROVED else None
    if stated.money.currency != money.currency:
        return Doubt.OTHER_CURRENCY
    if stated.verdict is Verdict.APPROVED and partial:
        fits = 0 < stated.money.minor_units <= money.minor_units
    else:
        fits = stated.money.minor_units == money.minor_units
    return None if fits else Doubt.OTHER_AMOUNT
