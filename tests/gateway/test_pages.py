"""The pages: French first, everything escaped, values with where they come from."""

import json
from html import unescape

import pytest
from sqlalchemy import update

from contract.forms.form import Form
from contract.wire.intervention import Intervention
from gateway.adapters.store.tables import capture
from gateway.api import texts, writer
from tests.gateway.edge import FORM, Edge, job
from tests.gateway.said import DESCRIPTOR, DESCRIPTOR_TOPIC, event, state
from tests.gateway.world import World

PATHS = ["/", "/interventions/job-1", "/captures", "/agents", "/agents/van-7", "/quarantine"]


@pytest.fixture
async def busy(small_world: World) -> World:
    agent, other = Edge(), Edge("van-8")
    await small_world.furnished(other, agent)
    clone = agent.twin()
    await small_world.send(
        agent, [agent.measurement("6.25"), agent.entry("<b>sale</b>"), agent.transition("start")]
    )
    await small_world.send(clone, [clone.note("a fork")])
    await small_world.send(other, [other.capture("bad")])
    await small_world.deliver(
        (agent.topic, b"<script>alert(1)</script>"),
        state(online=True, outbox=4),
        (DESCRIPTOR_TOPIC, event("releve.instrument.descriptor.v1", DESCRIPTOR)),
        (
            DESCRIPTOR_TOPIC.replace("300.12345678/descriptor", "x/state"),
            event("releve.instrument.state.v1", {"id": "x", "connected": True, "battery": "81.5"}),
        ),
    )
    while await small_world.feed.number():
        pass
    return small_world


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_page_shows_in_both_languages(busy: World, path: str, language: str) -> None:
    async with busy.client() as client:
        answer = await client.get(f"{path}?lang={language}")

    assert 200 == answer.status_code
    assert f'<html lang="{language}">' in answer.text
    assert "<script>" not in answer.text
    assert "<b>sale" not in answer.text


async def test_an_intervention_shows_each_value_with_its_origin(busy: World) -> None:
    async with busy.client() as client:
        page = (await client.get("/interventions/job-1")).text

    for expected in ("6,3", "à surveiller", "12345678", "étalonnage valide", "Léa", "vérifiée"):
        assert expected in page
    assert "fourche" in page
    assert "a" * 32 in page


@pytest.mark.parametrize(
    ("oxygen", "said"),
    [
        ("5.2", "calculé à partir de Oxygène · constantes testo-330"),
        ("21", "pas calculé : 21 % d’O₂ n’est pas une fumée"),
    ],
)
async def test_a_calculated_value_says_from_what_or_why_it_is_empty(
    small_world: World, oxygen: str, said: str
) -> None:
    described = FORM.model_dump(mode="json", exclude_none=True)
    described["version"] = 2
    described["schema"]["properties"]["ratio"] = {
        "type": "number",
        "x-label": {"fr": "Facteur d’air", "en": "Excess air ratio"},
        "x-compute": {
            "formula": "excess_air_ratio",
            "constants": "testo-330",
            "inputs": {"oxygen": "o2"},
            "round": 2,
        },
    }
    await small_world.shelf.keep(Form.model_validate_json(json.dumps(described)))
    agent = Edge()
    await small_world.furnished(agent, jobs=())
    asked = job("job-1").model_dump(mode="json", exclude_none=True)
    asked["reports"][0]["form"]["version"] = 2
    await small_world.office.create(Intervention.model_validate_json(json.dumps(asked)))
    await small_world.office.assign("job-1", agent.name)
    await small_world.send(agent, [agent.measurement(oxygen)])
    async with small_world.client() as client:
        page = (await client.get("/interventions/job-1")).text

    assert said in unescape(page)
    assert ("1,33" in page) is (oxygen == "5.2")


