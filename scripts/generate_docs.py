"""Write the generated documents, or check with ``--check`` that they are in date."""

import ast
import inspect
import json
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer
from pydantic import TypeAdapter
from pydantic_settings import BaseSettings

import releve
from agent.adapters.sumup_line import SumupLine
from agent.settings import Settings as AgentSettings
from contract.forms.form import Form
from contract.forms.version import FormVersion
from contract.instrument import Grade
from contract.wire import down, event, intervention, problem, statement, status
from drivers import scanner
from drivers.catalog import INSTRUMENTS
from drivers.kit.description import Instrument
from drivers.payment.kinds import KINDS, STREAMS, Can, TerminalKind
from firmware_sims.entries import ENTRIES
from gateway.settings import Settings as GatewaySettings
from scripts import formulas_page

ROOT = Path(__file__).parents[1]
WITHOUT = ROOT / "docs" / "protocols" / "no-public-protocol.md"
RECORDINGS = ROOT / "tests" / "fixtures" / "recordings"
GENERATED = "<!-- Written by scripts/generate_docs.py: do not edit. -->\n\n"

MESSAGES: dict[str, Any] = {
    "statement": statement.STATEMENT,
    "captures-event": event.CapturesEvent,
    "key-event": event.KeyEvent,
    "sealed-event": event.SealedEvent,
    "receipt": down.Receipt,
    "command": down.Command,
    "response": down.Response,
    "progress": down.Progress,
    "assignment": down.Assignment,
    "form-version": FormVersion,
    "head": down.Head,
    "form": Form,
    "intervention": intervention.Intervention,
    "problem": problem.Problem,
    "agent-state-event": status.AgentStateEvent,
    "instrument-descriptor-event": status.InstrumentDescriptorEvent,
    "instrument-state-event": status.InstrumentStateEvent,
    "live-event": status.LiveEvent,
}

WORDS = {
    Grade.RECORDING: "recorded from a real instrument",
    Grade.MANUAL: "the vendor's own description",
    Grade.PUBLISHED_CODE: "read in published code",
    Grade.SYNTHETIC: "only bytes of our own",
}


def schemas() -> Iterator[tuple[str, str]]:
    """Yield the JSON Schema of every message."""
    for name, model in MESSAGES.items():
        adapter: TypeAdapter[Any] = model if isinstance(model, TypeAdapter) else TypeAdapter(model)
        schema = adapter.json_schema(by_alias=True)
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        yield f"docs/wire/v1/{name}.schema.json", text


def supported() -> Iterator[tuple[str, str]]:
    """Yield the list of supported instruments, from the catalogue and the recordings."""
    rows = [
        "# Supported instruments\n\n" + GENERATED,
        LEVELS,
        EVIDENCE,
        "| instrument | slug | links | quantities | level | evidence | recordings |\n|---|---|---|---|---|---|---|\n",
    ]
    for each in INSTRUMENTS:
        quantities = ", ".join(f"`{q}`" for q in sorted(each.quantities)) or (
            "codes" if each in scanner.INSTRUMENTS else "none"
        )
        links = ", ".join(dict.fromkeys(MEDIA[link.medium] for link in each.links)) or NO_LINK
        rows.append(
            f"| {each.vendor} {each.model} | [`{each.slug}`](protocols/{each.protocol_page}.md) "
            f"| {links} | {quantities}"
            f" | {_level(each)} | **{each.grade}**: {WORDS[each.grade]}{_untested(each)} | {_recorded(each)} |\n"
        )
    rows.append(
        "\nYour own instrument can be [described in a file](how-to/describe-an-instrument.md), or "
        "[added by a driver](how-to/add-an-instrument.md).\n"
    )
    rows.append(
        "\nFixed gas detectors of which a part is public are [files to complete](protocols/fixed-detectors.md).\n"
        "\n## No public protocol\n\n"
        "Not supported, because nothing public says how they speak ([more](protocols/no-public-protocol.md)).\n\n"
    )
    rows.extend(f"{line}\n" for line in WITHOUT.read_text().splitlines() if line.startswith("|"))
    rows.extend(_terminals())
    yield "docs/supported.md", "".join(rows)


