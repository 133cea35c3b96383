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
MOST_VALUES = 20_000
"""Readings of one file, and names of what is not known: they stay in memory."""
LONGEST_QUOTED = 20
"""How much of a text that is no value is told: enough to find it."""


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

    @property
    def size(self) -> int:
        """How many values it keeps in memory, known or not; at least 1."""
        return max(1, len(self.readings) + len(self.unmapped))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFile:
    """What a file says. Measurements count from 1, in the order of the file."""

    format: str
    measurements: tuple[Measured, ...]
    unmapped: tuple[str, ...] = ()
    """What stands beside the measurements and is not known."""

    @property
    def size(self) -> int:
        """How many values it keeps in memory, known or not."""
        return sum(each.size for each in self.measurements) + len(self.unmapped)


def plain(text: str | None) -> str | None:
    """Return a text of a file as the wire and the pages can carry it: printable, short; None when nothing is left."""
    if text is None:
        return None
    printable = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.split())[:LONGEST_NAME] or None


def short(name: str) -> str:
    """Return what a file calls a value, with room for what is wrong with it."""
    return (plain(name) or "?")[: LONGEST_NAME // 2]


def quoted(text: str | None) -> str:
    """Return the start of a text that is no value, in quotes."""
    return repr((plain(text) or "")[:LONGEST_QUOTED])


def named(texts: Iterable[str]) -> tuple[str, ...]:
    """Return names for people: each once, not more of them than people read. Words of ours stay as they are."""
    found = (each if isinstance(each, Words) else plain(each) for each in texts)
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
            twice.append(
                Words(
                    "{name}: {quantity} is stated twice",
                    name=short(label),
                    quantity=Words(reading.quantity),
                )
            )
    return tuple(readings), twice


def counted(measurements: Iterable[Measured]) -> tuple[Measured, ...]:
    """Return the measurements of a file; raises FileRefusedError when there are too many to choose from, or to keep."""
    found: list[Measured] = []
    values = 0
    for each in measurements:
        values += each.size
        if values > MOST_VALUES:
            raise FileRefusedError(
                Words("the file holds more than {most} readings: split it", most=MOST_VALUES)
            )
        if len(found) == MOST_MEASUREMENTS:
            raise FileRefusedError(
                Words(
                    "the file holds more than {most} measurements: split it",
                    most=MOST_MEASUREMENTS,
                )
            )
        found.append(each)
    return tuple(found)
