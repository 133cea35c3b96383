"""The API: what it answers, and how it refuses."""

import json
from typing import Any

import pytest

from contract.wire.event import SealedEvent
from tests.gateway.edge import FORM, Edge, job
from tests.gateway.world import GATEWAY, World

BROKEN = [
    ("POST", "/v1/interventions", "{", 422),
    ("POST", "/v1/interventions", '{"id": "UPPER", "title": "x"}', 422),
    ("POST", "/v1/interventions", '{"id": "a", "title": "\\ud800"}', 422),
    ("POST", "/v1/interventions", '{"id": "a", "title": "x", "customer_fact": {}}', 422),
    ("POST", "/v1/interventions", '{"id": "a", "title": "x", "reports": [{"ids": "r"}]}', 422),
    ("POST", "/v1/interventions/job-1/assign", '{"agent": "nobody"}', 422),
    ("POST", "/v1/interventions/job-1/assign", '{"agent": "van-7", "when": "now"}', 422),
    ("POST", "/v1/interventions/job-1/assign", '{"agent": 7}', 422),
    ("POST", "/v1/interventions/job-9/assign", '{"agent": "van-7"}', 404),
    ("POST", "/v1/interventions/job-9/cancel", "", 404),
    ("POST", "/v1/forms", '{"id": "f"}', 422),
    ("POST", "/v1/agents/van-7/commands", '{"name": "explode"}', 422),
    ("POST", "/v1/agents/nobody/commands", '{"name": "rescan"}', 404),
    ("GET", "/v1/interventions/job-9", None, 404),
    ("GET", "/v1/interventions/%00", None, 422),
    ("GET", "/v1/interventions/job-1/reports/r9", None, 404),
    ("GET", "/v1/interventions/job-1/captures?format=pdf", None, 422),
    ("GET", "/v1/interventions?limit=0", None, 422),
    ("GET", "/v1/interventions?limit=many", None, 422),
    ("GET", "/v1/interventions?cursor=x", None, 422),
    ("GET", "/v1/captures?cursor=WzFd", None, 422),
    ("GET", "/v1/captures?cursor=%00", None, 422),
    ("GET", "/v1/captures?cursor=WzFFMzAsMV0", None, 422),
    ("GET", "/v1/quarantine?cursor=é", None, 422),
    ("GET", "/v1/agents/nobody", None, 404),
    ("GET", "/v1/forms/boiler/9", None, 404),
    ("GET", "/v1/forms/boiler/0", None, 422),
    ("GET", "/v1/forms/boiler/99999999999999999999", None, 422),
    ("GET", "/v1/events?after=-1", None, 422),
    ("GET", "/v1/nowhere", None, 404),
    ("DELETE", "/v1/interventions", None, 405),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), BROKEN)
async def test_every_refusal_is_a_problem_document(
    small_world: World, method: str, path: str, body: str | None, status: int
) -> None:
    await small_world.furnished(Edge())
    async with small_world.client() as client:
        answer = await client.request(method, path, content=body)

    assert (status, "application/problem+json") == (
        answer.status_code,
        answer.headers["content-type"],
    )
    problem = answer.json()
    assert status == problem["status"]
    assert {"type", "title", "detail", "errors"} <= problem.keys()
    if status == 422:
        assert problem["errors"]
        assert all(each["field"] and each["remedy"] for each in problem["errors"])


async def test_an_intervention_is_created_once_and_the_same_again_is_no_error(
    world: World,
) -> None:
    body = job().to_json()
    async with world.client() as client:
        early = await client.post("/v1/interventions", content=body)
        await client.post("/v1/forms", content=FORM.to_json())
        first = await client.post("/v1/interventions", content=body)
        again = await client.post("/v1/interventions", content=body)
        other = await client.post(
            "/v1/interventions", content=body.replace("Mme Martin", "M. Petit")
        )

    assert [422, 201, 200, 409] == [each.status_code for each in (early, first, again, other)]
    assert "/v1/forms" in early.json()["errors"][0]["remedy"]
    assert "created" == first.json()["stage"]


async def test_an_intervention_must_agree_with_itself(small_world: World) -> None:
    await small_world.furnished()
    broken = json.loads(job("job-7").to_json())
    broken["reports"].append(broken["reports"][0])
    broken["appliances"] = []
    async with small_world.client() as client:
        answer = await client.post("/v1/interventions", json=broken)

    assert {"reports", "reports.appliance"} == {each["field"] for each in answer.json()["errors"]}


