"""`releve import`: read what is in files, and have the running agent use it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, cast

import typer

from agent.cli import output
from agent.cli.events import sentence
from agent.cli.given import bytes_of

WHERE = "give --intervention, --report and --technician together"

app = typer.Typer(no_args_is_help=True, help="Take over what other programs keep in files.")


@app.callback()
def importing() -> None:
    """Take over what other programs keep in files.

    Example: releve import readings boiler.tjf
    """


@app.command()
def readings(
    file: Annotated[
        Path, typer.Argument(help="The file of measurements.", exists=True, dir_okay=False)
    ],
    *,
    mapping: Annotated[
        Path | None,
        typer.Option(
            help="What the columns of a CSV file mean, in TOML.", exists=True, dir_okay=False
        ),
    ] = None,
    intervention: Annotated[str | None, typer.Option(help="Where the readings are for.")] = None,
    report: Annotated[str | None, typer.Option(help="Which of its reports.")] = None,
    measurement: Annotated[
        int | None, typer.Option(help="Which measurement of the file; without it, 1.", min=1)
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            help="A field to fill, or to replace; without it, all that it fits and that are open."
        ),
    ] = None,
    technician: Annotated[
        str | None,
        typer.Option(help="Who takes them over; the PIN is asked for, or in RELEVE_PIN."),
    ] = None,
    http_port: Annotated[
        int,
        typer.Option(
            envvar="RELEVE_AGENT_HTTP_PORT", help="Port of the agent's API.", min=1, max=65535
        ),
    ] = 7300,
    as_json: output.AsJson = False,
) -> None:
    """Print what a file of measurements says; with a report named, have the running agent use one of them there.

    Example: releve import readings boiler.tjf --intervention i-1 --report r-1 --technician amira
    """
    if mapping is not None and mapping.suffix.lower() != ".toml":
        output.misused(f"{mapping}: the name of a mapping must end in .toml")
    target = (intervention, report, technician)
    if all(each is None for each in target):
        if field or measurement is not None:
            output.misused(f"--field and --measurement say what to save: {WHERE}")
        _show(file, mapping, as_json=as_json)
        return
    if intervention is None or report is None or technician is None:
        output.misused(f"{WHERE}, or none of them")
    from agent.cli.agent_asked import Asked, used

    wanted = Asked(
        intervention=intervention,
        report=report,
        fields=tuple(field or ()),
        measurement=measurement or 1,
        technician=technician,
    )
    _say_saved(used(file, mapping, wanted, http_port), file, as_json=as_json)


def _say_saved(saved: dict[str, object], file: Path, *, as_json: bool) -> None:
    output.document(
        saved, lambda each: f"{file.name}: saved as capture {each['seq']}", as_json=as_json
    )


def _show(file: Path, mapping: Path | None, *, as_json: bool) -> None:
    from agent.api import models_files
    from agent.usecases.files import Files
    from agent.usecases.work import WorkError

    files = Files(lambda: None)
    try:
        if mapping is not None:
            files.take(mapping.name, bytes_of(mapping))
    except WorkError as error:
        output.fail(error.remedy)  # it names the mapping, and where it can its line
    try:
        read = files.take(file.name, bytes_of(file), mapping.name if mapping else None)
    except WorkError as error:
        named = error.remedy.startswith(f"{file.name}:")
        output.fail(error.remedy if named else f"{file}: {error.remedy}")
    if isinstance(read, str):
        output.misused(f"{file} is a mapping: give it with --mapping, beside a file")
    shown = models_files.file(read, "en")
    if as_json:
        output.json_line(shown)
        return
    for each in _lines(shown):
        output.line(each)


def _lines(shown: Mapping[str, object]) -> Iterator[str]:
    yield f"{shown['name']}: {shown['format']}, SHA-256 {str(shown['sha256'])[:12]}"
    for each in cast("list[dict[str, object]]", shown["measurements"]):
        said = (each[f"stated_{part}"] for part in ("vendor", "model", "serial"))
        who = " ".join(str(part) for part in said if part) or "not named"
        at = each["stated_at"] or "not said"
        place = f" ({each['place']})" if each["place"] else ""
        yield f"measurement {each['number']}{place}: instrument {who}, moment {at}"
        for reading in cast("list[dict[str, object]]", each["readings"]):
            yield f"  {sentence(reading)}"
        for name in cast("list[str]", each["unmapped"]):
            yield f"  unmapped: {name}"
    for name in cast("list[str]", shown["unmapped"]):
        yield f"unmapped: {name}"
