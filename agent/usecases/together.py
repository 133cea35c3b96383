"""Which fields are captured when some are asked for: a group comes whole, and only once its inputs are filled."""

from collections.abc import Iterable, Mapping

from agent.usecases.work import WorkError
from contract.forms.asked import wanted
from contract.forms.form import Form, members
from contract.forms.value import EMPTY, FieldState, FieldValue
from contract.words import Words


def together(
    form: Form, values: Mapping[str, FieldValue], names: Iterable[str]
) -> tuple[str, ...]:
    """Return the fields to capture, each group whole; raises WorkError that names an input that is missing.

    A field of a group that is not asked for, as the values stand, stays away.
    """
    asked = wanted(form, values)
    found: dict[str, None] = {}
    for name in names:
        field = form.form.properties.get(name)
        group = field.measure.group if field and field.measure else None
        found[name] = None
        if group is not None and group in (form.form.groups or {}):
            _check_inputs(form, values, group)
            others = (each.name for each in members(form, group))
            found |= dict.fromkeys(each for each in others if asked[each].asked)
    return tuple(found)


def _check_inputs(form: Form, values: Mapping[str, FieldValue], name: str) -> None:
    group = (form.form.groups or {})[name]
    for each in group.inputs:
        if values.get(each, EMPTY).state is not FieldState.FILLED:
            raise WorkError(
                each, Words("fill this in first: what is measured together depends on it")
            )
