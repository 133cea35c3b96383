"""Readings from a file: into fields that take them, in one capture or not at all, never in an instrument's place."""

import json
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from threading import get_ident

import pytest

from agent.api.reasons import said
from agent.usecases import files
from agent.usecases.files import KEPT, KEPT_MAPPINGS, Used
from agent.usecases.importing import Use, fits, refusal
from agent.usecases.work import UnknownError, WorkError
from contract.forms.form import Form
from contract.forms.value import FieldState, Verdict
from contract.unit import Unit
from contract.wire.down import Assignment
from contract.wire.statement import Action, Import
from tests.agent.making import INTERVENTION
from tests.contract.making import BY, measurement
from tests.fakes.van import van
from tests.recordings import ALL

FOLDER = Path(__file__).parents[1] / "fixtures/files"
TJF = next(each.data for each in ALL if each.name == "light_oil_over_http")
TABLE, MAPPING = (FOLDER / "analyser.csv").read_bytes(), (FOLDER / "analyser.toml").read_bytes()


def field(quantity, unit, **more):
    label = {"fr": quantity, "en": quantity}
    return {
        "type": "number",
        "x-label": label,
        "x-measure": {"quantity": quantity, "unit": unit, **more},
    }


FIELDS = {
    "air": field("combustion_air_temperature", "K", round=1),
    "draught": field("draught", "mbar", limits={"warn": {"maximum": "0.05"}}),
    "co": field("carbon_monoxide", "[ppm]", limits={"reject": {"minimum": "1"}}),
    "o2": field("oxygen", "%", round=0),
    "o2_calibrated": field("oxygen", "%", instrument={"calibrated": "required"}, edit="free"),
    "o2_zeroed": field("oxygen", "%", instrument={"zeroed": "required"}, edit="free"),
    "o2_role": field("oxygen", "%", role="flue", edit="free"),
    "o2_locked": field("oxygen", "%", edit="locked"),
    "flue": field("flue_gas_temperature", "Cel"),
    "humidity": field("relative_humidity", "%"),
    "remarks": {"type": "string", "x-label": {"fr": "R", "en": "R"}},
}
FORM = Form.model_validate_json(
    json.dumps(
        {
            "id": "combustion",
            "version": 1,
            "title": {"fr": "F", "en": "F"},
            "schema": {"type": "object", "required": ["o2"], "properties": FIELDS},
        }
    )
)


@pytest.fixture
async def here(store, clock):
    await store.records.keep_form(FORM)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=INTERVENTION)
    )
    async with van(store, clock) as running:
        yield running


@pytest.fixture
def kept(here):
    return here.files.take("boiler.tjf", TJF)


def use(kept, *fields, **how):
    wanted = {"intervention": "i-1", "report": "r-1", **how}
    return Use(file=kept.id, fields=fields, **wanted)


async def values(here):
    return (await here.work.view("i-1")).reports[0].values


async def refused(here, wanted, error=WorkError):
    """Return why something is refused; nothing is saved."""
    before = await here.store.captures.depth()
    with pytest.raises(error) as raised:
        await here.importing.use(wanted, BY)
    assert before == await here.store.captures.depth()
    return raised.value.field, str(raised.value.remedy)


async def test_readings_end_in_their_fields_in_one_capture_that_names_the_file(here, kept):
    saved = await here.importing.use(use(kept, "o2", "air"), BY)

    statement = saved.statement
    assert isinstance(statement, Import)
    assert ("boiler.tjf", kept.sha256, "tjf", 1) == (
        statement.file.name,
        statement.file.sha256,
        statement.file.format,
        statement.file.measurement,
    )
    assert (None, "t300", "107", "2020-06-18T13:56:14") == (
        statement.stated_vendor,
        statement.stated_model,
        statement.stated_serial,
        statement.stated_at,
    )
    assert ["20.8", "26.6"] == [str(each.value) for each in statement.readings]
    assert (["i-1"], 1) == (here.saved, await here.store.captures.depth())


