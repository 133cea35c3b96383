"""What a field of a report shows, and how a number becomes what is shown."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from contract.forms.measure import Measure
from contract.forms.prefill import Source
from contract.reading import Status
from contract.unit import Unit, UnitError, convert
from contract.wire.captured import CapturedInstrument
from contract.wire.statement import Measurement, Scan, Statement
from contract.words import Words

Answer = str | bool


@dataclass(frozen=True, slots=True, order=True)
class CaptureId:
    """Where a capture stands. ``link`` tells the two sides of a fork apart."""

    agent: str
    epoch: str
    seq: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A capture and its place."""

    id: CaptureId
    statement: Statement


class FieldState(StrEnum):
    """What a field shows."""

    EMPTY = "empty"
    FILLED = "filled"
    CONFLICT = "conflict"
    """Two captures claim the field and neither replaces the other: a person decides."""


class Verdict(StrEnum):
    """How the value stands against the form's limits."""

    WITHIN = "within"
    WARN = "warn"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Computation:
    """The formula that gave a value, its set of constants, and the fields it was calculated from."""

    formula: str
    constants: str | None
    fields: tuple[str, ...]
    unit: str = ""
    """UCUM code of a number, where the field itself names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """The value of one field, converted and rounded once, with the capture it comes from.

    A field that is empty and has a statement was given a reading from a file, which its form does not take.
    """

    state: FieldState
    value: str | bool | None = None
    unit: Unit | None = None
    status: Status | None = None
    verdict: Verdict | None = None
    """None without a number to compare."""
    exact: Decimal | None = None
    """The value in the field's unit before it was rounded: what limits of the law and formulas look at."""
    source: CaptureId | None = None
    statement: Statement | None = None
    candidates: tuple[CaptureId, ...] = ()
    """With a conflict: the captures to choose from."""
    earlier: tuple[CaptureId, ...] = ()
    """Captures that once stated the field, and that others took the place of."""
    computed: Computation | None = None
    """How it was calculated; None for what was stated."""
    prefilled: Source | None = None
    """What the office knew it from; None for what was stated during the visit."""
    proposed: Answer | None = None
    """What the office knew, where somebody must say it again; the field is empty until then."""
    reason: Words | None = None
    """Why a field that could be calculated, or that the office knew, is empty."""

    @property
    def instrument(self) -> CapturedInstrument | None:
        """The instrument that stated the value; None when a person or a file did."""
        return (
            self.statement.instrument if isinstance(self.statement, Measurement | Scan) else None
        )


EMPTY = FieldValue(state=FieldState.EMPTY)


def at_field(measure: Measure, value: Decimal, unit: Unit) -> Decimal:
    """Return a value as the field shows it: in its unit, rounded half up; raises UnitError."""
    return shown(converted_at(measure, value, unit), measure.round)


def converted_at(measure: Measure, value: Decimal, unit: Unit) -> Decimal:
    """Return a value in the field's unit, with all its digits; raises UnitError."""
    return convert(measure.quantity, value, unit, measure.unit)


def shown(value: Decimal, decimals: int | None) -> Decimal:
    """Return a value rounded half up, as it is without decimals to keep; raises UnitError."""
    if decimals is None:
        return value
    try:
        return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    except InvalidOperation as error:
        raise UnitError(
            f"{value} cannot be shown with {decimals} decimals: too many digits"
        ) from error


def judge(measure: Measure, value: Decimal) -> Verdict:
    """Compare a value, in the field's unit, with the field's limits."""
    if not measure.limits.reject.hold(value):
        return Verdict.REJECT
    return Verdict.WITHIN if measure.limits.warn.hold(value) else Verdict.WARN
