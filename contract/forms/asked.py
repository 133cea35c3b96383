"""Which fields of a report are asked for, and which of them must be filled, as the values stand."""

from collections.abc import Mapping
from dataclasses import dataclass

from contract.forms.condition import hold
from contract.forms.form import Form
from contract.forms.value import EMPTY, FieldState, FieldValue, Verdict
from contract.wire.base import Bilingual


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whether a field is asked for, whether it must be filled, and the rule that says so."""

    asked: bool
    required: bool
    because: Bilingual | None = None
    """None where the form always requires the field."""
    refused: Bilingual | None = None
    """Why its value cannot be as it is, beside those of other fields; None where it can."""


def wanted(form: Form, values: Mapping[str, FieldValue]) -> Mapping[str, Wanted]:
    """Return what is wanted of each field. A field that is not asked for is never required."""
    by_rule: dict[str, Bilingual] = {}
    refused: dict[str, Bilingual] = {}
    for rule in form.form.rules or ():
        if hold(rule.when, values):
            by_rule = {**dict.fromkeys(rule.require, rule.says), **by_rule}
            refused = {**dict.fromkeys(rule.refuse or (), rule.says), **refused}
    found: dict[str, Wanted] = {}
    for name, field in form.form.properties.items():
        asked = hold(field.when or (), values)
        always = name in form.form.required
        found[name] = Wanted(
            asked=asked,
            required=asked and (always or name in by_rule),
            because=None if always or not asked else by_rule.get(name),
            refused=refused.get(name) if asked else None,
        )
    return found


def missing(form: Form, values: Mapping[str, FieldValue]) -> tuple[str, ...]:
    """Return the fields that keep a report from being complete, in the order of the form.

    They are required and without a usable value, or what they hold is refused, by a rule or by their limits.
    """
    return tuple(
        name
        for name, each in wanted(form, values).items()
        if (each.required and values.get(name, EMPTY).state is not FieldState.FILLED)
        or each.refused is not None
        or (each.asked and values.get(name, EMPTY).verdict is Verdict.REJECT)
    )