async def test_unit_rounding_and_limits_of_the_field_apply(here, kept):
    await here.importing.use(use(kept, "o2", "air", "draught"), BY)

    found = await values(here)
    assert ("21", "299.8") == (found["o2"].value, found["air"].value)
    assert ("0.108", Unit.MILLIBAR, Verdict.WARN) == (
        found["draught"].value,
        found["draught"].unit,
        found["draught"].verdict,
    )


async def test_an_import_names_no_paired_instrument_and_no_calibration(here, kept):
    saved = await here.importing.use(use(kept, "o2"), BY)

    assert {"instrument", "calibration"}.isdisjoint(json.loads(saved.text))
    assert (await values(here))["o2"].instrument is None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("o2_calibrated", "proves no calibration"),
        ("o2_zeroed", "zeroed"),
        ("o2_role", "'flue'"),
        ("o2_locked", "from an instrument only"),
        ("co", "outside what the form accepts"),
        ("flue", "states no value"),
        ("humidity", "states no value"),
        ("remarks", "type the answer"),
    ],
)
async def test_a_field_that_does_not_take_it_says_why_and_holds_the_others_back(
    here, kept, name, why
):
    field, remedy = await refused(here, use(kept, "o2", name))

    assert name == field
    assert why in remedy
    assert FieldState.EMPTY is (await values(here))["o2"].state


async def test_what_is_not_there_is_named(here, kept):
    absent = Use(file="0" * 64, intervention="i-1", report="r-1")

    assert "file" == (await refused(here, absent, UnknownError))[0]
    assert "nothing" == (await refused(here, use(kept, "nothing"), UnknownError))[0]
    assert "report" == (await refused(here, use(kept, report="r-9"), UnknownError))[0]
    for number in (0, 2):
        wanted = use(kept, "o2", measurement=number)
        assert "measurement" == (await refused(here, wanted, UnknownError))[0]


async def test_a_field_named_twice_and_a_closed_intervention_are_refused(here, kept):
    assert "fields" == (await refused(here, use(kept, "o2", "o2")))[0]
    await here.work.step("i-1", Action.CLOSE, BY, incomplete=True)

    assert "intervention" == (await refused(here, use(kept, "o2")))[0]


async def test_without_fields_all_that_it_fits_are_filled_and_no_other(here, kept):
    await here.importing.use(use(kept), BY)

    filled = {name for name, each in (await values(here)).items() if each.value is not None}
    assert {"o2", "air", "draught"} == filled


async def test_without_fields_two_that_ask_for_the_same_are_not_both_filled(here, store, kept):
    form = FORM.model_dump(by_alias=True)
    form["schema"]["properties"]["again"] = form["schema"]["properties"]["o2"]
    form["version"] = 2
    await store.records.keep_form(Form.model_validate(form))
    report = INTERVENTION.reports[0]
    second = report.model_copy(update={"form": report.form.model_copy(update={"version": 2})})
    await store.records.keep_assignment(
        Assignment(
            agent="van-7",
            revision=2,
            intervention=INTERVENTION.model_copy(update={"reports": (second,)}),
        )
    )

    assert "several fields ask for oxygen" in (await refused(here, use(kept)))[1]


async def test_without_fields_a_report_that_takes_nothing_says_why(here):
    here.files.take("analyser.toml", MAPPING)
    nothing = TABLE.replace(b"5,20", b"---").replace(b";31;61,5", b";0;")
    text = MAPPING.replace(b'unit = "Cel"', b'unit = "Cel"\nabsent = [""]')
    here.files.take("analyser.toml", text)

    assert ("co", "0 [ppm] is outside what the form accepts") == await refused(
        here, use(here.files.take("analyser.csv", nothing))
    )


async def test_the_same_measurement_does_not_fill_a_field_twice(here, kept):
    await here.importing.use(use(kept, "o2"), BY)

    assert ("o2", "measurement 1 of this file is there already") == await refused(
        here, use(kept, "o2")
    )
    await here.importing.use(use(kept, "air"), BY)
    assert "26.6" == str((await values(here))["air"].statement.readings[0].value)


