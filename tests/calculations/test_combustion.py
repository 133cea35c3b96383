"""What follows from a flue gas: published vectors whole, derived ones labelled, and what is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.calculations import combustion
from contract.calculations.commissioning import Commissioning, uk_commissioning
from contract.calculations.errors import CalculationError
from contract.calculations.fuels import BACHARACH, FUEL_SETS, TESTO, Fuel

# What testo 330-2 analysers wrote into documents of github.com/testo/tjf (Apache-2.0), 2016-12-19 and 2016-12-06.
PUBLISHED = [
    ("11.9", "19.10000038", "1.0766665", "11.0526342"),
    ("20.3", "15.40000057", "5.4133325", "3.7500005"),
]


def close(value: Decimal, expected: str) -> bool:
    """Tell whether two numbers are one to the precision of a float32."""
    return abs(value - Decimal(expected)) <= Decimal(expected) / 2**23


@pytest.mark.parametrize(("most", "oxygen", "dioxide", "ratio"), PUBLISHED)
def test_published_documents_are_reproduced_to_the_precision_of_their_floats(
    most, oxygen, dioxide, ratio
):
    measured = Decimal(oxygen)

    assert close(combustion.carbon_dioxide(TESTO, Decimal(most), measured), dioxide)
    assert close(combustion.excess_air_ratio(TESTO, measured), ratio)


@pytest.mark.parametrize(("most", "oxygen", "dioxide", "ratio"), PUBLISHED)
def test_control_the_other_set_does_not_reproduce_them(most, oxygen, dioxide, ratio):
    measured = Decimal(oxygen)

    assert not close(combustion.carbon_dioxide(BACHARACH, Decimal(most), measured), dioxide)
    assert not close(combustion.excess_air_ratio(BACHARACH, measured), ratio)


def test_the_published_loss_and_efficiency_are_reproduced_to_the_digit_shown():
    loss = combustion.flue_gas_loss(
        TESTO,
        Fuel.NATURAL_GAS,
        Decimal("35.10000229"),
        Decimal("23.89999962"),
        Decimal("19.10000038"),
    )

    assert ("4.0", "96.0") == (f"{loss:.1f}", f"{combustion.efficiency(loss):.1f}")
    assert "3.991" == f"{loss:.3f}"


# Derived: computed from the testo constants by hand, not published anywhere.
DERIVED = [
    (Fuel.NATURAL_GAS, "180", "20", "5.0", "8.99", "1.312", "8.04", "91.96"),
    (Fuel.NATURAL_GAS, "60", "20", "4.5", "9.27", "1.273", "1.96", "98.04"),
    (Fuel.NATURAL_GAS, "140", "15", "3.0", "10.11", "1.167", "5.71", "94.29"),
    (Fuel.LIGHT_OIL, "180", "20", "5.0", "11.73", "1.312", "7.92", "92.08"),
    (Fuel.LIQUEFIED_PETROLEUM_GAS, "180", "20", "5.0", "10.44", "1.312", "7.58", "92.42"),
    (Fuel.WOOD, "180", "20", "5.0", "15.47", "1.312", "7.65", "92.35"),
]


@pytest.mark.parametrize("vector", DERIVED, ids=str)
def test_derived_vectors(vector):
    fuel, flue, air, oxygen, dioxide, ratio, loss, eta = vector
    measured = Decimal(oxygen)
    most = TESTO.fuels[fuel].carbon_dioxide_max
    lost = combustion.flue_gas_loss(TESTO, fuel, Decimal(flue), Decimal(air), measured)

    assert dioxide == f"{combustion.carbon_dioxide(TESTO, most, measured):.2f}"
    assert ratio == f"{combustion.excess_air_ratio(TESTO, measured):.3f}"
    assert (loss, eta) == (f"{lost:.2f}", f"{combustion.efficiency(lost):.2f}")


@pytest.mark.parametrize(
    ("fuels", "reference", "expected"),
    [
        (TESTO, "3", "90.00"),
        (BACHARACH, "3", "90.06"),
        (TESTO, "0", "105.00"),
        (BACHARACH, "0", "105.16"),
    ],
)
def test_carbon_monoxide_at_a_reference_oxygen_depends_on_the_set(fuels, reference, expected):
    found = combustion.at_reference_oxygen(fuels, Decimal(80), Decimal(5), Decimal(reference))

    assert expected == f"{found:.2f}"


@pytest.mark.parametrize("fuels", FUEL_SETS.values(), ids=lambda each: each.name)
@given(oxygen=st.decimals("0", "20.8", places=2), flue=st.integers(0, 400))
def test_both_forms_of_siegert_agree_and_undiluted_is_the_ratio_times(fuels, oxygen, flue):
    for fuel, of_fuel in fuels.fuels.items():
        dioxide = combustion.carbon_dioxide(fuels, of_fuel.carbon_dioxide_max, oxygen)
        by_oxygen = combustion.flue_gas_loss(fuels, fuel, Decimal(flue), Decimal(20), oxygen)
        by_dioxide = combustion.flue_gas_loss_from_carbon_dioxide(
            fuels, fuel, Decimal(flue), Decimal(20), dioxide
        )
        assert abs(by_oxygen - by_dioxide) < Decimal("1e-20")
    ratio = combustion.excess_air_ratio(fuels, oxygen)
    assert abs(combustion.undiluted(fuels, Decimal(80), oxygen) - 80 * ratio) < Decimal("1e-20")
    assert combustion.excess_air(fuels, oxygen) == (ratio - 1) * 100


@pytest.mark.parametrize(
    ("fuel", "oxygen", "flue", "gain"),
    [
        # 58 - 1.2 · 5 = 52: a step, and on the step itself nothing yet.
        (Fuel.NATURAL_GAS, "5", "52", "0"),
        (Fuel.NATURAL_GAS, "5", "51.9", "9.6"),
        (Fuel.PROPANE, "0", "54", "0"),
        (Fuel.PROPANE, "0", "53.9", "7.6"),
        (Fuel.LIGHT_OIL, "10", "39", "0"),
        (Fuel.LIGHT_OIL, "10", "38.9", "5.3"),
    ],
)
def test_condensing_adds_its_step_below_its_temperature(fuel, oxygen, flue, gain):
    given_ = (Decimal(flue), Decimal(20), Decimal(oxygen))
    dry = combustion.efficiency(combustion.flue_gas_loss(BACHARACH, fuel, *given_))

    added = combustion.condensing_efficiency(BACHARACH, fuel, *given_) - dry
    assert f"{Decimal(gain):.9f}" == f"{added:.9f}"


def test_the_ratio_of_monoxide_is_stated_over_percent_of_dioxide():
    assert Decimal("0.0040") == combustion.monoxide_ratio(Decimal(350), Decimal("8.75"))


@pytest.mark.parametrize(
    ("monoxide", "dioxide", "says"),
    [
        ("350", "8.75", Commissioning.PASSES),  # 0.0040
        ("328", "8", Commissioning.FAILS),  # 0.0041
        ("323.2", "8", Commissioning.PASSES),  # 0.00404, stated as 0.0040
        ("351", "10", Commissioning.FAILS),  # 0.0035, and too much CO
        ("350", "10", Commissioning.PASSES),
    ],
)
def test_the_british_check_of_a_condensing_boiler_at_its_bounds(monoxide, dioxide, says):
    assert says is uk_commissioning(Decimal(monoxide), Decimal(dioxide))


@pytest.mark.parametrize(
    ("calculated", "named"),
    [
        (lambda: combustion.excess_air_ratio(TESTO, Decimal(21)), "21 % of oxygen is no flue gas"),
        (lambda: combustion.excess_air_ratio(BACHARACH, Decimal("20.95")), "below 20.9 %"),
        (lambda: combustion.excess_air_ratio(TESTO, Decimal("-0.1")), "no flue gas"),
        (lambda: combustion.monoxide_ratio(Decimal(1), Decimal(1)), "says nothing"),
        (
            lambda: combustion.constants(BACHARACH, Fuel.WOOD),
            "the constants of bacharach-fyrite have no wood",
        ),
        (
            lambda: combustion.condensing_efficiency(
                TESTO, Fuel.NATURAL_GAS, Decimal(40), Decimal(20), Decimal(4)
            ),
            "take it from the instrument",
        ),
        (
            lambda: combustion.flue_gas_loss_from_carbon_dioxide(
                TESTO, Fuel.WOOD, Decimal(40), Decimal(20), Decimal(0)
            ),
            "the sample is air",
        ),
        (
            lambda: combustion.at_reference_oxygen(TESTO, Decimal(1), Decimal(5), Decimal(21)),
            "cannot be a reference oxygen",
        ),
    ],
)
def test_what_allows_no_result_is_refused_with_a_reason(calculated, named):
    with pytest.raises(CalculationError, match=named):
        calculated()