LEVELS = """\
| level | what it demands |
|---|---|
| 1 described | a protocol page with sources, a driver that refuses what no source explains, and bytes that it reads |
| 2 simulated | level 1, and a simulator written from the page alone, with which the driver is tried, faults included |
| 3 recorded | level 2, and bytes of a real instrument beside what its screen showed |
| 4 tried | level 3, and a person tried it on the instrument: `docs/hardware-trials.toml` |

"""
EVIDENCE = """\
*Recordings* are the bytes in the test suite that the driver must read, counted by where they come from: only a
`recording` came out of a real instrument, and what was made by us (`synthetic`) proves nothing. *Evidence* is the
grade of the whole driver: never better than the best of its recordings, and lower where that one shows only a part of
what the driver reads. *Tested on hardware* it is only when a person tried this software on the instrument itself,
which is level 4: bytes that somebody recorded are not that.

"""
TERMINALS = """
## Payment terminals

How to set one up: [take a payment](how-to/take-a-payment.md#setting-terminals-up).
Each has a simulator of the same name, written from its page alone.

| terminal | kind | reached by | money back | can do | evidence |
|---|---|---|---|---|---|
"""
NO_LINK = "none known: only `releve decode` of recorded bytes"
SIMULATED = frozenset(each.slug for each in ENTRIES)
TRIALS = tomllib.loads((ROOT / "docs/hardware-trials.toml").read_text()).get("trial", [])


def _level(instrument: Instrument) -> str:
    """Return the highest level of which every demand, and every one below, is met."""
    demands = (
        ("2 simulated", instrument.slug in SIMULATED),
        ("3 recorded", Grade.RECORDING in _grades(instrument)),
        ("4 tried", _tried(instrument)),
    )
    level = "1 described"
    for name, met in demands:
        if not met:
            break
        level = name
    return level


def _tried(instrument: Instrument | TerminalKind) -> bool:
    return any(each["slug"] == instrument.slug for each in TRIALS)


def _untested(instrument: Instrument) -> str:
    return "" if _tried(instrument) else "; untested on hardware"


CAN = {
    Can.CANCEL: "stops when asked",
    Can.TELL_STATE: "says afterwards what became of a payment",
    Can.ANSWER_LATE: "gives an answer late",
    Can.TELL_TOTALS: "says the totals of its day, and ends it",
}
LEAST: dict[str, dict[str, str | bool]] = {"zvt": {"password": "000000"}}
"""Options without which a kind of terminal cannot be spoken with."""
MOST: dict[str, dict[str, str | bool]] = {"caisse-ap": {"knows_state": True}}
"""Options with which it can do more."""


def _terminals() -> Iterator[str]:
    """Yield the kinds of payment terminals, and what the software can have them do."""
    yield TERMINALS
    for kind in KINDS.values():
        words = WORDS[kind.grade] + ("" if _tried(kind) else "; untested on hardware")
        undo = ", ".join(each for each in ("refund", "reversal") if each in kind.operations)
        yield (
            f"| {kind.called} | [`{kind.slug}`](protocols/{kind.slug}.md) "
            f"| {'TCP, serial' if kind.slug in STREAMS else 'its maker’s servers'} | {undo} "
            f"| {'; '.join(_able(kind.slug)) or '–'} | **{kind.grade}**: {words} |\n"
        )


def _able(slug: str) -> Iterator[str]:
    if slug not in STREAMS:
        yield from (CAN[each] for each in Can if each in SumupLine.can)
        return
    least, speak = LEAST.get(slug, {}), STREAMS[slug].speak
    network, line = (speak(least, on_line).can for on_line in (False, True))
    most = speak({**least, **MOST.get(slug, {})}, False).can  # noqa: FBT003 - as its type says
    for each in Can:
        if each in network & line:
            yield CAN[each]
        elif each in line:
            yield f"{CAN[each]}, on a line"
        elif each in most:
            yield f"{CAN[each]}, where {' and '.join(f'`{name}`' for name in MOST[slug])} is set"


