"""What was paid, at the gateway: summed, compared with what is due, and shown."""

import json
from typing import Any

import pytest

from contract.wire.intervention import Intervention
from tests.gateway.edge import Edge, job
from tests.gateway.world import World

PAID: dict[str, Any] = {
    "attempt": "0000000001",
    "operation": "charge",
    "state": "approved",
    "asked_minor_units": 10000,
    "paid_minor_units": 10000,
    "currency": "EUR",
    "terminal": {
        "name": "tpe",
        "kind": "caisse-ap",
        "address": "10.0.0.9:8888",
        "grade": "published-code",
    },
    "begun": "2026-11-24T08:00:00Z",
    "settled_by": "terminal",
    "why": "authorised",
    "last_four": "1234",
    "application": "CB",
    "ticket": "<b>MERCI</b>",
}


def due(amount: str = "125.00", currency: str = "EUR") -> Intervention:
    document = {**json.loads(job().to_json()), "amount_due": amount, "currency": currency}
    return Intervention.model_validate_json(json.dumps(document))


@pytest.fixture
async def agent(small_world: World) -> Edge:
    agent = Edge()
    await small_world.furnished(agent, jobs=())
    await small_world.office.create(due())
    await small_world.office.assign("job-1", agent.name)
    return agent


async def pay(world: World, agent: Edge, **said: Any) -> None:
    await world.send(agent, [agent.capture(agent.statement("payment", **{**PAID, **said}))])


async def payments(world: World) -> dict[str, Any]:
    async with world.client() as client:
        answer = await client.get("/v1/interventions/job-1/payments")
    assert 200 == answer.status_code
    return answer.json()


async def test_before_anything_is_paid_all_of_it_is_due(small_world: World, agent: Edge) -> None:
    found = await payments(small_world)

    assert {"amount": "125.00", "currency": "EUR"} == found["due"] == found["difference"]
    assert [] == found["paid"] == found["items"]


async def test_what_was_paid_is_summed_and_the_difference_shown(
    small_world: World, agent: Edge
) -> None:
    await pay(small_world, agent)

    found = await payments(small_world)

    assert [{"amount": "100.00", "currency": "EUR"}] == found["paid"]
    assert {"amount": "25.00", "currency": "EUR"} == found["difference"]
    [one] = found["items"]
    assert ("van-7", "0000000001", "approved", "100.00", "1234") == tuple(
        one[each] for each in ("agent", "attempt", "state", "paid", "last_four")
    )


async def test_what_nobody_knows_is_counted_nowhere_and_said_large(
    small_world: World, agent: Edge
) -> None:
    await pay(small_world, agent, state="unknown", paid_minor_units=None, doubt="link_lost")

    found = await payments(small_world)
    async with small_world.client() as client:
        page = (await client.get("/interventions/job-1?lang=en")).text

    assert ([], ["0000000001"]) == (found["paid"], found["unknown"])
    assert "nobody knows yet whether it was made" in page
    assert "the link was lost" in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ("100,00 EUR", "25,00 EUR", "Accepté")),
        ("en", ("100.00 EUR", "25.00 EUR", "Approved")),
    ],
)
async def test_the_page_shows_it_in_both_languages_and_runs_nothing_of_a_ticket(
    small_world: World, agent: Edge, language: str, said: tuple[str, ...]
) -> None:
    await pay(small_world, agent)

    async with small_world.client() as client:
        page = (await client.get(f"/interventions/job-1?lang={language}")).text

    assert all(each in page for each in said)
    assert "&lt;b&gt;MERCI&lt;/b&gt;" in page


async def test_a_payment_that_arrives_twice_counts_once(small_world: World, agent: Edge) -> None:
    capture = agent.capture(agent.statement("payment", **PAID))
    await small_world.send(agent, [capture])
    await small_world.send(agent, [capture])

    assert "100.00" == (await payments(small_world))["paid"][0]["amount"]


@pytest.mark.parametrize(
    ("amount", "currency", "field"),
    [
        ("125.005", "EUR", "amount_due"),
        ("125.00", "EURO", "currency"),
        ("125.00", "QQQ", "currency"),
        ("125.5", "JPY", "amount_due"),
        ("-5", "EUR", "amount_due"),
        ("1e3", "EUR", "amount_due"),
        ("12,50", "EUR", "amount_due"),
    ],
)
async def test_what_the_office_posts_as_due_is_an_amount(
    small_world: World, agent: Edge, amount: str, currency: str, field: str
) -> None:
    body = {**json.loads(job("job-2").to_json()), "amount_due": amount, "currency": currency}

    async with small_world.client() as client:
        answer = await client.post("/v1/interventions", content=json.dumps(body))

    assert 422 == answer.status_code
    assert field in answer.json()["errors"][0]["field"]


async def test_nothing_due_is_an_amount_too(small_world: World, agent: Edge) -> None:
    body = {**json.loads(job("job-2").to_json()), "amount_due": "0.00", "currency": "EUR"}

    async with small_world.client() as client:
        assert 201 == (await client.post("/v1/interventions", json=body)).status_code
