"""Readings from files, as the gateway shows them: named as such, with what the file says."""

import json
from typing import Any

import pytest

from contract.forms.form import Form
from contract.wire.event import SignedCapture
from contract.wire.intervention import Intervention
from tests.gateway.edge import FORM, Edge, job
from tests.gateway.world import World

FILE = {"name": "boiler <b>.tjf", "sha256": "0f" * 32, "format": "tjf", "measurement": 2}
NO_MAPPING = {"mapping_sha256": None}
STATED = {"stated_model": "t300", "stated_serial": "107", "stated_at": "2020-06-18T13:56:14"}


def imported(agent: Edge, **fields: Any) -> SignedCapture:
    reading = {"field": "o2", "quantity": "oxygen", "value": "5.24", "unit": "%", "status": "ok"}
    said = {"report": "r1", "file": FILE, "readings": [reading], **STATED, **fields}
    return agent.capture(agent.statement("import", **said))


@pytest.fixture
async def filled(small_world: World) -> World:
    agent = Edge()
    await small_world.furnished(agent)
    [receipt] = await small_world.send(agent, [imported(agent)])
    assert ["attached"] == [each.outcome.value for each in receipt.ranges]
    while await small_world.feed.number():
        pass
    return small_world


async def test_a_report_says_which_file_a_value_is_from_and_what_the_file_states(
    filled: World,
) -> None:
    async with filled.client() as client:
        report = (await client.get("/v1/interventions/job-1/reports/r1")).json()
    o2 = report["fields"][0]

    assert ("filled", "5.2", None, None) == (
        o2["state"],
        o2["value"],
        o2["instrument"],
        o2["reason"],
    )
    assert {**FILE, **NO_MAPPING, "stated_vendor": None, **STATED} == o2["imported"]
    assert "method" not in o2


async def test_the_mapping_that_a_file_was_read_with_is_named_where_it_had_one(
    small_world: World,
) -> None:
    agent = Edge()
    await small_world.furnished(agent)
    mapped = {**FILE, "format": "csv", "mapping_sha256": "1e" * 32}
    await small_world.send(agent, [imported(agent, file=mapped)])

    async with small_world.client() as client:
        report = (await client.get("/v1/interventions/job-1/reports/r1")).json()
    assert "1e" * 32 == report["fields"][0]["imported"]["mapping_sha256"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("repris d’un fichier", "instrument selon le fichier", "moment selon le fichier")),
        ("en", ("imported from a file", "instrument as the file says", "moment as the file says")),
    ],
)
async def test_a_page_says_so_in_both_languages(
    filled: World, language: str, words: tuple[str, ...]
) -> None:
    async with filled.client() as client:
        page = (await client.get(f"/interventions/job-1?lang={language}")).text
        captures = (await client.get(f"/captures?lang={language}")).text

    for each in (*words, "boiler &lt;b&gt;.tjf", "0f" * 6, "t300 107", "2020-06-18T13:56:14"):
        assert each in page
    for each in ("étalonnage valide", "calibration valid", "saisi à la main", "typed by hand"):
        assert each not in page
    assert {"fr": "reprise d’un fichier", "en": "import from a file"}[language] in captures


async def test_what_a_file_does_not_say_is_said_to_be_missing(small_world: World) -> None:
    agent = Edge()
    await small_world.furnished(agent)
    nothing = dict.fromkeys(STATED)
    await small_world.send(agent, [imported(agent, **nothing)])

    async with small_world.client() as client:
        page = (await client.get("/interventions/job-1")).text

    assert 2 == page.count("non indiqué")


async def test_a_field_that_wants_a_calibration_shows_what_was_tried_and_stays_empty(
    small_world: World,
) -> None:
    agent = Edge()
    await small_world.furnished(agent, jobs=())
    form = json.loads(FORM.to_json())
    form["schema"]["properties"]["o2"]["x-measure"]["instrument"] = {"calibrated": "required"}
    await small_world.shelf.keep(Form.model_validate_json(json.dumps({**form, "version": 2})))
    wanted = json.loads(job().to_json())
    wanted["reports"][0]["form"]["version"] = 2
    await small_world.office.create(Intervention.model_validate_json(json.dumps(wanted)))
    await small_world.office.assign("job-1", agent.name)
    await small_world.send(agent, [imported(agent)])

    async with small_world.client() as client:
        page = (await client.get("/interventions/job-1")).text
        report = (await client.get("/v1/interventions/job-1/reports/r1")).json()

    assert "non retenu" in page
    assert (0, 1) == (report["counts"]["filled"], report["counts"]["required_missing"])
    assert (None, "empty") == (report["fields"][0]["value"], report["fields"][0]["state"])


async def test_an_export_holds_the_import_in_its_very_bytes(filled: World) -> None:
    async with filled.client() as client:
        lines = (await client.get("/v1/interventions/job-1/captures?format=export")).text

    assert '\\"kind\\": \\"import\\"' in lines
