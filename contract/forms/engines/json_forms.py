"""Our forms for JSON Forms: a plain JSON Schema beside a UI schema whose controls carry the block ``measure``."""

from collections.abc import Sequence

from contract.forms.condition import Condition
from contract.forms.engines.said import Json, block, bounds, choices, closed, plain
from contract.forms.form import Form, FormField, NamedField, fields
from contract.wire.base import Bilingual


def json_forms(form: Form, language: str = "fr") -> Json:
    """Return both schemas, labelled in one language ("fr" or "en")."""
    return {
        "schema": {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "type": "object",
            # What is required under a condition is checked by the agent: here a hidden field must not be missed.
            "required": [
                each.name for each in fields(form) if each.required and not each.field.when
            ],
            "properties": {each.name: _property(each.field, language) for each in fields(form)},
        },
        "uischema": {"type": "VerticalLayout", "elements": _layout(form, language)},
    }


def _in(text: Bilingual, language: str) -> str:
    return text.fr if language == "fr" else text.en


def _property(field: FormField, language: str) -> Json:
    said: Json = {"type": field.type, "title": _in(field.label, language)}
    if (codes := choices(field)) is not None:
        labels = field.choices or {}
        said["oneOf"] = [
            {"const": code, "title": _in(labels[code], language) if code in labels else code}
            for code in codes
        ]
    limits = bounds(field)
    if field.type in {"number", "integer"}:
        if limits.minimum is not None:
            said["minimum"] = plain(limits.minimum)
        if limits.maximum is not None:
            said["maximum"] = plain(limits.maximum)
    if (field.model_extra or {}).get("format") == "date":
        said["format"] = "date"
    pattern = (field.model_extra or {}).get("pattern")
    return said | ({"pattern": f"^(?:{pattern})$"} if isinstance(pattern, str) else {})


def _layout(form: Form, language: str) -> list[Json]:
    found: list[Json] = []
    under: Bilingual | None = None
    into = found
    for each in fields(form):
        if each.section is not None and each.section != under:
            under, into = each.section, []
            found.append({"type": "Group", "label": _in(under, language), "elements": into})
        into.append(_control(each))
    return found


def _control(named: NamedField) -> Json:
    options: Json = {}
    if (measure := block(named.field)) is not None:
        options["measure"] = measure
    if closed(named.field):
        options["readonly"] = True
    control: Json = {"type": "Control", "scope": f"#/properties/{named.name}"}
    if options:
        control["options"] = options
    if named.field.when:
        control["rule"] = {"effect": "SHOW", "condition": _all(named.field.when)}
    return control


def _all(conditions: Sequence[Condition]) -> Json:
    parts = [_condition(each) for each in conditions]
    return parts[0] if len(parts) == 1 else {"type": "AND", "conditions": parts}


def _condition(condition: Condition) -> Json:
    schema: Json = {}
    if condition.one_of is not None:
        schema["enum"] = list(condition.one_of)
    if condition.at_least is not None:
        schema["minimum"] = plain(condition.at_least)
    if condition.less_than is not None:
        schema["exclusiveMaximum"] = plain(condition.less_than)
    if condition.filled is False:
        schema = {"not": {}}
    return {
        "scope": f"#/properties/{condition.field}",
        "schema": schema,
        "failWhenUndefined": condition.filled is not False,
    }
