"""What a file of measurements says: nothing more, and nothing of it proved."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from contract.reading import Reading
from contract.words import Words
from drivers.kit.errors import DriverError

LONGEST_NAME = 200
"""As long as a short text of the wire."""
MOST_UNMAPPED = 200
MOST_MEASUREMENTS = 1000


class FileRefusedError(DriverError):
    """A file cannot be used; the message names the place in it and the remedy."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedInstrument:
    """The instrument that a file names; None where it does not."""

    vendor: str | None = None
    model: str | None = None
    serial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measurement of a file."""

    readings: tuple[Reading, ...]
    instrument: StatedInstrument
    at: str | None = None
    """The moment, as the file says it: with a zone only where the file has one."""
    place: str = ""
    """Where in the file it stands, where the file holds several."""
    unmapped: tuple[str, ...] = ()
    """Values that no source explains: they fill no field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFile:
    """What a file says. Measurements count from 1, in the order of the file."""

    format: str
    measurements: tuple[Measured, ...]
    unmapped: tuple[str, ...] = ()
    """What stands beside the measurements and is not known."""


def plain(text: str | None) -> str | None:
    """Return a text of a file as the wire and the pages can carry it: printable, short; None when nothing is left."""
    if text is None:
        return None
    printable = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.split())[:LONGEST_NAME] or None


def named(texts: Iterable[str]) -> tuple[str, ...]:
    """Return names for people: each once, not more of them than people read."""
    found = (plain(each) for each in texts)
    return tuple(dict.fromkeys(each for each in found if each))[:MOST_UNMAPPED]


def unambiguous(stated: Iterable[tuple[str, Reading]]) -> tuple[tuple[Reading, ...], list[str]]:
    """Part readings, each with what the file calls it, into those to use and the names of those stated twice.

    Of the same quantity stated twice none is chosen.
    """
    labelled = list(stated)
    times = Counter((each.quantity, each.substance) for _, each in labelled)
    readings: list[Reading] = []
    twice: list[str] = []
    for label, reading in labelled:
        if times[reading.quantity, reading.substance] == 1:
            readings.append(reading)
        else:
            twice.append(f"{label}: {reading.quantity} is stated twice")
    return tuple(readings), twice


def counted(measurements: Iterable[Measured]) -> tuple[Measured, ...]:
    """Return the measurements of a file; raises FileRefusedError when there are too many to choose from."""
    found: list[Measured] = []
    for each in measurements:
        if len(found) == MOST_MEASUREMENTS:
            raise FileRefusedError(
                Words(
                    "the file holds more than {most} measurements: split it",
                    most=MOST_MEASUREMENTS,
                )
            )
        found.append(each)
    return tuple(found)
