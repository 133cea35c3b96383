"""Fields that are asked for, and required, only under conditions; with forms in which that could never be."""

import json

import pytest

from contract.forms.asked import missing, wanted
from contract.forms.faults import faults
from contract.forms.fold import fold
from contract.forms.form import Form
from contract.forms.value import FieldState
from contract.quantity import Quantity
from contract.unit import Unit
from tests.contract.making import entry, measurement, placed, reading

LABEL = {"fr": "Champ", "en": "Field"}
FUEL = {"type": "string", "x-label": LABEL, "enum": ["natural_gas", "light_oil", "wood"]}
SMOKE = {
    "type": "number",
    "x-label": LABEL,
    "x-measure": {"quantity": "smoke_number", "unit": "1"},
    "x-when": [{"field": "fuel", "in": ["light_oil", "wood"]}],
}
AMBIENT = {
    "type": "number",
    "x-label": LABEL,
    "x-measure": {"quantity": "carbon_monoxide_ambient", "unit": "[ppm]", "round": 0},
}
TEXT = {"type": "string", "x-label": LABEL}
SEALED = {"type": "boolean", "x-label": LABEL}
OIL = {
    "when": [{"field": "fuel", "in": ["light_oil"]}],
    "require": ["smoke"],
    "says": {
        "fr": "Au fioul, l’indice de noircissement est exigé.",
        "en": "Oil needs a smoke number.",
    },
}
DANGER = {
    "when": [{"field": "co", "at_least": "50"}],
    "require": ["acknowledged"],
    "says": {"fr": "Danger : à signer.", "en": "Danger: to be acknowledged."},
}


def form(rules=(OIL, DANGER), required=(), **more) -> Form:
    properties = {
        "fuel": FUEL,
        "smoke": SMOKE,
        "co": AMBIENT,
        "acknowledged": TEXT,
        "sealed": SEALED,
        **more,
    }
    schema = {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "x-rules": list(rules),
    }
    return Form.model_validate_json(
        json.dumps({"id": "f", "version": 1, "title": LABEL, "schema": schema})
    )


def values(made: Form, *statements):
    return fold(made, "r-1", [placed(seq, each) for seq, each in enumerate(statements, start=1)])


def fuel(value: str):
    return entry(field="fuel", value=value)


def co(ppm: str):
    return measurement(reading("co", Quantity.CARBON_MONOXIDE_AMBIENT, ppm, Unit.PPM))


@pytest.mark.parametrize(
    ("said", "asked", "required"),
    [
        ((), False, False),
        (("natural_gas",), False, False),
        (("wood",), True, False),
        (("light_oil",), True, True),
    ],
)
def test_a_field_is_asked_for_and_required_as_its_conditions_hold(said, asked, required):
    made = form()
    of = wanted(made, values(made, *map(fuel, said)))["smoke"]

    assert (asked, required) == (of.asked, of.required)
    assert (of.because is not None) is required


def test_the_rule_says_why_in_both_languages():
    made = form()
    because = wanted(made, values(made, fuel("light_oil")))["smoke"].because

    assert because is not None
    assert ("Oil needs a smoke number.", True) == (because.en, "fioul" in because.fr)


def test_what_is_required_by_a_rule_is_missing_until_it_is_filled():
    made = form()
    smoke = measurement(reading("smoke", Quantity.SMOKE_NUMBER, "1", Unit.ONE))

    assert ("smoke",) == missing(made, values(made, fuel("light_oil")))
    assert () == missing(made, values(made, fuel("light_oil"), smoke))


def test_what_is_not_asked_for_is_never_required_even_if_the_form_always_requires_it():
    made = form(required=["smoke"])

    assert () == missing(made, values(made, fuel("natural_gas")))
    assert ("smoke",) == missing(made, values(made, fuel("wood")))


@pytest.mark.parametrize(("ppm", "required"), [("49.9", False), ("50", True)])
def test_a_bound_is_held_against_what_was_measured_and_not_what_is_shown(ppm, required):
    made = form()
    found = values(made, co(ppm))

    assert "50" == found["co"].value
    assert required is wanted(made, found)["acknowledged"].required


@pytest.mark.parametrize(
    ("condition", "statements", "holds"),
    [
        ({"field": "sealed", "in": [True]}, [entry(field="sealed", value=True)], True),
        ({"field": "sealed", "in": [True]}, [entry(field="sealed", value=False)], False),
        ({"field": "co", "filled": True}, [co("1")], True),
        ({"field": "co", "filled": True}, [], False),
        ({"field": "co", "filled": False}, [], True),
        ({"field": "co", "filled": False}, [co("1")], False),
        ({"field": "co", "less_than": "10"}, [co("9.99")], True),
        ({"field": "co", "less_than": "10"}, [co("10")], False),
        ({"field": "co", "less_than": "10"}, [], False),
        ({"field": "co", "at_least": "10", "less_than": "50"}, [co("10")], True),
        ({"field": "count", "at_least": "2"}, [entry(field="count", value="2")], True),
        ({"field": "count", "at_least": "2"}, [entry(field="count", value="1")], False),
    ],
)
def test_each_kind_of_condition(condition, statements, holds):
    made = form(
        rules=[],
        count={"type": "integer", "x-label": LABEL},
        asked={**TEXT, "x-when": [condition]},
    )

    assert () == faults(made)
    assert holds is wanted(made, values(made, *statements))["asked"].asked


