"""Files of measurements over the local API."""

import asyncio
import threading

import pytest

from agent.usecases import files
from contract.wire.down import Assignment
from contract.words import Words
from drivers.files.file import MAX_BYTES
from drivers.files.measured import FileRefusedError
from tests.agent.asking import TOKEN, Desk, asked_by
from tests.agent.making import INTERVENTION
from tests.agent.test_importing import FORM, MAPPING, TABLE, TJF
from tests.fakes.van import until, van


@pytest.fixture
async def desk(store, clock):
    await store.records.keep_form(FORM)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=INTERVENTION)
    )
    async with van(store, clock) as running:
        desk = Desk(running)
        await desk.sign()
        yield desk


async def given(client, name, body, **query):
    return await client.post("/v1/files", params={"name": name, **query}, content=body)


async def test_a_file_that_is_given_is_listed_with_what_it_says(desk):
    async with desk.client() as client:
        answer = await given(client, "boiler.tjf", TJF)
        listed = (await client.get("/v1/files")).json()

    assert 201 == answer.status_code
    assert {"items": [answer.json()], "mappings": []} == listed
    [measured] = answer.json()["measurements"]
    assert ("t300", "107", "2020-06-18T13:56:14") == (
        measured["stated_model"],
        measured["stated_serial"],
        measured["stated_at"],
    )
    assert {
        "quantity": "oxygen",
        "value": "20.8",
        "unit": "%",
        "status": "ok",
        "substance": None,
    } in (measured["readings"])


async def test_a_measurement_is_used_and_the_field_says_where_it_comes_from(desk):
    async with desk.client() as client:
        digest = (await given(client, "boiler.tjf", TJF)).json()["id"]
        body = {"intervention": "i-1", "report": "r-1", "fields": ["o2"]}
        saved = await client.post(f"/v1/files/{digest}/use", json=body)
        again = await client.post(f"/v1/files/{digest}/use", json=body)
        report = (await client.get("/v1/interventions/i-1")).json()["reports"][0]

    assert (201, "import", 1) == (saved.status_code, saved.json()["kind"], saved.json()["seq"])
    assert (409, ["o2"]) == (again.status_code, [each["field"] for each in again.json()["errors"]])
    [o2] = [each for each in report["fields"] if each["name"] == "o2"]
    assert ("21", None, None) == (o2["value"], o2["instrument"], o2["calibration"])
    assert ("boiler.tjf", digest, "tjf", 1, "t300") == tuple(
        o2["imported"][each]
        for each in ("name", "sha256", "format", "measurement", "stated_model")
    )


async def test_a_table_is_read_with_its_mapping(desk):
    async with desk.client() as client:
        without = await given(client, "other.csv", TABLE)
        mapping = await given(client, "lab.toml", MAPPING)
        named = await given(client, "other.csv", TABLE, mapping="lab.toml")
        fitting = await given(client, "analyser.csv", TABLE)

    assert (409, {"mapping": "lab.toml"}) == (without.status_code, mapping.json())
    assert [2, 2] == [len(each.json()["measurements"]) for each in (named, fitting)]


@pytest.mark.parametrize(
    ("name", "body", "status", "field"),
    [
        ("a.tjf", b"{", 409, "file"),
        ("a.exe", TJF, 409, "file"),
        ("a.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", 409, "file"),
        ("/", TJF, 409, "name"),
        ("", TJF, 422, "name"),
        ("a" * 201, TJF, 422, "name"),
        ("a.tjf", b" " * (MAX_BYTES + 1), 413, "body"),
    ],
)
async def test_a_file_that_is_refused_is_not_kept_and_the_reason_is_said(
    desk, name, body, status, field
):
    async with desk.client() as client:
        answer = await given(client, name, body)
        listed = (await client.get("/v1/files")).json()["items"]

    assert (status, [field]) == (
        answer.status_code,
        [each["field"].split(".")[-1] for each in answer.json()["errors"]],
    )
    assert [] == listed


