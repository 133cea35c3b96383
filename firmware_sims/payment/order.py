"""What a till orders from a terminal, and what comes of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Where the money goes."""

    DEBIT = "debit"
    CREDIT = "credit"
    CANCELLATION = "cancellation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for; the reference is empty where the till gave none."""

    reference: str
    kind: Kind
    amount: int
    """In minor units."""
    currency: str
    """The number of ISO 4217, three digits."""
    undoes: int | None = None
    """Of a cancellation, where it is known: the row of the ledger that is undone."""


class Result(StrEnum):
    """How a visit of the customer ended."""

    AUTHORISED = "authorised"
    DECLINED = "declined"
    WRONG_PIN = "wrong_pin"
    ABANDONED = "abandoned"
    CONTRADICTED = "contradicted"
    """Nothing was authorised, and the answer contradicts itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an order."""

    order: Order
    result: Result
    amount: int = 0
    """What was authorised."""
    code: str = ""
    """Of the authorisation; empty without one."""
    at: datetime
    kept: bool = False
    """Whether it waits for whoever connects next, when it could not be told."""
