"""Our forms for SurveyJS: each question keeps the block ``measure``, which its own property of that name carries."""

from collections.abc import Iterable

from contract.forms.condition import Condition
from contract.forms.engines.said import Json, block, bounds, choices, closed, plain
from contract.forms.form import Form, NamedField, fields
from contract.forms.value import Answer
from contract.wire.base import Bilingual


def surveyjs(form: Form) -> Json:
    """Return the survey. Formulas are not in it: the agent calculates, and the page is given the values."""
    return {
        "title": _said(form.title),
        "checkErrorsMode": "onValueChanged",
        "pages": [{"name": form.id, "elements": _elements(form)}],
    }


def _said(text: Bilingual) -> Json:
    return {"default": text.en, "fr": text.fr}


def _elements(form: Form) -> list[Json]:
    found: list[Json] = []
    under: Bilingual | None = None
    into = found
    for each in fields(form):
        if each.section is not None and each.section != under:
            under, into = each.section, []
            name = f"section_{len(found)}"
            found.append({"type": "panel", "name": name, "title": _said(under), "elements": into})
        into.append(_question(form, each))
    return found


def _question(form: Form, named: NamedField) -> Json:
    field = named.field
    question: Json = {"name": named.name, "title": _said(field.label), **_kind(named)}
    if named.required:
        question["isRequired"] = True
    if closed(field):
        question["readOnly"] = True
    if field.when:
        question["visibleIf"] = _all(field.when)
    if needed := [rule for rule in form.form.rules or () if named.name in rule.require]:
        question["requiredIf"] = " or ".join(f"({_all(rule.when)})" for rule in needed)
    if (measure := block(field)) is not None:
        question["measure"] = measure
    if validators := [*_range(named), *_rules(form, named.name)]:
        question["validators"] = validators
    return question


def _kind(named: NamedField) -> Json:
    field = named.field
    codes = choices(field)
    if field.type == "boolean":
        return {"type": "boolean"}
    if codes is not None:
        labels = field.choices or {}
        return {
            "type": "dropdown",
            "choices": [
                {"value": code, "text": _said(labels[code]) if code in labels else code}
                for code in codes
            ],
        }
    if field.type in {"number", "integer"}:
        step = {"step": "any"} if field.type == "number" else {}
        return {"type": "text", "inputType": "number", **step}
    if (field.model_extra or {}).get("format") == "date":
        return {"type": "text", "inputType": "date"}
    return {"type": "text"}


def _range(named: NamedField) -> Iterable[Json]:
    limits = bounds(named.field)
    if named.field.type in {"number", "integer"} and limits != type(limits)():
        least = {} if limits.minimum is None else {"minValue": plain(limits.minimum)}
        most = {} if limits.maximum is None else {"maxValue": plain(limits.maximum)}
        yield {"type": "numeric", **least, **most}
    pattern = (named.field.model_extra or {}).get("pattern")
    if isinstance(pattern, str):
        yield {"type": "regex", "regex": f"^(?:{pattern})$"}


def _rules(form: Form, name: str) -> Iterable[Json]:
    for rule in form.form.rules or ():
        if name in (rule.refuse or ()):
            yield {
                "type": "expression",
                "expression": f"!({_all(rule.when)})",
                "text": _said(rule.says),
            }


def _all(conditions: Iterable[Condition]) -> str:
    return " and ".join(_expression(each) for each in conditions)


def _expression(condition: Condition) -> str:
    name = f"{{{condition.field}}}"
    parts: list[str] = []
    if condition.filled is not None:
        parts.append(f"{name} {'notempty' if condition.filled else 'empty'}")
    if condition.one_of is not None:
        parts.append(f"({' or '.join(f'{name} = {_literal(each)}' for each in condition.one_of)})")
    if condition.at_least is not None:
        parts.append(f"{name} >= {condition.at_least}")
    if condition.less_than is not None:
        parts.append(f"{name} < {condition.less_than}")
    return " and ".join(parts)


def _literal(value: Answer) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
