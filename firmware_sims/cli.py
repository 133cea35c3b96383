"""`releve sim …`: start simulated instruments from the command line."""

import asyncio
import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from firmware_sims.asked import Asked, built, means, one
from firmware_sims.catalogue import ALL, TROUBLES, USUAL
from firmware_sims.kit.entry import Entry
from firmware_sims.kit.instrument import Instrument
from firmware_sims.kit.serving import LOOPBACK
from firmware_sims.options import FaultNames, Seed, Serial, Speed, TcpPort, WithParent
from firmware_sims.payment.entry import TerminalEntry
from firmware_sims.sumup.account import Account
from firmware_sims.sumup.command import sumup_command
from firmware_sims.terminal_command import terminal_command
from firmware_sims.testo_300_lan import ANNOUNCEMENT_PORT

app = typer.Typer(
    help="Simulated instruments that speak the real protocols. "
    "Example: releve sim air --instrument testo-300:61349163",
    no_args_is_help=True,
    add_completion=False,
)

UDP_PORT = typer.Option(
    min=0,
    max=65535,
    help="Where a testo 300 announces itself; 0: nowhere.",
    show_default=str(ANNOUNCEMENT_PORT),
)
UDP_ADDRESS = typer.Option(help="Address of the announcement.", show_default=LOOPBACK)
HCI_PORT = typer.Option(
    min=0, max=65535, help="TCP port of the HCI; 0: the system chooses.", show_default="0"
)


@app.command(name="list")
def list_instruments(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, one object a line.")
    ] = False,
) -> None:
    """List the simulators. Example: releve sim list --json."""
    for trouble in TROUBLES:
        typer.echo(f"simulator not loaded: {trouble}", err=True)
    for each in ALL:
        if as_json:
            row = {"slug": each.slug, "title": each.title, "links": each.links}
            typer.echo(json.dumps({**row, "models": each.models, "setups": list(each.setups)}))
            continue
        models = f"  models {', '.join(each.models)}" if each.models else ""
        typer.echo(f"{each.slug:27}{each.title}  links {', '.join(each.links)}{models}")


@app.command(name="air")
def run_air(
    *,
    instrument: Annotated[
        list[str] | None,
        typer.Option(help="slug:serial[:model], repeatable. Default: a testo 300, T549i, T115i."),
    ] = None,
    hci_port: Annotated[int, HCI_PORT] = 0,
    seed: Seed = 1,
    udp_port: Annotated[int, UDP_PORT] = ANNOUNCEMENT_PORT,
    udp_address: Annotated[str, UDP_ADDRESS] = LOOPBACK,
    speed: Speed = 1.0,
    with_parent: WithParent = False,
) -> None:
    """Run several instruments on one air, with an HCI for centrals.

    Prints one JSON line when ready: {"instruments": […], "hci", "control"}.
    Example: releve sim air --instrument testo-300:61349163 --instrument
    testo-smart-probe:46512997:T549i
    """
    instruments = tuple(built(words, seed) for words in instrument or USUAL)
    serials = [each.serial for each in instruments]
    if len(set(serials)) < len(serials):
        raise typer.BadParameter("each instrument needs a serial of its own")
    _run(
        instruments,
        hci_port=hci_port,
        udp=(udp_address, udp_port),
        together=True,
        with_parent=with_parent,
        speed=speed,
    )


@app.command(name="scenario")
def run_scenario_file(
    file: Annotated[Path, typer.Argument(help="What happens, in TOML: docs/how-to/simulate.md.")],
    *,
    once: Annotated[bool, typer.Option("--once", help="End after the last step.")] = False,
    seed: Seed = 1,
    speed: Speed = 1.0,
    with_parent: WithParent = False,
) -> None:
    """Play a whole visit from a file.

    Prints one JSON line when ready, as `releve sim air` does, and one for each step when it is played.
    Example: releve sim scenario docs/scenarios/boiler-visit.toml --speed 10
    """
    from firmware_sims.process import run_scenario
    from firmware_sims.scenario import scenario
    from firmware_sims.scenario_file import ScenarioError

    try:
        played = scenario(file, seed)
    except ScenarioError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    _end(asyncio.run(run_scenario(played, speed=speed, once=once, with_parent=with_parent)))


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


