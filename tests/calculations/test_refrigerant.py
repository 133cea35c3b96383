"""Charges, warming potentials, and when a plant is checked: published vectors, boundaries, refusals."""

from decimal import Decimal

import pytest

from contract.calculations.errors import CalculationError
from contract.calculations.refrigerant import (
    REFRIGERANTS,
    Family,
    Part,
    Threshold,
    carbon_dioxide_equivalent,
    months_between_checks,
    parts,
    refrigerant,
    thresholds,
)


def of(family: Family, amount: str) -> tuple[Part, ...]:
    """Return a charge of so many kg, and as many tonnes of carbon dioxide."""
    return (Part(family, Decimal(amount), Decimal(amount)),)


def months(name: str, kilograms: str, *, detection: bool = False) -> int | None:
    return months_between_checks(parts(refrigerant(name), Decimal(kilograms)), detection=detection)


# The vectors that a public test suite holds against the boxes of CERFA 15497*04.
@pytest.mark.parametrize(
    ("charge", "detection", "threshold", "due"),
    [
        (of(Family.HCFC, "300"), False, {Family.HCFC: Threshold.LARGE}, 3),
        (of(Family.HFC, "30"), True, {Family.HFC: Threshold.SMALL}, 24),
        (of(Family.HFC, "60"), False, {Family.HFC: Threshold.MEDIUM}, 6),
        (of(Family.HFO, "0.5"), False, {}, None),
        (of(Family.HYDROCARBON, "500"), False, {}, None),
    ],
)
def test_published_vectors_of_the_form(charge, detection, threshold, due):
    assert threshold == thresholds(charge)
    assert due == months_between_checks(charge, detection=detection)


@pytest.mark.parametrize(("kilograms", "tonnes"), [("4.20", "16.47"), ("4.50", "17.65")])
def test_a_charge_of_r404a_in_tonnes(kilograms, tonnes):
    charge = parts(refrigerant("R404A"), Decimal(kilograms))

    assert tonnes == f"{sum(each.tonnes for each in charge):.2f}"
    assert 12 == months_between_checks(charge, detection=False)


@pytest.mark.parametrize(
    ("family", "least"),
    [
        (Family.HCFC, (2, 30, 300)),
        (Family.HFC, (5, 50, 500)),
        (Family.HFO, (1, 10, 100)),
    ],
)
def test_each_boundary_belongs_to_the_stricter_class(family, least):
    below = [
        months_between_checks(of(family, f"{each - 0.001:.3f}"), detection=False) for each in least
    ]
    reached = [months_between_checks(of(family, str(each)), detection=False) for each in least]
    detected = [months_between_checks(of(family, str(each)), detection=True) for each in least]

    assert [None, 12, 6] == below
    assert [12, 6, 3] == reached
    assert [24, 12, 6] == detected


def test_the_thresholds_that_publishers_print_in_kg_are_cut_off_and_never_compared():
    # 3.5 kg of R134a is printed for 5 t; exactly, 3.5 kg is 5.005 t, and 34.96 kg, printed for 50 t, is 49.99 t.
    assert 12 == months("R134a", "3.5")
    assert 12 == months("R134a", "34.96")
    assert 6 == months("R134a", "34.97")


def test_a_blend_is_held_against_both_criteria():
    # The Umweltbundesamt on 1.4 kg of R455A: 0.203 t of HFC need nothing, 1.06 kg of HFO need a check.
    of_hfc = Part(
        Family.HFC,
        Decimal("1.4") * Decimal("0.215"),
        carbon_dioxide_equivalent(Decimal("1.4") * Decimal("0.215"), Decimal(675)),
    )
    of_hfo = Part(Family.HFO, Decimal("1.06"), Decimal("0.5"))

    assert "0.203" == f"{of_hfc.tonnes:.3f}"
    assert 12 == months_between_checks((of_hfc, of_hfo), detection=False)
    assert months_between_checks((of_hfc,), detection=False) is None


def test_the_potential_of_a_blend_is_that_of_its_parts_by_mass():
    assert "629.5" == f"{refrigerant('R513A').potential:.1f}"
    assert {Family.HFC, Family.HFO} == {
        each.family for each in parts(refrigerant("R513A"), Decimal(1))
    }


@pytest.mark.parametrize(
    ("name", "shares", "stated"),
    [
        ("R410A", {"R32": "0.5", "R125": "0.5"}, "2087.5"),
        ("R404A", {"R125": "0.44", "R143a": "0.52", "R134a": "0.04"}, "3921.6"),
        ("R407C", {"R32": "0.23", "R125": "0.25", "R134a": "0.52"}, "1773.85"),
    ],
)
def test_the_rounded_potentials_agree_with_their_parts(name, shares, stated):
    exact = sum(REFRIGERANTS[part].potential * Decimal(share) for part, share in shares.items())

    assert Decimal(stated) == exact
    assert abs(exact - refrigerant(name).potential) <= Decimal("0.5")


@pytest.mark.parametrize("written", ["R404A", "r404a", "R-404A", "R 404 A"])
def test_a_name_is_found_as_people_write_it(written):
    assert "R404A" == refrigerant(written).name


def test_what_has_no_source_is_refused():
    with pytest.raises(CalculationError, match="R455A has no sourced warming potential"):
        refrigerant("R455A")
    with pytest.raises(CalculationError, match="not negative"):
        carbon_dioxide_equivalent(Decimal(-1), Decimal(1))
