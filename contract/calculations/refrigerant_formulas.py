"""Formulas of refrigerants that a form may name; their sources stand in ``refrigerant``."""

from decimal import Decimal

from contract.calculations import refrigerant
from contract.calculations.formula import Choice, Flag, Formula, Given, Number, Value, codes
from contract.quantity import Quantity
from contract.unit import Unit

REFRIGERANT = Choice()
KILOGRAM = Number(Unit.KILOGRAM, (Quantity.MASS,))


def _months(given: Given) -> Value:
    charge = refrigerant.parts(
        refrigerant.refrigerant(given.text("refrigerant")), given.number("charge")
    )
    months = refrigerant.months_between_checks(charge, detection=given.values["detection"] is True)
    return Decimal(months or 0)


NO_THRESHOLD = "none"


def _threshold(given: Given) -> str:
    charge = refrigerant.parts(
        refrigerant.refrigerant(given.text("refrigerant")), given.number("charge")
    )
    reached = refrigerant.thresholds(charge)
    return reached.get(given.choice("family", refrigerant.Family), NO_THRESHOLD)


REFRIGERANTS = (
    Formula(
        name="warming_potential",
        title="Global warming potential of a refrigerant over a hundred years",
        inputs={"refrigerant": REFRIGERANT},
        output=Number(said="1"),
        calculate=lambda given: refrigerant.refrigerant(given.text("refrigerant")).potential,
    ),
    Formula(
        name="sum_of_masses",
        title="Two masses together",
        inputs={"first": KILOGRAM, "second": KILOGRAM},
        output=KILOGRAM,
        calculate=lambda given: given.number("first") + given.number("second"),
    ),
    Formula(
        name="carbon_dioxide_equivalent",
        title="A charge in tonnes of CO2",
        inputs={"refrigerant": REFRIGERANT, "charge": KILOGRAM},
        output=Number(said="t"),
        calculate=lambda given: refrigerant.carbon_dioxide_equivalent(
            given.number("charge"), refrigerant.refrigerant(given.text("refrigerant")).potential
        ),
    ),
    Formula(
        name="leak_check_threshold",
        title="The class that a charge reaches by what it holds of one family, by which it is checked for leaks",
        inputs={
            "refrigerant": REFRIGERANT,
            "charge": KILOGRAM,
            "family": codes(refrigerant.Family),
        },
        output=Choice((NO_THRESHOLD, *refrigerant.Threshold)),
        calculate=_threshold,
    ),
    Formula(
        name="months_between_leak_checks",
        title="Months between two checks for leaks, by the stricter criterion; 0 where none is due",
        inputs={"refrigerant": REFRIGERANT, "charge": KILOGRAM, "detection": Flag()},
        output=Number(said="mo"),
        calculate=_months,
    ),
)
