"""Amounts as people write them, with all the digits of their currency."""

import re

from contract.payment.currency import CurrencyError, digits_of
from contract.payment.money import Money
from contract.words import Words

MOST = 10**12 - 1
"""Twelve digits: as many as the longest amount of a terminal's protocol."""

_TEXT = re.compile(r"(0|[1-9]\d{0,11})(?:\.(\d+))?", re.ASCII)


class AmountError(ValueError):
    """A text is no amount that could be paid; the message says why and what to write."""


def parse(text: str, currency: str) -> Money:
    """Return what ``125.00`` means in a currency; raises AmountError and CurrencyError.

    Fewer digits than the currency has are taken as zeros; more are refused, and so is nothing at all.
    """
    digits = digits_of(currency)
    found = _TEXT.fullmatch(text)
    if found is None:
        raise AmountError(Words("write it in digits, with a point before the cents, as in 125.00"))
    whole, part = found[1], found[2] or ""
    if len(part) > digits:
        raise AmountError(
            Words(
                "{currency} has {digits} digits after the point", currency=currency, digits=digits
            )
        )
    minor_units = int(whole + part.ljust(digits, "0"))
    if not 1 <= minor_units <= MOST:
        raise AmountError(Words("must be more than nothing, and have at most 12 digits"))
    return Money(minor_units, currency)


def written(money: Money) -> str:
    """Return the amount without its currency, as in ``125.00``; raises CurrencyError."""
    digits = digits_of(money.currency)
    sign = "-" if money.minor_units < 0 else ""
    text = str(abs(money.minor_units)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def shown(money: Money) -> str:
    """Return the amount without its currency, whatever that is: of one that nobody knows, its minor units."""
    try:
        return written(money)
    except CurrencyError:
        return str(money.minor_units)


def minor_units_of(text: str, currency: str) -> int:
    """Return what an amount means in a currency, nothing too; raises AmountError and CurrencyError."""
    return 0 if not text.strip("0.") else parse(text, currency).minor_units
