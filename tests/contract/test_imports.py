"""A reading from a file, in the fold and in an export: what it is worth, and that it is said to be one."""

import json

import pytest

from contract import verify
from contract.forms.fold import fold
from contract.forms.form import Form
from contract.forms.value import FieldState, Verdict
from contract.quantity import Quantity
from contract.reading import Status
from contract.signing import KeyRecord
from contract.unit import Unit
from contract.wire import statement
from contract.wire.base import Place
from contract.wire.event import Captures, CapturesEvent, Key, KeyEvent
from contract.wire.statement import Import, ImportedFile, StatementError
from tests.contract.making import (
    AT,
    BY,
    CLOCK,
    EPOCH,
    FORM,
    KEY,
    chained,
    entry,
    measurement,
    placed,
    reading,
)

FILE = ImportedFile(name="boiler.tjf", sha256="0f" * 32, format="tjf")


def imported(*readings, replaces=(), **stated):
    return Import(
        salt="0" * 32,
        intervention="i-1",
        by=BY,
        at=AT,
        clock=CLOCK,
        replaces=tuple(Place(epoch=EPOCH, seq=each) for each in replaces),
        report="r-1",
        file=FILE,
        readings=readings or (reading(),),
        **stated,
    )


def wanting(**measure):
    form = FORM.model_dump(mode="json", by_alias=True, exclude_none=True)
    form["schema"]["properties"]["o2"]["x-measure"].update(measure)
    return Form.model_validate_json(json.dumps(form))


def folded(*captures, form=FORM):
    return fold(form, "r-1", captures)


def test_a_reading_from_a_file_fills_its_field_with_unit_rounding_and_limits():
    found = folded(
        placed(
            1,
            imported(
                reading(value="9.25"),
                reading("pressure", Quantity.DIFFERENTIAL_PRESSURE, "7482.5", Unit.PASCAL),
            ),
        )
    )

    assert ("9.3", Verdict.WARN, None) == (
        found["o2"].value,
        found["o2"].verdict,
        found["o2"].instrument,
    )
    assert ("0.075", Unit.BAR) == (found["pressure"].value, found["pressure"].unit)


REFUSING = {
    "calibrated": {"instrument": {"calibrated": "required"}},
    "zeroed": {"instrument": {"zeroed": "required"}},
    "role": {"role": "flue"},
    "locked": {"edit": "locked"},
}


@pytest.mark.parametrize("measure", REFUSING.values(), ids=list(REFUSING))
def test_a_field_that_wants_an_instrument_stays_empty_and_shows_what_was_tried(measure):
    capture = placed(1, imported())
    value = folded(capture, form=wanting(**measure))["o2"]

    assert (FieldState.EMPTY, None, Status.ERROR) == (value.state, value.value, value.status)
    assert capture.statement == value.statement


@pytest.mark.parametrize("measure", REFUSING.values(), ids=list(REFUSING))
def test_control_a_measurement_fills_the_same_field(measure):
    value = folded(placed(1, measurement()), form=wanting(**measure))["o2"]

    assert (FieldState.FILLED, "5.2") == (value.state, value.value)


def test_another_quantity_or_a_field_of_text_takes_no_reading_from_a_file():
    found = folded(
        placed(1, imported(reading("pressure", Quantity.DRAUGHT, "5", Unit.PASCAL))),
        placed(2, imported(reading("remarks"))),
    )

    assert (None, Status.ERROR) == (found["pressure"].value, found["pressure"].status)
    assert FieldState.EMPTY is found["remarks"].state


def test_an_import_that_replaces_nothing_is_a_conflict_with_what_is_there():
    first = placed(1, measurement())

    assert FieldState.CONFLICT is folded(first, placed(2, imported()))["o2"].state
    replacing = placed(2, imported(reading(value="6"), replaces=(1,)))
    assert "6.0" == folded(first, replacing)["o2"].value
    typed = placed(3, entry("o2", "7", replaces=(1, 2)))
    assert "7.0" == folded(first, replacing, typed)["o2"].value


def test_an_import_with_an_instrument_or_a_calibration_says_no_more_than_one_without():
    said = json.loads(imported().to_json())
    more = {**said, "instrument": json.loads(measurement().to_json())["instrument"]}

    assert "instrument" not in statement.parse(json.dumps(more)).to_json()


def test_an_import_may_say_the_mapping_and_one_of_before_does_not():
    mapped = FILE.model_copy(update={"mapping_sha256": "1e" * 32})
    said = imported().model_copy(update={"file": mapped}).to_json()

    assert "1e" * 32 == statement.parse(said).file.mapping_sha256
    assert "mapping_sha256" not in imported().to_json()
    assert statement.parse(imported().to_json()).file.mapping_sha256 is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"file": None}, "file"),
        ({"file": {"name": "a", "sha256": "x", "format": "tjf"}}, "file.sha256"),
        ({"file": {**FILE.model_dump(), "mapping_sha256": "x"}}, "file.mapping_sha256"),
        ({"file": {"name": "", "sha256": "0" * 64, "format": "tjf"}}, "file.name"),
        ({"file": {**FILE.model_dump(), "measurement": 0}}, "file.measurement"),
        ({"readings": []}, "readings"),
        ({"stated_at": ""}, "stated_at"),
    ],
)
def test_what_an_import_must_say_is_refused_by_its_field(change, field):
    said = {**json.loads(imported().to_json()), **change}

    with pytest.raises(StatementError, match=field):
        statement.parse(json.dumps(said))


# --- an export --------------------------------------------------------------------------------------


def checked(*statements):
    captures = tuple(chained(statements))
    key = KeyEvent(id="k", source="/x", time=AT, data=Key.of(KeyRecord("van-7", KEY.public)))
    event = CapturesEvent(
        id="c", source="/x", time=AT, data=Captures(key=KEY.id, captures=captures)
    )
    return verify.Verifier().check([key.to_json(), event.to_json()])


def test_verifying_an_export_says_which_captures_come_from_a_file():
    stated = {"stated_model": "t300", "stated_serial": "107", "stated_at": "2020-06-18T13:56:14"}
    report = checked(measurement(), imported(**stated), imported())

    assert [
        "capture 2 of van-7: imported from the file boiler.tjf (SHA-256 0f0f0f0f0f0f), "
        "which states t300 107, 2020-06-18T13:56:14",
        "capture 3 of van-7: imported from the file boiler.tjf (SHA-256 0f0f0f0f0f0f), "
        "which states no instrument, no moment",
    ] == report.imported
    assert report.imported == verify.summary(report)[1:3]


def test_control_an_export_of_measurements_has_none():
    assert [] == checked(measurement(), entry()).imported


def test_what_a_file_says_cannot_draw_on_the_terminal():
    told = checked(imported(stated_model="\x1b[2Jx")).imported

    assert "\x1b" not in told[0]