MEDIA = {
    "ble": "BLE",
    "advertisement": "BLE advertisement",
    "lan": "LAN",
    "serial": "serial",
    "rfcomm": "Bluetooth Classic",
    "usb": "USB",
    "modbus": "Modbus",
}


def _grades(instrument: Instrument) -> list[str]:
    folder = RECORDINGS / instrument.slug.replace("-", "_")
    return [tomllib.loads(path.read_text())["source"] for path in sorted(folder.glob("*.toml"))]


def _recorded(instrument: Instrument) -> str:
    grades = _grades(instrument)
    return ", ".join(f"{grades.count(grade)} {grade}" for grade in Grade if grade in grades)


def settings() -> Iterator[tuple[str, str]]:
    """Yield the reference of the settings."""
    parts = [
        "# Settings\n\n" + GENERATED,
        "Each can be set in the environment, in a TOML file (`--config`) or, most of them, by a flag. "
        "A flag wins over the file, the file over the environment.\n",
    ]
    for title, model, prefix in (
        ("Agent", AgentSettings, "RELEVE_AGENT_"),
        ("Gateway", GatewaySettings, "RELEVE_GATEWAY_"),
    ):
        parts.append(
            f"\n## {title}\n\n| setting | environment | default | meaning |\n|---|---|---|---|\n"
        )
        meanings = _attribute_docs(model)
        for name, field in model.model_fields.items():
            default = (
                "required" if field.is_required() else _shown(field.default, field.default_factory)
            )
            parts.append(
                f"| `{name}` | `{prefix}{name.upper()}` | {default} | {meanings.get(name, '')} |\n"
            )
    yield "docs/reference/settings.md", "".join(parts)


def _shown(default: object, factory: Callable[..., object] | None) -> str:
    if factory is not None:
        # A folder of the user's, or an empty table: the same text on every machine.
        return "see the meaning"
    return "none" if default is None else f"`{default}`"


def _attribute_docs(model: type[BaseSettings]) -> dict[str, str]:
    """Return the docstrings under a model's attributes."""
    [described] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    found: dict[str, str] = {}
    for statement_, after in pairwise(getattr(described, "body", [])):
        match statement_, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(
                value=ast.Constant(value=str(text))
            ):
                found[name] = " ".join(text.split())
            case _:
                pass
    return found


def commands() -> Iterator[tuple[str, str]]:
    """Yield the reference of the commands."""
    parts = ["# Commands\n\n" + GENERATED, "Exit codes: 0 done, 1 failed, 2 called wrongly.\n"]
    for name in releve.COMMANDS:
        group = typer.main.get_command(releve.front(name))
        command: Any = group.commands[name]  # type: ignore[attr-defined]  # a group, by its construction
        parts.extend(_command(f"releve {name}", command))
    yield "docs/reference/commands.md", "".join(parts)


def _command(path: str, command: Any) -> Iterator[str]:
    yield f"\n## `{path}`\n\n{inspect.cleandoc(command.help or '')}\n"
    epilog = getattr(command, "epilog", None)
    if epilog:
        yield f"\n{epilog}\n"
    options = [each for each in command.params if each.name != "help"]
    if options:
        yield "\n| argument or option | meaning |\n|---|---|\n"
    for each in options:
        names = ", ".join(f"`{opt}`" for opt in (*each.opts, *each.secondary_opts))
        yield f"| {names} | {' '.join((getattr(each, 'help', None) or '').split())} |\n"
    for name, inner in getattr(command, "commands", {}).items():
        yield from _command(f"{path} {name}", inner)


def documents() -> Iterator[tuple[str, str]]:
    """Yield every generated document: its path and its text."""
    yield from schemas()
    yield from supported()
    yield from settings()
    yield from commands()
    yield "docs/reference/formulas.md", formulas_page.page(GENERATED)


def main() -> int:
    """Write or check."""
    check = "--check" in sys.argv
    stale: list[str] = []
    for name, text in documents():
        path = ROOT / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    for name in stale:
        print(f"{'out of date' if check else 'written'}: {name}")
    if check and stale:
        print("run: make docs")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
