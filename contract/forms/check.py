"""Whether a form that can be read can work: as JSON Schema, and as one of ours."""

from collections.abc import Iterable
from typing import Any, Protocol, cast

from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it has no annotations; see _Validator

from contract.forms.faults import faults
from contract.forms.form import Form
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


def _fault(found: _Complaint) -> Fault:
    place = ".".join(["schema", *map(str, found.absolute_path)])
    return Fault(field=place, remedy=f"JSON Schema does not allow this: {found.message}"[:_SAID])
