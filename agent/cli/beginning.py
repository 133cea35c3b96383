"""`releve new-instrument`: the files a new instrument begins with, working from the first minute."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from agent.cli import output
from agent.cli.known import known_instruments

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Link(StrEnum):
    """What the instrument speaks over."""

    SERIAL = "serial"
    MODBUS = "modbus"
    BLE = "ble"


class Family(StrEnum):
    """Where a driver of the project itself stands."""

    COMBUSTION = "combustion"
    LEAK = "leak"
    PROBE = "probe"
    SCANNER = "scanner"


@dataclass(frozen=True, slots=True)
class _Words:
    """What the page and the recording say of a link."""

    event: str
    link: str
    values: str


TENTHS = "the temperature in tenths of a degree Celsius (s16, big endian; `7fff`: no value)"
WORDS = {
    Link.SERIAL: _Words(
        event='received = true\ndata = "55 aa 00 d6 d5"',
        link="A serial line, 9600 baud, 8N1. The host asks with `55 01`; each question is answered with one frame.",
        values=f"A frame is `55 aa`, {TENTHS}, and the sum of all bytes before, modulo 256: `55 aa 00 d6 d5`, 21.4 °C.",
    ),
    Link.MODBUS: _Words(
        event='registers = "input 0 1"\ndata = "00 d6"',
        link="Modbus, 9600 baud, 8N1, device 1.",
        values=f"Input register 0 holds {TENTHS}. `00 d6` is 21.4 °C.",
    ),
    Link.BLE: _Words(
        event='notified = "0000fe01-0000-1000-8000-00805f9b34fb"\ndata = "00 d6 d6"',
        link="Bluetooth Low Energy: local name `MODEL SERIAL`; service `fe00`, of which `fe01` notifies once a second.",
        values=f"Three bytes: {TENTHS}, and the sum of the two, modulo 256. `00 d6 d6` is 21.4 °C.",
    ),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the files call things."""

    slug: str
    vendor: str
    model: str
    link: Link
    page: str
    """The protocol page, from the folder in which all is written."""

    @property
    def module(self) -> str:
        return self.slug.replace("-", "_")

    def filled(self, template: str) -> str:
        """Return a file of the skeleton with these names."""
        text = (resources.files("agent.cli.skeleton") / f"{template}.txt").read_text("utf-8")
        return Template(text).substitute(
            slug=self.slug,
            vendor=self.vendor,
            model=self.model,
            page=self.page,
            module=self.module,
            package=f"releve_{self.module}",
            constant=self.module.upper(),
            simulator="".join(each.capitalize() for each in self.slug.split("-")),
            medium=self.link.value,
            event=WORDS[self.link].event,
            link_words=WORDS[self.link].link.replace("MODEL", self.model),
            value_words=WORDS[self.link].values,
        )


def new_instrument(
    slug: Annotated[str, typer.Argument(help="Its slug: small letters, digits and '-'.")],
    *,
    vendor: Annotated[str, typer.Option(help="Who makes it.")],
    model: Annotated[str, typer.Option(help="What it is called.")],
    link: Annotated[Link, typer.Option(help="What it speaks over.")] = Link.SERIAL,
    family: Annotated[
        Family, typer.Option(help="In a checkout of Relevé: where the driver stands.")
    ] = Family.PROBE,
    into: Annotated[
        Path | None,
        typer.Option(help="A new folder for a package of your own, instead of this checkout."),
    ] = None,
) -> None:
    """Write a protocol page, a driver, a recording and a simulator that work together, to be made into the real ones.

    Example: releve new-instrument acme-ca100 --vendor Acme --model CA100 --link serial --into releve-acme
    """
    page = f"docs/protocols/{slug}.md" if into is None else f"docs/{slug}.md"
    names = Names(slug, vendor, model, link, page)
    _check(names)
    files = dict(_package(names) if into is not None else _checkout(names, family))
    root = into or Path.cwd()
    if into is None and not (root / "drivers/catalog.py").is_file():
        output.misused(
            "this is no checkout of Relevé: begin a package of your own with --into FOLDER"
        )
    _refuse_taken([str(root / each) for each in files if (root / each).exists()], into)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        output.line(f"wrote {path}")
    for step in _steps(names, family, into):
        output.line(step)


def _check(names: Names) -> None:
    if not _SLUG.fullmatch(names.slug) or len(names.slug) > 60:
        output.misused(
            f"{names.slug!r}: a slug is small letters, digits and '-', such as acme-ca100"
        )
    for option, text in (("--vendor", names.vendor), ("--model", names.model)):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}", text):
            output.misused(
                f"{option} {text!r}: letters, digits, spaces, '.', '_' and '-', at most 60"
            )
    if names.slug in known_instruments(None):
        output.misused(f"the slug {names.slug!r} is taken: choose another")


def _refuse_taken(taken: list[str], into: Path | None) -> None:
    if not taken:
        return
    exists, it = ("exists", "it") if len(taken) == 1 else ("exist", "them")
    other = "slug" if into is None else "folder with --into"
    output.misused(
        f"nothing was written: {', '.join(taken)} {exists}; choose another {other}, or remove {it}"
    )


def _checkout(names: Names, family: Family) -> Iterator[tuple[str, str]]:
    yield names.page, names.filled("page.md")
    yield f"drivers/{family.value}/{names.module}.py", names.filled(f"{names.link}_driver.py")
    yield (
        f"tests/fixtures/recordings/{names.module}/first.toml",
        names.filled("recording.toml"),
    )
    yield f"firmware_sims/{names.module}.py", names.filled(f"{names.link}_simulator.py")


def _package(names: Names) -> Iterator[tuple[str, str]]:
    package = f"releve_{names.module}"
    yield "pyproject.toml", names.filled("package.toml")
    yield f"{package}/__init__.py", f'"""{names.vendor} {names.model} for Relevé."""\n'
    yield f"{package}/driver.py", names.filled(f"{names.link}_driver.py")
    yield f"{package}/simulator.py", names.filled(f"{names.link}_simulator.py")
    yield names.page, names.filled("page.md")
    yield "recordings/first.toml", names.filled("recording.toml")
    yield f"tests/test_{names.module}.py", names.filled("test.py")


def _steps(names: Names, family: Family, into: Path | None) -> Iterator[str]:
    yield ""
    if into is not None:
        yield f"Next: pip install -e {into}, then pytest {into}, then replace what is synthetic by what you know."
        return
    constant = names.module.upper()
    yield f"Next: add {constant} to INSTRUMENTS in drivers/{family.value}/__init__.py, and the simulator's ENTRY to"
    yield "ENTRIES in firmware_sims/entries.py; run `make docs` and the tests; then replace what is synthetic."
