"""Gas tightness: leak rate from a drop of pressure, and what each rule says of it.

Sources: DVGW G 624 as printed in the ecom-EN2 manual, p. 49 (leak rate); DVGW TRGI as told by sbz-monteur.de and
testo.de (classes); IGEM/UP/1B edition 4 as told by boilerfix and gasengineersoftware (permitted drops: not the standard
itself); NF DTU 61.1 guides IG(20)-1 as told by bravethabitat (no drop). Pressures in hPa unless said otherwise.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from contract.calculations.errors import CalculationError
from contract.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureTest:
    """A volume that was closed for a time. Pressures of the pipe are gauge pressures."""

    volume: Decimal
    """In litres."""
    hours: Decimal
    barometric: Decimal
    start: Decimal
    end: Decimal
    operating: Decimal
    """The highest pressure in service."""
    gas_factor: Decimal = Decimal(1)
    """1 where the medium of the test is that of the service; other factors were not found published."""


def leak_rate(test: PressureTest) -> Decimal:
    """Return the leak at operating pressure, in litres an hour; raises CalculationError."""
    if min(test.volume, test.hours, test.barometric, test.start, test.gas_factor) <= 0:
        raise CalculationError(
            Words(
                "volume, duration, start and barometric pressure must be more than 0: correct them"
            )
        )
    if test.operating < 0 or test.barometric + test.end <= 0:
        raise CalculationError(Words("a pressure is below vacuum: correct it"))
    drop = (test.barometric + test.start) / (test.barometric + test.end) - 1
    return test.volume / test.hours * drop * test.operating / test.start * test.gas_factor


class Usability(StrEnum):
    """What the DVGW allows with a leak."""

    UNRESTRICTED = "unrestricted"
    REDUCED = "reduced"
    """To be repaired within 4 weeks."""
    NONE = "none"
    """To be shut off at once."""


REDUCED_FROM: Final = Decimal(1)
NONE_FROM: Final = Decimal(5)


def usability(litres_an_hour: Decimal) -> Usability:
    """Return the class of a leak; one litre an hour is reduced, and five is none."""
    if litres_an_hour >= NONE_FROM:
        return Usability.NONE
    return Usability.REDUCED if litres_an_hour >= REDUCED_FROM else Usability.UNRESTRICTED


class UkGas(StrEnum):
    """Gases that IGEM/UP/1B tells apart."""

    NATURAL_GAS = "natural_gas"
    LIQUEFIED_PETROLEUM_GAS = "lpg"
    LPG_AIR = "lpg_air"


@dataclass(frozen=True, slots=True)
class PermittedDrop:
    """Up to this volume, in cubic metres, this drop, in mbar, is permitted."""

    volume: Decimal
    drop: Decimal


def _drops(*rows: tuple[str, str]) -> tuple[PermittedDrop, ...]:
    return tuple(PermittedDrop(Decimal(volume), Decimal(drop)) for volume, drop in rows)


UK_PERMITTED_DROPS: Final = {
    UkGas.NATURAL_GAS: _drops(("0.005", "8"), ("0.010", "4"), ("0.015", "2.5"), ("0.035", "1")),
    UkGas.LIQUEFIED_PETROLEUM_GAS: _drops(
        ("0.0025", "2"), ("0.005", "1"), ("0.010", "0.5"), ("0.035", "0")
    ),
    UkGas.LPG_AIR: _drops(("0.025", "1.5"), ("0.035", "0.5")),
}


def uk_permitted_drop(gas: UkGas, cubic_metres: Decimal) -> Decimal:
    """Return the permitted drop in mbar; raises CalculationError for a volume that the table does not reach."""
    if cubic_metres > 0:
        for row in UK_PERMITTED_DROPS[gas]:
            if cubic_metres <= row.volume:
                return row.drop
    raise CalculationError(
        Words(
            "the table reaches from 0 to {most} m³: {volume} m³ needs another procedure",
            most=UK_PERMITTED_DROPS[gas][-1].volume,
            volume=cubic_metres,
        )
    )


def compensated(start_absolute: Decimal, start: Decimal, end: Decimal) -> Decimal:
    """Return the absolute pressure expected at the end, the temperatures in K: what is missing then leaked."""
    if min(start_absolute, start, end) <= 0:
        raise CalculationError(
            Words("give an absolute pressure and temperatures in K, all more than 0")
        )
    return start_absolute * end / start
