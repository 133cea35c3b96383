"""Money in minor units, so that nothing is ever rounded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, in cents or what the currency has instead. Never negative: the operation says which way it goes."""

    minor_units: int
    currency: str
    """ISO 4217, three letters."""
