"""`releve forms`: look at a form before it is given to anybody, since a version never changes."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from agent.cli import output
from agent.cli.known import known_instruments
from contract.forms.check import Located, faults_in
from contract.forms.form import Form
from contract.forms.measure import Edit
from contract.quantity import Quantity
from contract.wire.problem import Fault
from contract.words import counted
from drivers.catalog import Catalogue

app = typer.Typer(no_args_is_help=True)

MAX_BYTES = 1_000_000
"""A form is written by people, and small."""


@app.callback()
def forms() -> None:
    """Look at a form before it is given to anybody.

    Example: releve forms check boiler.json
    """


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The form, in JSON.", exists=True, dir_okay=False)],
    *,
    as_json: output.AsJson = False,
) -> None:
    """Say what keeps a form from working, each with its line and the remedy.

    What no supported instrument states and a person may type is a note. Exits with 1 when there is a fault.

    Example: releve forms check boiler.json
    """
    stated = _stated(known_instruments(None))
    form, found = faults_in(_text(file), lambda form: _unfilled(form, stated, locked=True))
    for each in found:
        output.document(_document(each), partial(_sentence, file), as_json=as_json)
    for note in () if form is None else _unfilled(form, stated, locked=False):
        output.document(
            {"field": note.field, "note": note.remedy}, partial(_note, file), as_json=as_json
        )
    if found:
        raise typer.Exit(1)
    if form is not None and not as_json:
        fields = counted(len(form.form.properties), "field")
        output.line(f"{file}: {form.id} version {form.version}, {fields}: nothing is wrong")


def _stated(catalogue: Catalogue) -> frozenset[Quantity]:
    return frozenset(quantity for each in catalogue.values() for quantity in each.quantities)


def _unfilled(form: Form, stated: frozenset[Quantity], *, locked: bool) -> Iterator[Fault]:
    """Yield the fields whose quantity no supported instrument states, those that are locked or the others."""
    for name, field in form.form.properties.items():
        measure = field.measure
        if measure is None or measure.manual or field.compute or measure.quantity in stated:
            continue
        if locked is (field.edit is Edit.LOCKED):
            hand = "open edit, or nothing can fill it" if locked else "a person types it"
            remedy = f"no supported instrument states {measure.quantity}: {hand}"
            yield Fault(field=f"schema.properties.{name}.x-measure.quantity", remedy=remedy)


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        output.fail(f"{file}: {error.strerror}")
    if len(content) > MAX_BYTES:
        output.fail(f"{file}: a form has at most {MAX_BYTES} bytes: is it one?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        output.fail(f"{file}: it is no text in UTF-8: save it again so")


def _document(each: Located) -> dict[str, object]:
    return {"line": each.line, "field": each.fault.field, "fault": each.fault.remedy}


def _sentence(file: Path, said: dict[str, object]) -> str:
    return f"{file}:{said['line']}: {said['field']}: {said['fault']}"


def _note(file: Path, said: dict[str, object]) -> str:
    return f"{file}: note: {said['field']}: {said['note']}"
