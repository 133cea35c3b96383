"""What a person may type into a field."""

import pytest

from contract.forms.answers import fault
from contract.forms.form import FormField
from contract.unit import Unit
from tests.contract.making import FORM

LABEL = {"fr": "Champ", "en": "Field"}


def field(**said) -> FormField:
    return FormField.model_validate({**said, "x-label": LABEL})


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"type": "boolean"}, True),
        ({"type": "string"}, "sale"),
        ({"type": "string", "enum": ["A", "B"]}, "B"),
        ({"type": "number"}, "-20.80"),
        ({"type": "integer"}, "3.0"),
        ({"type": "string", "pattern": "^[0-9]{5}$"}, "69003"),
        ({"type": "string", "minLength": 2, "maxLength": 2}, "AB"),
        ({"type": "number", "minimum": 0, "maximum": 0.3}, "0.3"),
        ({"type": "number", "enum": [1, 2.5]}, "2.50"),
        ({"type": "string", "pattern": "(?=kept by an older gateway)"}, "vu"),
    ],
)
def test_an_answer_that_the_field_can_hold_is_taken(said, answer):
    assert fault(field(**said), answer, None) is None


@pytest.mark.parametrize(
    ("said", "answer", "remedy"),
    [
        ({"type": "boolean"}, "true", "answer yes or no"),
        ({"type": "string"}, True, "give a text"),
        ({"type": "number"}, False, "give a text"),
        ({"type": "string", "enum": ["A", "B"]}, "C", "choose one of A, B"),
        ({"type": "number"}, "20,8", "20,8 is not a number"),
        ({"type": "number"}, "NaN", "NaN is not a number"),
        ({"type": "integer"}, "3.5", "3.5 is not a whole number"),
        (
            {"type": "string", "pattern": "^[0-9]{5}$"},
            "6900",
            "the form wants another pattern: ^[",
        ),
        ({"type": "string", "minLength": 2}, "A", "give at least 2 characters"),
        ({"type": "string", "maxLength": 2}, "ABC", "give at most 2 characters"),
        ({"type": "number", "minimum": 0}, "-0.1", "-0.1 is less than 0"),
        ({"type": "number", "maximum": 0.3}, "0.31", "0.31 is more than 0.3"),
        ({"type": "number", "enum": [1, 2.5]}, "2", "choose one of 1, 2.5"),
    ],
)
def test_an_answer_that_it_cannot_hold_is_refused_with_a_remedy(said, answer, remedy):
    assert (fault(field(**said), answer, None) or "").startswith(remedy)


@pytest.mark.timeout(5)
def test_a_pattern_that_would_take_for_ever_elsewhere_takes_no_time():
    said = {"type": "string", "pattern": "^(a+)+$"}

    assert fault(field(**said), "a" * 9_999 + "!", None) is not None


def test_a_measured_field_wants_a_number_in_a_unit_of_its_quantity():
    oxygen = FORM.form.properties["o2"]

    assert fault(oxygen, "5.2", Unit.PERCENT) is None
    assert "cannot be converted" in (fault(oxygen, "5.2", Unit.CELSIUS) or "")
