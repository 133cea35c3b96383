"""`releve forms`: look at a form before it is given to anybody, since a version never changes."""

from collections.abc import Iterator
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from agent.cli import exporting, output
from agent.cli.checklists import with_list
from agent.cli.known import known_instruments
from contract.forms import shipped as shipped_forms
from contract.forms.checklist import standards
from contract.forms.form import Form
from contract.forms.measure import Edit
from contract.forms.text import Located, faults_in
from contract.quantity import Quantity
from contract.topics import TopicNameError, checked_name
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


@app.command(name="list")
def list_forms(*, as_json: output.AsJson = False) -> None:
    """List the forms that come with the product.

    Example: releve forms list
    """
    for name, text in _shipped().items():
        form = Form.model_validate_json(text)
        said: dict[str, object] = {
            "form": name,
            "version": form.version,
            "fr": form.title.fr,
            "en": form.title.en,
        }
        output.document(said, "{form:<24} version {version}  {en}".format_map, as_json=as_json)


@app.command()
def show(
    form: Annotated[str, typer.Argument(help="Which: see `releve forms list`.")],
    *,
    checklist: Annotated[
        list[Path] | None,
        typer.Option(help="The list of a paid standard, in TOML.", exists=True, dir_okay=False),
    ] = None,
    id: Annotated[
        str | None, typer.Option(help="With a list: what to call the form that has it.")
    ] = None,
) -> None:
    """Print a form that comes with the product, to be changed or posted to a gateway.

    A form that does without the list of a paid standard says so; with --checklist it has the list of whoever owns it.

    Example: releve forms show combustion-report > combustion-report.json
    """
    shipped = _shipped()
    if form not in shipped:
        output.misused(f"no form {form!r} comes with the product; known are {', '.join(shipped)}")
    if bool(checklist) is not (id is not None):
        output.misused(
            "--checklist and --id go together: a form with your list is a form of yours"
        )
    made = Form.model_validate_json(shipped[form])
    try:
        checked_name(id or form)
    except TopicNameError as error:
        output.misused(f"--id: {error}")
    for file in checklist or ():
        made = with_list(made, file, _text(file), id or form)
    for each in standards(made):
        output.warn(f"the list of checks of {each} is not in it: give yours with --checklist")
    whole = made.to_json() if checklist else shipped[form].rstrip("\n")
    output.line(whole)


@app.command()
def export(
    form: Annotated[str, typer.Argument(help="A form that comes along, or the file of one.")],
    *,
    to: Annotated[exporting.Engine, typer.Option(help="For which form engine.")],
    out: Annotated[Path | None, typer.Option(help="File to write; an XLSForm needs one.")] = None,
    language: Annotated[
        exporting.Language, typer.Option(help="Of the labels, where the engine takes one only.")
    ] = exporting.Language.FR,
) -> None:
    """Write a form as another engine takes it: what an instrument fills stays bound to it.

    Formulas are not in it: the agent calculates, and gives the values. A file is never written over.

    Example: releve forms export boiler-attestation --to surveyjs --out attestation.survey.json
    """
    shipped = _shipped()
    text = shipped[form] if form in shipped else _text(_existing(form))
    made, found = faults_in(text)
    if made is None or found:
        output.fail(f"{form} has faults: look at them with `releve forms check`")
    exporting.write(made, to, out, language)


def _existing(form: str) -> Path:
    file = Path(form)
    if not file.is_file():
        output.misused(f"{form!r} is neither a file nor a form that comes with the product")
    return file


def _shipped() -> dict[str, str]:
    """Return the forms that come with the product, by id."""
    found = (
        each for each in resources.files(shipped_forms).iterdir() if each.name.endswith(".json")
    )
    return {
        each.name.removesuffix(".json"): each.read_text("utf-8")
        for each in sorted(found, key=lambda each: each.name)
    }


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