async def test_a_form_version_never_changes(world: World) -> None:
    body = FORM.to_json()
    async with world.client() as client:
        first = await client.post("/v1/forms", content=body)
        again = await client.post("/v1/forms", content=body)
        other = await client.post("/v1/forms", content=body.replace("Oxygène", "O2"))
        held = await client.get("/v1/forms/boiler/1")

    assert [201, 200, 409] == [each.status_code for each in (first, again, other)]
    assert json.loads(body) == held.json()


async def test_assigning_counts_revisions_and_withdraws_from_whoever_had_it(
    world: World,
) -> None:
    first, second = Edge(), Edge("van-8")
    await world.furnished(first, second, jobs=[])
    await world.office.create(job())
    async with world.client() as client:
        for name in ("van-7", "van-7", "van-8"):
            answer = await client.post("/v1/interventions/job-1/assign", json={"agent": name})

    assert ("assigned", "van-8", 2) == (
        answer.json()["stage"],
        answer.json()["agent"],
        answer.json()["revision"],
    )
    last = {
        topic: json.loads(SealedEvent.model_validate_json(payload).data.statement)
        for topic, payload, _, _ in world.line.sent
        if "/intervention/" in topic
    }
    assert last["releve/v1/main/van-7/intervention/job-1"]["withdrawn"] is True
    assert last["releve/v1/main/van-8/intervention/job-1"]["withdrawn"] is False
    assert 2 == last["releve/v1/main/van-8/intervention/job-1"]["revision"]


