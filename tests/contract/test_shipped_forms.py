"""The forms that come with the product: whole, sourced, and filled from what an analyser states."""

from decimal import Decimal
from importlib import resources

import pytest

from contract.forms import shipped
from contract.forms.asked import missing
from contract.forms.basis import Origin
from contract.forms.fold import fold
from contract.forms.form import Form
from contract.forms.text import faults_in
from contract.quantity import Quantity
from contract.unit import Unit
from tests.contract.making import entry, measurement, placed, reading

FORMS = sorted(
    (each for each in resources.files(shipped).iterdir() if each.name.endswith(".json")),
    key=lambda each: each.name,
)


def form(name: str) -> Form:
    text = (resources.files(shipped) / f"{name}.json").read_text("utf-8")
    return Form.model_validate_json(text)


@pytest.mark.parametrize("file", FORMS, ids=lambda each: each.name)
def test_a_form_has_no_fault_and_is_called_as_its_file(file):
    made, found = faults_in(file.read_text("utf-8"))

    assert made is not None
    assert () == found
    assert f"{made.id}.json" == file.name


@pytest.mark.parametrize("file", FORMS, ids=lambda each: each.name)
def test_every_field_says_who_wants_it_and_a_law_is_named(file):
    made = Form.model_validate_json(file.read_text("utf-8"))
    without = [name for name, each in made.form.properties.items() if each.basis is None]
    legal = [
        each.basis.source or ""
        for each in made.form.properties.values()
        if each.basis is not None and each.basis.origin is Origin.LEGAL
    ]

    assert [] == without
    assert all("NOR " in each for each in legal)


@pytest.mark.parametrize("file", FORMS, ids=lambda each: each.name)
def test_every_code_is_said_in_both_languages(file):
    made = Form.model_validate_json(file.read_text("utf-8"))
    coded = {
        name: each
        for name, each in made.form.properties.items()
        if "enum" in (each.model_extra or {})
    }

    assert [] == [name for name, each in coded.items() if each.choices is None]


BOILER = (
    ("o2_pct", Quantity.OXYGEN, "5.0", Unit.PERCENT),
    ("co_ppm", Quantity.CARBON_MONOXIDE, "80", Unit.PPM),
    ("flue_temp_c", Quantity.FLUE_GAS_TEMPERATURE, "180.0", Unit.CELSIUS),
    ("air_temp_c", Quantity.COMBUSTION_AIR_TEMPERATURE, "20.0", Unit.CELSIUS),
)


def report(fuel: str, *more):
    stated = measurement(*(reading(*each) for each in BOILER), *more)
    made = form("combustion-report")
    captures = [placed(1, entry(field="fuel", value=fuel)), placed(2, stated)]
    return made, fold(made, "r-1", captures)


def test_four_readings_and_a_fuel_fill_a_combustion_report():
    made, found = report("natural_gas")
    shown = {name: each.value for name, each in found.items() if each.computed is not None}

    assert () == missing(made, found)
    # Derived: the constants of the testo set, by hand.
    assert {
        "co2_pct": "9.0",
        "lambda": "1.31",
        "excess_air_pct": "31",
        "co_undiluted_ppm": "105",
        "co_co2_ratio": "0.0009",
        "flue_gas_loss_pct": "8.0",
        "combustion_efficiency_pct": "92.0",
    } == shown


def test_with_oil_the_smoke_number_is_missing_and_the_gas_pressure_is_not_asked_for():
    made, found = report("light_oil")

    assert ("smoke_number",) == missing(made, found)


def test_what_the_analyser_stated_stands_instead_of_what_is_calculated():
    _, found = report(
        "natural_gas", reading("co2_pct", Quantity.CARBON_DIOXIDE, "8.7", Unit.PERCENT)
    )

    assert ("8.7", None) == (found["co2_pct"].value, found["co2_pct"].computed)
    assert Decimal("0.0009") == Decimal(str(found["co_co2_ratio"].value))
