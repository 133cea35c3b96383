"""What keeps a calculated field from ever being filled."""

from collections.abc import Iterator, Mapping
from typing import cast

from contract.calculations.formula import Choice, Flag, Kind, Number
from contract.forms.compute import Compute, Constant
from contract.forms.form import FormField, FormSchema
from contract.forms.measure import Measure
from contract.number import NumberError, parse
from contract.unit import convertible
from contract.wire.problem import Fault


def of_compute(schema: FormSchema) -> Iterator[Fault]:
    """Yield what is wrong with the formulas of a form."""
    for name, field in schema.properties.items():
        if field.compute is not None:
            place = f"schema.properties.{name}.x-compute"
            yield from _of_output(place, field, field.compute)
            for input_, source in field.compute.inputs.items():
                kind = field.compute.of.inputs[input_]
                where = f"{place}.inputs.{input_}"
                if isinstance(source, Constant):
                    yield from _of_constant(where, kind, source)
                else:
                    yield from _of_field(where, kind, source, schema.properties)
    yield from _of_circles(schema)


def _of_output(place: str, field: FormField, compute: Compute) -> Iterator[Fault]:
    output = compute.of.output
    if isinstance(output, Number) is not (field.type in {"number", "integer"}):
        wanted = "number" if isinstance(output, Number) else "string"
        remedy = f'{compute.formula} gives a {wanted}: say "type": "{wanted}"'
        yield Fault(field=f"{place}.formula", remedy=remedy)
    elif isinstance(output, Number) and field.measure is not None:
        yield from _of_quantity(f"{place}.formula", field.measure, output)
    elif isinstance(output, Number) and compute.round is None:
        yield Fault(field=f"{place}.round", remedy="is required: say how many decimals are kept")
    if isinstance(output, Choice):
        choices = (field.model_extra or {}).get("enum")
        missing = [each for each in output.codes if choices is not None and each not in choices]
        if missing:
            remedy = f"{compute.formula} can give {missing[0]}: add it to enum"
            yield Fault(field=f"{place}.formula", remedy=remedy)


def _of_quantity(place: str, measure: Measure, kind: Number) -> Iterator[Fault]:
    """Yield a fault unless what the field measures is what the formula speaks of, in units that convert."""
    if measure.quantity not in kind.of:
        known = ", ".join(kind.of) or "what no instrument states"
        remedy = f"{measure.quantity} is not what this formula speaks of: that is {known}"
        yield Fault(field=place, remedy=remedy)
    elif kind.unit is not None and not convertible(measure.quantity, measure.unit, kind.unit):
        remedy = (
            f"{measure.unit} does not convert to {kind.unit}: choose another unit for the field"
        )
        yield Fault(field=place, remedy=remedy)


def _of_constant(place: str, kind: Kind, constant: Constant) -> Iterator[Fault]:
    match kind:
        case Number():
            try:
                parse(constant.value)
            except NumberError as error:
                yield Fault(field=f"{place}.value", remedy=f"must be a number: {error}")
        case Choice(codes=codes):
            if codes and constant.value not in codes:
                yield Fault(field=f"{place}.value", remedy=f"must be one of {', '.join(codes)}")
        case Flag():
            yield Fault(field=place, remedy="must be a field that is answered yes or no")


def _of_field(
    place: str, kind: Kind, name: str, properties: Mapping[str, FormField]
) -> Iterator[Fault]:
    field = properties.get(name)
    if field is None:
        yield Fault(field=place, remedy=f"{name} is not among the properties: name a field")
        return
    match kind:
        case Number():
            if field.type not in {"number", "integer"}:
                yield Fault(field=place, remedy=f"{name} is no number: name another field")
            elif field.measure is not None:
                yield from _of_quantity(place, field.measure, kind)
        case Choice(codes=codes):
            yield from _of_choice(place, name, field, codes)
        case Flag():
            if field.type != "boolean":
                remedy = f"{name} is not answered yes or no: name another field"
                yield Fault(field=place, remedy=remedy)


def _of_choice(place: str, name: str, field: FormField, codes: tuple[str, ...]) -> Iterator[Fault]:
    if field.type != "string":
        yield Fault(field=place, remedy=f"{name} is no text: name another field")
        return
    choices = (field.model_extra or {}).get("enum")
    if not codes or field.compute is not None:
        return
    if not isinstance(choices, list):
        remedy = (
            f"{name} takes any text, and the formula knows {', '.join(codes)}: give it an enum"
        )
        yield Fault(field=place, remedy=remedy)
    elif _offered(cast("list[object]", choices)).isdisjoint(codes):
        remedy = f"{name} offers none of {', '.join(codes)}: the formula could never be calculated"
        yield Fault(field=place, remedy=remedy)


def _offered(choices: list[object]) -> frozenset[str]:
    """Return the choices of a field that are text."""
    return frozenset(each for each in choices if isinstance(each, str))


def _of_circles(schema: FormSchema) -> Iterator[Fault]:
    needs = {
        name: field.compute.fields
        for name, field in schema.properties.items()
        if field.compute is not None
    }
    for name in needs:
        if name in _reached(name, needs):
            yield Fault(
                field=f"schema.properties.{name}.x-compute.inputs",
                remedy="goes in a circle: no field of it could be calculated first",
            )


def _reached(name: str, needs: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    left = list(needs.get(name, ()))
    while left:
        each = left.pop()
        if each not in found:
            found.add(each)
            left.extend(needs.get(each, ()))
    return found
