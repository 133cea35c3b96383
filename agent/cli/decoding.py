"""`releve decode`: recorded bytes into readings."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from agent.cli import output
from agent.cli.events import documents, sentence
from agent.cli.known import File, chosen, told
from agent.cli.replaying import RecordingError, replay
from drivers.kit.description import Instrument
from drivers.kit.dialogue import FrameRejected, InstrumentEvent

_HEX = re.compile(rb"[0-9a-fA-F\s:]*")


def decode(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="SLUG SOURCE",
            help="The kind of instrument, which --file names too, and its bytes: in hexadecimal, a file of such lines, "
            "a document of the instrument, or a recording (TOML) of `releve record`.",
        ),
    ],
    *,
    file: File = None,
    as_json: output.AsJson = False,
) -> None:
    """Print the readings in recorded bytes.

    A rejected frame is {"rejected": reason}, a name that no source explains {"unmapped": name}. Exits with 1 when
    nothing could be read.

    Example: releve decode testo-smart-probe 108016000000071d0c000000426174746572794c6576656c0000c842e440 --json
    """
    slug, source = told(words, file, "what is to be decoded")
    instrument = chosen(slug, file)
    readable = said = False
    try:
        for event in _decoded(instrument, source):
            readable = readable or not isinstance(event, FrameRejected)
            for document in documents(event):
                said = True
                output.document(document, sentence, as_json=as_json)
    except RecordingError as error:
        output.misused(f"{source}: {error}")
    if not said:
        output.fail("there is no reading in these bytes, and nothing to reject")
    if not readable:
        raise typer.Exit(1)


def _decoded(instrument: Instrument, source: str) -> Iterator[InstrumentEvent]:
    if source.endswith(".toml") and _is_file(source):
        text = Path(source).read_bytes().decode(errors="replace")
        return replay(instrument, text)
    return instrument.decode(_recorded(source))


def _recorded(source: str) -> bytes:
    """Return the bytes to decode: from hexadecimal, from a file of it, or a file as it is."""
    if not _is_file(source):
        if not _HEX.fullmatch(source.encode()) and (kind := _kind(source)) is not None:
            output.misused(f"{source} is {kind}")
        return _from_hex(source, "the argument")
    content = Path(source).read_bytes()
    return _from_hex(content.decode(), source) if _HEX.fullmatch(content) else content


def _is_file(source: str) -> bool:
    try:
        return Path(source).is_file()
    except OSError:  # a run of hexadecimal can be longer than any file name
        return False


def _kind(source: str) -> str | None:
    """Return what a path is that is no file, and the remedy; None when there is nothing."""
    try:
        if Path(source).is_dir():
            return "a folder: name a file in it"
        return "a device: copy what it says into a file" if Path(source).exists() else None
    except OSError:
        return None


def _from_hex(text: str, where: str) -> bytes:
    try:
        return bytes.fromhex(text.replace(":", " "))
    except ValueError:
        output.misused(f"{where} is neither a file nor hexadecimal: {text[:40]!r}")
