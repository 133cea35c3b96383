"""Leaks from drops of pressure, and the classes and permitted drops of each rule."""

from dataclasses import replace
from decimal import Decimal

import pytest

from contract.calculations.errors import CalculationError
from contract.calculations.tightness import (
    PressureTest,
    UkGas,
    Usability,
    compensated,
    leak_rate,
    uk_permitted_drop,
    usability,
)


def pressure_test(volume: str, minutes: str, start: str, end: str) -> PressureTest:
    return PressureTest(
        volume=Decimal(volume),
        hours=Decimal(minutes) / 60,
        barometric=Decimal(1013),
        start=Decimal(start),
        end=Decimal(end),
        operating=Decimal(23),
    )


# Derived: computed from the printed formula; no worked example of it was found published.
@pytest.mark.parametrize(
    ("volume", "minutes", "start", "end", "litres_an_hour"),
    [
        ("20", "1", "50", "49.8", "0.10388"),
        ("20", "5", "50", "49", "0.10395"),
        ("10", "1", "23", "22.9", "0.05792"),
    ],
)
def test_derived_leak_rates(volume, minutes, start, end, litres_an_hour):
    assert litres_an_hour == f"{leak_rate(pressure_test(volume, minutes, start, end)):.5f}"


def test_no_drop_is_no_leak_and_a_rise_is_a_negative_one():
    assert 0 == leak_rate(pressure_test("20", "5", "50", "50"))
    assert leak_rate(pressure_test("20", "5", "50", "50.1")) < 0


def test_the_gas_factor_multiplies():
    once = pressure_test("20", "5", "50", "49")

    assert 2 * leak_rate(once) == leak_rate(replace(once, gas_factor=Decimal(2)))


@pytest.mark.parametrize(
    ("litres_an_hour", "expected"),
    [
        ("0", Usability.UNRESTRICTED),
        ("0.999", Usability.UNRESTRICTED),
        ("1.0", Usability.REDUCED),
        ("4.999", Usability.REDUCED),
        ("5.0", Usability.NONE),
        ("700", Usability.NONE),
    ],
)
def test_the_classes_of_the_dvgw_and_their_boundaries(litres_an_hour, expected):
    assert expected is usability(Decimal(litres_an_hour))


@pytest.mark.parametrize(
    ("gas", "volume", "drop"),
    [
        (UkGas.NATURAL_GAS, "0.005", "8"),
        (UkGas.NATURAL_GAS, "0.0051", "4"),
        # The worked example of edition 3: a G4 meter, 9 m of 15 mm copper, 10 % for fittings.
        (UkGas.NATURAL_GAS, "0.009386", "4"),
        (UkGas.NATURAL_GAS, "0.010", "4"),
        (UkGas.NATURAL_GAS, "0.015", "2.5"),
        (UkGas.NATURAL_GAS, "0.035", "1"),
        (UkGas.LIQUEFIED_PETROLEUM_GAS, "0.0025", "2"),
        (UkGas.LIQUEFIED_PETROLEUM_GAS, "0.005", "1"),
        (UkGas.LIQUEFIED_PETROLEUM_GAS, "0.010", "0.5"),
        (UkGas.LIQUEFIED_PETROLEUM_GAS, "0.035", "0"),
        (UkGas.LPG_AIR, "0.025", "1.5"),
        (UkGas.LPG_AIR, "0.035", "0.5"),
    ],
)
def test_the_permitted_drop_belongs_to_the_volume_and_the_gas(gas, volume, drop):
    assert Decimal(drop) == uk_permitted_drop(gas, Decimal(volume))


@pytest.mark.parametrize("volume", ["0", "-1", "0.0351"])
def test_a_volume_outside_the_table_is_refused(volume):
    with pytest.raises(CalculationError, match=r"the table reaches from 0 to 0\.035 m³"):
        uk_permitted_drop(UkGas.NATURAL_GAS, Decimal(volume))


def test_nitrogen_that_cools_loses_pressure_without_a_leak():
    # 150 psig at 95 °F, later 75 °F; and 150 psig from 80 to 70 °F, as the ACHR news prints it. In psi and °R.
    hot_day = compensated(Decimal("164.7"), Decimal("554.67"), Decimal("534.67"))
    mild_day = compensated(Decimal("164.7"), Decimal("539.67"), Decimal("529.67"))

    assert ("158.76", "144.06") == (f"{hot_day:.2f}", f"{hot_day - Decimal('14.7'):.2f}")
    assert "146.95" == f"{mild_day - Decimal('14.7'):.2f}"


def test_the_convention_of_a_sheet_is_the_callers():
    # 24.8 bar gauge with that sheet's + 1 bar, from 280 K to 18 °C with its + 273.
    expected = compensated(Decimal("25.8"), Decimal(280), Decimal(291))

    assert "26.81" == f"{expected:.2f}"


@pytest.mark.parametrize(
    "changed",
    [{"volume": "0"}, {"hours": "0"}, {"start": "0"}, {"end": "-1013"}, {"operating": "-1"}],
)
def test_what_cannot_be_is_refused(changed):
    given = replace(
        pressure_test("20", "5", "50", "49"),
        **{name: Decimal(value) for name, value in changed.items()},
    )
    with pytest.raises(CalculationError, match="correct"):
        leak_rate(given)


def test_a_temperature_in_degrees_celsius_below_zero_is_refused():
    with pytest.raises(CalculationError, match="temperatures in K"):
        compensated(Decimal(5), Decimal(-3), Decimal(280))
