"""`releve sim …`: start simulated instruments from the command line."""

import asyncio
import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from firmware_sims.catalogue import ENTRIES, USUAL, UnknownInstrumentError, build
from firmware_sims.kit.instrument import Instrument
from firmware_sims.kit.serving import LOOPBACK

app = typer.Typer(
    help="Simulated instruments that speak the real protocols. "
    "Example: releve sim air --instrument testo-300:61349163",
    no_args_is_help=True,
    add_completion=False,
)

Seed = Annotated[int, typer.Option(help="Chance is repeatable: same seed, same numbers.")]
WithParent = Annotated[
    bool,
    typer.Option("--with-parent", help="End when the parent process or its pipe to stdin ends."),
]
UdpPort = Annotated[
    int,
    typer.Option(min=0, max=65535, help="Where a testo 300 announces itself; 0: nowhere."),
]
UdpAddress = Annotated[str, typer.Option(help="Address of the announcement.")]
HciPort = Annotated[
    int, typer.Option(min=0, max=65535, help="TCP port of the HCI; 0: the system chooses.")
]
Serial = Annotated[str, typer.Option(help="Serial number, letters and digits.")]


class Link(StrEnum):
    """How a single instrument is reached."""

    BLE = "ble"
    HTTP = "http"
    PTY = "pty"


@app.command(name="list")
def list_instruments(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, one object a line.")
    ] = False,
) -> None:
    """List the simulators. Example: releve sim list --json."""
    for each in ENTRIES:
        if as_json:
            row = {"slug": each.slug, "title": each.title}
            typer.echo(json.dumps({**row, "links": each.links, "models": each.models}))
            continue
        models = f"  models {', '.join(each.models)}" if each.models else ""
        typer.echo(f"{each.slug:20}{each.title}  links {', '.join(each.links)}{models}")


@app.command(name="air")
def run_air(
    *,
    instrument: Annotated[
        list[str] | None,
        typer.Option(help="slug:serial[:model], repeatable. Default: a testo 300, T549i, T115i."),
    ] = None,
    hci_port: HciPort = 0,
    seed: Seed = 1,
    udp_port: UdpPort = 53955,
    udp_address: UdpAddress = LOOPBACK,
    with_parent: WithParent = False,
) -> None:
    """Run several instruments on one air, with an HCI for centrals.

    Prints one JSON line when ready: {"instruments": […], "hci", "control"}.
    Example: releve sim air --instrument testo-300:61349163 --instrument
    testo-smart-probe:46512997:T549i
    """
    instruments = tuple(_build(words, seed) for words in instrument or USUAL)
    serials = [each.serial for each in instruments]
    if len(set(serials)) < len(serials):
        raise typer.BadParameter("each instrument needs a serial of its own")
    _run(
        instruments,
        hci_port=hci_port,
        udp=(udp_address, udp_port),
        together=True,
        with_parent=with_parent,
    )


@app.command(name="testo-300")
def run_testo_300(
    *,
    link: Annotated[Link, typer.Option(help="ble or http.")] = Link.BLE,
    serial: Serial = "61349163",
    hci_port: HciPort = 0,
    seed: Seed = 1,
    udp_port: UdpPort = 53955,
    udp_address: UdpAddress = LOOPBACK,
    with_parent: WithParent = False,
) -> None:
    """Run one testo 300. Example: releve sim testo-300 --link http."""
    _alone(
        f"testo-300:{serial}",
        link,
        hci_port=hci_port,
        seed=seed,
        udp=(udp_address, udp_port),
        with_parent=with_parent,
    )


@app.command(name="testo-smart-probe")
def run_testo_smart_probe(
    *,
    model: Annotated[str, typer.Option(help="T549i, T115i, T405i or T805i.")] = "T549i",
    link: Annotated[Link, typer.Option(help="ble.")] = Link.BLE,
    serial: Serial = "46512997",
    hci_port: HciPort = 0,
    seed: Seed = 1,
    with_parent: WithParent = False,
) -> None:
    """Run one Smart Probe. Example: releve sim testo-smart-probe --model T115i."""
    words = f"testo-smart-probe:{serial}:{model}"
    _alone(words, link, hci_port=hci_port, seed=seed, with_parent=with_parent)


@app.command(name="scanner-line")
def run_scanner_line(
    *,
    link: Annotated[Link, typer.Option(help="pty.")] = Link.PTY,
    serial: Serial = "1001",
    seed: Seed = 1,
    with_parent: WithParent = False,
) -> None:
    """Run one barcode scanner on a pseudo-terminal. Example: releve sim scanner-line."""
    _alone(f"scanner-line:{serial}", link, seed=seed, with_parent=with_parent)


@app.command(name="wire")
def run_wire_before(
    *,
    to: Annotated[str, typer.Option(help="The broker, host:port.")],
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0: the system chooses.")
    ] = 0,
    with_parent: WithParent = False,
) -> None:
    """Run a wire in front of an MQTT broker that breaks on demand.

    Prints one JSON line when ready: {"slug", "link", "address", "port", "control"}.
    Example: releve sim wire --to 127.0.0.1:1883
    """
    from firmware_sims.broken_wire import run_wire

    host, _, broker_port = to.rpartition(":")
    if not host or not broker_port.isdecimal():
        raise typer.BadParameter("not host:port", param_hint="--to")
    _end(asyncio.run(run_wire((host, int(broker_port)), port, with_parent=with_parent)))


def _alone(
    words: str,
    link: Link,
    *,
    seed: int,
    with_parent: bool,
    hci_port: int = 0,
    udp: tuple[str, int] = (LOOPBACK, 0),
) -> None:
    instrument = _build(words, seed)
    links = next(each.links for each in ENTRIES if each.slug == instrument.slug)
    if link not in links:
        raise typer.BadParameter(f"{instrument.slug} has {', '.join(links)}", param_hint="--link")
    _run(
        (instrument,),
        hci_port=hci_port,
        udp=udp,
        together=False,
        with_parent=with_parent,
        radio=link is Link.BLE,
        lan=link is Link.HTTP,
    )


def _build(words: str, seed: int) -> Instrument:
    try:
        return build(words, seed)
    except UnknownInstrumentError as error:
        raise typer.BadParameter(str(error)) from error


def _run(
    instruments: tuple[Instrument, ...],
    *,
    hci_port: int,
    udp: tuple[str, int],
    together: bool,
    with_parent: bool,
    radio: bool = True,
    lan: bool = True,
) -> None:
    from firmware_sims.air import Setup
    from firmware_sims.process import run_bench

    setup = Setup(
        instruments=instruments,
        radio=radio,
        lan=lan,
        hci_port=hci_port,
        announce_to=udp if udp[1] else None,
    )
    _end(asyncio.run(run_bench(setup, together=together, with_parent=with_parent)))


def _end(failure: str | None) -> None:
    if failure is not None:
        typer.echo(failure, err=True)
        sys.exit(1)


if __name__ == "__main__":
    app()
