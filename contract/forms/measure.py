"""The block ``x-measure`` of a form field: which reading fills it, and when it must not."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from contract.forms.part import FormPart
from contract.instrument import InstrumentClass
from contract.quantity import NEEDS_SUBSTANCE, Quantity
from contract.unit import UNITS, Unit
from contract.wire.base import Name, Number, ShortText


class Policy(StrEnum):
    """How a field comes to its value."""

    INSTANT = "instant"
    STABLE = "stable"
    MEAN = "mean"
    MAX = "max"
    MANUAL = "manual"
    """A person types it, and no instrument fills it."""


class OnRange(StrEnum):
    """What a field shows when the instrument states that a value lies outside of its range."""

    LIMIT = "limit"
    """The limit that the instrument states, if it does, marked as such."""
    NO_VALUE = "no_value"
    """Only that it lies outside."""


class Taking(FormPart):
    """How a value is taken from a series of readings."""

    method: Policy = Policy.INSTANT
    frames: Annotated[int, Field(ge=1, le=1000)] = 1
    """With ``stable``: how many readings in a row must agree."""
    tolerance: Number | None = None
    """With ``stable``: how far they may lie apart, in the field's unit."""
    window: Annotated[int, Field(ge=1, le=3600)] | None = None
    """With ``mean`` and ``max``: over how many seconds."""

    @model_validator(mode="after")
    def _complete(self) -> "Taking":
        if self.method is Policy.STABLE and (self.tolerance is None or self.frames < 2):
            raise ValueError("stable needs a tolerance and at least 2 frames")
        if self.method in {Policy.MEAN, Policy.MAX} and self.window is None:
            raise ValueError(f"{self.method} needs a window in seconds")
        return self


class Bounds(FormPart):
    """Inclusive limits, in the field's unit."""

    minimum: Number | None = None
    maximum: Number | None = None

    def hold(self, value: Decimal) -> bool:
        """Tell whether ``value`` lies within."""
        return (self.minimum is None or self.minimum <= value) and (
            self.maximum is None or value <= self.maximum
        )


class Limits(FormPart):
    """``reject`` refuses the value, ``warn`` marks it."""

    reject: Bounds = Bounds()
    warn: Bounds = Bounds()


class Wanted(FormPart):
    """What the instrument must be."""

    model_config = ConfigDict(populate_by_name=True)

    kind: Annotated[InstrumentClass | None, Field(alias="class")] = None
    """What it is made for; None: anything that states the quantity."""
    calibrated: Literal["required"] | None = None
    zeroed: Literal["required"] | None = None


class Edit(StrEnum):
    """Whether a person may type over the value."""

    LOCKED = "locked"
    WITH_REASON = "with_reason"
    FREE = "free"


class Measure(FormPart):
    """The binding of one field to one quantity."""

    quantity: Quantity
    unit: Unit
    substance: ShortText | None = None
    role: ShortText | None = None
    """The role given to the instrument at pairing; None: any role."""
    round: Annotated[int, Field(ge=0, le=9)] | None = None
    """Decimals kept at the field; None keeps the instrument's digits."""
    capture: Taking = Taking()
    maxage: Annotated[int, Field(ge=1)] = 10
    """Seconds after which a reading is too old to be captured."""
    limits: Limits = Limits()
    instrument: Wanted = Wanted()
    edit: Edit = Edit.WITH_REASON
    onrange: OnRange | None = None
    """None: the limit."""
    group: Name | None = None
    """The group of ``x-groups`` that the field is captured with; None: by itself."""

    @property
    def manual(self) -> bool:
        """Whether a person types the value, and no instrument fills the field."""
        return self.capture.method is Policy.MANUAL

    @property
    def takes_imports(self) -> bool:
        """Whether a reading from a file may fill the field.

        A file proves no calibration, no zeroing and no class, has no role, and can be written by hand.
        """
        of = self.instrument
        wanted = (of.kind, of.calibrated, of.zeroed, self.role)
        open_ = self.edit is not Edit.LOCKED and not self.manual
        return open_ and all(each is None for each in wanted)

    @model_validator(mode="after")
    def _possible(self) -> "Measure":
        if self.unit not in UNITS[self.quantity]:
            raise ValueError(f"{self.quantity} cannot be stated in {self.unit}")
        if (self.substance is not None) != (self.quantity in NEEDS_SUBSTANCE):
            raise ValueError(f"substance is needed by {', '.join(NEEDS_SUBSTANCE)} alone")
        return self
