"""A form that can be read and cannot work is found, with its place and the remedy."""

import json

import pytest

from contract.forms.faults import faults
from contract.forms.form import Form
from tests.contract.making import FORM

LABEL = {"fr": "Champ", "en": "Field"}
OXYGEN = {"quantity": "oxygen", "unit": "%"}


def form(said=None, **schema) -> Form:
    field = {"type": "string", "x-label": LABEL, **(said or {})}
    return Form.model_validate_json(
        json.dumps(
            {
                "id": "f",
                "version": 1,
                "title": LABEL,
                "schema": {"type": "object", "properties": {"a": field}, **schema},
            }
        )
    )


def measured(type_="number", **measure):
    return {"type": type_, "x-measure": {**OXYGEN, **measure}}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"enum": ["A", "B"]},
        {"type": "number", "enum": [1, 2.5]},
        {"type": "boolean", "enum": [True]},
        {"enum": ["A"], "x-choices": {"A": LABEL}},
        {"x-basis": {"origin": "legal", "source": "arrêté du 15 septembre 2009, annexe 5"}},
        {"x-basis": {"origin": "proposed"}},
        {"pattern": "^[A-Z]{2}-[0-9]+$"},
        {"minLength": 2, "maxLength": 2},
        measured(limits={"reject": {"minimum": "0", "maximum": "0"}}),
        measured(limits={"reject": {"maximum": "5"}, "warn": {"maximum": "9"}}),
    ],
)
def test_a_form_that_can_work_has_no_fault(said):
    assert () == faults(form(said, required=["a"]))
    assert () == faults(FORM)


@pytest.mark.parametrize(
    ("said", "place", "remedy"),
    [
        ({"pattern": "("}, "a.pattern", "is no regular expression that we can use"),
        ({"pattern": "(?=a)"}, "a.pattern", "look-around"),
        ({"pattern": "a" * 201}, "a.pattern", "longer than 200 characters"),
        ({"enum": []}, "a.enum", "at least one value"),
        ({"enum": "AB"}, "a.enum", "must be a list"),
        ({"enum": ["A", 1]}, "a.enum.1", "is no string"),
        ({"type": "number", "enum": [True]}, "a.enum.0", "is no number"),
        ({"type": "integer", "enum": [1.5]}, "a.enum.0", "is no integer"),
        ({"minLength": 3, "maxLength": 2}, "a.minLength", "3 is more than 2"),
        ({"type": "number", "minimum": 3, "maximum": 2.5}, "a.minimum", "3 is more than 2.5"),
        (
            {"enum": ["gas", "oil"], "x-choices": {"gas": LABEL}},
            "a.x-choices",
            "oil of enum has no label",
        ),
        (
            {"enum": ["gas"], "x-choices": {"gas": LABEL, "oil": LABEL}},
            "a.x-choices.oil",
            "is not in enum",
        ),
        ({"x-choices": {"gas": LABEL}}, "a.x-choices.gas", "is not in enum"),
        ({"x-basis": {"origin": "proposed", "sorce": "x"}}, "a.x-basis.sorce", "did you mean"),
        ({"x-mesure": {}}, "a.x-mesure", "look at the spelling"),
        (
            measured(capture={"method": "manual"}, role="flue"),
            "a.x-measure.role",
            "a value that is typed comes from no instrument",
        ),
        (measured("string"), "a.type", 'say "type": "number"'),
        (measured("integer"), "a.type", 'say "type": "number"'),
        (
            measured(limits={"reject": {"minimum": "2", "maximum": "1"}}),
            "a.x-measure.limits.reject.minimum",
            "2 is more than 1",
        ),
        (
            measured(limits={"warn": {"minimum": "2", "maximum": "1"}}),
            "a.x-measure.limits.warn.minimum",
            "2 is more than 1",
        ),
    ],
)
def test_a_field_that_cannot_work_is_named_with_the_remedy(said, place, remedy):
    [fault] = faults(form(said))

    assert f"schema.properties.{place}" == fault.field
    assert remedy in fault.remedy


def test_a_required_field_that_is_not_there_is_named():
    [fault] = faults(form(required=["a", "b"]))

    assert ("schema.required.1", True) == (fault.field, fault.remedy.startswith("b is not among"))


def test_a_key_of_the_whole_form_that_looks_like_ours_is_named():
    assert ["schema.x-labels"] == [each.field for each in faults(form(**{"x-labels": {}}))]


@pytest.mark.parametrize("origin", ["legal", "trade"])
def test_a_basis_without_its_source_is_refused(origin):
    with pytest.raises(ValueError, match=f"say where the {origin} basis stands"):
        form({"x-basis": {"origin": origin}})
