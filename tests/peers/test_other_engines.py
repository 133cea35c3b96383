"""Our forms and units in other people's engines: SurveyJS, JSON Forms, pyxform with ODK Validate, NLM's UCUM."""

import io
import json
import subprocess
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pyxform.xls2xform import convert as to_xform

from agent.cli.exporting import workbook
from contract.forms import shipped
from contract.forms.engines.json_forms import json_forms
from contract.forms.engines.kizeo import kizeo_link
from contract.forms.engines.said import block
from contract.forms.engines.surveyjs import surveyjs
from contract.forms.engines.xlsform import FR, xlsform
from contract.forms.fold import fold
from contract.forms.form import Form, fields
from contract.quantity import Quantity
from contract.unit import UNITS, Unit, convert, convertible
from tests.contract.making import entry, measurement, placed, reading
from tests.contract.test_fold import FORM as SMALL
from tests.system_parts import require, require_that

HERE = Path(__file__).parent
FORMS = {
    name: Form.model_validate_json((resources.files(shipped) / f"{name}.json").read_text("utf-8"))
    for name in (
        *("combustion-report", "boiler-attestation", "gas-tightness"),
        *("leak-search", "ambient-co", "cerfa-15497"),
    )
}
COMBUSTION = FORMS["combustion-report"]
every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
pytestmark = pytest.mark.timeout(60)


def peer(script: str, said: dict[str, Any]) -> Any:
    """Return what a script with somebody else's engine makes of a document."""
    node = require("node", because="our forms in other people's engines")
    require_that((HERE / "node_modules/.installed").exists(), "what npm installs into tests/peers")
    done = subprocess.run(
        [node, HERE / script], input=json.dumps(said), capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)


def bound(form: Form) -> list[str]:
    return [each.name for each in fields(form) if block(each.field) is not None]


# --- SurveyJS -------------------------------------------------------------------------------------


@every_form
def test_surveyjs_keeps_every_binding_and_would_lose_it_without_our_property(form):
    found = peer("survey.mjs", {"survey": surveyjs(form), "steps": [{}]})
    [told] = found["told"]

    assert [each.name for each in fields(form)] == [each["name"] for each in told]
    assert bound(form) == [each["name"] for each in told if each["measure"]]
    assert (0, len(bound(form))) == (found["without"], found["kept"])


def test_surveyjs_takes_what_was_captured_and_holds_it_against_the_limits():
    steps = [
        {"captured": {"field": "o2_pct", "value": "5.20", "unit": "%"}},
        {"captured": {"field": "o2_pct", "value": "25.0", "unit": "%"}},
        {"captured": {"field": "nobody", "value": "1"}},
    ]
    found = peer("survey.mjs", {"survey": surveyjs(COMBUSTION), "steps": steps})
    within, beyond, _ = (
        next(each for each in told if each["name"] == "o2_pct") for told in found["told"]
    )

    assert (5.2, "5.20", []) == (within["value"], within["captured"]["value"], within["errors"])
    assert 25 == beyond["value"]
    assert "21" in "".join(beyond["errors"])


def test_surveyjs_asks_under_our_conditions_and_requires_by_our_rules():
    steps = [{"values": {"fuel": "natural_gas"}}, {"values": {"fuel": "light_oil"}}]
    found = peer("survey.mjs", {"survey": surveyjs(COMBUSTION), "steps": steps})
    gas, oil = ({each["name"]: each for each in told} for told in found["told"])

    assert (False, True) == (gas["smoke_number"]["visible"], oil["smoke_number"]["visible"])
    assert (True, False) == (
        gas["gas_pressure_mbar"]["visible"],
        oil["gas_pressure_mbar"]["visible"],
    )
    assert oil["smoke_number"]["required"]
    assert gas["lambda"]["readOnly"]


def test_surveyjs_refuses_what_our_rules_refuse():
    steps = [
        {"values": {"fuel": "light_oil", "burner": "gas_class_3"}},
        {"values": {"fuel": "natural_gas"}},
    ]
    survey = surveyjs(FORMS["boiler-attestation"])
    found = peer("survey.mjs", {"survey": survey, "steps": steps})
    wrong, right = (
        next(each for each in told if each["name"] == "burner")["errors"] for told in found["told"]
    )

    assert ["The boiler burns oil and this burner gas: put one of the two right."] == wrong
    assert [] == right


# --- JSON Forms -----------------------------------------------------------------------------------


@every_form
def test_json_forms_resolves_every_control_and_ours_ranks_first_where_it_is_bound(form):
    found = peer("json_forms.mjs", {**json_forms(form), "data": [{}]})

    assert [each.name for each in fields(form)] == [each["field"] for each in found["controls"]]
    assert [each.field.type for each in fields(form)] == [
        each["resolved"] for each in found["controls"]
    ]
    assert bound(form) == [each["field"] for each in found["controls"] if each["ours"]]


