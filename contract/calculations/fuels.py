"""Constants of fuels, in sets as they were published. A set is used whole: two of them are never mixed.

Sources: testo 330-1 LL instruction manual, p. 54; Bacharach Fyrite Tech 50 / Pro manual, appendix A.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Fuel(StrEnum):
    """Fuels that a set of constants may know."""

    NATURAL_GAS = "natural_gas"
    LIGHT_OIL = "light_oil"
    LIQUEFIED_PETROLEUM_GAS = "lpg"
    PROPANE = "propane"
    WOOD = "wood"
    """Wood and pellets."""
    BRIQUETTE = "briquette"
    LIGNITE = "lignite"
    ANTHRACITE = "anthracite"
    COKE_OVEN_GAS = "coke_oven_gas"
    TOWN_GAS = "town_gas"
    CITY_GAS = "city_gas"


@dataclass(frozen=True, slots=True)
class CondensingStep:
    """What condensing adds to the efficiency, all at once, below a temperature of the flue gas."""

    below: Decimal
    """In degrees Celsius, with no oxygen in the flue gas; with oxygen it is lower."""
    gain: Decimal
    """In percent of the net calorific value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelConstants:
    """What a set says of one fuel."""

    a2: Decimal
    """Siegert's factor for the loss calculated from oxygen."""
    b: Decimal
    """Siegert's summand."""
    carbon_dioxide_max: Decimal
    """In percent of dry flue gas, without excess air."""
    reference_oxygen: Decimal | None = None
    """In percent; what concentrations are stated at."""
    condensing: CondensingStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelSet:
    """A published set: who published it where, the oxygen it takes for air, and its fuels."""

    name: str
    source: str
    oxygen_in_air: Decimal
    """In percent."""
    fuels: Mapping[Fuel, FuelConstants] = field(hash=False)


def _fuel(
    a2: str, b: str, carbon_dioxide_max: str, reference_oxygen: str | None, *step: str
) -> FuelConstants:
    return FuelConstants(
        a2=Decimal(a2),
        b=Decimal(b),
        carbon_dioxide_max=Decimal(carbon_dioxide_max),
        reference_oxygen=None if reference_oxygen is None else Decimal(reference_oxygen),
        condensing=CondensingStep(*map(Decimal, step)) if step else None,
    )


TESTO: Final = FuelSet(
    name="testo-330",
    source="testo 330-1 LL instruction manual, p. 54",
    oxygen_in_air=Decimal(21),
    fuels={
        Fuel.NATURAL_GAS: _fuel("0.660", "0.009", "11.8", "3"),
        Fuel.LIGHT_OIL: _fuel("0.680", "0.007", "15.4", "3"),
        Fuel.LIQUEFIED_PETROLEUM_GAS: _fuel("0.630", "0.008", "13.7", "3"),
        Fuel.WOOD: _fuel("0.765", "0.000", "20.3", "13"),
        Fuel.BRIQUETTE: _fuel("0.833", "0.000", "18.9", "8"),
        Fuel.LIGNITE: _fuel("0.955", "0.000", "19.8", "8"),
        Fuel.ANTHRACITE: _fuel("0.758", "0.000", "20.5", "8"),
        Fuel.COKE_OVEN_GAS: _fuel("0.600", "0.011", "10.3", "3"),
        Fuel.TOWN_GAS: _fuel("0.630", "0.011", "13.6", "3"),
    },
)
BACHARACH: Final = FuelSet(
    name="bacharach-fyrite",
    source="Bacharach Fyrite Tech 50 / Pro manual, appendix A",
    oxygen_in_air=Decimal("20.9"),
    fuels={
        Fuel.NATURAL_GAS: _fuel("0.66", "0.009", "11.8", None, "58", "9.6"),
        Fuel.PROPANE: _fuel("0.63", "0.008", "13.8", None, "54", "7.6"),
        Fuel.LIGHT_OIL: _fuel("0.68", "0.007", "15.4", None, "51", "5.3"),
        # Its step is printed as 0 °C and 0 %: no step.
        Fuel.CITY_GAS: _fuel("0.63", "0.011", "13.1", None),
    },
)
FUEL_SETS: Mapping[str, FuelSet] = {each.name: each for each in (TESTO, BACHARACH)}
"""The published sets, by name."""
