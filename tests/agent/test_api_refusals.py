"""How the local API words what it refuses: in plain words, in the language of whoever asked."""

import pytest

from contract.wire.down import Assignment
from tests.agent.asking import Desk
from tests.agent.making import INTERVENTION
from tests.agent.test_capturing import FORM
from tests.fakes.link import FakeProbe
from tests.fakes.van import van

ID = "testo-smart-probe.46512997"
PAIR = f"/v1/instruments/{ID}/pair"


@pytest.fixture
async def desk(store, clock):
    await store.records.keep_form(FORM)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=INTERVENTION)
    )
    async with van(store, clock) as running:
        running.roster.seen(FakeProbe().sighting())
        desk = Desk(running)
        await desk.sign()
        yield desk


async def refused(desk, path, body, language="en"):
    async with desk.client() as client:
        answer = await client.post(path, json=body, headers={"Accept-Language": language})
    [fault] = answer.json()["errors"]
    return answer.status_code, fault["field"], fault["remedy"]


async def test_a_calibration_that_was_not_yet_is_refused_in_both_languages(desk, clock):
    tomorrow = {"calibrated_on": "2100-01-01"}

    assert (409, "calibrated_on", "is in the future: correct it, or this device's clock") == (
        await refused(desk, PAIR, tomorrow)
    )
    assert "est dans le futur" in (await refused(desk, PAIR, tomorrow, "fr"))[2]
    assert [] == desk.van.roster.paired()


async def test_a_calibration_of_today_is_taken(desk, clock):
    today = clock.now().astimezone().date().isoformat()
    async with desk.client() as client:
        answer = await client.post(PAIR, json={"calibrated_on": today})

    assert 201 == answer.status_code


async def test_dates_that_contradict_each_other_are_refused_in_both_languages(desk):
    dates = {"calibrated_on": "2026-02-01", "calibration_due": "2026-01-01"}

    assert (
        422,
        "calibration_due",
        "is before the date of calibration: correct one of the two",
    ) == await refused(desk, PAIR, dates)
    assert (
        422,
        "calibration_due",
        "est avant la date d’étalonnage : corrigez l’une des deux",
    ) == await refused(desk, PAIR, dates, "fr")


CAPTURE = {"intervention": "i-1", "report": "r-1"}
ANSWER = "/v1/interventions/i-1/reports/r-1/fields/remarks"


@pytest.mark.parametrize(
    ("path", "body", "field", "remedy"),
    [
        ("/v1/captures", {**CAPTURE, "fields": []}, "fields", "give at least 1"),
        ("/v1/captures", CAPTURE, "fields", "is required"),
        (
            "/v1/captures",
            {**CAPTURE, "fields": ["o2", "O2"]},
            "fields.1",
            "characters of a-z, 0-9 and",
        ),
        (PAIR, {"calibrated_on": "soon"}, "calibrated_on", "must be a day, as in 2026-11-24"),
        (PAIR, {"rôle": "x"}, "rôle", "is not known here"),
        (PAIR, [], "body", "must be a table, in JSON an object"),
    ],
)
async def test_what_is_wrong_with_a_request_is_said_in_plain_words(
    desk, path, body, field, remedy
):
    status, named, said = await refused(desk, path, body)

    assert (422, field) == (status, named)
    assert remedy in said


@pytest.mark.parametrize("value", [5, 1, [], "", "x" * 10_001])
async def test_an_answer_that_is_none_has_one_complaint_about_its_field(desk, value):
    async with desk.client() as client:
        answer = await client.put(ANSWER, json={"value": value})

    assert 422 == answer.status_code
    assert ["value"] == [each["field"] for each in answer.json()["errors"]]
    assert answer.json()["detail"].startswith("value: must ")


async def test_what_is_no_json_is_said_to_be_none_with_its_line_and_column(desk):
    async with desk.client() as client:
        answer = await client.post(
            "/v1/captures", content=b'{"a":\n 1,}', headers={"Content-Type": "application/json"}
        )

    assert 422 == answer.status_code
    assert ["body"] == [each["field"] for each in answer.json()["errors"]]
    assert answer.json()["detail"].startswith("body: is not JSON: ")
    assert answer.json()["detail"].endswith("line 2, column 4")


async def test_a_field_named_twice_is_refused_with_the_remedy(desk):
    twice = {**CAPTURE, "fields": ["suction_pressure", "suction_pressure"]}

    assert (409, "fields", "suction_pressure is named twice: name it once") == (
        await refused(desk, "/v1/captures", twice)
    )
    assert "nommé deux fois" in (await refused(desk, "/v1/captures", twice, "fr"))[2]
