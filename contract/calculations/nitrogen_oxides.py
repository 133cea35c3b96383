"""Nitrogen oxides that the French attestation evaluates of gas and oil boilers, in mg/kWh at 0 % of oxygen.

Source: arrêté du 15 septembre 2009 (NOR DEVE0918467A), annexe 3. The printed table has lost the sign before the second
"150 kW"; it is read as "150 kW and more".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from contract.calculations.boiler import Energy
from contract.calculations.errors import CalculationError
from contract.words import Words


class Burner(StrEnum):
    """The lines of the tables."""

    GAS_ATMOSPHERIC_BEFORE_1990 = "gas_atmospheric_before_1990"
    GAS_ATMOSPHERIC_PARTIAL_PREMIX = "gas_atmospheric_partial_premix"
    GAS_ATMOSPHERIC_COOLING_RODS = "gas_atmospheric_cooling_rods"
    GAS_PREMIX_WATER_COOLED_FAN = "gas_premix_water_cooled_fan"
    GAS_PREMIX_WITHOUT_FAN = "gas_premix_without_fan"
    GAS_SURFACE_PREMIX_FAN = "gas_surface_premix_fan"
    GAS_RADIANT_CATALYTIC_PULSED = "gas_radiant_catalytic_pulsed"
    GAS_CLASS_1 = "gas_class_1"
    """European classes of EN 297, EN 483, EN 656 and EN 13836."""
    GAS_CLASS_2 = "gas_class_2"
    GAS_CLASS_3 = "gas_class_3"
    GAS_CLASS_4 = "gas_class_4"
    GAS_CLASS_5 = "gas_class_5"
    GAS_FORCED_DRAUGHT = "gas_forced_draught"
    GAS_FORCED_DRAUGHT_LOW_NOX = "gas_forced_draught_low_nox"
    GAS_FORCED_DRAUGHT_CLASS_1 = "gas_forced_draught_class_1"
    """Classes of EN 676 and EN 303-7."""
    GAS_FORCED_DRAUGHT_CLASS_2 = "gas_forced_draught_class_2"
    GAS_FORCED_DRAUGHT_CLASS_3 = "gas_forced_draught_class_3"
    OIL_BEFORE_1990 = "oil_before_1990"
    OIL_YELLOW_FLAME = "oil_yellow_flame"
    OIL_YELLOW_FLAME_RECIRCULATION = "oil_yellow_flame_recirculation"
    OIL_BLUE_FLAME = "oil_blue_flame"
    OIL_RADIANT = "oil_radiant"
    OIL_CLASS_1 = "oil_class_1"
    """Classes of EN 303-2."""
    OIL_CLASS_2 = "oil_class_2"
    OIL_CLASS_3 = "oil_class_3"


@dataclass(frozen=True, slots=True)
class Emission:
    """What a line says: up to a power of 150 kW, and from there on."""

    small: Decimal
    large: Decimal
    below: bool = False
    """The table prints "less than"."""


def _emission(small: str, large: str | None = None, *, below: bool = False) -> Emission:
    return Emission(Decimal(small), Decimal(large or small), below)


LARGE_FROM: Final = Decimal(150)
EMISSIONS: Final[Mapping[Burner, Emission]] = {
    Burner.GAS_ATMOSPHERIC_BEFORE_1990: _emission("300"),
    Burner.GAS_ATMOSPHERIC_PARTIAL_PREMIX: _emission("170"),
    Burner.GAS_ATMOSPHERIC_COOLING_RODS: _emission("130"),
    Burner.GAS_PREMIX_WATER_COOLED_FAN: _emission("50"),
    Burner.GAS_PREMIX_WITHOUT_FAN: _emission("45"),
    Burner.GAS_SURFACE_PREMIX_FAN: _emission("35"),
    Burner.GAS_RADIANT_CATALYTIC_PULSED: _emission("30", below=True),
    Burner.GAS_CLASS_1: _emission("260"),
    Burner.GAS_CLASS_2: _emission("200"),
    Burner.GAS_CLASS_3: _emission("150"),
    Burner.GAS_CLASS_4: _emission("100"),
    Burner.GAS_CLASS_5: _emission("70"),
    Burner.GAS_FORCED_DRAUGHT: _emission("130"),
    Burner.GAS_FORCED_DRAUGHT_LOW_NOX: _emission("90"),
    Burner.GAS_FORCED_DRAUGHT_CLASS_1: _emission("170"),
    Burner.GAS_FORCED_DRAUGHT_CLASS_2: _emission("120"),
    Burner.GAS_FORCED_DRAUGHT_CLASS_3: _emission("80"),
    Burner.OIL_BEFORE_1990: _emission("170"),
    Burner.OIL_YELLOW_FLAME: _emission("140", "210"),
    Burner.OIL_YELLOW_FLAME_RECIRCULATION: _emission("120", "180"),
    Burner.OIL_BLUE_FLAME: _emission("90"),
    Burner.OIL_RADIANT: _emission("60"),
    Burner.OIL_CLASS_1: _emission("185"),
    Burner.OIL_CLASS_2: _emission("120"),
    Burner.OIL_CLASS_3: _emission("120"),
}
REFERENCES: Final[Mapping[Energy, Decimal]] = {Energy.GAS: Decimal(35), Energy.OIL: Decimal(90)}
"""Table 8."""


def evaluated(burner: Burner, power: Decimal) -> Decimal:
    """Return the emission of a burner at a power in kW; raises CalculationError for a power that is none."""
    if power <= 0:
        raise CalculationError(Words("{power} kW is no power: correct it", power=power))
    line = EMISSIONS[burner]
    return line.large if power >= LARGE_FROM else line.small


def depends_on_power(burner: Burner) -> bool:
    """Tell whether the table has one value below 150 kW and another from there on."""
    line = EMISSIONS[burner]
    return line.small != line.large


def below(burner: Burner) -> bool:
    """Tell whether the table prints that the emission is less than the value."""
    return EMISSIONS[burner].below


def reference(burner: Burner) -> Decimal:
    """Return the reference for what the burner burns."""
    return REFERENCES[Energy.OIL if burner.startswith("oil_") else Energy.GAS]
