"""Fields that are calculated from others: what wins, what is exact, what is refused, and which forms cannot work."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.calculations.formula import Choice, Flag, Number
from contract.calculations.formulas import FORMULAS
from contract.forms.faults import faults
from contract.forms.fold import fold
from contract.forms.form import Form
from contract.forms.value import Computation, FieldState
from contract.number import MAX_DIGITS, parse
from contract.quantity import Quantity
from contract.reading import Status
from contract.unit import Unit
from tests.contract.making import entry, measurement, placed, reading

LABEL = {"fr": "Champ", "en": "Field"}


def measured(quantity: str, unit: str, **more) -> dict:
    return {
        "type": "number",
        "x-label": LABEL,
        "x-measure": {"quantity": quantity, "unit": unit, **more},
    }


def computed(formula: str, inputs: dict, **more) -> dict:
    return {"formula": formula, "inputs": inputs, **more}


OXYGEN = measured("oxygen", "%", round=0)
RATIO = {
    **measured("excess_air_ratio", "1", round=3),
    "x-compute": computed("excess_air_ratio", {"oxygen": "o2"}, constants="testo-330"),
}
AMBIENT = measured("carbon_monoxide_ambient", "[ppm]", round=0)
SENTENCE = {
    "type": "string",
    "x-label": LABEL,
    "x-compute": computed("ambient_carbon_monoxide_sentence", {"carbon_monoxide_ambient": "co"}),
}
CLASS = {
    "type": "string",
    "x-label": LABEL,
    "enum": ["normal", "anomaly", "danger"],
    "x-compute": computed("ambient_carbon_monoxide_class", {"carbon_monoxide_ambient": "co"}),
}


def form(**properties) -> Form:
    return Form.model_validate_json(
        json.dumps(
            {
                "id": "f",
                "version": 1,
                "title": LABEL,
                "schema": {"type": "object", "properties": properties},
            }
        )
    )


def values(made: Form, *statements):
    return fold(made, "r-1", [placed(seq, each) for seq, each in enumerate(statements, start=1)])


def o2(value: str, status: Status = Status.OK):
    return measurement(reading(field="o2", value=value, status=status))


def co(value: str):
    return measurement(
        reading(field="co", quantity=Quantity.CARBON_MONOXIDE_AMBIENT, value=value, unit=Unit.PPM)
    )


def test_an_empty_field_is_calculated_from_what_was_measured_and_says_so():
    found = values(form(o2=OXYGEN, ratio=RATIO), o2("5"))["ratio"]

    assert (FieldState.FILLED, "1.313", Unit.ONE) == (found.state, found.value, found.unit)
    assert Computation("excess_air_ratio", "testo-330", ("o2",)) == found.computed
    assert found.statement is None


def test_what_an_instrument_stated_wins_over_what_is_calculated():
    stated = measurement(
        reading(field="ratio", quantity=Quantity.EXCESS_AIR_RATIO, value="1.29", unit=Unit.ONE)
    )
    found = values(form(o2=OXYGEN, ratio=RATIO), o2("5"), stated)["ratio"]

    assert ("1.290", None) == (found.value, found.computed)
    assert found.statement == stated


def test_a_formula_takes_what_was_measured_and_not_what_is_shown():
    # Shown as 5, measured as 5.4: 21 / 15.6, not 21 / 16.
    found = values(form(o2=OXYGEN, ratio=RATIO), o2("5.4"))

    assert ("5", "1.346") == (found["o2"].value, found["ratio"].value)


@pytest.mark.parametrize(
    ("ppm", "shown", "expected"),
    [
        ("9.9", "10", "normal"),
        ("10", "10", "anomaly"),
        ("49.9", "50", "anomaly"),
        ("50", "50", "danger"),
    ],
)
def test_the_law_compares_what_was_read_and_not_what_is_rounded(ppm, shown, expected):
    found = values(form(co=AMBIENT, level=CLASS), co(ppm))

    assert (shown, expected) == (found["co"].value, found["level"].value)


def test_the_sentence_of_the_law_is_filled_in_as_it_stands():
    found = values(form(co=AMBIENT, said=SENTENCE), co("12"))["said"]

    assert str(found.value).startswith(
        "Il y a anomalie de fonctionnement nécessitant impérativement"
    )


def test_without_its_inputs_a_field_stays_empty():
    made = form(o2=OXYGEN, ratio=RATIO)

    assert FieldState.EMPTY is values(made)["ratio"].state
    assert values(made)["ratio"].reason is None


def test_an_input_out_of_range_calculates_nothing():
    found = values(form(o2=OXYGEN, ratio=RATIO), o2("25", Status.ABOVE_RANGE))

    assert (FieldState.FILLED, FieldState.EMPTY) == (found["o2"].state, found["ratio"].state)


def test_inputs_that_allow_no_result_leave_the_field_empty_with_the_reason():
    found = values(form(o2=OXYGEN, ratio=RATIO), o2("21"))["ratio"]

    assert FieldState.EMPTY is found.state
    assert "21 % of oxygen is no flue gas" in str(found.reason)


def test_units_are_converted_on_the_way_in_and_on_the_way_out():
    made = form(
        co={**measured("carbon_monoxide", "%", round=4)},
        co2=measured("carbon_dioxide", "[ppm]", round=0),
        ratio={
            "type": "number",
            "x-label": LABEL,
            "x-compute": computed(
                "carbon_monoxide_ratio",
                {"carbon_monoxide": "co", "carbon_dioxide": "co2"},
                round=4,
            ),
        },
    )
    found = values(
        made,
        measurement(
            reading(field="co", quantity=Quantity.CARBON_MONOXIDE, value="350", unit=Unit.PPM),
            reading(
                field="co2", quantity=Quantity.CARBON_DIOXIDE, value="8.75", unit=Unit.PERCENT
            ),
        ),
    )

    assert ("0.0350", "87500", "0.0040") == tuple(each.value for each in found.values())


def test_a_calculated_field_can_be_the_input_of_another_wherever_it_stands():
    made = form(
        usable={
            "type": "string",
            "x-label": LABEL,
            "x-compute": computed("dvgw_usability", {"leak_rate": "leak"}),
        },
        leak={
            "type": "number",
            "x-label": LABEL,
            "x-measure": {
                "quantity": "leak_rate",
                "substance": "natural gas",
                "unit": "L/h",
                "round": 1,
            },
            "x-compute": computed(
                "leak_rate",
                {
                    "volume": {"value": "20"},
                    "duration": {"value": "0.0166667"},
                    "barometric_pressure": {"value": "1013"},
                    "start_pressure": {"value": "50"},
                    "end_pressure": {"value": "40"},
                    "operating_pressure": {"value": "23"},
                },
            ),
        },
    )
    found = values(made)

    assert ("5.2", "none") == (found["leak"].value, found["usable"].value)


def test_a_typed_number_is_an_input_too():
    power = {"type": "number", "x-label": LABEL}
    made = form(
        power=power,
        reference={
            "type": "number",
            "x-label": LABEL,
            "x-compute": computed(
                "reference_efficiency", {"energy": {"value": "gas"}, "power": "power"}, round=1
            ),
        },
    )
    found = values(made, entry(field="power", value="30"))["reference"]

    assert "92.5" == found.value


def test_the_same_values_come_out_whatever_order_they_came_in():
    made = form(o2=OXYGEN, ratio=RATIO, co=AMBIENT, level=CLASS)
    captures = [placed(1, o2("5")), placed(2, co("12"))]

    assert fold(made, "r-1", captures) == fold(made, "r-1", reversed(captures))


# --- forms that cannot work -----------------------------------------------------------------------


def test_a_form_that_can_work_has_no_fault():
    assert () == faults(form(o2=OXYGEN, ratio=RATIO, co=AMBIENT, level=CLASS, said=SENTENCE))


TYPED = {"type": "number", "x-label": LABEL}


@pytest.mark.parametrize(
    ("properties", "place", "remedy"),
    [
        ({"ratio": RATIO}, "ratio.x-compute.inputs.oxygen", "o2 is not among the properties"),
        (
            {"o2": measured("carbon_dioxide", "%"), "ratio": {**RATIO, "type": "string"}},
            "ratio.x-compute.formula",
            'say "type": "number"',
        ),
        (
            {"o2": measured("temperature", "Cel"), "ratio": RATIO},
            "ratio.x-compute.inputs.oxygen",
            "temperature is not what this formula speaks of",
        ),
        (
            {"o2": {**TYPED, "type": "string"}, "ratio": RATIO},
            "ratio.x-compute.inputs.oxygen",
            "o2 is no number",
        ),
        (
            {"o2": OXYGEN, "ratio": {**TYPED, "x-compute": RATIO["x-compute"]}},
            "ratio.x-compute.round",
            "is required",
        ),
        (
            {"o2": OXYGEN, "ratio": {**RATIO, "x-measure": OXYGEN["x-measure"]}},
            "ratio.x-compute.formula",
            "oxygen is not what this formula speaks of: that is excess_air_ratio",
        ),
        (
            {
                "o2": measured("leak_rate", "g/a", substance="R32"),
                "level": {
                    "type": "string",
                    "x-label": LABEL,
                    "x-compute": computed("dvgw_usability", {"leak_rate": "o2"}),
                },
            },
            "level.x-compute.inputs.leak_rate",
            "g/a does not convert to L/h",
        ),
        (
            {"co": AMBIENT, "level": {**CLASS, "enum": ["normal", "anomaly"]}},
            "level.x-compute.formula",
            "can give danger: add it to enum",
        ),
        (
            {
                "a": {
                    **TYPED,
                    "x-compute": computed(
                        "warming_potential", {"refrigerant": {"value": "R32"}}, round=1
                    ),
                },
                "energy": {"type": "string", "x-label": LABEL},
                "b": {
                    **TYPED,
                    "x-compute": computed(
                        "reference_efficiency", {"energy": "energy", "power": "a"}, round=1
                    ),
                },
            },
            "b.x-compute.inputs.energy",
            "takes any text, and the formula knows gas, oil",
        ),
        (
            {
                "b": {
                    **TYPED,
                    "x-compute": computed(
                        "reference_efficiency",
                        {"energy": {"value": "wood"}, "power": {"value": "many"}},
                        round=1,
                    ),
                }
            },
            "b.x-compute.inputs.energy.value",
            "must be one of gas, oil",
        ),
        (
            {
                "a": {
                    **TYPED,
                    "x-compute": computed(
                        "reference_efficiency", {"energy": {"value": "gas"}, "power": "b"}, round=1
                    ),
                },
                "b": {
                    **TYPED,
                    "x-compute": computed(
                        "reference_efficiency", {"energy": {"value": "gas"}, "power": "a"}, round=1
                    ),
                },
            },
            "a.x-compute.inputs",
            "goes in a circle",
        ),
    ],
)
def test_a_formula_that_could_never_be_calculated_is_a_fault_at_its_place(
    properties, place, remedy
):
    told = {each.field: each.remedy for each in faults(form(**properties))}

    assert remedy in told[f"schema.properties.{place}"]


@pytest.mark.parametrize(
    ("compute", "named"),
    [
        (computed("phlogiston", {}), "there is no formula phlogiston"),
        (computed("excess_air_ratio", {"oxygen": "o2"}), "takes constants: one of testo-330"),
        (
            computed("excess_air_ratio", {"oxygen": "o2"}, constants="mine"),
            "there are no constants mine",
        ),
        (
            computed("dvgw_usability", {"leak_rate": "o2"}, constants="testo-330"),
            "takes constants: none",
        ),
        (computed("dvgw_usability", {"leak": "o2"}), "has no input leak"),
        (computed("dvgw_usability", {}), "needs the input leak_rate"),
    ],
)
def test_a_formula_that_is_not_known_is_refused_where_the_form_is_read(compute, named):
    with pytest.raises(ValueError, match=named):
        form(o2=OXYGEN, x={**TYPED, "x-compute": compute})


def test_a_form_in_a_circle_fills_nothing_and_ends():
    one = computed("reference_efficiency", {"energy": {"value": "gas"}, "power": "b"}, round=1)
    other = computed("reference_efficiency", {"energy": {"value": "gas"}, "power": "a"}, round=1)
    found = values(form(a={**TYPED, "x-compute": one}, b={**TYPED, "x-compute": other}))

    assert {FieldState.EMPTY} == {each.state for each in found.values()}


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=lambda each: each.name)
def test_every_formula_can_be_calculated_with_some_inputs(formula):
    """Of the kinds that it names: a formula that reads an input it does not name would fail here."""
    given = {
        name: {"value": _some(name, kind)}
        for name, kind in formula.inputs.items()
        if not isinstance(kind, Flag)
    }
    flags = {
        name: {"type": "boolean", "x-label": LABEL}
        for name, kind in formula.inputs.items()
        if isinstance(kind, Flag)
    }
    compute = {
        "formula": formula.name,
        "inputs": {**given, **{each: each for each in flags}},
        "round": 2,
    }
    if formula.constants:
        compute["constants"] = "bacharach-fyrite"
    kind = "number" if isinstance(formula.output, Number) else "string"
    made = form(**flags, result={"type": kind, "x-label": LABEL, "x-compute": compute})
    found = values(made, *(entry(field=each, value=True) for each in flags))["result"]

    assert () == faults(made)
    assert FieldState.FILLED is found.state, found.reason


def _some(name: str, kind) -> str:
    if isinstance(kind, Choice):
        return kind.codes[0] if kind.codes else "R404A"
    special = {
        "line_year": "1985",
        "line_power": "23",
        "oxygen": "5",
        "reference_oxygen": "3",
        "volume": "0.02",
        "year": "1985",
        "power": "23",
    }
    return special.get(name, "50")


def test_some_inputs_lead_to_values_that_are_known():
    found = values(
        form(
            x={
                **TYPED,
                "x-compute": computed(
                    "carbon_monoxide_at_reference",
                    {
                        "carbon_monoxide": {"value": "80"},
                        "oxygen": {"value": "5"},
                        "reference_oxygen": {"value": "3"},
                    },
                    constants="bacharach-fyrite",
                    round=2,
                ),
            }
        )
    )["x"]

    assert ("90.06", Decimal("90.06")) == (found.value, round(found.exact or Decimal(0), 2))


NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,26})(\.[0-9]{1,20})?", fullmatch=True).filter(
    lambda text: sum(each.isdigit() for each in text) <= MAX_DIGITS
)


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=lambda each: each.name)
@given(data=st.data())
def test_whatever_is_typed_a_formula_gives_a_value_or_a_reason_and_never_an_error(formula, data):
    names = list(formula.inputs)
    made = form(
        **{name: _typed(formula.inputs[name]) for name in names},
        result={
            "type": "number" if isinstance(formula.output, Number) else "string",
            "x-label": LABEL,
            "x-compute": {
                "formula": formula.name,
                "inputs": {name: name for name in names},
                "round": 4,
                **({"constants": "testo-330"} if formula.constants else {}),
            },
        },
    )
    answers = [entry(field=name, value=data.draw(_answer(formula.inputs[name]))) for name in names]
    found = values(made, *answers)["result"]

    assert (found.state is FieldState.FILLED) is (found.reason is None)
    if isinstance(formula.output, Number) and found.value is not None:
        assert isinstance(found.value, str)
        parse(found.value)


def _typed(kind) -> dict:
    match kind:
        case Number():
            return TYPED
        case Flag():
            return {"type": "boolean", "x-label": LABEL}
        case _:
            return {"type": "string", "x-label": LABEL}


def _answer(kind):
    match kind:
        case Number():
            return NUMBERS
        case Flag():
            return st.booleans()
        case _:
            return st.sampled_from(kind.codes or ("R404A",)) | st.text(min_size=1, max_size=20)
