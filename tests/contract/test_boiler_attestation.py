"""The boiler attestation as a whole: filled for gas, oil and wood, at the bounds of the law, and never otherwise."""

from decimal import Decimal

import pytest

from contract.forms.asked import missing, wanted
from contract.forms.fold import fold
from contract.forms.form import fields
from contract.forms.signed import signed, unsigned
from contract.forms.value import FieldState
from contract.quantity import Quantity
from contract.unit import Unit
from tests.contract.making import entry, measurement, placed, reading
from tests.contract.test_shipped_forms import form

FORM = form("boiler-attestation")
TYPED = {
    "client_name": "Mme Martin",
    "client_address": "3 rue Haute, Lyon",
    "site_address": "3 rue Haute, Lyon",
    "site_room": "cave",
    "boiler_brand": "Frisquet",
    "boiler_model": "Hydroconfort",
    "evacuation": "chimney",
    "forced_draught_burner": False,
    "company_name": "Chauffage Sud",
    "company_contact": "04 00 00 00 00",
    "visit_date": "2026-11-24",
    "distribution_checked": True,
    "regulation_checked": True,
    "sizing": "adequate",
    "advice_use": "baisser la nuit",
    "advice_improvements": "robinets thermostatiques",
    "advice_replacement": "à étudier",
}
BOILER = {
    "technology": "standard",
    "commissioning_year": "2000",
    "nominal_power_kw": "30",
}
GAS = {
    **TYPED,
    **BOILER,
    "fuel": "natural_gas",
    "gas_operations": "brûleur nettoyé",
    "burner": "gas_class_3",
}
OIL = {
    **TYPED,
    **BOILER,
    "fuel": "light_oil",
    "oil_operations": "gicleur changé",
    "burner": "oil_blue_flame",
    "smoke_number": "1",
}
CHECKS = [each.name for each in fields(FORM) if each.name.startswith("solid_")]
WOOD = {
    **TYPED,
    "fuel": "wood",
    "automatic_feed": True,
    "wood_feed": "pellets",
    "wood_generation": "since_2005",
    **dict.fromkeys(CHECKS, True),
}


def values(answers, *readings, co="4"):
    stated = [
        *readings,
        reading("ambient_co_ppm", Quantity.CARBON_MONOXIDE_AMBIENT, co, Unit.PPM),
    ]
    typed = [entry(field=name, value=value) for name, value in answers.items()]
    captures = [
        placed(at, each) for at, each in enumerate([measurement(*stated), *typed], start=1)
    ]
    return fold(FORM, "r-1", captures)


def flue():
    return (
        reading("flue_temp_c", Quantity.FLUE_GAS_TEMPERATURE, "120", Unit.CELSIUS),
        reading("o2_pct", Quantity.OXYGEN, "9.0", Unit.PERCENT),
        reading("co2_pct", Quantity.CARBON_DIOXIDE, "11.0", Unit.PERCENT),
    )


@pytest.mark.parametrize("answers", [GAS, OIL], ids=["gas", "oil"])
def test_gas_and_oil_are_filled_by_choices_and_one_reading(answers):
    found = values(answers)

    assert () == missing(FORM, found)
    # 84 + 2·log10 30 beside 91 + log10 30, from the printed formulas.
    assert ("86.95", "92.48", "formula") == (
        found["evaluated_efficiency_pct"].value,
        found["reference_efficiency_pct"].value,
        found["evaluated_efficiency_how"].value,
    )


def test_wood_is_filled_by_its_own_table_and_its_flue_gas():
    found = values(WOOD, *flue())

    assert () == missing(FORM, found)
    assert ("85", "85", "30", "30", "40", "10") == tuple(
        found[name].value
        for name in (
            *("evaluated_efficiency_of_wood_pct", "reference_efficiency_of_wood_pct"),
            *("evaluated_dust", "reference_dust", "evaluated_compounds", "reference_compounds"),
        )
    )
    assert FieldState.EMPTY is found["evaluated_efficiency_pct"].state


@pytest.mark.parametrize(("name", "answers"), [("gas", GAS), ("oil", OIL), ("wood", WOOD)])
def test_nothing_of_another_fuel_is_asked_for(name, answers):
    asked = {each for each, how in wanted(FORM, values(answers, *flue())).items() if how.asked}
    own = {
        "gas": {"gas_operations", "burner"},
        "oil": {"oil_operations", "burner", "smoke_number"},
        "wood": {"wood_feed", "solid_ashes"},
    }
    others = set().union(*(each for key, each in own.items() if key != name)) - own[name]

    assert own[name] <= asked
    assert set() == others & asked


@pytest.mark.parametrize("lacks", sorted(GAS.keys() - {"technology"}))
def test_what_the_law_demands_is_missed_when_it_is_not_there(lacks):
    answers = {name: value for name, value in GAS.items() if name != lacks}

    assert missing(FORM, values(answers))


@pytest.mark.parametrize(
    ("co", "called", "says"),
    [
        ("9", "normal", "La situation est normale"),
        ("9.9", "normal", "La situation est normale"),
        ("10", "anomaly", "Il y a anomalie de fonctionnement nécessitant"),
        ("49", "anomaly", "Il y a anomalie de fonctionnement nécessitant"),
        ("49.99", "anomaly", "Il y a anomalie de fonctionnement nécessitant"),
        ("50", "danger", "Il y a un danger grave et imminent nécessitant"),
    ],
)
def test_the_sentence_on_carbon_monoxide_at_its_bounds(co, called, says):
    found = values(GAS, co=co)

    assert called == found["ambient_co_class"].value
    assert str(found["ambient_co_sentence"].value).startswith(says)


