"""`releve decode`: recorded bytes into readings."""

import re
from pathlib import Path
from typing import Annotated

import typer

from agent.cli import output
from agent.cli.events import documents, sentence
from drivers.catalog import BY_SLUG
from drivers.kit.description import Instrument
from drivers.kit.dialogue import FrameRejected

_HEX = re.compile(rb"[0-9a-fA-F\s:]*")


def decode(
    slug: Annotated[str, typer.Argument(help="The kind of instrument: see `releve instruments`.")],
    source: Annotated[
        str,
        typer.Argument(
            help="Bytes in hexadecimal, or a file of such lines, or a recorded document."
        ),
    ],
    *,
    as_json: output.AsJson = False,
) -> None:
    """Print the readings in recorded bytes.

    A rejected frame is {"rejected": reason}, a name that no source explains {"unmapped": name}. Exits with 1 when
    nothing could be read.

    Example: releve decode testo-smart-probe 07000000000001ac --json
    """
    instrument = known(slug)
    readable = False
    for event in instrument.decode(_recorded(source)):
        readable = readable or not isinstance(event, FrameRejected)
        for document in documents(event):
            output.document(document, sentence, as_json=as_json)
    if not readable:
        raise typer.Exit(1)


def known(slug: str) -> Instrument:
    """Return a kind of instrument; leaves with 2 when it is unknown."""
    instrument = BY_SLUG.get(slug)
    if instrument is None:
        output.misused(f"no instrument {slug!r}; known are {', '.join(sorted(BY_SLUG))}")
    return instrument


def _recorded(source: str) -> bytes:
    """Return the bytes to decode: from hexadecimal, from a file of it, or a file as it is."""
    if not _is_file(source):
        return _from_hex(source, "the argument")
    content = Path(source).read_bytes()
    return _from_hex(content.decode(), source) if _HEX.fullmatch(content) else content


def _is_file(source: str) -> bool:
    try:
        return Path(source).is_file()
    except OSError:  # a run of hexadecimal can be longer than any file name
        return False


def _from_hex(text: str, where: str) -> bytes:
    try:
        return bytes.fromhex(text.replace(":", " "))
    except ValueError:
        output.misused(f"{where} is neither a file nor hexadecimal: {text[:40]!r}")