async def test_what_was_typed_over_can_be_taken_from_the_file_again(here, kept):
    await here.importing.use(use(kept, "o2"), BY)
    await here.work.enter("i-1", "r-1", "o2", "19", unit=None, reason="display", by=BY)

    saved = await here.importing.use(use(kept, "o2"), BY)
    assert [2] == [each.seq for each in saved.statement.replaces]
    assert (FieldState.FILLED, "21") == (
        (await values(here))["o2"].state,
        (await values(here))["o2"].value,
    )


async def test_another_measurement_takes_the_place_of_the_first_visibly(here):
    here.files.take("analyser.toml", MAPPING)
    kept = here.files.take("analyser.csv", TABLE.replace(b"---", b"6,1"))
    await here.importing.use(use(kept, "o2"), BY)

    saved = await here.importing.use(use(kept, "o2", measurement=2), BY)

    assert [1] == [each.seq for each in saved.statement.replaces]
    assert "6" == (await values(here))["o2"].value


async def test_a_value_below_or_above_its_range_is_kept_without_a_number(here):
    here.files.take("analyser.toml", MAPPING)
    kept = here.files.take("analyser.csv", TABLE)

    saved = await here.importing.use(use(kept, "co", measurement=2), BY)
    assert [(None, "above_range")] == [
        (each.value, each.status) for each in saved.statement.readings
    ]


async def test_what_fits_is_told_with_its_reasons(here, kept):
    view = (await here.work.view("i-1")).reports[0]

    told = {each.field.name: each.reason is None for each in fits(view, kept.measured(1))}
    assert {
        "air": True, "draught": True, "co": False, "o2": True, "o2_calibrated": False,
        "o2_zeroed": False, "o2_role": False, "o2_locked": False, "flue": False,
    } == told  # fmt: skip


# --- files that are given ---------------------------------------------------------------------------


def test_the_latest_files_are_kept_and_the_oldest_forgotten(here):
    for number in range(KEPT + 5):
        here.files.take(f"{number}.tjf", TJF + b" " * number)

    names = [each.name for each in here.files.recent()]
    assert ([f"{KEPT + 4}.tjf", "5.tjf"], KEPT) == ([names[0], names[-1]], len(names))


def test_mappings_are_kept_by_name_and_the_oldest_forgotten(here):
    for number in range(KEPT_MAPPINGS + 5):
        here.files.take(f"{number:03}.toml", MAPPING)

    assert (KEPT_MAPPINGS, "005.toml") == (len(here.files.mappings()), here.files.mappings()[0])


def test_the_same_bytes_given_again_are_one_file(here):
    for name in ("a.tjf", "b.tjf"):
        here.files.take(name, TJF)

    assert ["b.tjf"] == [each.name for each in here.files.recent()]


def test_the_way_to_a_file_is_nobodys_concern(here):
    assert "a.tjf" == here.files.take("C:\\Users\\amira\\a.tjf", TJF).name
    assert "a.tjf" == here.files.take("../../a.tjf", TJF).name
    with pytest.raises(WorkError, match="name of the file"):
        here.files.take("folder/", TJF)


def test_a_file_that_a_person_gives_and_cannot_be_read_is_not_kept(here):
    with pytest.raises(WorkError, match="not a JSON document"):
        here.files.take("a.tjf", b"{")

    assert [] == here.files.recent()


async def test_a_file_of_the_folder_that_cannot_be_read_is_kept_with_its_reason(here):
    await here.files.found("a.tjf", b"{")

    [kept] = here.files.recent()
    assert "not a JSON document" in kept.reason


@pytest.mark.parametrize(
    ("name", "mappings", "wanted", "field"),
    [
        ("analyser 1.csv", ("a.toml",), None, None),
        ("ANALYSER.CSV", ("a.toml",), None, None),
        ("other.csv", ("a.toml",), None, "file"),
        ("other.csv", ("a.toml",), "a.toml", None),
        ("other.csv", ("a.toml",), "b.toml", "mapping"),
        ("analyser.csv", ("a.toml", "b.toml"), None, "mapping"),
        ("analyser.csv", ("a.toml", "b.toml"), "b.toml", None),
    ],
)
def test_a_mapping_is_the_one_named_or_the_only_one_that_fits(here, name, mappings, wanted, field):
    for each in mappings:
        here.files.take(each, MAPPING)

    if field is None:
        assert "csv" == here.files.take(name, TABLE, wanted).content.format
    else:
        with pytest.raises(WorkError) as refusal:
            here.files.take(name, TABLE, wanted)
        assert field == refusal.value.field


