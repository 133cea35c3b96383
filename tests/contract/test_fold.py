"""From captures to field values, whatever order they come in."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.forms.fold import fold
from contract.forms.form import Form
from contract.forms.value import FieldState, Verdict
from contract.quantity import Quantity
from contract.reading import Status
from contract.unit import Unit
from tests.contract.making import EPOCH, FORM, entry, measurement, placed, reading


def folded(*captures, report="r-1"):
    return fold(FORM, report, captures)


def test_without_captures_every_field_is_empty():
    assert {FieldState.EMPTY} == {each.state for each in folded().values()}


def test_a_reading_is_converted_and_rounded_once_at_the_field():
    value = folded(
        placed(
            1,
            measurement(
                reading("pressure", Quantity.DIFFERENTIAL_PRESSURE, "7482.5", Unit.PASCAL)
            ),
        )
    )["pressure"]

    assert ("0.075", Unit.BAR, Status.OK) == (value.value, value.unit, value.status)
    assert Decimal("7482.5") == value.statement.readings[0].value


def test_rounding_is_half_up():
    assert "5.3" == folded(placed(1, measurement(reading(value="5.25"))))["o2"].value


def test_two_captures_for_one_field_are_a_conflict_until_one_replaces_the_other():
    first, second = placed(1, measurement()), placed(2, measurement(reading(value="6")))

    assert FieldState.CONFLICT is folded(first, second)["o2"].state
    assert {1, 2} == {each.seq for each in folded(first, second)["o2"].candidates}
    settled = folded(first, second, placed(3, entry("o2", "6.1", replaces=(1, 2))))["o2"]
    assert (FieldState.FILLED, "6.1") == (settled.state, settled.value)


def test_both_sides_of_a_fork_are_a_conflict():
    ours = placed(1, measurement(), link="a" * 64)
    theirs = placed(1, measurement(reading(value="6")), link="b" * 64)

    assert FieldState.CONFLICT is folded(ours, theirs)["o2"].state


def test_a_capture_takes_the_place_of_another_only_for_its_own_fields():
    both = measurement(
        reading(), reading("pressure", Quantity.DIFFERENTIAL_PRESSURE, "100", Unit.PASCAL)
    )
    values = folded(placed(1, both), placed(2, measurement(reading(value="7"), replaces=(1,))))

    assert "7.0" == values["o2"].value
    assert "0.001" == values["pressure"].value


def test_another_agents_capture_is_not_replaced_by_the_same_place():
    values = folded(placed(1, measurement()), placed(2, measurement(replaces=(1,)), agent="van-8"))

    assert FieldState.CONFLICT is values["o2"].state


def test_another_report_is_never_touched():
    assert FieldState.EMPTY is folded(placed(1, measurement(report="r-2")))["o2"].state


@pytest.mark.parametrize(
    ("value", "verdict"), [("9", Verdict.WITHIN), ("9.1", Verdict.WARN), ("22", Verdict.REJECT)]
)
def test_limits_are_inclusive_and_in_the_fields_unit(value, verdict):
    assert verdict is folded(placed(1, measurement(reading(value=value))))["o2"].verdict


def test_missing_stays_missing():
    missing = measurement(reading(value=None, status=Status.NOT_MEASURED))
    value = folded(placed(1, missing))["o2"]

    assert (FieldState.FILLED, None, Status.NOT_MEASURED) == (
        value.state,
        value.value,
        value.status,
    )


def test_a_quantity_that_the_field_does_not_bind_fills_nothing():
    wrong = measurement(reading("o2", Quantity.CARBON_DIOXIDE))

    assert (None, Status.ERROR) == (
        folded(placed(1, wrong))["o2"].value,
        folded(placed(1, wrong))["o2"].status,
    )


def test_an_answer_can_be_cleared():
    values = folded(placed(1, entry()), placed(2, entry(value=None, replaces=(1,))))

    assert FieldState.EMPTY is values["remarks"].state


def test_a_typed_number_that_is_none_is_an_error_without_value():
    value = folded(placed(1, entry("o2", "cinq")))["o2"]

    assert (None, Status.ERROR) == (value.value, value.status)


@st.composite
def histories(draw):
    captures = []
    for seq in range(1, draw(st.integers(1, 8)) + 1):
        replaces = tuple(draw(st.sets(st.integers(1, seq - 1), max_size=3))) if seq > 1 else ()
        value = str(draw(st.integers(0, 20)))
        make = draw(
            st.sampled_from(
                [
                    lambda v=value, r=replaces: measurement(reading(value=v), replaces=r),
                    lambda v=value, r=replaces: entry("o2", v, replaces=r),
                    lambda r=replaces: entry(replaces=r),
                ]
            )
        )
        captures.append(placed(seq, make()))
    return captures


@given(history=histories(), data=st.data())
def test_the_order_of_arrival_and_repeats_change_nothing(history, data):
    shuffled = data.draw(st.permutations(history + history[:3]))

    assert folded(*history) == folded(*shuffled)


def test_an_epoch_is_part_of_a_place():
    values = folded(
        placed(1, measurement()), placed(1, measurement(reading(value="6")), epoch="b" * 32)
    )

    assert FieldState.CONFLICT is values["o2"].state
    assert EPOCH != "b" * 32


@pytest.mark.parametrize(("onrange", "value"), [("limit", "20000"), ("no_value", None)])
def test_the_form_says_what_is_shown_of_a_value_out_of_range(onrange, value):
    said = FORM.model_dump(mode="json", exclude_none=True)
    said["schema"]["properties"]["co"] = {
        "type": "number",
        "x-label": {"fr": "CO", "en": "CO"},
        "x-measure": {"quantity": "carbon_monoxide", "unit": "[ppm]", "onrange": onrange},
    }
    stated = measurement(
        reading("co", Quantity.CARBON_MONOXIDE, "20000", Unit.PPM, Status.ABOVE_RANGE)
    )
    found = fold(Form.model_validate_json(json.dumps(said)), "r-1", [placed(1, stated)])["co"]

    assert (FieldState.FILLED, value) == (found.state, found.value)
    assert Status.ABOVE_RANGE is found.status


def test_what_was_replaced_is_still_told_of_and_the_shown_value_is_the_later_one():
    first = placed(1, measurement(reading(value="5.2")))
    second = placed(2, measurement(reading(value="6.1"), replaces=(1,)))
    cleared = placed(3, entry(field="o2", value=None, replaces=(2,)))

    assert ((), "5.2") == (folded(first)["o2"].earlier, folded(first)["o2"].value)
    assert ((first.id,), "6.1") == (
        folded(second, first)["o2"].earlier,
        folded(second, first)["o2"].value,
    )
    assert (first.id, second.id) == folded(first, second, cleared)["o2"].earlier
    assert FieldState.EMPTY is folded(first, second, cleared)["o2"].state
