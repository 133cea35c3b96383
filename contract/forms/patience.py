"""How long a request for fields may go on: agent and gateway count alike."""

from collections.abc import Iterable

from contract.forms.form import Form, members
from contract.forms.measure import Measure

LEAST = 30.0
"""Seconds that instruments have to state something."""


def patience(measures: Iterable[Measure], least: float = LEAST) -> float:
    """Return the seconds after which an agent gives fields up: the longest window comes on top."""
    asked = list(measures)
    ages = [each.maxage for each in asked]
    windows = [each.capture.window or 0 for each in asked]
    return max([least, *ages]) + max(windows, default=0)


def patience_of(form: Form, names: Iterable[str]) -> float:
    """Return the same for fields by name, each with those that are captured with it."""
    found: dict[str, Measure] = {}
    for name in names:
        field = form.form.properties.get(name)
        if field is None or field.measure is None:
            continue
        found[name] = field.measure
        group = field.measure.group
        together = members(form, group) if group is not None else ()
        found |= {each.name: each.field.measure for each in together if each.field.measure}
    return patience(found.values())
