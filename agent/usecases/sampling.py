"""From a series of readings to one value: instant, stable, mean, max. Pure."""

from collections import deque
from dataclasses import dataclass
from decimal import Decimal

from contract.forms.measure import Measure, Policy
from contract.forms.value import Verdict, at_field, judge
from contract.number import MAX_DIGITS
from contract.reading import Reading, Status
from contract.unit import UnitError, convert
from contract.wire.captured import CapturedReading, Method
from contract.words import Words


@dataclass(frozen=True, slots=True)
class Sampled:
    """The value taken, in the instrument's unit, and how many readings it stands for."""

    reading: Reading
    method: Method
    frames: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the readings cannot become a value."""

    reason: str


Sample = Sampled | Refused | None
"""None: more readings are needed."""


class Sampler:
    """Takes the readings of one field, one after the other, and says when it has its value."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        taking = measure.capture
        self._frames: deque[tuple[float, Reading]] = deque(
            maxlen=taking.frames if taking.method is Policy.STABLE else None
        )
        self.spread: Decimal | None = None
        """How far the last frames lie apart, in the field's unit; for people who wait."""
        self.last: Reading | None = None
        """The latest reading, whatever its status; for people who watch."""

    def take(self, reading: Reading, now: float) -> Sample:
        """Take one reading in; ``now`` is when it came, in seconds."""
        self.last = reading
        if reading.status is Status.UNSTABLE:
            self._frames.clear()
            return None
        if reading.status is not Status.OK:
            return self._without_value(reading)
        self._frames.append((now, reading))
        match self._measure.capture.method:
            case Policy.INSTANT:
                return self._checked(reading, 1)
            case Policy.STABLE:
                return self._stable()
            case Policy.MEAN | Policy.MAX:
                return self._over_window(now)
            case Policy.MANUAL:
                return Refused(Words("this value is typed: no instrument fills the field"))

    def _without_value(self, reading: Reading) -> Sample:
        self._frames.clear()
        if reading.status is Status.ERROR:
            return Refused(reading.detail or Words("the instrument states an error"))
        if reading.status is Status.NOT_MEASURED:
            return None
        return Sampled(reading, Method.INSTANT, 1)

    def _stable(self) -> Sample:
        values = [self._in_field_unit(reading) for _, reading in self._frames]
        self.spread = max(values) - min(values)
        tolerance = self._measure.capture.tolerance
        if len(values) < self._measure.capture.frames or tolerance is None:
            return None
        if self.spread > tolerance:
            return None
        return self._checked(self._frames[-1][1], len(values))

    def _over_window(self, now: float) -> Sample:
        window = self._measure.capture.window or 0
        if now - self._frames[0][0] < window:
            return None
        readings = [reading for came, reading in self._frames if came >= now - window]
        values = [reading.value for reading in readings if reading.value is not None]
        value = max(values) if self._measure.capture.method is Policy.MAX else _mean(values)
        last = readings[-1]
        return self._checked(
            Reading(last.quantity, value, last.unit, last.status, last.substance), len(values)
        )

    def _checked(self, reading: Reading, frames: int) -> Sample:
        if reading.value is None:
            return None
        try:
            shown = at_field(self._measure, reading.value, reading.unit)
        except UnitError as error:
            return Refused(error.args[0])
        if judge(self._measure, shown) is Verdict.REJECT:
            return Refused(
                Words(
                    "{value} {unit} is outside what the form accepts: look at the instrument and where it measures",
                    value=shown,
                    unit=Words(self._measure.unit),
                )
            )
        return Sampled(reading, Method(self._measure.capture.method), frames)

    def _in_field_unit(self, reading: Reading) -> Decimal:
        if reading.value is None:
            raise ValueError("a sampled reading has a value")
        return convert(self._measure.quantity, reading.value, reading.unit, self._measure.unit)


def _mean(values: list[Decimal]) -> Decimal:
    """Return the mean with one more digit than the finest value, so that rounding happens at the field.

    It has fewer digits where the wire has no room for them.
    """
    finest = min(int(value.as_tuple().exponent) for value in values)
    mean = sum(values, Decimal(0)) / len(values)
    room = MAX_DIGITS - 1 - max(mean.adjusted() + 1, 1)
    return mean.quantize(Decimal(1).scaleb(-min(1 - finest, max(room, 0))))


def captured(name: str, sampled: Sampled) -> CapturedReading:
    """Return a value as the capture of a field states it."""
    reading = sampled.reading
    return CapturedReading(
        field=name,
        quantity=reading.quantity,
        value=reading.value,
        unit=reading.unit,
        status=reading.status,
        substance=reading.substance,
        detail=reading.detail,
        method=sampled.method if reading.value is not None else Method.INSTANT,
        frames=sampled.frames,
    )
