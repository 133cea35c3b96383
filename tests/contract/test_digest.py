"""The fingerprint of a report: the same as long as the report shows the same, another when it shows anything else."""

import json
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from contract.forms.digest import digest
from contract.forms.form import Form
from contract.forms.value import CaptureId, Computation, FieldState, FieldValue, Verdict
from contract.reading import Status
from contract.unit import Unit

FORM: dict[str, Any] = {
    "id": "boiler",
    "version": 1,
    "title": {"fr": "Chaudière", "en": "Boiler"},
    "schema": {
        "properties": {
            "o2": {
                "type": "number",
                "x-label": {"fr": "Oxygène", "en": "Oxygen"},
                "x-measure": {"quantity": "oxygen", "unit": "%"},
            },
            "remark": {"x-label": {"fr": "Remarque", "en": "Remark"}},
        }
    },
}
PLACE = CaptureId("van-7", "a" * 32, 1, "b" * 64)
VALUE = FieldValue(
    state=FieldState.FILLED, value="5.2", unit=Unit.PERCENT, status=Status.OK, source=PLACE
)


def form(**changes: Any) -> Form:
    return Form.model_validate_json(json.dumps({**FORM, **changes}))


def of(value: FieldValue, **changes: Any) -> str:
    return digest(form(**changes), "r1", {"o2": value})


def test_it_is_the_hash_of_a_text_that_anybody_can_write() -> None:
    place = f'["van-7","{"a" * 32}",1,"{"b" * 64}"]'
    text = (
        '{"fields":['
        f'{{"captures":[{place}],"name":"o2","state":"filled","status":"ok","unit":"%","value":"5.2"}},'
        '{"captures":[],"name":"remark","state":"empty","status":null,"unit":null,"value":null}],'
        '"form":"boiler","report":"r1","v":1,"version":1}'
    )

    assert sha256(text.encode()).hexdigest() == of(VALUE)


@pytest.mark.parametrize(
    "other",
    [
        replace(VALUE, value="5.3"),
        replace(VALUE, value="5.20"),
        replace(VALUE, unit=Unit.PPM),
        replace(VALUE, status=Status.UNSTABLE),
        replace(VALUE, source=replace(PLACE, seq=2)),
        replace(VALUE, source=replace(PLACE, agent="van-8")),
        replace(VALUE, source=replace(PLACE, epoch="c" * 32)),
        replace(VALUE, source=replace(PLACE, link="c" * 64)),
        replace(VALUE, value=None),
        replace(VALUE, value=True),
        FieldValue(state=FieldState.EMPTY),
        FieldValue(state=FieldState.CONFLICT, candidates=(PLACE, replace(PLACE, seq=2))),
    ],
)
def test_whatever_is_shown_changes_it(other: FieldValue) -> None:
    assert of(VALUE) != of(other)


def test_the_form_its_version_and_the_report_change_it() -> None:
    others = {of(VALUE, id="other"), of(VALUE, version=2), digest(form(), "r2", {"o2": VALUE})}

    assert 4 == len({of(VALUE), *others})


@pytest.mark.parametrize(
    "same",
    [
        replace(VALUE, exact=Decimal("5.23")),
        replace(VALUE, verdict=Verdict.WARN),
    ],
)
def test_what_only_follows_from_it_does_not(same: FieldValue) -> None:
    assert of(VALUE) == of(same)


def test_the_order_of_candidates_does_not_count() -> None:
    one, two = PLACE, replace(PLACE, seq=2)
    both = [
        FieldValue(state=FieldState.CONFLICT, candidates=each) for each in ((one, two), (two, one))
    ]

    assert of(both[0]) == of(both[1])


def test_the_unit_of_what_was_calculated_counts() -> None:
    told = [
        FieldValue(state=FieldState.FILLED, value="1.4", computed=Computation("f", None, (), unit))
        for unit in ("kg", "g")
    ]

    assert of(told[0]) != of(told[1])


def test_a_field_without_a_value_is_an_empty_one() -> None:
    assert digest(form(), "r1", {}) == of(FieldValue(state=FieldState.EMPTY))
