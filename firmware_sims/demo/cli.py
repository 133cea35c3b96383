"""`releve demo`: the whole product on this machine, with simulated instruments."""

import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from firmware_sims.demo.alone import FolderError, alone
from firmware_sims.demo.check import Check
from firmware_sims.demo.children import GOES_DOWN_WITHIN, STOPPING, ChildError, Children
from firmware_sims.demo.http import MissedError, RefusedError
from firmware_sims.demo.outcome import Outcome, Step
from firmware_sims.demo.stage import (
    STRANGER,
    T115I,
    T549I,
    TECHNICIAN,
    TESTO_300,
    Stage,
    free_ports,
    usual_ports,
)

LOOK_EVERY = 0.5
TABLE_WIDTH = 180

console = Console(highlight=False, soft_wrap=True)


def demo(
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help="Once through, headless; exit 0 only if every step held."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --check: print JSON.")] = False,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder to keep everything in; without it, nothing is kept."),
    ] = None,
) -> None:
    """Start a broker, a gateway, an agent and simulated instruments, with work planned.

    Example: releve demo --check --json
    """
    for each in STOPPING:
        # Also where it is ignored, as in the background of a script: whoever sends it means it.
        signal.signal(each, signal.default_int_handler)
    if as_json and not check:
        sys.stderr.write("releve: --json goes with --check\n")
        raise typer.Exit(2)
    with tempfile.TemporaryDirectory(prefix="releve-demo-") as temporary:
        folder = data or Path(temporary)
        try:
            with alone(folder), Children(folder) as children:
                code = _play(children, check=check, as_json=as_json)
        except FolderError as error:
            sys.stderr.write(f"releve: {error}\n")
            code = 1
        except KeyboardInterrupt:
            # In the demonstration this is how it ends; a check that is cut short has not held.
            code = 1 if check else 0
    raise typer.Exit(code)


def _play(children: Children, *, check: bool, as_json: bool) -> int:
    try:
        return _check(children, as_json=as_json) if check else _show(children)
    except ChildError as error:
        sys.stderr.write(f"releve: {error}\n")
    except (MissedError, RefusedError) as error:
        # What did not answer may have ended.
        sys.stderr.write(f"releve: {children.ended(GOES_DOWN_WITHIN) or error}\n")
    return 1


def _check(children: Children, *, as_json: bool) -> int:
    began = time.monotonic()
    stage = Stage(children, free_ports())
    try:
        stage.start_office()
        stage.insert_wire()
        stage.start_air(TESTO_300, T549I, T115I, STRANGER)
        stage.plan()
        setup_seconds = round(time.monotonic() - began, 1)
        outcome = Check(stage, _silent if as_json else _say_step).run()
        outcome.setup_seconds = setup_seconds
    finally:
        stage.close()
    if as_json:
        sys.stdout.write(json.dumps(_document(outcome, stage.broker.kind)) + "\n")
    else:
        _say_fields(outcome)
        _say_counts(outcome, stage.broker.kind)
    return 0 if outcome.held else 1


def _document(outcome: Outcome, broker: str) -> dict[str, Any]:
    return {
        "held": outcome.held,
        "seconds": outcome.seconds,
        "setup_seconds": outcome.setup_seconds,
        "broker": broker,
        "steps": [
            {"step": each.name, "held": each.held, "seen": each.seen} for each in outcome.steps
        ],
        "fields": outcome.fields,
        "counts": outcome.counts,
    }


def _silent(_: Step) -> None:
    """Say nothing: the JSON at the end says it all."""


def _say_step(step: Step) -> None:
    mark = "[green]✓[/]" if step.held else "[red]✗[/]"
    console.print(f"{mark} {step.name} [dim]({escape(step.seen)})[/]")


def _say_fields(outcome: Outcome) -> None:
    columns = (
        "report",
        "field",
        "value",
        "unit",
        "status",
        "instrument",
        "serial",
        "calibration",
        "at",
        "displayed",
    )
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=True)
    for each in outcome.fields:
        shown = dict(each, at=str(each["at"])[11:19])
        shown["displayed"] = (
            f"{each['displayed']} {each['read_unit'] or ''} {'=' if each['equal'] else '≠'}"
        )
        cells = ("" if shown[column] is None else str(shown[column]) for column in columns)
        table.add_row(*(escape(cell) for cell in cells))
    if outcome.fields:
        # As wide as it needs: a log has no width.
        Console(highlight=False, width=max(console.width, TABLE_WIDTH)).print(table)


def _say_counts(outcome: Outcome, broker: str) -> None:
    counts = ", ".join(
        f"{name.replace('_', ' ')} {count}" for name, count in outcome.counts.items()
    )
    verdict = "[green]every step held[/]" if outcome.held else "[red]a step did not hold[/]"
    took = f"set up in {outcome.setup_seconds} s, checked in {outcome.seconds} s"
    console.print(f"{counts}\n{verdict}; {took}, on {broker}")


def _show(children: Children) -> int:
    ports = usual_ports()
    for line in ports.taken:
        console.print(line)
    stage = Stage(children, ports)
    try:
        console.print("Starting broker, gateway, instruments and agent …")
        stage.start_office()
        stage.start_air(TESTO_300, T549I, T115I)
        stage.plan()
        stage.start_agent()
        _say_where(stage)
        return _watch(children)
    finally:
        stage.close()
        console.print("Stopping …")


def _say_where(stage: Stage) -> None:
    console.print(
        f"\n  Technician   [bold]{stage.agent.address}[/]   sign in as [bold]{TECHNICIAN[0]}[/],"
        f" PIN [bold]{stage.pin}[/]"
        f"\n  Office       [bold]{stage.gateway.address}[/]"
        f"\n  Instruments  {stage.air.address}/v1/instruments   (what they really display)"
        f"\n\nPair the instruments, capture, close. Broker: {stage.broker.kind}. Ctrl-C stops everything.\n",
        soft_wrap=True,
    )


def _watch(children: Children) -> int:
    """Return only when a process ended by itself; Ctrl-C raises KeyboardInterrupt."""
    while True:
        ended = children.ended()
        if ended is not None:
            sys.stderr.write(f"releve: {ended}\n")
            return 1
        time.sleep(LOOK_EVERY)
