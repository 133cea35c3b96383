"""Our forms as XLSForm, for ODK Collect: an external app is asked for a field (``ex:``), or for a group (``intent``).

Source of the two ways: getodk/docs, collect-external-apps.rst. All values that come back are text, by field name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contract.forms.condition import Condition
from contract.forms.engines.said import block, bounds, choices, closed
from contract.forms.form import Form, NamedField, fields, members
from contract.forms.measure import Bounds
from contract.forms.value import Answer
from contract.wire.base import Bilingual

Row = dict[str, str]
ACTION = "releve.agent.CAPTURE"
"""The Android action that a shim for the agent listens to."""
FR, EN = "Français (fr)", "English (en)"
PLACE = ("releve_intervention", "releve_report")
"""Which report the agent fills: Collect knows neither."""


@dataclass(frozen=True, slots=True)
class XlsForm:
    """The three sheets, each a list of rows by the names of their columns."""

    survey: tuple[Row, ...]
    choices: tuple[Row, ...]
    settings: tuple[Row, ...]


def xlsform(form: Form, action: str = ACTION) -> XlsForm:
    """Return the sheets. Formulas are not in them: what the agent calculates comes back with the rest."""
    return XlsForm(
        survey=tuple(_survey(form, action)),
        choices=tuple(_choices(form)),
        settings=(
            {
                "form_title": form.title.fr,
                "form_id": form.id.replace("-", "_"),
                "version": str(form.version),
                "default_language": FR,
            },
        ),
    )


def _labelled(name: str, text: Bilingual, **more: str) -> Row:
    return {"name": name, f"label::{FR}": _safe(text.fr), f"label::{EN}": _safe(text.en), **more}


def _safe(text: str) -> str:
    """Return a label in which nothing is taken for a reference to another question."""
    return text.replace("${", "$ {")


def _survey(form: Form, action: str) -> Iterator[Row]:
    for name, fr, en in zip(
        PLACE, ("Intervention", "Rapport"), ("Intervention", "Report"), strict=True
    ):
        yield _labelled(name, Bilingual(fr=fr, en=en), type="text", required="yes")
    done: set[str] = set()
    for each in fields(form):
        group = each.field.measure.group if each.field.measure else None
        if each.name in done:
            continue
        if group is None or group not in (form.form.groups or {}):
            yield _question(form, each, action)
            continue
        together = members(form, group)
        done |= {one.name for one in together}
        label = (form.form.groups or {})[group].label
        names = " ".join(one.name for one in together)
        yield _labelled(
            f"group_{group.replace('-', '_')}",
            label,
            type="begin_group",
            appearance="field-list",
            intent=_call(action, "fields", names),
        )
        for one in together:
            yield _question(form, one, None)
        yield {"type": "end_group"}


def _call(action: str, key: str, value: str) -> str:
    intervention, report = PLACE
    return f"{action}(intervention=${{{intervention}}}, report=${{{report}}}, {key}='{value}')"


def _question(form: Form, named: NamedField, action: str | None) -> Row:
    """Return one question; without an action its group asks for it."""
    field = named.field
    row = _labelled(named.name, field.label, type=_type(named))
    if block(field) is not None and action is not None:
        row["appearance"] = f"ex:{_call(action, 'field', named.name)}"
    if named.required:
        row["required"] = "yes"
    if closed(field) and block(field) is None:
        row["readonly"] = "yes"
    if field.when:
        row["relevant"] = _all(field.when)
    if needed := [rule for rule in form.form.rules or () if named.name in rule.require]:
        row["required"] = " or ".join(f"({_all(rule.when)})" for rule in needed)
    if limits := _constraint(bounds(field) if field.type in {"number", "integer"} else Bounds()):
        row["constraint"] = limits
    return row


def _type(named: NamedField) -> str:
    if named.field.type == "boolean":
        return "select_one releve_yes_no"
    if choices(named.field) is not None:
        return f"select_one {named.name}"
    if (named.field.model_extra or {}).get("format") == "date":
        return "date"
    return {"number": "decimal", "integer": "integer"}.get(named.field.type, "text")


def _choices(form: Form) -> Iterator[Row]:
    for code, fr, en in (("true", "oui", "yes"), ("false", "non", "no")):
        yield {"list_name": "releve_yes_no", **_labelled(code, Bilingual(fr=fr, en=en))}
    for each in fields(form):
        labels = each.field.choices or {}
        for code in choices(each.field) or ():
            text = labels.get(code) or Bilingual(fr=code, en=code)
            yield {"list_name": each.name, **_labelled(code, text)}


def _constraint(limits: Bounds) -> str:
    parts = [
        *([] if limits.minimum is None else [f". >= {limits.minimum}"]),
        *([] if limits.maximum is None else [f". <= {limits.maximum}"]),
    ]
    return " and ".join(parts)


def _all(conditions: Iterable[Condition]) -> str:
    return " and ".join(_expression(each) for each in conditions)


def _expression(condition: Condition) -> str:
    name = f"${{{condition.field}}}"
    parts: list[str] = []
    if condition.filled is not None:
        parts.append(f"{name} {'!=' if condition.filled else '='} ''")
    if condition.one_of is not None:
        told = (_literal(each) for each in condition.one_of)
        parts.append(f"({' or '.join(f'{name} = {each}' for each in told)})")
    if condition.at_least is not None:
        parts.append(f"{name} >= {condition.at_least}")
    if condition.less_than is not None:
        parts.append(f"({name} != '' and {name} < {condition.less_than})")
    return " and ".join(parts)


def _literal(value: Answer) -> str:
    text = str(value).lower() if isinstance(value, bool) else value
    # XPath 1.0 has no way to escape a quotation mark inside of one.
    return f'"{text}"' if "'" in text else f"'{text}'"
