"""`releve doctor`: what stops a technician, and the remedy."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from agent import logs
from agent.cli import diagnosis_ble, diagnosis_serial, output
from agent.cli.diagnosis import Finding
from agent.cli.known import File, chosen, known_instruments
from agent.cli.where import BackendOption, BindKeyOption
from agent.cli.where import bind_key as key_of

app = typer.Typer(no_args_is_help=True)


@app.callback()
def doctor() -> None:
    """Say what stops an instrument or a terminal from being reached, and the remedy.

    Example: releve doctor ble
    """


@app.command()
def ble(
    slug: Annotated[
        str | None, typer.Argument(help="Speak with the instruments of this kind that are near.")
    ] = None,
    *,
    seconds: Annotated[float, typer.Option(min=1.0, max=120.0, help="How long to listen.")] = 8.0,
    ble_backend: BackendOption = None,
    bind_key: BindKeyOption = None,
    as_json: output.AsJson = False,
) -> None:
    """Look at the Bluetooth radio: adapter, service, permission, who is heard and answers, which devices are bonded.

    Example: releve doctor ble testo-300 --seconds 15
    """
    logs.configure("ERROR")
    catalogue = known_instruments(None)
    kind = None if slug is None else chosen(slug, None)
    if kind is None and bind_key is not None:
        output.misused("--bind-key: name the kind of instrument that it is for")
    key = None if kind is None else key_of(bind_key, kind)
    asked = diagnosis_ble.Asked(kind, key)
    found = asyncio.run(diagnosis_ble.findings(catalogue, ble_backend, seconds, asked))
    _say(found, as_json=as_json)


@app.command()
def serial(
    slug: Annotated[
        str | None, typer.Argument(help="The kind of instrument that should answer.")
    ] = None,
    *,
    port: Annotated[str | None, typer.Option(help="Look at this line alone.")] = None,
    seconds: Annotated[float, typer.Option(min=1.0, max=120.0, help="How long to listen.")] = 5.0,
    file: File = None,
    as_json: output.AsJson = False,
) -> None:
    """Look at the serial lines: which there are, who may use them, who holds them, and whether somebody answers.

    Example: releve doctor serial scanner-line --port /dev/serial/by-id/usb-Zebra
    """
    logs.configure("ERROR")
    instrument = None if slug is None and file is None else chosen(slug, file)
    if instrument is not None and port is None:
        output.misused("name the line of the instrument with --port")
    found = diagnosis_serial.findings(port)
    if instrument is not None and port is not None and all(each.good for each in found):
        found += asyncio.run(diagnosis_serial.answer(instrument, port, seconds))
    _say(found, as_json=as_json)


@app.command()
def terminal(
    name: Annotated[
        str | None, typer.Argument(help="Of one terminal; without it, of all in the settings.")
    ] = None,
    *,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Settings of the agent.", exists=True, dir_okay=False),
    ] = None,
    as_json: output.AsJson = False,
) -> None:
    """Look at payment terminals: whether they are there and would take a request. None is asked for money.

    Example: releve doctor terminal --config van-7.toml
    """
    from agent import settings
    from agent.cli import diagnosis_terminal
    from agent.paying import terminals

    logs.configure("ERROR")
    try:
        known = terminals(settings.load(config, {"name": "doctor"}))
    except settings.SettingsError as error:
        output.misused(f"settings: {settings.located(config, error)}")
    if not known:
        output.misused("the settings name no terminal: see docs/how-to/take-a-payment.md")
    if name is not None and name not in known:
        output.misused(f"{name}: the settings name {', '.join(sorted(known))}")
    chosen_ones = known if name is None else {name: known[name]}
    _say(asyncio.run(diagnosis_terminal.findings(chosen_ones)), as_json=as_json)


def _say(findings: Iterable[Finding], *, as_json: bool) -> None:
    good = True
    for each in findings:
        good = good and each.good
        output.document(each.document(), Finding.sentence, as_json=as_json)
    if not good:
        raise typer.Exit(1)
