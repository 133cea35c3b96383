"""From captures to field values: one pure function, run on both sides, so that no value is ever synchronised."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from contract import number
from contract.forms.computed import with_computed
from contract.forms.form import Form, FormField
from contract.forms.measure import Measure, OnRange
from contract.forms.prefilled import prefilled
from contract.forms.value import (
    EMPTY,
    Answer,
    FieldState,
    FieldValue,
    Placed,
    converted_at,
    judge,
    shown,
)
from contract.reading import Status
from contract.unit import Unit, UnitError
from contract.wire.captured import CapturedReading
from contract.wire.statement import Entry, Import, Measurement, OfReport, Scan, Statement

NOTHING_KNOWN: Mapping[str, Answer] = {}


def fold(
    form: Form,
    report: str,
    captures: Iterable[Placed],
    known: Mapping[str, Answer] = NOTHING_KNOWN,
) -> Mapping[str, FieldValue]:
    """Return the value of every field of one report, whatever order the captures arrived in.

    ``known`` is what the office knew before the visit, by field; it stands only where no capture ever spoke.
    """
    placed = {
        each.id: each
        for each in captures
        if isinstance(each.statement, OfReport) and each.statement.report == report
    }
    claims = unreplaced(placed.values())
    every = _claims(placed.values())
    stated = {
        name: _with_earlier(
            _value(name, field, claims.get(name, []), known.get(name)),
            every.get(name, []),
            claims.get(name, []),
        )
        for name, field in form.form.properties.items()
    }
    return with_computed(form, stated)


def unreplaced(captures: Iterable[Placed]) -> dict[str, list[Placed]]:
    """Return, for each field, the captures that claim it and that no other replaces.

    A capture takes the place of another only for the fields that it claims itself.
    """
    every = _claims(captures)
    replaced = {
        (each.id.agent, place.epoch, place.seq, name)
        for name, claims in every.items()
        for each in claims
        for place in each.statement.replaces
    }
    current = {
        name: [
            each
            for each in claims
            if (each.id.agent, each.id.epoch, each.id.seq, name) not in replaced
        ]
        for name, claims in every.items()
    }
    return {name: claims for name, claims in current.items() if claims}


def _claims(captures: Iterable[Placed]) -> dict[str, list[Placed]]:
    claims: dict[str, list[Placed]] = {}
    for each in sorted(captures, key=lambda each: each.id):
        for name in claimed(each.statement):
            claims.setdefault(name, []).append(each)
    return claims


def _with_earlier(value: FieldValue, every: list[Placed], now: list[Placed]) -> FieldValue:
    current = {each.id for each in now}
    earlier = tuple(each.id for each in every if each.id not in current)
    return replace(value, earlier=earlier) if earlier else value


def claimed(statement: Statement) -> tuple[str, ...]:
    """Return the names of the fields a statement speaks of."""
    match statement:
        case Measurement() | Import():
            return tuple(each.field for each in statement.readings)
        case Entry() | Scan():
            return (statement.field,)
        case _:
            return ()


def _value(name: str, field: FormField, claims: list[Placed], known: Answer | None) -> FieldValue:
    if not claims:
        return EMPTY if known is None else prefilled(field, known)
    if len(claims) > 1:
        ids = tuple(each.id for each in claims)
        return FieldValue(state=FieldState.CONFLICT, candidates=ids)
    [only] = claims
    match only.statement:
        case Measurement(readings=readings) | Import(readings=readings):
            reading = next(each for each in readings if each.field == name)
            return _read(field.measure, reading, only)
        case Entry() as entry:
            return _entered(field.measure, entry, only)
        case Scan(text=text):
            return _plain(text, only)
        case _:
            return EMPTY


def _entered(measure: Measure | None, entry: Entry, capture: Placed) -> FieldValue:
    if entry.value is None:
        return EMPTY
    if measure is None or not isinstance(entry.value, str):
        return _plain(entry.value, capture)
    return _typed(measure, entry, capture)


def _plain(value: Answer, capture: Placed) -> FieldValue:
    return FieldValue(
        state=FieldState.FILLED,
        value=value,
        status=Status.OK,
        source=capture.id,
        statement=capture.statement,
    )


def _typed(measure: Measure, entry: Entry, capture: Placed) -> FieldValue:
    try:
        value = number.parse(entry.value)
    except number.NumberError:
        return _without_value(measure, Status.ERROR, capture)
    return _converted(measure, value, entry.unit or measure.unit, Status.OK, capture)


OUT_OF_RANGE = frozenset({Status.BELOW_RANGE, Status.ABOVE_RANGE})


def _measured(measure: Measure | None, reading: CapturedReading, capture: Placed) -> FieldValue:
    if measure is None:
        return _plain("" if reading.value is None else number.write(reading.value), capture)
    if reading.quantity is not measure.quantity or reading.substance != measure.substance:
        return _without_value(measure, Status.ERROR, capture)
    hidden = reading.status in OUT_OF_RANGE and measure.onrange is OnRange.NO_VALUE
    if reading.value is None or hidden:
        return _without_value(measure, reading.status, capture)
    return _converted(measure, reading.value, reading.unit, reading.status, capture)


def _read(measure: Measure | None, reading: CapturedReading, capture: Placed) -> FieldValue:
    taken = measure is not None and measure.takes_imports
    if taken or not isinstance(capture.statement, Import):
        return _measured(measure, reading, capture)
    # No agent of ours saves this. Where one did, the field stays empty, and says what was tried.
    return FieldValue(
        state=FieldState.EMPTY,
        unit=None if measure is None else measure.unit,
        status=Status.ERROR,
        source=capture.id,
        statement=capture.statement,
    )


def _without_value(measure: Measure, status: Status, capture: Placed) -> FieldValue:
    return FieldValue(
        state=FieldState.FILLED,
        unit=measure.unit,
        status=status,
        source=capture.id,
        statement=capture.statement,
    )


def _converted(
    measure: Measure, value: Decimal, unit: Unit, status: Status, capture: Placed
) -> FieldValue:
    try:
        exact = converted_at(measure, value, unit)
        rounded = shown(exact, measure.round)
    except UnitError:
        return _without_value(measure, Status.ERROR, capture)
    return FieldValue(
        state=FieldState.FILLED,
        value=number.write(rounded),
        exact=exact,
        unit=measure.unit,
        status=status,
        verdict=judge(measure, rounded),
        source=capture.id,
        statement=capture.statement,
    )