async def test_a_cancelled_intervention_is_withdrawn_and_given_to_nobody(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    async with world.client() as client:
        cancelled = await client.post("/v1/interventions/job-1/cancel")
        again = await client.post("/v1/interventions/job-1/cancel")
        late = await client.post("/v1/interventions/job-1/assign", json={"agent": "van-8"})
    [receipt] = await world.send(agent, agent.notes(1))

    assert ("cancelled", 200, 409) == (
        cancelled.json()["stage"],
        again.status_code,
        late.status_code,
    )
    assert '\\"withdrawn\\":true' in world.line.sent[-2][1]
    assert "attached" == receipt.ranges[0].outcome


async def test_a_completed_intervention_is_not_cancelled(small_world: World) -> None:
    agent = Edge()
    await small_world.furnished(agent)
    await small_world.send(agent, [agent.transition("close")])
    async with small_world.client() as client:
        answer = await client.post("/v1/interventions/job-1/cancel")

    assert 409 == answer.status_code


async def test_a_report_shows_values_and_where_they_come_from(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    capture = agent.measurement("6.25")
    await world.send(agent, [capture, agent.entry("Ventouse propre")])
    async with world.client() as client:
        report = (await client.get("/v1/interventions/job-1/reports/r1")).json()

    oxygen, remark = report["fields"]
    assert ("filled", "6.3", "%", "ok", "warn") == tuple(
        oxygen[name] for name in ("state", "value", "unit", "status", "verdict")
    )
    assert ("12345678", "valid") == (
        oxygen["instrument"]["serial"],
        oxygen["instrument"]["calibration"]["state"],
    )
    assert ("Léa", "2026-11-24T10:00:00+00:00") == (oxygen["by"]["name"], oxygen["at"])
    assert {"agent": "van-7", "epoch": agent.epoch, "seq": 1} == {
        name: oxygen["capture"][name] for name in ("agent", "epoch", "seq")
    }
    assert ("Ventouse propre", None) == (remark["value"], remark["instrument"])
    assert {"filled": 2, "required_missing": 0, "warned": 1, "conflicts": 0}.items() <= (
        report["counts"].items()
    )


async def test_two_values_that_do_not_replace_each_other_are_a_visible_conflict(
    world: World,
) -> None:
    agent = Edge()
    await world.furnished(agent)
    await world.send(agent, [agent.measurement("5.1"), agent.measurement("5.3")])
    async with world.client() as client:
        conflict = (await client.get("/v1/interventions/job-1/reports/r1")).json()
        await world.send(
            agent,
            [
                agent.measurement(
                    "5.2", replaces=[{"epoch": agent.epoch, "seq": seq} for seq in (1, 2)]
                )
            ],
        )
        settled = (await client.get("/v1/interventions/job-1/reports/r1")).json()

    assert ("conflict", [1, 2]) == (
        conflict["fields"][0]["state"],
        [each["seq"] for each in conflict["fields"][0]["candidates"]],
    )
    assert ("filled", "5.2") == (settled["fields"][0]["state"], settled["fields"][0]["value"])


async def test_a_quarantined_capture_fills_nothing(world: World) -> None:
    agent, other = Edge(), Edge("van-8")
    await world.furnished(agent)
    await world.furnished(other, jobs=["job-2"])
    await world.send(other, [other.measurement()])
    async with world.client() as client:
        report = (await client.get("/v1/interventions/job-1/reports/r1")).json()

    assert 0 == report["counts"]["filled"]


async def test_captures_are_shown_with_the_evidence_in_its_very_bytes(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    capture = agent.note("é\u2028 \\u00e9")
    await world.send(agent, [capture])
    async with world.client() as client:
        answer = await client.get("/v1/interventions/job-1/captures")

    [shown] = answer.json()["items"]
    assert {
        "key": agent.key.id,
        "link": capture.link,
        "sig": capture.sig,
        "statement": capture.statement,
    } == shown["evidence"]
    assert "é\u2028 \\u00e9" == shown["capture"]["text"]


async def paged(world: World, path: str, limit: int) -> list[Any]:
    items: list[Any] = []
    cursor: str | None = None
    async with world.client() as client:
        while True:
            query = {"limit": str(limit), **({"cursor": cursor} if cursor else {})}
            page = (await client.get(path, params=query)).json()
            assert len(page["items"]) <= limit
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                return items


async def test_lists_are_paged_without_loss_or_repeat(world: World) -> None:
    agents = [Edge(f"van-{number}", f"{number}" * 32) for number in range(5)]
    for number, agent in enumerate(agents):
        await world.furnished(agent, jobs=[f"job-{number}"])
        await world.send(agent, [agent.note(intervention=f"job-{number}"), agent.capture("bad")])
        await world.deliver((agent.topic, f"poison {number}".encode()))
    while await world.feed.number():
        pass

    interventions = await paged(world, "/v1/interventions", 2)
    captures = await paged(world, "/v1/captures", 3)
    quarantine = await paged(world, "/v1/quarantine", 3)
    listed = await paged(world, "/v1/agents", 2)

    assert [f"job-{number}" for number in (4, 3, 2, 1, 0)] == [
        each["intervention"]["id"] for each in interventions
    ]
    assert 10 == len({each["hash"] for each in captures}) == len(captures)
    assert 10 == len(quarantine)
    assert 5 == sum(each["refused"] for each in quarantine)
    assert [each.name for each in agents] == [each["name"] for each in listed]


async def test_a_command_is_sealed_addressed_and_short_lived(small_world: World) -> None:
    agent = Edge()
    await small_world.furnished(agent)
    async with small_world.client() as client:
        answer = await client.post("/v1/agents/van-7/commands", json={"name": "rescan"})
        shown = (await client.get("/v1/agents/van-7")).json()

    topic, payload, retain, expiry = small_world.line.sent[-1]
    assert ("releve/v1/main/van-7/command", False) == (topic, retain)
    assert expiry is not None
    assert 58 <= expiry.total_seconds() <= 60
    assert GATEWAY.id == SealedEvent.model_validate_json(payload).data.key
    assert (202, answer.json()["id"]) == (answer.status_code, shown["commands"][0]["id"])
    assert shown["commands"][0]["outcome"] is None


async def test_without_a_connection_a_command_is_refused_and_not_kept(small_world: World) -> None:
    await small_world.furnished(Edge())
    small_world.line.connected = False
    async with small_world.client() as client:
        answer = await client.post("/v1/agents/van-7/commands", json={"name": "rescan"})
        ready = await client.get("/readyz")

    assert (503, 503) == (answer.status_code, ready.status_code)
    assert [] == await small_world.rows("SELECT * FROM command")


async def test_what_was_counted_can_be_scraped(small_world: World) -> None:
    agent = Edge()
    await small_world.furnished(agent)
    captures = agent.notes(3)
    await small_world.send(agent, captures)
    await small_world.send(agent, captures)
    async with small_world.client() as client:
        text = (await client.get("/metrics")).text

    assert "releve_gateway_received_total 6.0" in text
    assert "releve_gateway_attached_total 3.0" in text
    assert "releve_gateway_absorbed_total 3.0" in text
    assert "releve_gateway_ingest_batch_captures_count 2.0" in text
