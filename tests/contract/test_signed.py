"""Signatures: put under a report as it was shown, and seen to be outdated once it shows something else."""

import json

import pytest
from pydantic import ValidationError

from contract.forms.check import faults_of
from contract.forms.digest import digest
from contract.forms.fold import fold
from contract.forms.form import Form
from contract.forms.signed import SignatureState, signed, unsigned
from contract.forms.value import CaptureId, Placed
from contract.wire.base import Place
from contract.wire.drawing import MOST_POINTS, Drawing
from contract.wire.statement import Entry, Signature
from tests.contract.making import AT, BY, CLOCK, EPOCH

FORM = Form.model_validate_json(
    """{"id":"signed","version":1,"title":{"fr":"F","en":"F"},"schema":{"type":"object",
    "x-signatures":{"technician":{"x-label":{"fr":"T","en":"T"},"required":true},
                    "owner":{"x-label":{"fr":"P","en":"O"}}},
    "properties":{"remarks":{"type":"string","x-label":{"fr":"O","en":"R"}}}}}"""
)
LINE = Drawing(width=100, height=40, strokes=(((1, 2), (3, 4)), ((5, 6),)))


def common(replaces=()):
    return {
        "salt": "0" * 32,
        "intervention": "i-1",
        "by": BY,
        "at": AT,
        "clock": CLOCK,
        "replaces": tuple(Place(epoch=EPOCH, seq=each) for each in replaces),
        "report": "r-1",
    }


def placed(seq, statement, agent="van-7"):
    return Placed(CaptureId(agent, EPOCH, seq, f"{seq:064x}"), statement)


def remark(seq, text, replaces=()):
    return placed(seq, Entry(**common(replaces), field="remarks", value=text))


def shown(captures):
    values = fold(FORM, "r-1", captures)
    return {
        name: each.state for name, each in signed(FORM, "r-1", captures, values).items()
    }, values


def digest_of(captures):
    return digest(FORM, "r-1", fold(FORM, "r-1", captures))


def hand(seq, under, signatory="technician", *, replaces=(), agent="van-7", report="r-1"):
    said = {**common(replaces), "report": report}
    statement = Signature(
        **said,
        signatory=signatory,
        name="Amira Benali",
        drawing=LINE,
        report_sha256=digest_of(under),
    )
    return placed(seq, statement, agent)


def test_nobody_has_signed_a_fresh_report():
    states, values = shown([])

    assert {"technician": SignatureState.MISSING, "owner": SignatureState.MISSING} == states
    assert ("technician",) == unsigned(FORM, signed(FORM, "r-1", [], values))


def test_a_signature_stands_as_long_as_the_report_shows_the_same():
    before = [remark(1, "clean")]
    captures = [*before, hand(2, before)]

    assert SignatureState.SIGNED is shown(captures)[0]["technician"]
    assert () == unsigned(FORM, signed(FORM, "r-1", captures, shown(captures)[1]))


@pytest.mark.parametrize(
    "later", [remark(3, "dirty", replaces=(1,)), remark(3, "clean", replaces=(1,))]
)
def test_whatever_changes_under_a_signature_makes_it_outdated(later):
    before = [remark(1, "clean")]
    captures = [*before, hand(2, before), later]

    assert SignatureState.OUTDATED is shown(captures)[0]["technician"]
    assert ("technician",) == unsigned(FORM, signed(FORM, "r-1", captures, shown(captures)[1]))


def test_signing_again_takes_the_place_of_the_own_signature_alone():
    captures = [hand(1, []), hand(2, [], "owner"), hand(3, [], replaces=(1, 2))]
    states, _ = shown(captures)

    assert {"technician": SignatureState.SIGNED, "owner": SignatureState.SIGNED} == states


def test_two_signatures_of_which_neither_replaces_the_other_are_a_conflict():
    states, _ = shown([hand(1, []), hand(1, [], agent="van-8")])

    assert SignatureState.CONFLICT is states["technician"]


def test_a_signature_of_another_report_says_nothing_of_this_one():
    states, _ = shown([hand(1, [], report="r-2")])

    assert SignatureState.MISSING is states["technician"]


def test_a_drawing_is_a_path_whose_dots_are_seen():
    assert "M1 2 L3 4 M5 6 L5 6" == LINE.path


@pytest.mark.parametrize(
    "drawing",
    [
        {"width": 10, "height": 10, "strokes": []},
        {"width": 10, "height": 10, "strokes": [[]]},
        {"width": 10, "height": 10, "strokes": [[[11, 5]]]},
        {"width": 10, "height": 10, "strokes": [[[5, 11]]]},
        {"width": 10, "height": 10, "strokes": [[[-1, 5]]]},
        {"width": 0, "height": 10, "strokes": [[[0, 5]]]},
        {"width": 10, "height": 10, "strokes": [[[1, 1]] * MOST_POINTS, [[1, 1]]]},
        {"width": 10, "height": 10, "strokes": [[[1.5, 1]]]},
        {"width": 10, "height": 10, "strokes": [[[1, 1, 1]]]},
    ],
)
def test_a_drawing_that_is_none_is_refused(drawing):
    with pytest.raises(ValidationError):
        Drawing.model_validate_json(json.dumps(drawing))


def test_a_slip_in_a_signature_of_a_form_is_found():
    document = json.loads(FORM.model_dump_json(exclude_none=True))
    document["schema"]["x-signatures"]["owner"]["requierd"] = True
    found = {
        each.field: each.remedy
        for each in faults_of(Form.model_validate_json(json.dumps(document)))
    }

    assert "did you mean required?" in found["schema.x-signatures.owner.requierd"]
