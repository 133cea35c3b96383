"""Which instruments a command knows: the built-in ones, those of other packages, and one described in a file."""

from pathlib import Path
from typing import Annotated

import typer

from agent import catalogue
from agent.cli import output
from agent.settings import SettingsError
from drivers.catalog import Catalogue
from drivers.kit.description import Instrument

Slug = Annotated[
    str | None, typer.Argument(help="The kind of instrument: see `releve instruments`.")
]
File = Annotated[
    Path | None, typer.Option("--file", help="Description of one more instrument, in TOML.")
]


def known_instruments(file: Path | None) -> Catalogue:
    """Return the instruments; leaves with 2 when the file describes none."""
    try:
        known = catalogue.load([] if file is None else [file])
    except SettingsError as error:
        output.misused(str(error).removeprefix("instrument_files: "))
    for trouble in known.troubles:
        output.warn(f"driver not loaded: {trouble}")
    return known.catalogue


def chosen(slug: str | None, file: Path | None) -> Instrument:
    """Return a kind of instrument: the one named, or the one in the file; leaves with 2 when there is none."""
    instruments = known_instruments(file)
    if slug is None and file is not None:
        # What a file describes comes last.
        return list(instruments.values())[-1]
    if slug is None:
        output.misused("name a kind of instrument, or give --file")
    if slug not in instruments:
        output.misused(f"no instrument {slug!r}; known are {', '.join(sorted(instruments))}")
    return instruments[slug]


def told(words: list[str], file: Path | None, what: str) -> tuple[str | None, str]:
    """Return the slug, None where the file names it, and what follows it; leaves with 2 for anything else."""
    if len(words) == 2:
        return words[0], words[1]
    if len(words) == 1 and file is not None:
        return None, words[0]
    if len(words) == 1:
        output.misused(f"give a kind of instrument, or describe it with --file; and {what}")
    return output.misused(f"{words[2]}: this is one too many; put what has spaces in quotes")
