"""From the values of fields to those that a formula gives. Both sides calculate the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal, DecimalException, localcontext

from contract import number
from contract.calculations.errors import CalculationError
from contract.calculations.formula import Choice, Flag, Given, Kind, Number, Value
from contract.forms.compute import Compute, Input
from contract.forms.condition import hold
from contract.forms.form import Form, FormField
from contract.forms.value import EMPTY, Computation, FieldState, FieldValue, judge, shown
from contract.reading import Status
from contract.unit import Unit, UnitError, convert
from contract.words import Words

_WIDE = Context(prec=28)
DECIMALS = 4
"""Kept of what is calculated where the form says nothing: it has no digits of its own."""


def with_computed(form: Form, stated: Mapping[str, FieldValue]) -> Mapping[str, FieldValue]:
    """Return the values with those that can be calculated, each in the place of an empty one."""
    calculation = _Calculation(form, dict(stated))
    for name in form.form.properties:
        calculation.settle(name)
    return calculation.values


@dataclass(slots=True)
class _Calculation:
    """Calculates fields in the order in which they need each other."""

    form: Form
    values: dict[str, FieldValue]
    under_way: set[str] = field(default_factory=set[str])
    settled: set[str] = field(default_factory=set[str])

    def settle(self, name: str) -> FieldValue:
        """Return the value of a field, calculated if nobody stated it."""
        described = self.form.form.properties.get(name)
        value = self.values.get(name, EMPTY)
        if described is None or described.compute is None or name in self.settled:
            return value
        if value.state is not FieldState.EMPTY or value.statement is not None:
            return value
        if (
            name in self.under_way
        ):  # a form that goes in circles was refused; here it fills nothing
            return EMPTY
        self.under_way.add(name)
        if self._is_asked(described):
            calculated = self._calculated(described, described.compute)
            self.values[name] = replace(calculated, earlier=value.earlier)
        self.under_way.discard(name)
        self.settled.add(name)
        return self.values[name]

    def _is_asked(self, described: FormField) -> bool:
        conditions = described.when or ()
        for each in conditions:
            self.settle(each.field)
        return hold(conditions, self.values)

    def _calculated(self, described: FormField, compute: Compute) -> FieldValue:
        try:
            with localcontext(_WIDE):
                given = self._given(compute)
                if given is None:
                    return EMPTY
                shown_ = _shown(described, compute, compute.of.calculate(given))
                return replace(shown_, computed=_used(compute, given, shown_))
        except (CalculationError, UnitError) as error:
            said = error.args[0]
            reason = said if isinstance(said, Words) else Words("{reason}", reason=str(said))
            return replace(EMPTY, reason=reason)
        except DecimalException:
            return replace(EMPTY, reason=Words("the numbers are too large to calculate with"))

    def _given(self, compute: Compute) -> Given | None:
        """Return the inputs; None while one is missing that the formula needs."""
        values: dict[str, Value] = {}
        for name, source in compute.inputs.items():
            value = self._input(compute.of.inputs[name], source)
            if value is not None:
                values[name] = value
            elif name not in compute.of.optional:
                return None
        return Given(values, compute.fuels)

    def _input(self, kind: Kind, source: Input) -> Value | None:
        if not isinstance(source, str):
            return Decimal(source.value) if isinstance(kind, Number) else source.value
        described = self.form.form.properties.get(source)
        value = self.settle(source)
        if (
            described is None
            or value.state is not FieldState.FILLED
            or value.status is not Status.OK
        ):
            return None
        match kind:
            case Number(unit=unit):
                return _number(described, value, unit)
            case Flag():
                return value.value if isinstance(value.value, bool) else None
            case Choice():
                return value.value if isinstance(value.value, str) else None


def _used(compute: Compute, given: Given, found: FieldValue) -> Computation | None:
    """Return how it was calculated, naming only the fields that had something to say."""
    fields = tuple(
        source
        for name, source in compute.inputs.items()
        if isinstance(source, str) and name in given.values
    )
    return None if found.computed is None else replace(found.computed, fields=fields)


def _number(described: FormField, value: FieldValue, unit: Unit | None) -> Decimal | None:
    """Return a value as it was before it was rounded, in the unit that the formula wants."""
    if value.exact is not None:
        exact = value.exact
    elif isinstance(value.value, str):
        try:
            exact = number.parse(value.value)
        except number.NumberError:
            return None
    else:
        return None
    if unit is None or described.measure is None:
        return exact
    return convert(described.measure.quantity, exact, described.measure.unit, unit)


def _shown(described: FormField, compute: Compute, result: Value) -> FieldValue:
    output = compute.of.output
    said = output.said if isinstance(output, Number) and described.measure is None else ""
    computation = Computation(compute.formula, compute.constants, compute.fields, said)
    if not isinstance(result, Decimal):
        return FieldValue(
            state=FieldState.FILLED, value=result, status=Status.OK, computed=computation
        )
    exact, measure = result, described.measure
    unit = output.unit if isinstance(output, Number) else None
    if measure is not None and unit is not None:
        exact = convert(measure.quantity, result, unit, measure.unit)
    decimals = compute.round if measure is None else measure.round
    rounded = shown(exact, DECIMALS if decimals is None else decimals)
    return FieldValue(
        state=FieldState.FILLED,
        value=number.write(rounded),
        exact=exact,
        unit=unit if measure is None else measure.unit,
        status=Status.OK,
        verdict=None if measure is None else judge(measure, rounded),
        computed=computation,
    )
