"""What is wrong with the text of a form is named with its line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.forms import lines
from contract.forms.part import FormPart
from contract.forms.text import faults_in
from tests.contract.making import FORM

TEXT = """\
{
  "id": "boiler",
  "version": 1,
  "title": {"fr": "Chaudière", "en": "Boiler"},
  "schema": {
    "type": "object",
    "properties": {
      "o2": {
        "type": "number",
        "x-label": {"fr": "O₂", "en": "O₂"},
        "x-measure": {
          "quantity": "oxygen",
          "unit": "%",
          "round": 1,
          "limits": {
            "reject": {"maximum": "21.5"}
          }
        }
      }
    }
  }
}
"""


def told(text: str) -> list[tuple[int, str, str]]:
    _, found = faults_in(text)
    return [(each.line, each.fault.field, each.fault.remedy) for each in found]


def test_a_form_that_can_work_has_no_fault():
    form, found = faults_in(TEXT)

    assert (form is not None, ()) == (True, found)


MEASURE = "schema.properties.o2.x-measure"


@pytest.mark.parametrize(
    ("change", "line", "place", "remedy"),
    [
        (('"oxygen"', '"oxigen"'), 12, f"{MEASURE}.quantity", "must be one of"),
        (('"%"', '"bar"'), 11, MEASURE, "oxygen cannot be stated in bar"),
        (('"round"', '"rund"'), 14, f"{MEASURE}.rund", "did you mean round?"),
        (('"limits"', '"limit"'), 15, f"{MEASURE}.limit", "did you mean limits?"),
        (('"reject"', '"refuse"'), 16, f"{MEASURE}.limits.refuse", "known are reject, warn"),
        (('"maximum"', '"max"'), 16, f"{MEASURE}.limits.reject.max", "did you mean maximum?"),
        (('"version": 1', '"version": 0'), 3, "version", "must be at least 1"),
        (('"version": 1', '"version": 1, "versoin": 2'), 3, "versoin", "did you mean version?"),
        (('"unit": "%"', '"unit": "%", "unit": "[ppm]"'), 13, f"{MEASURE}.unit", "is said twice"),
        (('"object",', '"object", "required": ["o3"],'), 6, "schema.required.0", "add it there"),
        (('"unit": "%",', '"unit": "%"'), 14, "form", "is not JSON"),
    ],
)
def test_a_fault_is_named_with_its_line(change, line, place, remedy):
    [found] = told(TEXT.replace(*change))

    assert (line, place) == found[:2]
    assert remedy in found[2]


def test_faults_come_in_the_order_of_the_lines():
    text = TEXT.replace('"round"', '"rund"').replace('"object",', '"object", "required": ["o3"],')

    assert [6, 14] == [each[0] for each in told(text)]


def test_a_tab_is_white_space_as_json_says():
    assert [] == told(TEXT.replace("  ", "\t"))


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"id":' * 500 + "1" + "}" * 500, "", "null", "3"]
)
def test_what_is_no_form_is_said_to_be_none_and_never_an_error_of_ours(text):
    form, found = faults_in(text)

    assert form is None
    assert found


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(said=JSON, indent=st.sampled_from([None, 1]))
def test_any_json_has_lines_and_each_key_is_on_the_line_that_says_it(said, indent):
    text = json.dumps(said, indent=indent)
    rows = text.split("\n")
    for place, line in lines.read(text).lines.items():
        assert 1 <= line <= len(rows)
        if indent and not place[-1].isdecimal():
            assert json.dumps(place[-1]) in rows[line - 1]


def test_what_a_form_does_not_know_is_kept_and_changes_its_content():
    said = json.loads(FORM.to_json())
    said["schema"]["properties"]["o2"]["x-measure"]["later"] = {"a": 1}
    form = type(FORM).model_validate_json(json.dumps(said))

    assert isinstance(form, FormPart)
    assert {"a": 1} == json.loads(form.to_json())["schema"]["properties"]["o2"]["x-measure"][
        "later"
    ]
    assert form != FORM
