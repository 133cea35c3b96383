"""What keeps a group of fields from ever being captured."""

from collections.abc import Iterator

from contract.forms.form import FormSchema
from contract.wire.problem import Fault


def of_groups(schema: FormSchema) -> Iterator[Fault]:
    """Yield what is wrong with the groups, and with the fields that name one."""
    groups = schema.groups or {}
    members: dict[str, list[str]] = {name: [] for name in groups}
    for name, field in schema.properties.items():
        if field.measure is None or field.measure.group is None:
            continue
        place = f"schema.properties.{name}.x-measure.group"
        if field.measure.group not in groups:
            remedy = f"{field.measure.group} is not among x-groups: add it there, or leave it out"
            yield Fault(field=place, remedy=remedy)
        elif field.measure.manual:
            remedy = "a value that is typed is not captured together with others: leave it out"
            yield Fault(field=place, remedy=remedy)
        else:
            members[field.measure.group].append(name)
    for name, group in groups.items():
        place = f"schema.x-groups.{name}"
        if not members[name]:
            remedy = f'no field says "group": "{name}" in its x-measure: let at least one do so'
            yield Fault(field=place, remedy=remedy)
        for at, each in enumerate(group.inputs):
            yield from _of_input(f"{place}.inputs.{at}", each, members[name], schema)


def _of_input(place: str, name: str, members: list[str], schema: FormSchema) -> Iterator[Fault]:
    if name not in schema.properties:
        yield Fault(field=place, remedy=f"{name} is not among the properties: name a field")
    elif name in members:
        remedy = f"{name} is captured with the group, and cannot be filled before: leave it out"
        yield Fault(field=place, remedy=remedy)
