"""Currencies by their code and number, and how many digits they have. Source: ISO 4217, in the package iso4217."""

from functools import cache

from iso4217 import Currency

from contract.words import Words


class CurrencyError(ValueError):
    """There is no such currency, or none in which one pays."""


def digits_of(currency: str) -> int:
    """Return how many digits stand after the point; raises CurrencyError."""
    return _known(currency)[1]


def number_of(currency: str) -> str:
    """Return the three digits that stand for a currency; raises CurrencyError."""
    return _known(currency)[0]


@cache
def of_number(number: str) -> str | None:
    """Return the currency that three digits stand for, None when none does."""
    return next((each.code for each in Currency if f"{each.number:03}" == number), None)


@cache
def _known(currency: str) -> tuple[str, int]:
    try:
        found = Currency(currency)
    except ValueError:
        found = None
    if found is None or found.exponent is None:
        raise CurrencyError(Words("write the three letters of a currency, as in EUR"))
    return f"{found.number:03}", found.exponent