def test_a_mapping_with_a_fault_is_refused_with_its_line(here):
    with pytest.raises(WorkError, match=r"m\.toml:5: header"):
        here.files.take("m.toml", MAPPING.replace(b"header = 2", b"header = 0"))
    assert [] == here.files.mappings()


async def test_a_measured_value_is_replaced_by_an_import_only_where_a_person_says_so(
    here, kept, store
):
    [measured] = await store.captures.append("i-1", [lambda _: measurement()])

    unnamed = await here.importing.use(use(kept), BY)
    assert {"air", "draught"} == {each.field for each in unnamed.statement.readings}
    assert () == unnamed.statement.replaces
    assert "5" == (await values(here))["o2"].value

    named = await here.importing.use(use(kept, "o2"), BY)
    assert (measured.place,) == named.statement.replaces
    assert "21" == (await values(here))["o2"].value


async def test_a_typed_value_is_replaced_by_an_import_only_where_a_person_says_so(here, kept):
    await here.work.enter("i-1", "r-1", "o2", "19", unit=None, reason="display", by=BY)
    await here.importing.use(use(kept), BY)
    assert "19" == (await values(here))["o2"].value

    await here.importing.use(use(kept, "o2"), BY)
    assert "21" == (await values(here))["o2"].value


async def test_where_every_field_has_a_value_an_import_without_fields_replaces_none(here, kept):
    for name, typed in (("o2", "19"), ("air", "300"), ("draught", "0.1")):
        await here.work.enter("i-1", "r-1", name, typed, unit=None, reason="display", by=BY)

    field, why = await refused(here, use(kept))
    assert ("air", "it has a value already: name the field to replace it") == (field, why)


async def test_without_fields_what_is_there_already_does_not_hold_back_the_others(here, kept):
    await here.importing.use(use(kept, "o2"), BY)
    saved = await here.importing.use(use(kept), BY)

    assert {"air", "draught"} == {each.field for each in saved.statement.readings}
    assert "there already" in (await refused(here, use(kept)))[1]


async def test_without_fields_a_later_measurement_takes_the_place_of_an_imported_one(here):
    kept = await table(here, TABLE.replace(b"---", b"6,1"))
    await here.importing.use(use(kept), BY)
    await here.importing.use(use(kept, measurement=2), BY)

    assert "6" == (await values(here))["o2"].value


async def test_a_reading_that_the_form_cannot_show_is_refused_with_the_remedy_in_french(here):
    kept = here.files.take("boiler.tjf", TJF)
    view = (await here.work.view("i-1")).reports[0]
    measure = view.form.form.properties["air"].measure
    [air] = [each.reading for each in fits(view, kept.measured(1)) if each.field.name == "air"]

    wide = replace(air, value=Decimal("9" * 28))
    told = refusal(measure, wide)
    assert f"{'9' * 28} Cel cannot be shown in K as the form asks: type the answer" == told
    assert "impossible à montrer en K" in said(told, "fr")


# --- which mapping a file was read with -------------------------------------------------------------


async def table(here, body=TABLE, text=MAPPING, name="analyser.toml"):
    here.files.take(name, text)
    return here.files.take("analyser.csv", body, name)


WRONG = MAPPING.replace(b'unit = "[ppm]"', b'unit = "[ppm]"\nscale = "10"')


async def test_an_import_says_which_mapping_its_file_was_read_with(here):
    kept = await table(here)
    saved = await here.importing.use(use(kept, "co"), BY)

    assert (sha256(TABLE).hexdigest(), sha256(MAPPING).hexdigest()) == (
        saved.statement.file.sha256,
        saved.statement.file.mapping_sha256,
    )


async def test_control_a_file_that_needs_no_mapping_names_none(here, kept):
    saved = await here.importing.use(use(kept, "o2"), BY)

    assert kept.id == kept.sha256 == saved.statement.file.sha256
    assert "mapping_sha256" not in saved.text


