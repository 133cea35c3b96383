"""How a terminal is fitted out."""

from dataclasses import dataclass, field
from pathlib import Path

from firmware_sims.payment.customer import Customer

MASKED = "892699######5305"
EXPIRY = "2704"
CURRENCIES = frozenset(("978", "756"))
LATE_SECONDS = 200.0
"""Longer than any till waits: the pages say 180."""
REBOOT_SECONDS = 3.0
CUT_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What is settable of every terminal, whatever it speaks."""

    customer: Customer = field(default_factory=Customer)
    ledger: Path | None = None
    """None: in memory."""
    late_seconds: float = LATE_SECONDS
    reboot_seconds: float = REBOOT_SECONDS
    currencies: frozenset[str] = CURRENCIES
    till: str | None = None
    """The number of the only till it knows; None: it knows all from 01 to 99."""
    card: str = MASKED
    """The number that it tells of the card."""

    def knows_till(self, number: str) -> bool:
        """Whether a till of this number may ask; raises ValueError for what is no number."""
        if self.till is not None:
            return int(number) == int(self.till)
        return 1 <= int(number) <= 99
