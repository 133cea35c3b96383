"""How a pressure moved, and whether a drop is permitted: to the last digit, boundaries included."""

from decimal import Decimal

import pytest

from contract.calculations.errors import CalculationError
from contract.calculations.formula import Given
from contract.calculations.formulas import FORMULAS


def given(**values: str) -> Given:
    return Given(
        {
            name: Decimal(each) if each[0] in "-0123456789" else each
            for name, each in values.items()
        }
    )


def gives(formula: str, **values: str) -> object:
    return FORMULAS[formula].calculate(given(**values))


@pytest.mark.parametrize(
    ("end", "expected"),
    [("50", "steady"), ("50.00", "steady"), ("49.99", "drop"), ("50.01", "rise")],
)
def test_the_smallest_difference_is_a_movement(end, expected):
    assert expected == gives("pressure_movement", start_pressure="50", end_pressure=end)


@pytest.mark.parametrize(("end", "drop"), [("49.75", "0.25"), ("20", "30"), ("50.5", "-0.5")])
def test_a_rise_is_a_negative_drop(end, drop):
    assert Decimal(drop) == gives("pressure_drop", start_pressure="50", end_pressure=end)


@pytest.mark.parametrize(
    ("gas", "volume", "drop", "expected"),
    [
        ("natural_gas", "0.005", "8", "permitted"),
        ("natural_gas", "0.005", "8.01", "exceeded"),
        ("natural_gas", "0.0051", "8", "exceeded"),
        ("natural_gas", "0.035", "1", "permitted"),
        ("lpg", "0.035", "0", "permitted"),
        ("lpg", "0.035", "0.01", "exceeded"),
        ("lpg_air", "0.025", "1.5", "permitted"),
    ],
)
def test_a_drop_just_as_large_as_the_rule_says_is_permitted(gas, volume, drop, expected):
    assert expected == gives("uk_tightness", gas=gas, volume=volume, drop=drop)


def test_a_volume_that_the_table_does_not_reach_gives_no_verdict():
    with pytest.raises(CalculationError):
        gives("uk_tightness", gas="natural_gas", volume="0.036", drop="0")


def test_the_gas_factor_multiplies_the_leak_rate():
    test = {
        "volume": "20",
        "duration": "0.0166666666666666666666666667",
        "barometric_pressure": "1013",
        "start_pressure": "50",
        "end_pressure": "49.8",
        "operating_pressure": "23",
    }
    once = gives("leak_rate", **test)

    assert once == gives("leak_rate_with_factor", **test, gas_factor="1")
    assert 2 * once == gives("leak_rate_with_factor", **test, gas_factor="2")
