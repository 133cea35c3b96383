"""What the capture of a payment says of the terminal, and of how it was settled."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from contract.instrument import Grade
from contract.wire.base import Name, ShortText, WireModel

AttemptId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{10}$")]
"""Of one attempt of one agent."""
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217, three letters."""
MinorUnits = Annotated[int, Field(ge=1, lt=10**12)]
"""Cents, or what the currency has instead."""
LastFour = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]


class PaymentState(StrEnum):
    """How a payment stands."""

    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    """Money may have moved."""


class SettledBy(StrEnum):
    """What the end of a payment rests on."""

    TERMINAL = "terminal"
    LATE_ANSWER = "late_answer"
    """The terminal answered when nobody waited any more."""
    ENQUIRY = "enquiry"
    """The terminal was asked afterwards."""
    PERSON = "person"
    """Somebody looked at the terminal or its ticket; ``reason`` says what they saw."""


class CapturedTerminal(WireModel):
    """The terminal that was asked."""

    name: Name
    kind: Name
    address: ShortText
    terminal_id: ShortText | None = None
    """As it calls itself."""
    grade: Grade
