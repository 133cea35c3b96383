"""Groups of fields: what a group says holds for its fields, and a group that cannot be captured is found."""

import json

import pytest

from contract.forms.check import faults_of
from contract.forms.form import Form, members
from contract.forms.measure import Edit, Policy
from contract.instrument import InstrumentClass


def form(groups, **fields):
    said = {
        "id": "flue",
        "version": 1,
        "title": {"fr": "F", "en": "F"},
        "schema": {"type": "object", "x-groups": groups, "properties": fields},
    }
    return Form.model_validate_json(json.dumps(said))


def measured(group="flue", **measure):
    return {
        "type": "number",
        "x-label": {"fr": "O", "en": "O"},
        "x-measure": {"quantity": "oxygen", "unit": "%", "group": group, **measure},
    }


def typed(kind="string"):
    return {"type": kind, "x-label": {"fr": "T", "en": "T"}}


GROUP = {
    "flue": {
        "x-label": {"fr": "Fumées", "en": "Flue gas"},
        "x-measure": {
            "edit": "locked",
            "maxage": 5,
            "capture": {"method": "stable", "frames": 3, "tolerance": "0.2"},
            "instrument": {"class": "combustion_analyser", "calibrated": "required"},
        },
        "inputs": ["fuel"],
    }
}


def test_what_a_group_says_holds_for_each_of_its_fields():
    measure = form(GROUP, o2=measured(), fuel=typed()).form.properties["o2"].measure

    assert (Edit.LOCKED, 5) == (measure.edit, measure.maxage)
    assert Policy.STABLE is measure.capture.method
    assert InstrumentClass.COMBUSTION_ANALYSER is measure.instrument.kind


def test_the_word_of_a_field_counts_over_that_of_its_group():
    properties = form(GROUP, o2=measured(edit="free", instrument={}), fuel=typed()).form.properties

    assert Edit.FREE is properties["o2"].measure.edit
    assert properties["o2"].measure.instrument.kind is None
    assert 5 == properties["o2"].measure.maxage


def test_a_form_with_groups_is_the_same_when_it_is_read_again():
    once = form(GROUP, o2=measured(), fuel=typed())

    assert once == Form.model_validate_json(once.model_dump_json(exclude_none=True))


def test_the_outputs_of_a_group_are_its_fields_in_the_order_of_the_form():
    made = form(GROUP, b=measured(), other=measured(group=None), a=measured(), fuel=typed())

    assert ["b", "a"] == [each.name for each in members(made, "flue")]


def test_a_group_that_can_work_has_no_fault():
    assert () == faults_of(form(GROUP, o2=measured(), fuel=typed()))


@pytest.mark.parametrize(
    ("groups", "fields", "place", "said"),
    [
        ({}, {"o2": measured()}, "schema.properties.o2.x-measure.group", "not among x-groups"),
        (
            GROUP,
            {"o2": measured(), "dark": measured(capture={"method": "manual"}), "fuel": typed()},
            "schema.properties.dark.x-measure.group",
            "typed is not captured together",
        ),
        (GROUP, {"fuel": typed()}, "schema.x-groups.flue", "no field says"),
        (GROUP, {"o2": measured()}, "schema.x-groups.flue.inputs.0", "not among the properties"),
        (
            {"flue": {**GROUP["flue"], "inputs": ["o2"]}},
            {"o2": measured()},
            "schema.x-groups.flue.inputs.0",
            "is captured with the group",
        ),
        (
            {"flue": {**GROUP["flue"], "x-measure": {"edits": "locked"}}},
            {"o2": measured(), "fuel": typed()},
            "schema.x-groups.flue.x-measure.edits",
            "did you mean edit?",
        ),
    ],
)
def test_a_group_that_cannot_work_is_found_with_its_place(groups, fields, place, said):
    found = {each.field: each.remedy for each in faults_of(form(groups, **fields))}

    assert said in found[place]