def test_a_danger_must_be_acknowledged_with_a_yes():
    assert ("danger_acknowledged",) == missing(FORM, values(GAS, co="50"))
    assert ("danger_acknowledged",) == missing(
        FORM, values({**GAS, "danger_acknowledged": False}, co="50")
    )
    assert () == missing(FORM, values({**GAS, "danger_acknowledged": True}, co="50"))


def test_a_wood_boiler_is_not_attested_at_50_ppm():
    answers = {**WOOD, "danger_acknowledged": True}

    assert ("ambient_co_ppm",) == missing(FORM, values(answers, *flue(), co="50"))
    assert () == missing(FORM, values(answers, *flue(), co="49.9"))


@pytest.mark.parametrize(
    ("fuel", "burner"), [("light_oil", "gas_class_3"), ("propane", "oil_class_1")]
)
def test_a_burner_of_another_fuel_cannot_be(fuel, burner):
    assert "burner" in missing(FORM, values({**GAS, "fuel": fuel, "burner": burner}))


def test_a_boiler_without_a_line_is_refused_until_the_nearest_line_is_chosen():
    answers = {
        **GAS,
        "technology": "classic",
        "commissioning_year": "1980",
        "nominal_power_kw": "18",
    }
    refused = values(answers)
    chosen = values({**answers, "line_year": "1981", "line_power": "23"})

    assert "the table has no line" in refused["evaluated_efficiency_pct"].reason
    assert wanted(FORM, refused)["line_year"].asked
    assert ("85", "printed") == (
        Decimal(str(chosen["evaluated_efficiency_pct"].value)).normalize().__str__(),
        chosen["evaluated_efficiency_how"].value,
    )
    assert "92.26" == chosen["reference_efficiency_pct"].value


def test_the_evaluated_efficiency_is_never_the_measured_one():
    measured = values(
        GAS,
        reading("combustion_efficiency_pct", Quantity.EFFICIENCY_NET, "95.1", Unit.PERCENT),
        *flue(),
    )

    assert "95.1" == measured["combustion_efficiency_pct"].value
    assert "86.95" == measured["evaluated_efficiency_pct"].value
    assert FORM.form.properties["evaluated_efficiency_pct"].measure is None


@pytest.mark.parametrize(
    ("burner", "value", "below", "reference"),
    [
        ("gas_radiant_catalytic_pulsed", "30", True, "35"),
        ("gas_atmospheric_before_1990", "300", False, "35"),
    ],
)
def test_less_than_a_value_is_told_apart_from_the_value(burner, value, below, reference):
    found = values({**GAS, "burner": burner})

    assert (value, below, reference) == (
        found["evaluated_nox_mgkwh"].value,
        found["evaluated_nox_below"].value,
        found["reference_nox_mgkwh"].value,
    )


def test_every_field_without_a_line_in_a_law_says_that_it_was_proposed():
    origins = {each.name: each.field.basis.origin.value for each in fields(FORM)}

    assert {"legal", "proposed"} == set(origins.values())
    added = [each.name for each in fields(FORM) if "2020" in each.field.label.fr]
    assert ["distribution_checked", "regulation_checked", "sizing"] == added
    assert all("TRER2016317A" in FORM.form.properties[each].basis.source for each in added)


def test_whoever_did_the_visit_must_sign():
    found = values(GAS)

    assert ("technician",) == unsigned(FORM, signed(FORM, "r-1", [], found))


def test_references_carry_the_prescribed_mention():
    for name in ("reference_efficiency_pct", "reference_nox_mgkwh", "reference_dust"):
        label = FORM.form.properties[name].label.fr
        assert "sauf impossibilité liée aux caractéristiques techniques de l’installation" in label


def test_a_boiler_whose_plate_says_nothing_is_attested_by_the_nearest_line():
    bare = {
        name: each
        for name, each in GAS.items()
        if name not in {"commissioning_year", "nominal_power_kw"}
    }
    unknown = values(bare)
    chosen = values({**bare, "line_year": "2000", "line_power": "23"})

    assert wanted(FORM, unknown)["line_year"].asked
    assert wanted(FORM, unknown)["line_power"].asked
    assert "year or power is not said" in unknown["evaluated_efficiency_pct"].reason
    assert () == missing(FORM, chosen)
    assert ("87.00", "93.00") == (
        chosen["evaluated_efficiency_pct"].value,
        chosen["reference_efficiency_pct"].value,
    )


def test_without_a_power_a_burner_with_two_values_cannot_be_evaluated():
    bare = {name: each for name, each in OIL.items() if name != "nominal_power_kw"}
    found = values({**bare, "burner": "oil_yellow_flame"})["evaluated_nox_mgkwh"]

    assert FieldState.EMPTY is found.state
    assert "power is not said" in found.reason
    assert "90" == values(bare)["evaluated_nox_mgkwh"].value


def test_a_concentration_far_above_danger_is_recorded():
    found = values({**GAS, "danger_acknowledged": True}, co="2400")

    assert ("2400", "danger") == (found["ambient_co_ppm"].value, found["ambient_co_class"].value)
    assert () == missing(FORM, found)


def test_the_advice_of_the_last_visit_is_proposed_and_not_given():
    for name in ("advice_use", "advice_improvements", "advice_replacement", "defects_open"):
        assert FORM.form.properties[name].prefill.confirm
