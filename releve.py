"""The front door: each command is imported only when it is called."""

import importlib
import inspect
import json
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

COMMANDS = {
    "demo": ("firmware_sims.demo.cli:demo", "Everything at once, on this machine, simulated."),
    "agent": ("agent.cli.agent:app", "Run the edge agent, or prepare one."),
    "gateway": ("gateway.cli.gateway:app", "Run the gateway, or enrol an agent."),
    "sim": ("firmware_sims.cli:app", "Run simulated instruments."),
    "scan": ("agent.cli.bench:scan", "List the instruments that are near."),
    "read": ("agent.cli.bench:read", "Print what an instrument says, live."),
    "record": ("agent.cli.bench:record", "Record an instrument as a test fixture."),
    "decode": ("agent.cli.decoding:decode", "Print the readings in recorded bytes."),
    "doctor": ("agent.cli.doctor:app", "Say what stops an instrument or a terminal."),
    "instruments": ("agent.cli.instruments:instruments", "List the supported instruments."),
    "new-instrument": (
        "agent.cli.beginning:new_instrument",
        "Begin a driver, its simulator, page and recording.",
    ),
    "forms": ("agent.cli.forms:app", "Look at a form before it is given to anybody."),
    "import": ("agent.cli.importing:app", "Take over what other programs keep in files."),
    "pay": ("agent.cli.paying:pay", "Have a terminal take a payment."),
    "payments": ("agent.cli.payments:app", "Look at payments, and settle what nobody knows."),
    "verify": ("releve:verify", "Check an export of captures, offline."),
}
"""Name: where the command is, and its line in the help."""

EXTRAS = {"agent": "agent", "gateway": "gateway", "firmware_sims": "sims"}
"""What to install for the commands of a room."""


def verify(
    export: Annotated[Path, typer.Argument(help="The export.", exists=True, dir_okay=False)],
    *,
    trust: Annotated[
        list[str] | None, typer.Option(help="Id of a key to believe; without it, compare the ids.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check the hashes, the signatures and the chain of an export; a line that does not hold is named.

    Example: releve verify intervention-a.jsonl
    """
    from contract.verify import Verifier, summary

    # Bytes that are no UTF-8 become a finding, not an error.
    with export.open(encoding="utf-8", errors="replace") as lines:
        report = Verifier(trusted=frozenset(trust or ())).check(lines)
    if as_json:
        document = {
            "holds": not report.findings,
            "captures": report.captures,
            "statements": report.statements,
            "keys": report.keys,
            "imported": report.imported,
            "findings": [{"line": each.line, "fault": each.fault} for each in report.findings],
        }
        sys.stdout.write(json.dumps(document) + "\n")
    else:
        sys.stdout.write("\n".join(summary(report)) + "\n")
    raise typer.Exit(1 if report.findings else 0)


def _load(where: str) -> typer.Typer | Callable[..., None]:
    module, name = where.split(":")
    try:
        found: typer.Typer | Callable[..., None] = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        room = module.split(".")[0]
        if room not in EXTRAS or (error.name or "").split(".")[0] == room:
            raise
        sys.stderr.write(
            f"releve: this needs {error.name}: pip install 'releve[{EXTRAS[room]}]'\n"
        )
        raise SystemExit(1) from error
    return found


def _not_called() -> None:
    """Stand in the help for a command that is not imported."""


def _show_version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"releve {version('releve')}\n")
        raise typer.Exit


def _told_by(group: typer.Typer) -> str | None:
    """Return what a group says of itself when it is called without a command of its own."""
    registered = group.registered_callback
    return inspect.getdoc(registered.callback) if registered and registered.callback else None


def front(called: str | None) -> typer.Typer:
    """Return the application with every command named, and the one that is called imported."""
    app = typer.Typer(
        name="releve",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="From the instrument in your hand to the right field of the right report.",
    )

    @app.callback()
    def releve(
        *,
        show_version: Annotated[
            bool,
            typer.Option(
                "--version", is_eager=True, callback=_show_version, help="Print the version."
            ),
        ] = False,
    ) -> None:
        """Take the options that stand before the command."""

    for name, (where, told) in COMMANDS.items():
        command = _load(where) if name == called else _not_called
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, help=_told_by(command) or told)
        else:
            app.command(name, help=None if name == called else told)(command)
    return app


def main() -> None:
    """Run the command line."""
    called = next((each for each in sys.argv[1:] if not each.startswith("-")), None)
    unread = False
    try:
        front(called)()
    except* BrokenPipeError:
        unread = True
    if unread:
        # Whoever read what we print has gone; at exit nothing must be flushed there any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
