"""The control API of the bench, without a socket."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from firmware_sims.air import RunningBench
from firmware_sims.catalogue import USUAL, UnknownInstrumentError, build
from firmware_sims.control import control_app
from firmware_sims.kit.display import KEPT

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ANALYSER = "/v1/instruments/61349163"
PROBE = "/v1/instruments/46512997"
SCANNER = "/v1/instruments/1001"


@pytest.fixture
def bench() -> RunningBench:
    instruments = tuple(build(words, 1) for words in (*USUAL, "scanner-line"))
    running = RunningBench(instruments=instruments)
    running.tick(1.0, NOW)
    return running


@pytest.fixture
async def control(bench: RunningBench) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=control_app(bench))
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
        yield client


async def test_all_instruments_are_listed(control: httpx.AsyncClient):
    listed = (await control.get("/v1/instruments")).json()["instruments"]

    assert ["testo-300", "testo-smart-probe", "testo-smart-probe", "scanner-line"] == [
        each["slug"] for each in listed
    ]
    assert {"slug", "address", "name", "serial", "displayed", "counter", "state", "faults"} <= set(
        listed[0]
    )
    assert "%" == listed[0]["displayed"]["oxygen"]["unit"]


async def test_held_values_are_exactly_those_set(control: httpx.AsyncClient, bench: RunningBench):
    wanted = {"hold": True, "set": {"oxygen": "5.2", "draught": "-12.5"}}
    assert 200 == (await control.patch(ANALYSER, json=wanted)).status_code
    for _ in range(10):
        bench.tick(1.0, NOW)

    about = (await control.get(ANALYSER)).json()
    assert {"value": "5.2", "unit": "%"} == about["displayed"]["oxygen"]
    assert {"value": "-12.5", "unit": "Pa"} == about["displayed"]["draught"]
    assert about["hold"]


async def test_set_moves_the_physics_at_once_and_held_the_display_stays(
    control: httpx.AsyncClient,
):
    await control.patch(ANALYSER, json={"hold": True, "set": {"oxygen": "5.2"}})
    held = (await control.patch(ANALYSER, json={"set": {"oxygen": "9.9"}})).json()
    freed = (await control.patch(ANALYSER, json={"hold": False, "set": {"oxygen": "9.9"}})).json()

    assert "5.2" == held["displayed"]["oxygen"]["value"]
    assert "9.9" == freed["displayed"]["oxygen"]["value"]


async def test_what_was_displayed_is_kept_with_counter_and_time(
    control: httpx.AsyncClient, bench: RunningBench
):
    for _ in range(9):
        bench.tick(1.0, NOW)
    shown = (await control.get(f"{ANALYSER}/displayed", params={"last": 3})).json()["displayed"]

    assert [8, 9, 10] == [each["counter"] for each in shown]
    assert "2026-03-04T05:06:07.000Z" == shown[0]["at"]
    assert "oxygen" in shown[0]["displayed"]


async def test_a_fault_is_switched_on_and_off(control: httpx.AsyncClient):
    fault = {"fault": "silence", "on": True}
    assert ["silence"] == (await control.post(f"{PROBE}/faults", json=fault)).json()["faults"]

    fault["on"] = False
    assert [] == (await control.post(f"{PROBE}/faults", json=fault)).json()["faults"]


async def test_a_missing_value_is_null_never_zero(control: httpx.AsyncClient):
    about = await control.post(f"{ANALYSER}/faults", json={"fault": "sensor_defect", "on": True})

    assert {"value": None, "unit": "%"} == about.json()["displayed"]["oxygen"]


async def test_a_code_is_scanned(control: httpx.AsyncClient, bench: RunningBench):
    answer = await control.post(f"{SCANNER}/acts", json={"act": "scan", "text": "123"})

    assert 200 == answer.status_code
    assert [b"123\r\n"] == bench.instruments[-1].take_outgoing()


@pytest.mark.parametrize(
    ("path", "body", "field", "allowed"),
    [
        (ANALYSER, {"set": {"o2": "1"}}, "set", "oxygen"),
        (ANALYSER, {"set": {"oxygen": "1e3"}}, "set.oxygen", "a decimal, as -12.5"),
        (ANALYSER, {"frozen": True}, "frozen", "hold"),
        (f"{ANALYSER}/faults", {"fault": "fire", "on": True}, "fault", "silence"),
        (f"{ANALYSER}/faults", {"fault": "low_battery", "on": True}, "fault", "split"),
        (f"{ANALYSER}/acts", {"act": "scan"}, "act", "toggle_measurement"),
        (f"{PROBE}/acts", {"act": "kick"}, "act", "press_button"),
        (f"{SCANNER}/acts", {"act": "scan"}, "text", "printable text on one line"),
    ],
)
async def test_what_is_not_known_is_refused_by_name_with_what_is(
    control: httpx.AsyncClient,
    path: str,
    body: dict[str, object],
    field: str,
    allowed: str,
):
    method = "POST" if path.endswith("s") else "PATCH"
    answer = await control.request(method, path, json=body)

    assert 422 == answer.status_code
    assert "application/problem+json" == answer.headers["content-type"]
    problem = answer.json()
    assert field == problem["field"]
    assert allowed in problem["allowed"]


async def test_an_unknown_serial_is_not_found(control: httpx.AsyncClient):
    answer = await control.patch("/v1/instruments/7", json={"hold": True})

    assert (404, "serial") == (answer.status_code, answer.json()["field"])
    assert "61349163" in answer.json()["allowed"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (f"{PROBE}/faults", {"fault": "silence", "on": "yes"}, "on"),
        (f"{PROBE}/faults", {"fault": "silence"}, "on"),
    ],
)
async def test_a_wrong_shape_is_refused_by_field(
    control: httpx.AsyncClient, path: str, body: dict[str, object], field: str
):
    answer = await control.post(path, json=body)

    assert (422, field) == (answer.status_code, answer.json()["field"])


JSON = {"content-type": "application/json"}
SEND_JSON = "send an object in braces, with Content-Type: application/json"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"set": {"temperature": 5}}', 'set.temperature: write the number in quotes, as "5"'),
        ('{"set": {"oxygen": true}}', "set.oxygen: write a text in quotes"),
        ('{"set": "5.2"}', 'set: write an object in braces, as {"oxygen": "5.2"}'),
        (
            '{"hold": "perhaps", "foo": 1}',
            "hold: write true or false, without quotes; foo: there is no such field, known are hold, set",
        ),
        ("{", f"body: it is no JSON at character 2, {SEND_JSON}"),
        ("[1]", f"body: it is no JSON object, {SEND_JSON}"),
        ("", f"body: it is missing, {SEND_JSON}"),
    ],
)
async def test_every_fault_of_a_body_is_told_with_its_remedy(
    control: httpx.AsyncClient, body: str, detail: str
):
    answer = await control.patch(ANALYSER, content=body, headers=JSON)

    assert (422, detail) == (answer.status_code, answer.json()["detail"])


async def test_a_body_that_is_not_sent_as_json_is_refused_with_the_content_type(
    control: httpx.AsyncClient,
):
    answer = await control.patch(ANALYSER, content='{"hold": true}')

    assert f"body: it is no JSON object, {SEND_JSON}" == answer.json()["detail"]
    assert "body" == answer.json()["field"]


@pytest.mark.parametrize(
    ("last", "detail"),
    [
        ("0", "last: write at least 1"),
        ("99999", f"last: write at most {KEPT}"),
        ("all", "last: write a whole number"),
    ],
)
async def test_a_number_that_cannot_be_is_refused_with_those_that_can(
    control: httpx.AsyncClient, last: str, detail: str
):
    answer = await control.get(f"{ANALYSER}/displayed", params={"last": last})

    assert (422, detail) == (answer.status_code, answer.json()["detail"])


@pytest.mark.parametrize("words", ["testo-301", "testo-300:1:T549i", "testo-smart-probe:1:T9"])
def test_an_unknown_instrument_is_named_with_those_there_are(words: str):
    with pytest.raises(UnknownInstrumentError, match="known are"):
        build(words, 1)


def test_the_same_seed_builds_the_same_instrument():
    first, second = build("testo-smart-probe:1:T549i", 5), build("testo-smart-probe:1:T549i", 5)
    for each in (first, second):
        each.process(0.5, NOW)

    assert first.display.current == second.display.current
