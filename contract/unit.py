"""Units by UCUM code, and exact conversion between them.

Source of the codes: The Unified Code for Units of Measure (ucum.org).
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from contract.quantity import DIMENSIONS, Dimension, Quantity
from contract.words import Words


class Unit(StrEnum):
    """Units a reading may carry, by UCUM code."""

    ONE = "1"
    PERCENT = "%"
    PPM = "[ppm]"
    PPB = "[ppb]"
    GRAM_PER_CUBIC_METRE = "g/m3"
    MILLIGRAM_PER_CUBIC_METRE = "mg/m3"
    MICROGRAM_PER_CUBIC_METRE = "ug/m3"
    MILLIGRAM_PER_KILOWATT_HOUR = "mg/(kW.h)"
    PASCAL = "Pa"
    HECTOPASCAL = "hPa"
    KILOPASCAL = "kPa"
    MEGAPASCAL = "MPa"
    MILLIBAR = "mbar"
    BAR = "bar"
    PSI = "[psi]"
    INCH_OF_WATER = "[in_i'H2O]"
    CELSIUS = "Cel"
    FAHRENHEIT = "[degF]"
    KELVIN = "K"
    METRE_PER_SECOND = "m/s"
    CUBIC_METRE_PER_HOUR = "m3/h"
    LITRE_PER_HOUR = "L/h"
    LITRE_PER_MINUTE = "L/min"
    LITRE_PER_SECOND = "L/s"
    GRAM_PER_YEAR = "g/a"
    KILOGRAM_PER_YEAR = "kg/a"
    PASCAL_CUBIC_METRE_PER_SECOND = "Pa.m3/s"
    MILLIBAR_LITRE_PER_SECOND = "mbar.L/s"
    KILOGRAM = "kg"
    GRAM = "g"
    SECOND = "s"
    MINUTE = "min"
    HOUR = "h"
    METRE = "m"
    MILLIMETRE = "mm"
    INCH = "[in_i]"
    FOOT = "[ft_i]"


class UnitError(ValueError):
    """A value was asked for in a unit that cannot state its quantity."""


class Scale(NamedTuple):
    """``reference value = (value + offset) * factor``, both exact."""

    factor: Fraction
    offset: Fraction = Fraction(0)


def _scale(factor: str, offset: str = "0") -> Scale:
    return Scale(Fraction(factor), Fraction(offset))


_PERCENT_LIKE = {Unit.PERCENT: _scale("1/100"), Unit.ONE: _scale("1")}
# 1 [psi] is 0.45359237 kg times 9.80665 m/s2 over a square inch.
_PSI = Scale(Fraction("0.45359237") * Fraction("9.80665") / Fraction("0.0254") ** 2)
# UCUM: [in_i'H2O] is 1 inch of m[H2O], and m[H2O] is 9.80665 kPa (water at 4 Cel; other tables take 60 degF).
_INCH_OF_WATER = Scale(Fraction("9806.65") * Fraction("0.0254"))
# UCUM's year `a` is the mean Julian year of 365.25 days.
_YEAR = Fraction("365.25") * 86400

SCALES: Mapping[Dimension, Mapping[Unit, Scale]] = {
    Dimension.VOLUME_FRACTION: {
        **_PERCENT_LIKE,
        Unit.PPM: _scale("1/1000000"),
        Unit.PPB: _scale("1/1000000000"),
    },
    Dimension.EXPLOSIVE_FRACTION: _PERCENT_LIKE,
    Dimension.PERCENTAGE: _PERCENT_LIKE,
    Dimension.NUMBER: {Unit.ONE: _scale("1")},
    Dimension.MASS_CONCENTRATION: {
        Unit.GRAM_PER_CUBIC_METRE: _scale("1"),
        Unit.MILLIGRAM_PER_CUBIC_METRE: _scale("1/1000"),
        Unit.MICROGRAM_PER_CUBIC_METRE: _scale("1/1000000"),
    },
    Dimension.MASS_PER_ENERGY: {Unit.MILLIGRAM_PER_KILOWATT_HOUR: _scale("1")},
    Dimension.PRESSURE: {
        Unit.PASCAL: _scale("1"),
        Unit.HECTOPASCAL: _scale("100"),
        Unit.KILOPASCAL: _scale("1000"),
        Unit.MEGAPASCAL: _scale("1000000"),
        Unit.MILLIBAR: _scale("100"),
        Unit.BAR: _scale("100000"),
        Unit.PSI: _PSI,
        Unit.INCH_OF_WATER: _INCH_OF_WATER,
    },
    Dimension.TEMPERATURE: {
        Unit.KELVIN: _scale("1"),
        Unit.CELSIUS: _scale("1", "273.15"),
        Unit.FAHRENHEIT: _scale("5/9", "459.67"),
    },
    # UCUM has no code for a difference in degrees Celsius: it is stated in K.
    Dimension.TEMPERATURE_DIFFERENCE: {Unit.KELVIN: _scale("1")},
    Dimension.VELOCITY: {Unit.METRE_PER_SECOND: _scale("1")},
    Dimension.VOLUME_FLOW: {
        Unit.CUBIC_METRE_PER_HOUR: _scale("1/3600"),
        Unit.LITRE_PER_HOUR: _scale("1/3600000"),
        Unit.LITRE_PER_MINUTE: _scale("1/60000"),
        Unit.LITRE_PER_SECOND: _scale("1/1000"),
    },
    Dimension.MASS_FLOW: {
        Unit.GRAM_PER_YEAR: Scale(1 / _YEAR),
        Unit.KILOGRAM_PER_YEAR: Scale(1000 / _YEAR),
    },
    Dimension.THROUGHPUT: {
        Unit.PASCAL_CUBIC_METRE_PER_SECOND: _scale("1"),
        Unit.MILLIBAR_LITRE_PER_SECOND: _scale("1/10"),
    },
    Dimension.MASS: {Unit.KILOGRAM: _scale("1"), Unit.GRAM: _scale("1/1000")},
    Dimension.DURATION: {
        Unit.SECOND: _scale("1"),
        Unit.MINUTE: _scale("60"),
        Unit.HOUR: _scale("3600"),
    },
    Dimension.LENGTH: {
        Unit.METRE: _scale("1"),
        Unit.MILLIMETRE: _scale("1/1000"),
        Unit.INCH: _scale("0.0254"),
        Unit.FOOT: _scale("0.3048"),
    },
}

UNITS: Mapping[Quantity, frozenset[Unit]] = {
    quantity: frozenset(unit for dimension in dimensions for unit in SCALES[dimension])
    for quantity, dimensions in DIMENSIONS.items()
}
"""The units that can state each quantity."""


def convertible(quantity: Quantity, source: Unit, target: Unit) -> bool:
    """Tell whether one dimension of the quantity holds both units."""
    return any({source, target} <= SCALES[each].keys() for each in DIMENSIONS[quantity])


_WIDE = Context(prec=28, rounding=ROUND_HALF_EVEN)


def convert(quantity: Quantity, value: Decimal, source: Unit, target: Unit) -> Decimal:
    """Return ``value`` of ``quantity`` in ``target``: exact, or to 28 digits where no finite decimal exists.

    Raises UnitError when the quantity has no dimension that holds both units.
    """
    if source is target and source in UNITS[quantity]:
        return value
    for dimension in DIMENSIONS[quantity]:
        scales = SCALES[dimension]
        if source in scales and target in scales:
            given, asked = scales[source], scales[target]
            exact = (Fraction(value) + given.offset) * given.factor / asked.factor - asked.offset
            return _WIDE.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    raise UnitError(
        Words(
            "{quantity} cannot be converted from {source} to {target}",
            quantity=Words(quantity),
            source=Words(source),
            target=Words(target),
        )
    )