async def test_a_refusal_is_said_in_french_where_french_is_asked_for(desk):
    headers = {"Accept-Language": "fr"}
    async with desk.client() as client:
        broken = await client.post("/v1/files?name=a.tjf", content=b"[1,,]", headers=headers)
        digest = (await given(client, "a.tjf", TJF)).json()["id"]
        body = {"intervention": "i-1", "report": "r-1", "fields": ["o2_calibrated"]}
        refused = await client.post(f"/v1/files/{digest}/use", json=body, headers=headers)

    assert "ligne 1, colonne 4 : pas un document JSON" in broken.json()["detail"]
    assert "un fichier ne prouve aucun étalonnage" in refused.json()["detail"]


async def test_a_file_that_nobody_gave_is_not_found(desk):
    async with desk.client() as client:
        body = {"intervention": "i-1", "report": "r-1"}
        answer = await client.post(f"/v1/files/{'0' * 64}/use", json=body)

    assert 404 == answer.status_code
    assert 0 == await desk.van.store.captures.depth()


async def test_a_table_says_which_mapping_it_was_read_with_and_has_an_id_of_its_own(desk):
    async with desk.client() as client:
        await given(client, "one.toml", MAPPING)
        await given(client, "two.toml", MAPPING.replace(b'"[ppm]"', b'"[ppm]"\nscale = "10"'))
        one, two = [
            (await given(client, "t.csv", TABLE, mapping=each)).json()
            for each in ("one.toml", "two.toml")
        ]
        body = {"intervention": "i-1", "report": "r-1", "fields": ["co"]}
        await client.post(f"/v1/files/{one['id']}/use", json=body)
        report = (await client.get("/v1/interventions/i-1")).json()["reports"][0]

    assert one["id"] != two["id"]
    assert [one["sha256"], "one.toml"] == [two["sha256"], one["mapping"]]
    [co] = [each for each in report["fields"] if each["name"] == "co"]
    assert ("31", one["mapping_sha256"]) == (co["value"], co["imported"]["mapping_sha256"])


async def test_what_a_library_says_of_a_table_is_said_in_french_with_the_remedy(desk):
    async with desk.client() as client:
        await given(client, "lab.toml", MAPPING)
        answer = await client.post(
            "/v1/files?name=a.csv&mapping=lab.toml",
            content=TABLE.replace(b"vu", b'"v"u'),
            headers={"Accept-Language": "fr"},
        )

    assert "ligne 3 : un guillemet n’est pas fermé" in answer.json()["detail"]
    assert "corrigez la ligne" in answer.json()["detail"]


async def test_why_a_value_is_not_taken_over_is_said_in_french_and_its_name_is_not_translated(
    desk,
):
    values = "<SootNumber>1</SootNumber><SootNumber>2</SootNumber><O2 Unit='UNIT_VOL_PERCENT'>5,2</O2><silent/>"
    body = f"<X><Customer><Fireplace><CombustionMeasurement>{values}</CombustionMeasurement></Fireplace></Customer></X>"
    async with desk.client() as client:
        answer = await client.post(
            "/v1/files?name=a.xml", content=body.encode(), headers={"Accept-Language": "fr"}
        )

    assert [
        "O2 UNIT_VOL_PERCENT : '5,2' n’est pas un nombre",
        "silent",
        "SootNumber : Indice de noircissement est donné deux fois",
    ] == answer.json()["measurements"][0]["unmapped"]


async def test_while_a_large_file_is_read_other_requests_are_answered(desk, monkeypatch):
    reading, going_on = threading.Event(), threading.Event()

    def slow(*_):
        reading.set()
        going_on.wait(5)
        raise FileRefusedError(Words("give the name of the file"))

    monkeypatch.setattr(files.file, "read", slow)
    async with desk.client() as client:
        giving = asyncio.create_task(given(client, "boiler.tjf", TJF))
        await until(reading.is_set)
        listed = await client.get("/v1/files")
        going_on.set()

        assert (200, 409) == (listed.status_code, (await giving).status_code)


async def test_whoever_watches_is_told_of_a_new_file(desk):
    async with (
        desk.stream("GET", "/v1/events", asked_by(TOKEN)) as (answer, _),
        desk.client() as client,
    ):
        await given(client, "boiler.tjf", TJF)
        events = answer.body.decode()
        while "event: file" not in events:
            await given(client, "boiler.tjf", TJF)
            events = answer.body.decode()

    assert "event: file" in events
