"""What captures say besides their own matter: who, when, with which instrument, and each reading."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from contract.instrument import CalibrationState, Grade
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from contract.wire.base import FieldName, Name, Number, ShortText, WireModel


class Technician(WireModel):
    """Who was signed in."""

    id: Name
    name: ShortText


class ClockQuality(StrEnum):
    """How far the wall clock of the agent can be believed."""

    SYNCED = "synced"
    HELD = "held"
    """Synchronised earlier in this boot, not now."""
    NEVER_SYNCED = "never_synced"


class ClockReading(WireModel):
    """The agent's clocks at one moment; the boot lets the gateway correct a wall clock later."""

    boot: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    uptime: Number
    """Seconds since the boot, on a clock that no adjustment moves."""
    quality: ClockQuality


class Calibrated(WireModel):
    """The state of calibration when the capture was taken, and what it rests on."""

    state: CalibrationState
    on: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    due: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    certificate: ShortText | None = None


class CapturedInstrument(WireModel):
    """The instrument that stated the readings."""

    id: ShortText
    slug: Name
    vendor: ShortText
    model: ShortText
    serial: ShortText | None = None
    address: ShortText | None = None
    firmware: ShortText | None = None
    role: ShortText | None = None
    grade: Grade
    calibration: Calibrated
    zeroed: bool | None = None
    """None when the instrument knows no zeroing."""


class Method(StrEnum):
    """How a value was taken from a series of readings."""

    INSTANT = "instant"
    STABLE = "stable"
    MEAN = "mean"
    MAX = "max"


class CapturedReading(WireModel):
    """One reading for one form field, in the instrument's own unit and digits."""

    field: FieldName
    quantity: Quantity
    value: Number | None = None
    unit: Unit
    status: Status
    substance: ShortText | None = None
    detail: ShortText | None = None
    method: Method = Method.INSTANT
    frames: Annotated[int, Field(ge=1)] = 1
    """How many readings the value stands for."""

    @model_validator(mode="after")
    def _consistent(self) -> "CapturedReading":
        self.reading()
        return self

    def reading(self) -> Reading:
        """Return what was read; raises ReadingError when it contradicts itself."""
        return Reading(
            self.quantity, self.value, self.unit, self.status, self.substance, self.detail
        )