def test_json_forms_holds_data_against_limits_and_shows_under_conditions():
    data = [
        {"fuel": "wood", "o2_pct": 25},
        {"fuel": "natural_gas", "o2_pct": 5.2},
        {"fuel": "coal"},
        {},
    ]
    found = peer("json_forms.mjs", {**json_forms(COMBUSTION), "data": data})
    visible = {each["field"]: each["visible"] for each in found["controls"]}
    beyond = "/o2_pct#/properties/o2_pct/maximum"

    assert [True, False, False, False] == [beyond in each for each in found["errors"]]
    assert any("/fuel" in each for each in found["errors"][2])
    assert [True, False, False, False] == visible["smoke_number"]
    assert [False, True, False, False] == visible["gas_pressure_mbar"]
    assert 5.2 == found["number"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_json_forms_has_labels_in_the_language_that_was_asked_for(language):
    schema = json_forms(COMBUSTION, language)["schema"]

    assert {"fr": "Marque", "en": "Make"}[language] == schema["properties"]["boiler_brand"][
        "title"
    ]


# --- ODK ------------------------------------------------------------------------------------------


@every_form
def test_pyxform_and_odk_validate_accept_our_forms(form):
    require("java", because="ODK Validate")
    made = to_xform(io.BytesIO(workbook(xlsform(form))), validate=True, file_type=".xlsx")

    assert [] == made.warnings
    for name in bound(form):
        assert f"/{name}" in made.xform


def test_a_field_asks_an_app_by_itself_and_a_group_once_for_all_of_its_fields():
    rows = {each.get("name", ""): each for each in xlsform(FORMS["boiler-attestation"]).survey}
    group = rows["group_flue"]

    assert "ex:releve.agent.CAPTURE(" in rows["draught_pa"]["appearance"]
    assert "field='draught_pa'" in rows["draught_pa"]["appearance"]
    assert ("begin_group", "field-list") == (group["type"], group["appearance"])
    assert "fields='flue_temp_c o2_pct air_temp_c co_ppm'" in group["intent"]
    assert "appearance" not in rows["o2_pct"]


def test_the_workbook_holds_the_rows():
    sheets = xlsform(COMBUSTION)
    book = load_workbook(io.BytesIO(workbook(sheets)))

    assert ["survey", "choices", "settings"] == book.sheetnames
    assert len(sheets.survey) + 1 == book["survey"].max_row
    assert f"label::{FR}" in [each.value for each in book["survey"][1]]


def test_odk_validate_does_refuse_a_form_that_is_wrong():
    require("java", because="ODK Validate")
    wrong = xlsform(COMBUSTION)
    spoilt = [{**wrong.survey[0], "relevant": "${nobody} = 'x'"}, *wrong.survey[1:]]
    with pytest.raises(Exception, match="nobody"):
        to_xform(
            {
                "survey": spoilt,
                "choices": list(wrong.choices),
                "settings": list(wrong.settings),
            },
            validate=True,
        )


# --- Kizeo ----------------------------------------------------------------------------------------


def test_a_link_of_kizeo_carries_what_is_filled_and_nothing_else():
    captures = [
        placed(1, measurement(reading("o2", Quantity.OXYGEN, "5.2", Unit.PERCENT))),
        placed(2, entry(field="remarks", value="joint & clapet = 50 % é")),
    ]
    link = kizeo_link("1042", fold(SMALL, "r-1", captures))

    assert (
        "kizeoforms://--/forms/1042?o2=5.2&remarks=joint%20%26%20clapet%20%3D%2050%20%25%20%C3%A9"
        == link
    )
    assert "kizeoforms://--/forms/1042" == kizeo_link("1042", fold(SMALL, "r-1", []))


# --- units ----------------------------------------------------------------------------------------


def test_nlms_ucum_knows_every_code_and_agrees_with_every_factor():
    pairs = sorted(
        {
            (quantity, source, target)
            for quantity in Quantity
            for source in UNITS[quantity]
            for target in UNITS[quantity]
            if source is not target and convertible(quantity, source, target)
        }
    )
    asked = [(source.value, 17, target.value) for _, source, target in pairs]
    found = peer("units.mjs", {"codes": [each.value for each in Unit], "conversions": asked})

    assert dict.fromkeys((each.value for each in Unit), "valid") == found["valid"]
    compared = 0
    for (quantity, source, target), theirs in zip(pairs, found["converted"], strict=True):
        ours = float(convert(quantity, Decimal(17), source, target))
        assert theirs is not None, (source, target)
        assert theirs == pytest.approx(ours, rel=1e-6), (source, target)
        compared += 1
    assert compared > 100


def test_control_ucum_does_not_know_what_only_looks_like_it():
    found = peer("units.mjs", {"codes": ["kWh", "dB[mW]", "%[LEL]"], "conversions": []})

    assert "valid" not in found["valid"].values()
