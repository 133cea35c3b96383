"""How the servers and the reader are fitted out."""

from dataclasses import dataclass, field
from pathlib import Path

from firmware_sims.payment.customer import Customer
from firmware_sims.payment.fitting import LATE_SECONDS

SERIAL = "7004"
KEY = "key-of-the-simulated-merchant"
MERCHANT = "MSIM7004"
READER = "rdr_SIMULATED00000000000007004"
START_SECONDS = 0.1
START_WINDOW = 60.0
"""Seconds in which the reader must start what was accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What is settable; times are those of the simulator."""

    serial: str = SERIAL
    """Of the reader's device."""
    api_key: str = KEY
    merchant: str = MERCHANT
    reader: str = READER
    customer: Customer = field(default_factory=Customer)
    ledger: Path | None = None
    """None: in memory."""
    currencies: frozenset[str] = frozenset(("EUR",))
    start_seconds: float = START_SECONDS
    """From the 201 until the reader asks for the card."""
    valid_seconds: float | None = None
    """How long a checkout may take; None: for ever."""
    late_seconds: float = LATE_SECONDS
    whole_window: bool = False
    """Whether another checkout is refused for all of the start window, though the first has ended."""
    problems: bool = False
    """Whether all errors are problem documents; else those about readers are `{"errors": …}`."""
