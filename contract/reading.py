"""One value an instrument stated."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from contract.quantity import NEEDS_SUBSTANCE, Quantity
from contract.unit import UNITS, Unit


class Status(StrEnum):
    """How far a value can be trusted."""

    OK = "ok"
    BELOW_RANGE = "below_range"
    ABOVE_RANGE = "above_range"
    UNSTABLE = "unstable"
    NOT_MEASURED = "not_measured"
    """The channel has no value now: probe absent, sensor not ready, measurement not running."""
    ERROR = "error"
    """The instrument, or our knowledge of it, says that the value must not be used."""


class ReadingError(ValueError):
    """A reading contradicts itself."""


_VALUED = frozenset({Status.OK, Status.UNSTABLE})
_VALUELESS = frozenset({Status.NOT_MEASURED, Status.ERROR})


@dataclass(frozen=True, slots=True)
class Reading:
    """A quantity value, with the digits the instrument displayed.

    ``value`` is None when there is none, which is not the same as zero; out of range it may hold the limit stated.
    ``detail`` keeps what the instrument said in its own terms when the status is not ok.
    Raises ReadingError for a value without a fitting status, unit or substance.
    """

    quantity: Quantity
    value: Decimal | None
    unit: Unit
    status: Status = Status.OK
    substance: str | None = None
    detail: str | None = None

    def __post_init__(self) -> None:
        if self.unit not in UNITS[self.quantity]:
            raise ReadingError(f"{self.quantity} cannot be stated in {self.unit}")
        if self.value is None and self.status in _VALUED:
            raise ReadingError(f"status {self.status} needs a value")
        if self.value is not None and self.status in _VALUELESS:
            raise ReadingError(f"status {self.status} cannot carry a value")
        if (self.substance is not None) != (self.quantity in NEEDS_SUBSTANCE):
            raise ReadingError(f"{self.quantity}: substance {self.substance!r}")
