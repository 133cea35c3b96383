"""What keeps a condition of a form from ever holding."""

from collections.abc import Iterable, Iterator
from typing import cast

from contract.forms.condition import Condition
from contract.forms.form import FormField, FormSchema
from contract.wire.problem import Fault

NUMBERS = frozenset({"number", "integer"})


def of_conditions(schema: FormSchema) -> Iterator[Fault]:
    """Yield what is wrong with the conditions of fields and rules."""
    for name, field in schema.properties.items():
        place = f"schema.properties.{name}.x-when"
        yield from of_each(place, field.when or (), schema)
        if any(each.field == name for each in field.when or ()):
            yield Fault(field=place, remedy=f"{name} depends on itself: name another field")
    for number, rule in enumerate(schema.rules or ()):
        place = f"schema.x-rules.{number}"
        yield from of_each(f"{place}.when", rule.when, schema)
        for key, names in (("require", rule.require), ("refuse", rule.refuse or ())):
            for at, name in enumerate(names):
                if name not in schema.properties:
                    remedy = f"{name} is not among the properties: name a field"
                    yield Fault(field=f"{place}.{key}.{at}", remedy=remedy)


def of_each(place: str, conditions: Iterable[Condition], schema: FormSchema) -> Iterator[Fault]:
    """Yield what is wrong with conditions, wherever they stand."""
    for number, each in enumerate(conditions):
        where = f"{place}.{number}"
        field = schema.properties.get(each.field)
        if field is None:
            remedy = f"{each.field} is not among the properties: name a field"
            yield Fault(field=f"{where}.field", remedy=remedy)
        else:
            yield from _of_condition(where, each, field)


def _of_condition(place: str, each: Condition, field: FormField) -> Iterator[Fault]:
    bounds = (each.at_least, each.less_than)
    if any(bound is not None for bound in bounds) and field.type not in NUMBERS:
        yield Fault(field=place, remedy=f"{each.field} is no number: say in, or another field")
    if (
        each.at_least is not None
        and each.less_than is not None
        and each.at_least >= each.less_than
    ):
        remedy = f"nothing is at least {each.at_least} and less than {each.less_than}"
        yield Fault(field=f"{place}.at_least", remedy=remedy)
    for at, value in enumerate(each.one_of or ()):
        yield from _of_value(f"{place}.in.{at}", value, each.field, field)


def _of_value(place: str, value: object, name: str, field: FormField) -> Iterator[Fault]:
    if isinstance(value, bool) is not (field.type == "boolean"):
        yield Fault(field=place, remedy=f"{name} is a {field.type}, and can never be that")
        return
    said = (field.model_extra or {}).get("enum")
    choices = cast("list[object]", said) if isinstance(said, list) else [value]
    if value not in choices:
        remedy = f"{name} can never be that: choose one of {', '.join(map(str, choices))}"
        yield Fault(field=place, remedy=remedy)
