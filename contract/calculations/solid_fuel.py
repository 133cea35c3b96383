"""What the French attestation evaluates of a boiler for wood: efficiency, dust and volatile organic compounds.

Source: arrêté du 15 septembre 2009 (NOR DEVE0918467A), annexes 2 and 3. Efficiency in percent of the net calorific
value; dust in mg/Nm³ and compounds in mg C3H8/Nm³, at 10 % of oxygen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from contract.calculations.errors import CalculationError
from contract.words import Words


class Feed(StrEnum):
    """What is burnt, and how the air comes."""

    LOGS_NATURAL_DRAUGHT = "logs_natural_draught"
    LOGS_FAN = "logs_fan"
    PELLETS = "pellets"
    WOOD_CHIPS = "wood_chips"


class Generation(StrEnum):
    """The lines of the tables."""

    UNTIL_1995 = "until_1995"
    FROM_1996_TO_2004 = "1996_2004"
    SINCE_2005 = "since_2005"
    BOILERS_2009 = "boilers_2009"
    """A boiler of that year's state of the art, whenever it was made: a person says so, no year does."""


Table = Mapping[Generation, Mapping[Feed, Decimal]]


def _table(*rows: str) -> Table:
    """Read lines of four columns, in the order of `Feed`; "-" is an empty cell."""
    return {
        generation: {
            feed: Decimal(cell)
            for feed, cell in zip(Feed, row.split(), strict=True)
            if cell != "-"
        }
        for generation, row in zip(Generation, rows, strict=True)
    }


EFFICIENCIES: Final = _table("60 75 - -", "65 75 85 -", "70 80 85 85", "75 80 85 85")
DUST: Final = _table("600 250 - -", "200 230 80 -", "50 50 30 75", "45 30 30 60")
COMPOUNDS: Final = _table("4000 600 - -", "2500 600 100 -", "2500 600 40 20", "130 55 10 10")


@dataclass(frozen=True, slots=True)
class Beside:
    """An evaluated value beside its reference."""

    evaluated: Decimal
    reference: Decimal


def generation(year: int) -> Generation:
    """Return the line of a year."""
    if year <= 1995:
        return Generation.UNTIL_1995
    return Generation.FROM_1996_TO_2004 if year <= 2004 else Generation.SINCE_2005


def efficiency(feed: Feed, line: Generation) -> Beside:
    """Return the efficiency; the reference is a boiler of 2009 with the same fuel and draught."""
    return Beside(_cell(EFFICIENCIES, feed, line), EFFICIENCIES[Generation.BOILERS_2009][feed])


REFERENCE_DUST: Final = Decimal(30)
REFERENCE_COMPOUNDS: Final[Mapping[Feed, Decimal]] = {
    Feed.LOGS_NATURAL_DRAUGHT: Decimal(55),
    Feed.LOGS_FAN: Decimal(55),
    Feed.PELLETS: Decimal(10),
    Feed.WOOD_CHIPS: Decimal(10),
}
"""Table 8 of annexe 3."""


def dust(feed: Feed, line: Generation) -> Beside:
    """Return the dust."""
    return Beside(_cell(DUST, feed, line), REFERENCE_DUST)


def compounds(feed: Feed, line: Generation) -> Beside:
    """Return the volatile organic compounds."""
    return Beside(_cell(COMPOUNDS, feed, line), REFERENCE_COMPOUNDS[feed])


def _cell(table: Table, feed: Feed, line: Generation) -> Decimal:
    found = table[line].get(feed)
    if found is None:
        raise CalculationError(
            Words(
                "the table has no value for {feed} of that age: choose the nearest line",
                feed=Words(feed),
            )
        )
    return found
