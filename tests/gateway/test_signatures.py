"""Signatures at the gateway: shown with the report, and seen to be outdated once it shows something else."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from contract.forms.form import Form
from contract.wire.intervention import Intervention
from tests.gateway.edge import FORM, Edge, job
from tests.gateway.world import World

DRAWING = {"width": 100, "height": 40, "strokes": [[[1, 2], [3, 4]]]}


def signed_form() -> Form:
    document = json.loads(FORM.to_json())
    document["version"] = 7
    document["schema"]["x-signatures"] = {
        "technician": {
            "x-label": {"fr": "Le technicien", "en": "The technician"},
            "required": True,
        }
    }
    return Form.model_validate_json(json.dumps(document))


def using(form: Form, intervention: Intervention) -> Intervention:
    document = json.loads(intervention.to_json())
    for each in document["reports"]:
        each["form"] = {"id": form.id, "version": form.version}
    return Intervention.model_validate_json(json.dumps(document))


@pytest.fixture
async def agent(small_world: World) -> Edge:
    agent = Edge()
    form = signed_form()
    await small_world.shelf.keep(form)
    await small_world.registry.enrol(agent.record)
    await small_world.office.create(using(form, job()))
    await small_world.office.assign("job-1", agent.name)
    await small_world.send(agent, [agent.measurement()])
    return agent


async def report(world: World) -> dict[str, Any]:
    async with world.client() as client:
        return (await client.get("/v1/interventions/job-1/reports/r1")).json()


async def sign(world: World, agent: Edge, name: str = "Amira <b>", **said: Any) -> None:
    shown = (await report(world))["digest"]
    fields = {
        "report": "r1",
        "signatory": "technician",
        "name": name,
        "drawing": DRAWING,
        "report_sha256": shown,
        **said,
    }
    [receipt] = await world.send(agent, [agent.capture(agent.statement("signature", **fields))])
    assert ["attached"] == [each.outcome.value for each in receipt.ranges]


def states(found: dict[str, Any]) -> Iterable[str]:
    return [each["state"] for each in found["signatures"]]


async def test_a_report_says_who_must_still_sign(small_world: World, agent: Edge) -> None:
    found = await report(small_world)

    assert ["missing"] == states(found)
    assert ["technician"] == found["unsigned"]


async def test_a_signature_stands_until_the_report_shows_something_else(
    small_world: World, agent: Edge
) -> None:
    await sign(small_world, agent)
    once = await report(small_world)
    await small_world.send(agent, [agent.entry("sale")])
    later = await report(small_world)

    assert (["signed"], []) == (states(once), once["unsigned"])
    assert once["digest"] == once["signatures"][0]["report_sha256"]
    assert (["outdated"], ["technician"]) == (states(later), later["unsigned"])


async def test_a_signature_under_another_digest_is_no_signature(
    small_world: World, agent: Edge
) -> None:
    await sign(small_world, agent, report_sha256="0" * 64)

    assert ["outdated"] == states(await report(small_world))


async def test_the_page_shows_who_signed_and_the_drawing(small_world: World, agent: Edge) -> None:
    await sign(small_world, agent)
    async with small_world.client() as client:
        page = (await client.get("/interventions/job-1?lang=en")).text

    assert "Amira &lt;b&gt;" in page
    assert '<path d="M1 2 L3 4"/>' in page
    assert "not signed yet" not in page