def _command(each: Entry) -> Callable[..., None]:
    """Return the command that runs one simulator."""

    def run(
        *,
        link: Annotated[str | None, typer.Option(help=f"{' or '.join(each.links)}.")] = None,
        serial: Serial = each.serial,
        model: Annotated[
            str | None, typer.Option(help=f"{', '.join(each.models) or 'There is one.'}")
        ] = None,
        setup: Annotated[
            str | None, typer.Option(help=f"To begin with: {', '.join(each.setups) or 'none'}.")
        ] = None,
        fault: FaultNames = None,
        port: TcpPort = None,
        hci_port: Annotated[int | None, HCI_PORT] = None,
        seed: Seed = 1,
        speed: Speed = 1.0,
        udp_port: Annotated[int | None, UDP_PORT] = None,
        udp_address: Annotated[str | None, UDP_ADDRESS] = None,
        with_parent: WithParent = False,
    ) -> None:
        asked = Asked(
            link=link,
            serial=serial,
            model=model,
            setup=setup,
            faults=tuple(fault or ()),
            seed=seed,
            port=port,
            hci_port=hci_port,
            udp_port=udp_port,
            udp_address=udp_address,
        )
        instrument, chosen = one(each, asked)
        _run(
            (instrument,),
            hci_port=hci_port or 0,
            udp=asked.udp,
            together=False,
            with_parent=with_parent,
            radio=chosen == "ble",
            lan=chosen == "http",
            tcp_port=(port or 0) if chosen == "tcp" else None,
            speed=speed,
        )

    run.__doc__ = f"Run one {each.title}. Example: releve sim {each.slug} --link {each.links[-1]}."
    shown = inspect.signature(run)
    options = [option for option in shown.parameters.values() if means(option.name, each)]
    cast("Any", run).__signature__ = shown.replace(parameters=options)
    return run


def _run(
    instruments: tuple[Instrument, ...],
    *,
    hci_port: int,
    udp: tuple[str, int],
    together: bool,
    with_parent: bool,
    radio: bool = True,
    lan: bool = True,
    tcp_port: int | None = None,
    speed: float = 1.0,
) -> None:
    from firmware_sims.air import Setup
    from firmware_sims.process import run_bench

    setup = Setup(
        instruments=instruments,
        radio=radio,
        lan=lan,
        hci_port=hci_port,
        tcp_port=tcp_port,
        speed=speed,
        announce_to=udp if udp[1] else None,
    )
    _end(asyncio.run(run_bench(setup, together=together, with_parent=with_parent)))


def _run_terminal(
    terminal: Instrument, *, tcp_port: int | None, speed: float, with_parent: bool
) -> None:
    _run(
        (terminal,),
        hci_port=0,
        udp=(LOOPBACK, 0),
        together=False,
        with_parent=with_parent,
        radio=False,
        lan=False,
        tcp_port=tcp_port,
        speed=speed,
    )


def _run_sumup(account: Account, *, port: int, speed: float, with_parent: bool) -> None:
    from firmware_sims.sumup.process import run

    _end(asyncio.run(run(account, port=port, speed=speed, with_parent=with_parent)))


def _end(failure: str | None) -> None:
    if failure is not None:
        typer.echo(failure, err=True)
        sys.exit(1)


for _each in ALL:
    app.command(name=_each.slug)(
        terminal_command(_each, _run_terminal)
        if isinstance(_each, TerminalEntry)
        else _command(_each)
    )

app.command(name="sumup")(sumup_command(_run_sumup))


if __name__ == "__main__":
    app()
