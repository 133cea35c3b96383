"""What a person may type into a field."""

import pytest

from agent.usecases.answers import fault
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
    ],
)
def test_an_answer_that_it_cannot_hold_is_refused_with_a_remedy(said, answer, remedy):
    assert (fault(field(**said), answer, None) or "").startswith(remedy)


def test_a_measured_field_wants_a_number_in_a_unit_of_its_quantity():
    oxygen = FORM.form.properties["o2"]

    assert fault(oxygen, "5.2", Unit.PERCENT) is None
    assert "cannot be converted" in (fault(oxygen, "5.2", Unit.CELSIUS) or "")