async def test_with_a_corrected_mapping_the_same_measurement_is_taken_again(here):
    wrong = await table(here, text=WRONG)
    await here.importing.use(use(wrong, "co"), BY)
    right = await table(here)
    saved = await here.importing.use(use(right, "co"), BY)

    assert [1] == [each.seq for each in saved.statement.replaces]
    assert "31" == (await values(here))["co"].value
    assert "there already" in (await refused(here, use(right, "co")))[1]


async def test_an_id_means_the_same_whatever_mapping_the_bytes_are_read_with_later(here):
    shown = await table(here)
    other = await table(here, text=WRONG, name="other.toml")
    assert shown.id != other.id

    saved = await here.importing.use(use(shown, "co"), BY)
    assert ["31"] == [str(each.value) for each in saved.statement.readings]
    assert 2 == len(here.files.recent())


async def test_what_a_corrected_mapping_said_before_is_not_offered_any_more(here):
    wrong = await table(here, text=WRONG)
    right = await table(here)

    assert [right.id] == [each.id for each in here.files.recent()]
    assert "give it again" in (await refused(here, use(wrong, "co"), UnknownError))[1]


async def test_the_folder_without_a_mapping_that_fits_leaves_a_good_read_alone(here):
    text = MAPPING.replace(b'files = "analyser*.csv"', b'files = "x"')
    kept = await table(here, text=text)
    await here.files.found("analyser.csv", TABLE)

    assert [kept.id] == [each.id for each in here.files.recent()]
    await here.importing.use(use(kept, "o2"), BY)


async def test_a_good_read_takes_the_place_of_one_that_failed(here):
    await here.files.found("analyser.csv", TABLE)
    assert [None] == [each.content for each in here.files.recent()]
    kept = await table(here)

    assert [kept.id] == [each.id for each in here.files.recent()]


# --- what a file can do to the agent ----------------------------------------------------------------


async def test_a_parser_that_fails_is_raised_and_the_file_kept_with_a_reason(here, monkeypatch):
    def failing(*_):
        raise RuntimeError

    monkeypatch.setattr(files.file, "read", failing)
    with pytest.raises(RuntimeError):
        await here.files.found("a.tjf", TJF)

    [kept] = here.files.recent()
    assert "la lecture a échoué" in said(kept.reason, "fr")


@pytest.mark.parametrize("way", ["give", "found"])
async def test_files_are_read_off_the_loop_and_kept_on_it(here, monkeypatch, way):
    read_in, kept_in = [], []
    read = files.file.read
    monkeypatch.setattr(
        files.file, "read", lambda *given: read_in.append(get_ident()) or read(*given)
    )
    monkeypatch.setattr(here.files, "_changed", lambda: kept_in.append(get_ident()))
    await getattr(here.files, way)("a.tjf", TJF)

    assert [get_ident()] == kept_in
    assert get_ident() not in read_in
    assert 1 == len(read_in)


def test_the_oldest_files_are_forgotten_when_they_hold_more_than_there_is_room_for(
    here, monkeypatch
):
    size = here.files.take("0.tjf", TJF).content.size
    monkeypatch.setattr(files, "KEPT_VALUES", 3 * size)
    for number in range(1, 6):
        here.files.take(f"{number}.tjf", TJF + b" " * number)

    assert ["5.tjf", "4.tjf", "3.tjf"] == [each.name for each in here.files.recent()]


# --- where a measurement was used -------------------------------------------------------------------


async def test_where_a_measurement_was_used_is_known_for_its_bytes(here, kept):
    await here.importing.use(use(kept, "o2"), BY)
    [told] = here.files.recent()

    assert {1: {Used("i-1", "r-1")}} == told.used


async def test_after_a_restart_it_is_known_from_the_captures(here, kept, store, clock):
    await here.importing.use(use(kept, "o2"), BY)
    async with van(store, clock) as again:
        await again.files.give("again.tjf", TJF)

        assert {1: {Used("i-1", "r-1")}} == again.files.recent()[0].used
