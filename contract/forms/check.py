"""Whether a form can work: as JSON Schema, as one of ours, and what is wrong with its text, with the line."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, cast

from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it has no annotations; see _Validator
from pydantic import ValidationError

from contract.forms import lines
from contract.forms.faults import faults
from contract.forms.form import Form
from contract.wire.complaint import complaint
from contract.wire.problem import Fault

MOST_FAULTS = 20
_SAID = 300


class _Complaint(Protocol):
    """What is used of the library's errors."""

    message: str
    absolute_path: Iterable[str | int]


class _Validator(Protocol):
    """What is used of the library's validator."""

    def iter_errors(self, instance: object) -> Iterable[_Complaint]: ...


_META = cast("_Validator", Draft202012Validator(cast("Any", Draft202012Validator).META_SCHEMA))


def faults_of(form: Form) -> tuple[Fault, ...]:
    """Return what is wrong with a form, as JSON Schema and as one of ours; the first faults when there are many."""
    schema = form.form.model_dump(mode="json", exclude_none=True)
    try:
        found = [_fault(each) for each in _META.iter_errors(schema)]
    except RecursionError:
        found = [Fault(field="schema", remedy="is nested too deeply: a form is flat")]
    return (*found, *faults(form))[:MOST_FAULTS]


@dataclass(frozen=True, slots=True)
class Located:
    """A fault, and the line of the text that it is about."""

    line: int
    fault: Fault


def faults_in(
    text: str, also: Callable[[Form], Iterable[Fault]] = lambda _: ()
) -> tuple[Form | None, tuple[Located, ...]]:
    """Return the form that a text is, None when it is none, and what is wrong with it, by line.

    ``also`` says what else is wrong with a form that can be read.
    """
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        remedy = f"is not JSON: {error.msg}"
        return None, (Located(error.lineno, Fault(field="form", remedy=remedy)),)
    except RecursionError:
        return None, (
            Located(1, Fault(field="form", remedy="is nested too deeply: a form is flat")),
        )
    try:
        form = Form.model_validate_json(text)
    except ValidationError as error:
        found = tuple(
            Fault(field=".".join(map(str, each["loc"])) or "form", remedy=str(complaint(each)))
            for each in error.errors(include_url=False, include_input=False)
        )
        return None, _located(text, found)
    return form, _located(text, (*faults_of(form), *also(form)))


def _located(text: str, found: tuple[Fault, ...]) -> tuple[Located, ...]:
    where = lines.read(text)
    twice = (
        Fault(field=".".join(each), remedy="is said twice: take one out") for each in where.twice
    )
    located = (Located(where.line_of(each.field.split(".")), each) for each in (*found, *twice))
    return tuple(sorted(located, key=lambda each: each.line))


def _fault(found: _Complaint) -> Fault:
    place = ".".join(["schema", *map(str, found.absolute_path)])
    return Fault(field=place, remedy=f"JSON Schema does not allow this: {found.message}"[:_SAID])
