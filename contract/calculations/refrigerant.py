"""Refrigerants: warming potential, charge as carbon dioxide, and how often a plant is checked for leaks.

Sources: Regulation (EU) 2024/573 as told by landesinnung-kaelte-klima.de (HFCs keep the fourth assessment report, HFOs
take the sixth) and the Umweltbundesamt's questions and answers, section 2 (thresholds, and both criteria for blends);
climalife, energytech, ducros (thresholds in t); the boxes of CERFA 15497*04 (thresholds in kg). Article 5 of the
regulation itself was not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from contract.calculations.errors import CalculationError
from contract.words import Words


class Family(StrEnum):
    """What decides which threshold counts."""

    HCFC = "hcfc"
    """By mass."""
    HFC = "hfc"
    """Annex I of the regulation: by carbon dioxide equivalent. So are blends of which only the whole has a source."""
    HFO = "hfo"
    """Annex II, section 1: by mass."""
    HYDROCARBON = "hydrocarbon"
    """Outside these checks."""


@dataclass(frozen=True, slots=True)
class Refrigerant:
    """A substance, or a blend of parts by mass; its warming potential over a hundred years."""

    name: str
    potential: Decimal
    family: Family
    parts: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal], hash=False)
    """Share of each substance, by name; empty for a substance, and for a blend whose parts have no source here."""


def _substances(family: Family, **potentials: str) -> tuple[Refrigerant, ...]:
    return tuple(Refrigerant(name, Decimal(each), family) for name, each in potentials.items())


_SUBSTANCES = (
    *_substances(
        Family.HFC,
        R23="14800",
        R32="675",
        R125="3500",
        R134a="1430",
        R143a="4470",
        R152a="124",
        R227ea="3220",
        R245fa="1030",
    ),
    *_substances(Family.HFO, R1234yf="0.501"),
    *_substances(Family.HYDROCARBON, R290="0.02"),
)
_BLENDS_STATED = _substances(
    Family.HFC, R404A="3922", R407A="2107", R407C="1774", R410A="2088", R422D="2729", R507A="3985"
)
"""Rounded to whole numbers, as they are published."""


def _blend(name: str, **parts: str) -> Refrigerant:
    of_name = {each.name: each for each in _SUBSTANCES}
    shares = {each: Decimal(share) for each, share in parts.items()}
    potential = sum(
        (of_name[each].potential * share for each, share in shares.items()), Decimal(0)
    )
    return Refrigerant(name, potential, Family.HFC, shares)


REFRIGERANTS: Final[Mapping[str, Refrigerant]] = {
    each.name: each
    for each in (
        *_SUBSTANCES,
        *_BLENDS_STATED,
        _blend("R513A", R134a="0.44", R1234yf="0.56"),
    )
}
"""What has a source. Another one is typed by a person, with where the figure comes from."""


def refrigerant(name: str) -> Refrigerant:
    """Return a refrigerant by its name, written "R404A", "R-404A" or "r404a"; raises CalculationError."""
    plain = name.replace("-", "").replace(" ", "").upper()
    found = next((each for key, each in REFRIGERANTS.items() if key.upper() == plain), None)
    if found is None:
        raise CalculationError(
            Words(
                "{name} has no sourced warming potential here: type it, with where it comes from",
                name=name[:40],
            )
        )
    return found


def carbon_dioxide_equivalent(kilograms: Decimal, potential: Decimal) -> Decimal:
    """Return a charge in tonnes of carbon dioxide; raises CalculationError for one that is negative."""
    if kilograms < 0 or potential < 0:
        raise CalculationError(
            Words("a charge and a warming potential are not negative: correct them")
        )
    return kilograms * potential / 1000


@dataclass(frozen=True, slots=True)
class Part:
    """What a plant holds of one family: its mass in kg, and in tonnes of carbon dioxide."""

    family: Family
    kilograms: Decimal
    tonnes: Decimal


def parts(of: Refrigerant, kilograms: Decimal) -> tuple[Part, ...]:
    """Return what a charge holds of each family; a blend of which only the whole has a source is one part."""
    shares = of.parts or {of.name: Decimal(1)}
    return tuple(
        Part(
            REFRIGERANTS[name].family,
            kilograms * share,
            carbon_dioxide_equivalent(kilograms * share, REFRIGERANTS[name].potential),
        )
        for name, share in shares.items()
    )


class Threshold(StrEnum):
    """The classes of a charge, smallest first."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


THRESHOLDS: Final[Mapping[Family, tuple[Decimal, Decimal, Decimal]]] = {
    Family.HCFC: (Decimal(2), Decimal(30), Decimal(300)),
    Family.HFC: (Decimal(5), Decimal(50), Decimal(500)),
    Family.HFO: (Decimal(1), Decimal(10), Decimal(100)),
}
"""In kg, of HFCs in tonnes of carbon dioxide. For some, publishers print kg, cut off: those are never compared."""
MONTHS: Final[Mapping[Threshold, int]] = {
    Threshold.SMALL: 12,
    Threshold.MEDIUM: 6,
    Threshold.LARGE: 3,
}
"""Between two checks, without a fixed detection of leaks; with it, twice as many."""


def thresholds(charge: tuple[Part, ...]) -> Mapping[Family, Threshold]:
    """Return the class of each family in a charge, of those that reach one. Parts of a family are added up."""
    found: dict[Family, Threshold] = {}
    for family, least in THRESHOLDS.items():
        of_family = [each for each in charge if each.family is family]
        amounts = (each.tonnes if family is Family.HFC else each.kilograms for each in of_family)
        amount = sum(amounts, Decimal(0))
        reached = [each for each, from_ in zip(Threshold, least, strict=True) if amount >= from_]
        if reached:
            found[family] = reached[-1]
    return found


def months_between_checks(charge: tuple[Part, ...], *, detection: bool) -> int | None:
    """Return how many months may lie between two checks, None where none is due: the strictest criterion decides."""
    months = [MONTHS[each] for each in thresholds(charge).values()]
    if not months:
        return None
    return min(months) * (2 if detection else 1)