@pytest.mark.parametrize(("oxygen", "required"), [("4.9", False), ("5", True)])
async def test_what_a_rule_requires_is_missing_and_says_why(
    small_world: World, oxygen: str, required: bool
) -> None:
    described = FORM.model_dump(mode="json", exclude_none=True)
    described["version"] = 2
    schema = described["schema"]
    condition = {"field": "o2", "at_least": "5"}
    schema["properties"]["why"] = {
        "type": "string",
        "x-label": {"fr": "Pourquoi", "en": "Why"},
        "x-when": [condition],
    }
    says = {"fr": "Au-dessus de 5 %, dites pourquoi.", "en": "Above 5 %, say why."}
    schema["x-rules"] = [{"when": [condition], "require": ["why"], "says": says}]
    await small_world.shelf.keep(Form.model_validate_json(json.dumps(described)))
    agent = Edge()
    await small_world.furnished(agent, jobs=())
    asked = job("job-1").model_dump(mode="json", exclude_none=True)
    asked["reports"][0]["form"]["version"] = 2
    await small_world.office.create(Intervention.model_validate_json(json.dumps(asked)))
    await small_world.office.assign("job-1", agent.name)
    report = asked["reports"][0]["id"]
    await small_world.send(agent, [agent.measurement(oxygen)])
    async with small_world.client() as client:
        said = (await client.get(f"/v1/interventions/job-1/reports/{report}")).json()
        page = (await client.get("/interventions/job-1")).text

    assert int(required) == said["counts"]["required_missing"]
    assert required is (says["fr"] in page)
    assert required is ("Pourquoi" in page)


async def test_a_signature_that_does_not_fit_is_shown(busy: World) -> None:
    async with busy.database.engine.begin() as connection:
        await connection.execute(update(capture).values(sig="A" * 86 + "=="))
    async with busy.client() as client:
        page = (await client.get("/interventions/job-1")).text

    assert "ne correspond pas" in page
    assert "vérifiée" not in page


async def test_an_agent_shows_how_it_is_and_what_instruments_it_has(busy: World) -> None:
    async with busy.client() as client:
        page = (await client.get("/agents/van-7")).text

    for expected in ("en ligne", "<dd>4</dd>", "12345678", "étalonnage valide", "81,5"):
        assert expected in page


@pytest.mark.parametrize(
    ("value", "shown"), [("2027-01-05", "05/01/2027"), ("2027-13-45", "2027-13-45")]
)
def test_a_day_is_written_for_people_even_one_that_no_calendar_has(value: str, shown: str) -> None:
    assert shown == writer.day(value, "fr")


async def test_a_person_gets_a_page_where_a_program_gets_a_problem(busy: World) -> None:
    async with busy.client() as client:
        page = await client.get("/interventions/job-9", headers={"accept": "text/html"})
        program = await client.get("/interventions/job-9", headers={"accept": "*/*"})

    assert [404, 404] == [page.status_code, program.status_code]
    assert "Impossible" in page.text
    assert "application/problem+json" == program.headers["content-type"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "fr"), ("en-GB,en;q=0.9", "en"), ("de,en;q=0.8", "en"), ("de", "fr"), ("fr,en", "fr")],
)
def test_the_language_is_french_unless_another_is_asked_for(accepted: str, language: str) -> None:
    assert language == texts.chosen(None, accepted)


async def test_the_office_assigns_from_the_page(busy: World) -> None:
    async with busy.client() as client:
        answer = await client.post(
            "/interventions/job-1/assign?lang=en",
            content="agent=van-8",
            headers={"content-type": "application/x-www-form-urlencoded"},
        )

    assert (303, "/interventions/job-1?lang=en") == (
        answer.status_code,
        answer.headers["location"],
    )
    assert "van-8" == (await busy.office.job("job-1")).agent


async def test_the_scripts_of_the_pages_are_served_by_the_gateway(small_world: World) -> None:
    async with small_world.client() as client:
        for name in ("htmx.min.js", "live.js", "style.css", "icon.svg", "htmx.LICENSE.txt"):
            assert 200 == (await client.get(f"/static/{name}")).status_code
