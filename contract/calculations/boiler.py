"""What the French attestation evaluates of a boiler: efficiency and emissions from tables, beside their references.

Source: arrêté du 15 septembre 2009 (NOR DEVE0918467A), annexes 2 and 3. Efficiencies in percent of the net calorific
value, powers in kW. Nothing here is measured: an efficiency of a flue gas analysis never stands in these fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from contract.calculations.errors import CalculationError
from contract.words import Words


class Energy(StrEnum):
    """What a boiler burns, as the tables tell it."""

    GAS = "gas"
    OIL = "oil"


class Technology(StrEnum):
    """How a gas or oil boiler works."""

    CLASSIC = "classic"
    STANDARD = "standard"
    LOW_TEMPERATURE = "low_temperature"
    CONDENSING = "condensing"


class How(StrEnum):
    """Where a value of the table comes from; shown beside it."""

    PRINTED = "printed"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A value, and whether the table prints it or its formula gives it."""

    value: Decimal
    how: How


AT: Final = Decimal(23)
"""kW; the power of which the table prints a value that its formula does not give exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: from this year on, up to that one, both included."""

    first: int | None
    last: int | None
    printed: Mapping[Decimal, Decimal]
    """By power in kW."""
    formula: tuple[Decimal, Decimal] | None = None
    """``a`` and ``b`` of ``a + b · log10 power``; None where only printed powers are evaluated."""
    below: tuple[Decimal, Decimal] | None = None
    """A power and the efficiency of all that are smaller."""

    def __hash__(self) -> int:
        return hash((self.first, self.last, tuple(self.printed.items())))


def _row(
    first: int | None,
    last: int | None,
    at_23: str,
    formula: tuple[str, str] | None = None,
    below: tuple[str, str] | None = None,
) -> Row:
    return Row(
        first=first,
        last=last,
        printed={AT: Decimal(at_23)},
        formula=None if formula is None else (Decimal(formula[0]), Decimal(formula[1])),
        below=None if below is None else (Decimal(below[0]), Decimal(below[1])),
    )


EFFICIENCIES: Final[Mapping[tuple[Energy, Technology], tuple[Row, ...]]] = {
    (Energy.GAS, Technology.CLASSIC): (
        # "Before 1980": the year 1980 itself has no line.
        _row(None, 1979, "82", below=("14", "79")),
        _row(1981, 1985, "85"),
        _row(1986, 1990, "86"),
    ),
    (Energy.GAS, Technology.STANDARD): (_row(1991, None, "87", ("84", "2")),),
    (Energy.GAS, Technology.LOW_TEMPERATURE): (_row(1991, None, "89.5", ("87.5", "1.5")),),
    (Energy.GAS, Technology.CONDENSING): (_row(1996, None, "93", ("91", "1")),),
    (Energy.OIL, Technology.CLASSIC): (
        _row(None, 1969, "77"),
        _row(1970, 1975, "80"),
        _row(1976, 1980, "81"),
        _row(1981, 1990, "83"),
    ),
    (Energy.OIL, Technology.STANDARD): (_row(1991, None, "87", ("84", "2")),),
    (Energy.OIL, Technology.LOW_TEMPERATURE): (_row(1991, None, "89.5", ("87.5", "1.5")),),
    (Energy.OIL, Technology.CONDENSING): (_row(1996, None, "92.5", ("91", "1")),),
}
"""Tables 1 and 2 of annexe 2."""

POWERS: Final = (Decimal(4), Decimal(400))
"""kW; the boilers that the law speaks of."""


def evaluated_efficiency(
    energy: Energy, technology: Technology, year: int, power: Decimal
) -> Evaluated:
    """Return the efficiency of a gas or oil boiler of a year; raises CalculationError where the table has no line.

    A printed value counts at exactly its power, the formula everywhere else.
    """
    _within(power)
    rows = EFFICIENCIES[energy, technology]
    row = next((each for each in rows if _covers(each, year)), None)
    if row is None:
        raise CalculationError(
            Words(
                "the table has no line for a {technology} boiler of {year}: choose the nearest line",
                technology=Words(technology),
                year=year,
            )
        )
    return _of_row(row, power)


def reference_efficiency(energy: Energy, power: Decimal) -> Evaluated:
    """Return the reference: a condensing boiler of the same power."""
    _within(power)
    return _of_row(EFFICIENCIES[energy, Technology.CONDENSING][0], power)


def _covers(row: Row, year: int) -> bool:
    return (row.first or year) <= year <= (row.last or year)


def _of_row(row: Row, power: Decimal) -> Evaluated:
    if power in row.printed:
        return Evaluated(row.printed[power], How.PRINTED)
    if row.below is not None and power < row.below[0]:
        return Evaluated(row.below[1], How.PRINTED)
    if row.formula is None:
        raise CalculationError(
            Words(
                "the table has no line for {power} kW at that age: choose the nearest line",
                power=power,
            )
        )
    summand, factor = row.formula
    return Evaluated(summand + factor * power.log10(), How.FORMULA)


def _within(power: Decimal) -> None:
    least, most = POWERS
    if not least <= power <= most:
        raise CalculationError(
            Words(
                "{power} kW: the law speaks of {least} to {most} kW",
                power=power,
                least=least,
                most=most,
            )
        )
