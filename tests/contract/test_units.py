"""Units: exact, and refused across dimensions. ucumvert, which we did not write, is the witness."""

import importlib
import warnings
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.quantity import DIMENSIONS, NEEDS_SUBSTANCE, Dimension, Quantity
from contract.unit import SCALES, UNITS, Unit, UnitError, convert

AFFINE = {Unit.CELSIUS, Unit.FAHRENHEIT}
# The witness takes water at 60 degF where UCUM defines m[H2O] as 9.80665 kPa exactly.
DEFINED_OTHERWISE = {Unit.INCH_OF_WATER}


@pytest.fixture(scope="module")
def ucum():
    with warnings.catch_warnings():
        # It warns of codes that pint redefines while it loads.
        warnings.simplefilter("ignore")
        return importlib.import_module("ucumvert").PintUcumRegistry()


@pytest.mark.parametrize("unit", [each for each in Unit if each is not Unit.ONE])
def test_every_code_is_ucum(ucum, unit):
    assert ucum.from_ucum(unit.value) is not None


@pytest.mark.parametrize("dimension", Dimension)
def test_factors_agree_with_an_independent_table(ucum, dimension):
    left_out = AFFINE | DEFINED_OTHERWISE
    scales = {unit: scale for unit, scale in SCALES[dimension].items() if unit not in left_out}
    [reference, *others] = [each for each in scales if each is not Unit.ONE] or [None]
    for unit in others:
        ours = float(scales[unit].factor / scales[reference].factor)
        theirs = ucum.from_ucum(unit.value).to(ucum.from_ucum(reference.value).units).magnitude
        assert theirs == pytest.approx(ours, rel=1e-6)


@pytest.mark.parametrize(
    ("quantity", "value", "source", "target", "expected"),
    [
        (Quantity.DRAUGHT, "50", Unit.MILLIBAR, Unit.PASCAL, "5000"),
        (Quantity.TEMPERATURE, "20", Unit.CELSIUS, Unit.KELVIN, "293.15"),
        (Quantity.TEMPERATURE, "68", Unit.FAHRENHEIT, Unit.CELSIUS, "20"),
        (Quantity.TEMPERATURE, "-40", Unit.CELSIUS, Unit.FAHRENHEIT, "-40"),
        (Quantity.CARBON_MONOXIDE, "100", Unit.PPM, Unit.PERCENT, "0.01"),
        (Quantity.TEMPERATURE_DIFFERENCE, "17.9", Unit.KELVIN, Unit.KELVIN, "17.9"),
        (Quantity.GAUGE_PRESSURE, "1", Unit.PSI, Unit.PASCAL, "6894.757293168361336722673445"),
        (
            Quantity.LEAK_RATE,
            "1",
            Unit.MILLIBAR_LITRE_PER_SECOND,
            Unit.PASCAL_CUBIC_METRE_PER_SECOND,
            "0.1",
        ),
        (Quantity.DURATION, "1.5", Unit.HOUR, Unit.MINUTE, "90"),
    ],
)
def test_known_conversions(quantity, value, source, target, expected):
    assert Decimal(expected) == convert(quantity, Decimal(value), source, target)


@pytest.mark.parametrize(
    ("quantity", "source", "target"),
    [
        (Quantity.TEMPERATURE_DIFFERENCE, Unit.KELVIN, Unit.CELSIUS),
        (Quantity.TEMPERATURE_DIFFERENCE, Unit.CELSIUS, Unit.CELSIUS),
        (Quantity.LOWER_EXPLOSIVE_LIMIT_FRACTION, Unit.PERCENT, Unit.PPM),
        (Quantity.OXYGEN, Unit.PERCENT, Unit.PASCAL),
        (Quantity.CARBON_MONOXIDE, Unit.PPM, Unit.MILLIGRAM_PER_CUBIC_METRE),
        (Quantity.LEAK_RATE, Unit.GRAM_PER_YEAR, Unit.PASCAL_CUBIC_METRE_PER_SECOND),
        (Quantity.EXCESS_AIR_RATIO, Unit.ONE, Unit.PERCENT),
        (Quantity.DRAUGHT, Unit.PASCAL, Unit.CELSIUS),
    ],
)
def test_what_differs_in_kind_is_refused(quantity, source, target):
    with pytest.raises(UnitError, match="cannot be converted"):
        convert(quantity, Decimal(1), source, target)


def test_every_quantity_has_a_dimension_and_units():
    assert set(Quantity) == set(DIMENSIONS) == set(UNITS)
    assert all(UNITS.values())
    assert set(Quantity) > NEEDS_SUBSTANCE


values = st.decimals("-1000000", "1000000", allow_nan=False, allow_infinity=False, places=4)


def test_an_inch_of_water_is_as_ucum_defines_it():
    pascal = convert(Quantity.DRAUGHT, Decimal(1), Unit.INCH_OF_WATER, Unit.PASCAL)

    assert Decimal("249.08891") == pascal


@given(value=values, quantity=st.sampled_from(Quantity), data=st.data())
def test_there_and_back_is_the_same_value(value, quantity, data):
    dimension = data.draw(st.sampled_from(DIMENSIONS[quantity]))
    units = st.sampled_from(sorted(SCALES[dimension]))
    source, target = data.draw(units), data.draw(units)

    back = convert(quantity, convert(quantity, value, source, target), target, source)

    assert abs(back - value) <= Decimal("1e-15") * max(abs(value), 1000)
