"""What keeps a form from working although it can be read: found before it is kept, since a version never changes."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import cast

from contract.forms.faults_of_acroform import of_acroform
from contract.forms.faults_of_compute import of_compute
from contract.forms.faults_of_conditions import of_conditions
from contract.forms.faults_of_groups import of_groups
from contract.forms.faults_of_procedures import of_procedures
from contract.forms.form import Form, FormField, FormSchema
from contract.forms.measure import Measure
from contract.forms.part import FormPart
from contract.forms.pattern import Pattern, PatternError
from contract.wire.problem import Fault

_RANGES = (("minimum", "maximum"), ("minLength", "maxLength"))
_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "number": (int, float),
    "integer": (int,),
}


def faults(form: Form) -> tuple[Fault, ...]:
    """Return what is wrong, with the place in the form and the remedy. What JSON Schema forbids is not looked for."""
    return (
        *slips("", form),
        *_of_schema(form.form),
        *of_compute(form.form),
        *of_conditions(form.form),
        *of_groups(form.form),
        *of_procedures(form.form),
        *of_acroform(form.form),
    )


def _of_schema(schema: FormSchema) -> Iterator[Fault]:
    yield from _unknown("schema", schema.model_extra)
    ours = {
        "x-rules": schema.rules,
        "x-groups": schema.groups,
        "x-procedures": schema.procedures,
        "x-signatures": schema.signatures,
        "x-acroform": schema.acroform,
    }
    for key, said in ours.items():
        for where, inner in _parts(said):
            yield from slips(f"schema.{key}{where}", inner)
    for at, name in enumerate(schema.required):
        if name not in schema.properties:
            remedy = f"{name} is not among the properties: add it there, or take it out here"
            yield Fault(field=f"schema.required.{at}", remedy=remedy)
    for name, field in schema.properties.items():
        yield from _of_field(f"schema.properties.{name}", field)


def _of_field(place: str, field: FormField) -> Iterator[Fault]:
    said = field.model_extra or {}
    yield from _unknown(place, said)
    if field.choices is not None:
        yield from _of_labels(f"{place}.x-choices", field.choices, said.get("enum"))
    if field.basis is not None:
        yield from slips(f"{place}.x-basis", field.basis)
    if "enum" in said:
        yield from _of_choices(f"{place}.enum", said["enum"], field.type)
    if isinstance(said.get("pattern"), str):
        yield from _of_pattern(f"{place}.pattern", said["pattern"])
    for least, most in _RANGES:
        yield from _of_range(f"{place}.{least}", said.get(least), said.get(most))
    if field.measure is not None:
        yield from slips(f"{place}.x-measure", field.measure)
        yield from _of_measure(place, field.type, field.measure)
    if field.compute is not None:
        yield from slips(f"{place}.x-compute", field.compute)
    if field.prefill is not None:
        yield from slips(f"{place}.x-prefill", field.prefill)
        if field.measure is not None and not field.measure.manual:
            remedy = (
                "an instrument fills this field: what the office knew is no reading, leave it out"
            )
            yield Fault(field=f"{place}.x-prefill", remedy=remedy)
    for at, inner in _parts(field.when):
        yield from slips(f"{place}.x-when{at}", inner)


def slips(place: str, part: FormPart) -> Iterator[Fault]:
    """Yield the keys of a part of a form, and of the parts in it, that say nothing to us."""
    known = [field.alias or name for name, field in type(part).model_fields.items()]
    for key in part.model_extra or {}:
        close = get_close_matches(key, known, n=1)
        meant = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
        yield Fault(field=f"{place}.{key}".lstrip("."), remedy=f"is not known here: {meant}")
    for name, field in type(part).model_fields.items():
        for at, inner in _parts(getattr(part, name)):
            yield from slips(f"{place}.{field.alias or name}{at}", inner)


def _parts(said: object) -> Iterator[tuple[str, FormPart]]:
    """Yield the parts that something is or holds, and where in it; a schema is looked at by itself."""
    match said:
        case FormSchema():
            return
        case FormPart():
            yield "", said
        case tuple():
            for at, each in enumerate(cast("tuple[object, ...]", said)):
                yield from ((f".{at}{inner}", part) for inner, part in _parts(each))
        case dict():
            for key, each in cast("dict[str, object]", said).items():
                yield from ((f".{key}{inner}", part) for inner, part in _parts(each))
        case _:
            return


OURS = (
    "x-label",
    "x-measure",
    "x-compute",
    "x-prefill",
    "x-section",
    "x-hint",
    "x-when",
    "x-rules",
    "x-groups",
    "x-signatures",
    "x-acroform",
    "x-procedures",
    "x-choices",
    "x-checklist",
    "x-basis",
)
"""Our keys, at a field and at the schema."""


def _unknown(place: str, said: Mapping[str, object] | None) -> Iterator[Fault]:
    """Yield the keys that look like ours and are none: what they were to say would be lost in silence."""
    for key in said or {}:
        if key.startswith("x-"):
            remedy = f"is not known: look at the spelling of {', '.join(OURS)}"
            yield Fault(field=f"{place}.{key}", remedy=remedy)


def _of_choices(place: str, choices: object, kind: str) -> Iterator[Fault]:
    if not isinstance(choices, list) or not choices:
        yield Fault(field=place, remedy="must be a list with at least one value")
        return
    values: list[object] = [*choices]
    for at, value in enumerate(values):
        if not isinstance(value, _KINDS[kind]) or (isinstance(value, bool) and kind != "boolean"):
            remedy = f"is no {kind}, and the field's type is: change one of the two"
            yield Fault(field=f"{place}.{at}", remedy=remedy)


def _of_labels(place: str, labels: Mapping[str, object], choices: object) -> Iterator[Fault]:
    codes = (
        [str(each) for each in cast("list[object]", choices)] if isinstance(choices, list) else []
    )
    for code in codes:
        if code not in labels:
            yield Fault(field=place, remedy=f"{code} of enum has no label: add it")
    for code in labels:
        if code not in codes:
            yield Fault(
                field=f"{place}.{code}", remedy="is not in enum: add it there, or take it out"
            )


def _of_pattern(place: str, pattern: str) -> Iterator[Fault]:
    try:
        Pattern(pattern)
    except PatternError as error:
        yield Fault(field=place, remedy=str(error))


def _of_range(place: str, least: object, most: object) -> Iterator[Fault]:
    # A bound that is no number is a fault of the schema itself.
    match least, most:
        case (int() | float() | Decimal(), int() | float() | Decimal()) if least > most:
            yield Fault(field=place, remedy=f"{least} is more than {most}: nothing lies between")
        case _:
            pass


def _of_measure(place: str, kind: str, measure: Measure) -> Iterator[Fault]:
    if kind != "number":
        remedy = f'an instrument states numbers, not {kind}: say "type": "number"'
        yield Fault(field=f"{place}.type", remedy=remedy)
    if measure.manual and measure.role is not None:
        remedy = "a value that is typed comes from no instrument: leave role out"
        yield Fault(field=f"{place}.x-measure.role", remedy=remedy)
    limits = measure.limits
    for name, bounds in (("reject", limits.reject), ("warn", limits.warn)):
        where = f"{place}.x-measure.limits.{name}.minimum"
        yield from _of_range(where, bounds.minimum, bounds.maximum)
