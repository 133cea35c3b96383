"""What keeps a procedure of a form from leading anybody to its end."""

from collections.abc import Iterable, Iterator
from typing import cast

from contract.forms.faults_of_conditions import of_each
from contract.forms.form import FormField, FormSchema
from contract.forms.measure import Edit
from contract.forms.procedure import Procedure, ProcedureStep, StepKind
from contract.wire.problem import Fault

_NEEDS = {
    StepKind.WAIT: ("seconds", "say how many seconds it lasts"),
    StepKind.MEASURE: ("fields", "name the fields that it fills"),
    StepKind.DECIDE: ("choices", "say what there is to choose from"),
}
"""What a kind of step cannot do without."""

_TAKES = {
    StepKind.DO: frozenset[str](),
    StepKind.WAIT: frozenset({"seconds"}),
    StepKind.MEASURE: frozenset({"fields", "seconds"}),
    StepKind.DECIDE: frozenset({"choices", "field"}),
    StepKind.ACKNOWLEDGE: frozenset({"field"}),
}


def of_procedures(schema: FormSchema) -> Iterator[Fault]:
    """Yield what is wrong with the procedures of a form."""
    procedures = schema.procedures or ()
    yield from _twice("schema.x-procedures", [each.id for each in procedures])
    for number, each in enumerate(procedures):
        yield from _of_procedure(f"schema.x-procedures.{number}", each, schema)


def _of_procedure(place: str, procedure: Procedure, schema: FormSchema) -> Iterator[Fault]:
    yield from of_each(f"{place}.when", procedure.when or (), schema)
    yield from _twice(f"{place}.steps", [each.id for each in procedure.steps])
    if procedure.steps[0].when:
        remedy = "the first step is always there: leave it out, or say it of the procedure"
        yield Fault(field=f"{place}.steps.0.when", remedy=remedy)
    for number, each in enumerate(procedure.steps):
        where = f"{place}.steps.{number}"
        yield from of_each(f"{where}.when", each.when or (), schema)
        yield from _of_step(where, each)
        yield from _of_fields(where, each, schema)


def _twice(place: str, ids: list[str]) -> Iterator[Fault]:
    for number, each in enumerate(ids):
        if each in ids[:number]:
            remedy = f"{each} is there already: give each its own id"
            yield Fault(field=f"{place}.{number}.id", remedy=remedy)


def _of_step(place: str, step: ProcedureStep) -> Iterator[Fault]:
    key, remedy = _NEEDS.get(step.kind, ("", ""))
    if key and not getattr(step, key):
        yield Fault(field=f"{place}.{key}", remedy=f"is required: {remedy}")
    for name in ("seconds", "fields", "field", "choices"):
        if getattr(step, name) is not None and name not in _TAKES[step.kind]:
            remedy = f"says nothing in a step of the kind {step.kind}: leave it out"
            yield Fault(field=f"{place}.{name}", remedy=remedy)


def _of_fields(place: str, step: ProcedureStep, schema: FormSchema) -> Iterator[Fault]:
    for number, name in enumerate(step.fields or ()):
        where = f"{place}.fields.{number}"
        field = schema.properties.get(name)
        if field is None:
            yield _unknown(where, name)
        elif field.measure is None and field.edit is Edit.LOCKED:
            remedy = f"{name} is calculated, and nobody can fill it: name what it is made from"
            yield Fault(field=where, remedy=remedy)
    if step.field is not None:
        yield from _of_answer(f"{place}.field", step, step.field, schema)


def _of_answer(place: str, step: ProcedureStep, name: str, schema: FormSchema) -> Iterator[Fault]:
    field = schema.properties.get(name)
    if field is None:
        yield _unknown(place, name)
    elif field.measure is not None or field.edit is not Edit.FREE:
        remedy = f"{name} is filled otherwise: name a field that a person answers"
        yield Fault(field=place, remedy=remedy)
    elif step.kind is StepKind.ACKNOWLEDGE and field.type != "boolean":
        remedy = f"{name} is not answered yes or no: name another field"
        yield Fault(field=place, remedy=remedy)
    elif step.kind is StepKind.DECIDE:
        yield from _of_choices(place, step.choices or {}, name, field)


def _of_choices(
    place: str, choices: Iterable[str], name: str, field: FormField
) -> Iterator[Fault]:
    if field.type != "string":
        yield Fault(field=place, remedy=f"{name} is no text: name another field")
        return
    said = (field.model_extra or {}).get("enum")
    offered = cast("list[object]", said) if isinstance(said, list) else None
    for each in choices:
        if offered is not None and each not in offered:
            remedy = f"{name} does not take {each}: add it to its enum, or take the choice out"
            yield Fault(field=place, remedy=remedy)


def _unknown(place: str, name: str) -> Fault:
    return Fault(field=place, remedy=f"{name} is not among the properties: name a field")
