"""Procedures, as the gateway shows them: how far each is, and who said what of every step."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from contract.forms.form import Form
from contract.wire.event import SignedCapture
from contract.wire.intervention import Intervention
from tests.gateway.edge import Edge
from tests.gateway.world import World

LABEL = {"fr": "Teneur", "en": "Content"}
PROCEDURE: dict[str, Any] = {
    "id": "ambient",
    "title": {"fr": "CO <b>ambiant</b>", "en": "Ambient <b>CO</b>"},
    "basis": {"origin": "trade", "source": "annexe 1, 5"},
    "required": True,
    "steps": [
        {
            "id": "others",
            "kind": "decide",
            "says": {"fr": "Autres appareils", "en": "Other appliances"},
            "choices": {"off": {"fr": "à l’arrêt", "en": "switched off"}},
        },
        {"id": "wait", "kind": "wait", "seconds": 180, "says": {"fr": "Attendez", "en": "Wait"}},
    ],
}
SAID = {"report": "r1", "procedure": "ambient"}


def form(*procedures: Any) -> Form:
    schema = {
        "type": "object",
        "x-procedures": list(procedures),
        "properties": {"remark": {"type": "string", "x-label": LABEL}},
    }
    text = json.dumps({"id": "ambient", "version": 1, "title": LABEL, "schema": schema})
    return Form.model_validate_json(text)


def visit(title: str = "Chaudière") -> Intervention:
    return Intervention.model_validate_json(
        json.dumps(
            {
                "id": "job-1",
                "title": title,
                "appliances": [{"id": "a", "name": "Nord"}],
                "reports": [
                    {"id": "r1", "appliance": "a", "form": {"id": "ambient", "version": 1}},
                    {"id": "r2", "appliance": "a", "form": {"id": "ambient", "version": 1}},
                ],
            }
        )
    )


def step(agent: Edge, step: str, event: str, uptime: str = "10", **said: Any) -> SignedCapture:
    clock = {"boot": "b1", "uptime": uptime, "quality": "synced"}
    more = {**SAID, "step": step, "event": event, "clock": clock, **said}
    return agent.capture(agent.statement("step", **more))


def decision(agent: Edge, choice: str = "off") -> SignedCapture:
    return agent.capture(agent.statement("decision", **SAID, step="others", choice=choice))


@pytest.fixture
async def agent(small_world: World) -> Edge:
    agent = Edge()
    await small_world.shelf.keep(form(PROCEDURE))
    await small_world.registry.enrol(agent.record)
    await small_world.office.create(visit())
    await small_world.office.assign("job-1", agent.name)
    return agent


async def arrived(world: World, agent: Edge, captures: Sequence[SignedCapture]) -> None:
    [receipt] = await world.send(agent, captures)
    assert {"attached"} == {each.outcome.value for each in receipt.ranges}
    while await world.feed.number():
        pass


async def told(world: World, report: str = "r1") -> Any:
    async with world.client() as client:
        answer = await client.get(f"/v1/interventions/job-1/reports/{report}")
    return answer.json()["procedures"]


async def page(world: World, path: str = "/interventions/job-1", **headers: str) -> str:
    async with world.client() as client:
        return (await client.get(path, headers=headers)).text


async def test_steps_and_decisions_are_attached_to_their_report(
    small_world: World, agent: Edge
) -> None:
    await arrived(small_world, agent, [decision(agent), step(agent, "wait", "begun")])
    async with small_world.client() as client:
        captures = (await client.get("/v1/interventions/job-1/captures")).json()["items"]

    assert [("decision", "r1"), ("step", "r1")] == [
        (each["kind"], each["report"]) for each in captures
    ]


async def test_a_report_says_how_far_a_procedure_is_and_what_was_said(
    small_world: World, agent: Edge
) -> None:
    await arrived(small_world, agent, [decision(agent), step(agent, "wait", "begun")])
    [procedure] = await told(small_world)
    [other] = await told(small_world, "r2")

    assert (True, False, 1) == (procedure["required"], procedure["finished"], procedure["runs"])
    assert [("others", "done"), ("wait", "running")] == [
        (each["id"], each["state"]) for each in procedure["steps"]
    ]
    assert [("others", None, "off", "switched off"), ("wait", "begun", None, None)] == [
        (each["step"], each["event"], each["choice"], (each["choice_says"] or {}).get("en"))
        for each in procedure["told"]
    ]
    assert "Léa" == procedure["told"][0]["by"]["name"]
    assert (0, []) == (other["runs"], other["told"])


@pytest.mark.parametrize(("uptime", "finished"), [("189.9", False), ("190", True)])
async def test_the_gateway_counts_the_seconds_of_a_wait_itself(
    small_world: World, agent: Edge, uptime: str, finished: bool
) -> None:
    said = [
        decision(agent),
        step(agent, "wait", "begun", "10"),
        step(agent, "wait", "done", uptime),
    ]
    await arrived(small_world, agent, said)

    assert finished is (await told(small_world))[0]["finished"]


async def test_the_page_lists_what_was_said_by_whom(small_world: World, agent: Edge) -> None:
    await arrived(
        small_world,
        agent,
        [decision(agent), step(agent, "wait", "begun"), step(agent, "gone", "acknowledged")],
    )
    text = await page(small_world)
    english = await page(small_world, **{"accept-language": "en"})

    assert "Procédure : CO &lt;b&gt;ambiant&lt;/b&gt;" in text
    assert "Autres appareils · <strong>à l’arrêt</strong> · par Léa" in text
    assert "Attendez · <strong>commencée</strong> · par Léa" in text
    assert "gone · <strong>reconnu</strong>" in text
    assert "pas terminée" in text
    assert "Other appliances · <strong>switched off</strong> · by Léa" in english


async def test_a_choice_and_a_procedure_of_another_form_are_shown_as_they_were_said(
    small_world: World, agent: Edge
) -> None:
    await arrived(small_world, agent, [decision(agent, "<i>odd</i>")])

    assert "<strong>&lt;i&gt;odd&lt;/i&gt;</strong>" in await page(small_world)


async def test_a_procedure_that_nobody_began_is_said_to_be_so(
    small_world: World, agent: Edge
) -> None:
    assert agent
    assert "pas commencée" in await page(small_world)


async def test_the_captures_page_names_the_kinds(small_world: World, agent: Edge) -> None:
    await arrived(small_world, agent, [decision(agent), step(agent, "wait", "begun")])
    text = await page(small_world, "/captures")

    assert "étape d’une procédure" in text
    assert "choix dans une procédure" in text