def test_all_conditions_of_a_field_must_hold():
    both = [{"field": "fuel", "in": ["wood"]}, {"field": "sealed", "in": [True]}]
    made = form(rules=[], asked={**TEXT, "x-when": both})
    sealed = entry(field="sealed", value=True)

    assert not wanted(made, values(made, fuel("wood")))["asked"].asked
    assert not wanted(made, values(made, sealed))["asked"].asked
    assert wanted(made, values(made, fuel("wood"), sealed))["asked"].asked


def test_what_is_not_asked_for_is_not_calculated():
    compute = {
        "formula": "ambient_carbon_monoxide_class",
        "inputs": {"carbon_monoxide_ambient": "co"},
    }
    when = [{"field": "sealed", "in": [False]}]
    made = form(rules=[], level={**TEXT, "x-compute": compute, "x-when": when})
    open_, sealed = entry(field="sealed", value=False), entry(field="sealed", value=True)

    assert "normal" == values(made, co("1"), open_)["level"].value
    assert FieldState.EMPTY is values(made, co("1"), sealed)["level"].state


def test_a_form_that_can_work_has_no_fault():
    assert () == faults(form())


@pytest.mark.parametrize(
    ("properties", "rules", "place", "remedy"),
    [
        (
            {"a": {**TEXT, "x-when": [{"field": "b", "filled": True}]}},
            [],
            "properties.a.x-when.0.field",
            "b is not among",
        ),
        (
            {"a": {**TEXT, "x-when": [{"field": "a", "filled": True}]}},
            [],
            "properties.a.x-when",
            "depends on itself",
        ),
        (
            {"a": {**TEXT, "x-when": [{"field": "fuel", "in": ["coal"]}]}},
            [],
            "properties.a.x-when.0.in.0",
            "choose one of natural_gas",
        ),
        (
            {"a": {**TEXT, "x-when": [{"field": "fuel", "in": [True]}]}},
            [],
            "properties.a.x-when.0.in.0",
            "can never be that",
        ),
        (
            {"a": {**TEXT, "x-when": [{"field": "fuel", "at_least": "1"}]}},
            [],
            "properties.a.x-when.0",
            "fuel is no number",
        ),
        (
            {"a": {**TEXT, "x-when": [{"field": "co", "at_least": "5", "less_than": "5"}]}},
            [],
            "properties.a.x-when.0.at_least",
            "nothing is at least 5 and less than 5",
        ),
        ({}, [{**OIL, "require": ["soot"]}], "x-rules.0.require.0", "soot is not among"),
        ({}, [{**OIL, "says2": 1}], "x-rules.0.says2", "did you mean says?"),
        (
            {},
            [{**OIL, "when": [{"field": "fuel", "im": ["wood"], "filled": True}]}],
            "x-rules.0.when.0.im",
            "known are field, in, filled",
        ),
    ],
)
def test_a_condition_that_can_never_hold_is_a_fault_at_its_place(properties, rules, place, remedy):
    told = {each.field: each.remedy for each in faults(form(rules, **properties))}

    assert remedy in told[f"schema.{place}"]


def test_a_condition_that_says_nothing_is_refused():
    with pytest.raises(ValueError, match="say what must hold: in, filled, at_least or less_than"):
        form(a={**TEXT, "x-when": [{"field": "fuel"}]})


NO_SMOKE = {
    "when": [{"field": "fuel", "in": ["natural_gas"]}, {"field": "soot", "filled": True}],
    "refuse": ["soot"],
    "says": {"fr": "Pas d’indice au gaz.", "en": "No smoke number with gas."},
}


def test_values_that_contradict_each_other_are_refused_until_one_is_put_right():
    made = form([NO_SMOKE], soot=TEXT)
    wrong = values(made, entry(field="fuel", value="natural_gas"), entry(field="soot", value="2"))
    right = values(made, entry(field="fuel", value="light_oil"), entry(field="soot", value="2"))

    assert "No smoke number with gas." == wanted(made, wrong)["soot"].refused.en
    assert ("soot",) == missing(made, wrong)
    assert wanted(made, right)["soot"].refused is None
    assert () == missing(made, right)


def test_a_rule_that_is_about_nothing_is_refused():
    with pytest.raises(ValueError, match="say which fields it is about: require or refuse"):
        form([{"when": [{"field": "fuel", "filled": True}], "says": {"fr": "a", "en": "a"}}])


def test_a_field_that_a_rule_refuses_and_the_form_has_not_is_a_fault():
    told = {each.field for each in faults(form([{**NO_SMOKE, "refuse": ["ash"]}], soot=TEXT))}

    assert "schema.x-rules.0.refuse.0" in told
