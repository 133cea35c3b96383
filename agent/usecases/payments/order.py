"""What somebody wants done with money."""

from dataclasses import dataclass

from contract.payment.money import Money
from contract.payment.stated import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants done."""

    key: str
    operation: Operation
    money: Money
    intervention: str
    terminal: str
    of: str | None = None
    """With a refund or a reversal: the payment that it undoes."""
    after: str | None = None
    """The latest payment of the intervention that whoever asks has seen, empty where there was none; None: unsaid."""
