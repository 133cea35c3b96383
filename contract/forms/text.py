"""What is wrong with the text of a form, with the line. A gateway, which is given forms over HTTP, does without."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from contract.forms import lines
from contract.forms.check import faults_of
from contract.forms.form import Form
from contract.wire.complaint import complaint
from contract.wire.problem import Fault


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
    except ValueError:  # Python refuses to read a whole number of thousands of digits
        return None, (Located(1, Fault(field="form", remedy="a number has too many digits")),)
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
