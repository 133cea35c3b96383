"""Payments over the local API: a key that makes them one, clear refusals, live states, a person's decision."""

import asyncio
import json
from dataclasses import replace

import pytest

from agent.usecases.payments.attempt import State
from agent.usecases.payments.events import Answer
from contract.payment.money import Money
from contract.payment.stated import Doubt, Stated, Unsent, Verdict, Why
from drivers.payment.dialogue import AboutToSend, Answered, NotSent, Sent
from drivers.payment.kinds import Can
from tests.agent.asking import Desk, asked_by
from tests.agent.paying import APPROVED, EUROS, PAYS, ScriptedLine, attempt, terminal
from tests.agent.test_pages import assigned
from tests.contract.making import BY
from tests.fakes.van import until, van

BODY = {"terminal": "tpe", "intervention": "i-1", "amount": "125.00", "currency": "EUR"}


@pytest.fixture
async def desk(store, clock):
    async with van(store, clock) as running:
        desk = Desk(running)
        await desk.sign()
        await assigned(running, amount_due="125.00", currency="EUR")
        yield desk


async def fitted(desk, *script, **how):
    line = ScriptedLine(*(script or PAYS), **how)
    desk.van.known_terminals["tpe"] = terminal(line)
    await desk.van.payments.terminals.pair("tpe", BY)
    return line


async def pay(desk, key: str | None = "key-1", **changes):
    headers = {"Idempotency-Key": key} if key else {}
    async with desk.client() as client:
        return await client.post("/v1/payments", json={**BODY, **changes}, headers=headers)


async def one(desk, id):
    async with desk.client() as client:
        return (await client.get(f"/v1/payments/{id}")).json()


async def ended(desk, id):
    for _ in range(1000):
        found = await one(desk, id)
        if found["settled"] or found["state"] == "unknown":
            return found
    raise AssertionError(found["state"])


def fields(answer):
    return [each["field"] for each in answer.json()["errors"]]


async def test_a_payment_is_begun_and_followed_to_its_end(desk):
    await fitted(desk)

    answer = await pay(desk)

    assert 201 == answer.status_code
    assert answer.headers["Location"] == f"/v1/payments/{answer.json()['id']}"
    found = await ended(desk, answer.json()["id"])
    assert ("approved", "125.00", "EUR", False) == (
        found["state"],
        found["paid"],
        found["currency"],
        found["partial"],
    )
    assert ["begun", "sending", "was_sent", "was_taken", "answer"] == [
        each["event"] for each in found["history"]
    ]


async def test_the_same_key_is_the_same_payment(desk):
    line = await fitted(desk)

    first = await pay(desk)
    await ended(desk, first.json()["id"])
    again = await pay(desk)

    assert 200 == again.status_code
    assert first.json()["id"] == again.json()["id"]
    assert 1 == line.sent


async def test_the_same_key_for_another_amount_is_refused(desk):
    await fitted(desk)
    await ended(desk, (await pay(desk)).json()["id"])

    answer = await pay(desk, amount="1.00")

    assert 409 == answer.status_code
    assert ["Idempotency-Key"] == fields(answer)


async def test_another_key_while_one_is_open_is_refused_and_says_which(desk):
    await fitted(desk)
    await desk.van.store.payments.open(attempt(state=State.UNKNOWN, doubt=Doubt.SILENT))

    answer = await pay(desk, "key-2")

    assert 409 == answer.status_code
    assert ["intervention"] == fields(answer)
    assert "K7WQ2M9XHT" in answer.json()["detail"]
    assert "/v1/payments/K7WQ2M9XHT" == answer.headers["Location"]


@pytest.mark.parametrize(
    ("key", "changes", "field"),
    [
        (None, {}, "Idempotency-Key"),
        ("", {}, "Idempotency-Key"),
        ("two words", {}, "Idempotency-Key"),
        ("k" * 201, {}, "Idempotency-Key"),
        ("k", {"amount": 125.0}, "amount"),
        ("k", {"amount": True}, "amount"),
        ("k", {"currency": "eur"}, "currency"),
        ("k", {"colour": "red"}, "colour"),
        ("k", {"operation": "gift"}, "operation"),
    ],
)
async def test_what_is_no_request_is_refused_with_the_field(desk, key, changes, field):
    await fitted(desk)

    answer = await pay(desk, key, **changes)

    assert 422 == answer.status_code
    assert field.casefold() in " ".join(fields(answer)).casefold()
    assert [] == await desk.van.payments.all()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "12,50"}, "amount"),
        ({"amount": "0.00"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1e3"}, "amount"),
        ({"amount": "１２"}, "amount"),
        ({"amount": "12.505"}, "amount"),
        ({"amount": "1.5", "currency": "JPY"}, "amount"),
        ({"currency": "QQQ"}, "currency"),
        ({"terminal": "other"}, "terminal"),
        ({"intervention": "i-9"}, "intervention"),
        ({"of": "K7WQ2M9XHT"}, "of"),
    ],
)
async def test_what_cannot_be_paid_is_refused_with_the_field(desk, changes, field):
    line = await fitted(desk)

    answer = await pay(desk, **changes)

    assert answer.status_code in {404, 409}
    assert [field] == fields(answer)
    assert ([], 0) == (await desk.van.payments.all(), line.sent)


async def test_a_terminal_that_was_not_paired_is_never_sent_an_amount(desk):
    line = await fitted(desk)
    async with desk.client() as client:
        assert 204 == (await client.delete("/v1/terminals/tpe")).status_code

    answer = await pay(desk)

    assert (409, ["terminal"]) == (answer.status_code, fields(answer))
    assert 0 == line.sent


async def test_pairing_names_who_did_it(desk):
    await fitted(desk)
    async with desk.client() as client:
        await client.delete("/v1/terminals/tpe")
        before = (await client.get("/v1/terminals")).json()["items"][0]
        answer = await client.post("/v1/terminals/tpe/pair")
        strange = await client.post("/v1/terminals/other/pair")

    assert not before["paired"]
    assert (201, BY.id) == (answer.status_code, answer.json()["paired_by"]["id"])
    assert 404 == strange.status_code


async def test_giving_money_back_needs_its_right(desk):
    await fitted(desk)
    paid = (await ended(desk, (await pay(desk)).json()["id"]))["id"]

    refused = await pay(desk, "key-2", operation="refund", of=paid, amount="25.00")
    assert (403, ["operation"]) == (refused.status_code, fields(refused))
    assert (await one(desk, paid))["back"] is None

    await desk.van.store.records.keep_technician(BY, "1234", refunds=True)
    assert {"left": "125.00", "currency": "EUR", "operations": ["refund", "reversal"]} == (
        await one(desk, paid)
    )["back"]
    allowed = await pay(desk, "key-2", operation="refund", of=paid, amount="25.00")
    assert 201 == allowed.status_code


async def test_what_was_not_sent_may_be_tried_again(desk):
    await fitted(desk, NotSent(Unsent.NO_CONNECTION))
    first = await ended(desk, (await pay(desk)).json()["id"])
    assert ("not_sent", "no_connection") == (first["state"], first["not_sent"])

    await fitted(desk)
    assert "approved" == (await ended(desk, (await pay(desk, "key-2")).json()["id"]))["state"]


async def test_who_did_not_see_the_latest_payment_does_not_make_another(desk):
    """Two browsers show the same page: the second to press has not seen what the first one did."""
    await fitted(desk)
    first = await pay(desk, "browser-1", after="")
    await ended(desk, first.json()["id"])

    second = await pay(desk, "browser-2", after="")
    informed = await pay(desk, "browser-3", after=first.json()["id"])

    assert (409, ["after"]) == (second.status_code, fields(second))
    assert 201 == informed.status_code


async def test_a_person_settles_what_nobody_knows_and_is_named(desk):
    await fitted(desk)
    await desk.van.store.payments.open(attempt(state=State.UNKNOWN, doubt=Doubt.SILENT))
    path = "/v1/payments/K7WQ2M9XHT/resolve"

    async with desk.client() as client:
        nameless = await client.post(path, json={"paid": True})
        answer = await client.post(path, json={"paid": True, "reason": "ticket 0042"})
        again = await client.post(path, json={"paid": False, "reason": "no"})

    assert 422 == nameless.status_code
    assert ("approved", "person", BY.id, "ticket 0042") == (
        answer.json()["state"],
        answer.json()["settled_by"],
        answer.json()["decided_by"]["id"],
        answer.json()["reason"],
    )
    assert 409 == again.status_code


async def test_a_terminal_that_can_tell_is_asked_again(desk):
    approved = Stated(verdict=Verdict.APPROVED, why=Why.AUTHORISED, money=EUROS)
    line = await fitted(desk, can={Can.TELL_STATE})
    await desk.van.store.payments.open(attempt(state=State.UNKNOWN, doubt=Doubt.SILENT))
    line.later = [[], []]
    line.enquire = lambda asked, told: desk.van.payments.till.record(
        asked.reference, Answer(approved, enquired=True)
    )

    async with desk.client() as client:
        answer = await client.post("/v1/payments/K7WQ2M9XHT/ask")

    assert ("approved", "enquiry") == (answer.json()["state"], answer.json()["settled_by"])


async def test_a_terminal_that_cannot_tell_is_not_asked(desk):
    await fitted(desk)
    await desk.van.store.payments.open(attempt(state=State.UNKNOWN, doubt=Doubt.SILENT))

    async with desk.client() as client:
        assert 409 == (await client.post("/v1/payments/K7WQ2M9XHT/ask")).status_code
        assert 409 == (await client.post("/v1/payments/K7WQ2M9XHT/cancel")).status_code


async def test_states_are_told_live_until_it_is_settled(desk):
    await fitted(desk)
    known = (await pay(desk)).json()["id"]

    async with desk.stream("GET", f"/v1/payments/{known}/events", asked_by()) as (answer, over):
        await over.wait()

    told = [
        json.loads(each.removeprefix("data: "))["state"]
        for each in answer.body.decode().splitlines()
        if each.startswith("data: ")
    ]
    assert "approved" == told[-1]


async def test_an_intervention_says_what_is_due_and_was_paid(desk):
    part = replace(APPROVED, money=Money(10000, "EUR"))
    await fitted(desk, AboutToSend(), Sent(), Answered(part))
    await ended(desk, (await pay(desk, amount="100.00")).json()["id"])

    async with desk.client() as client:
        found = (await client.get("/v1/interventions/i-1/payments")).json()

    assert ("125.00", "25.00", [{"amount": "100.00", "currency": "EUR"}]) == (
        found["standing"]["due"],
        found["standing"]["difference"],
        found["standing"]["paid"],
    )
    assert ["approved"] == [each["state"] for each in found["items"]]


async def test_an_attempt_that_there_is_not_is_not_found(desk):
    async with desk.client() as client:
        assert 404 == (await client.get("/v1/payments/0000000000")).status_code
        assert 404 == (await client.post("/v1/payments/unmatched/7/seen")).status_code


async def test_what_is_under_way_can_be_stopped_where_the_terminal_allows(desk):
    line = await fitted(desk, AboutToSend(), Sent(), asyncio.Event(), can={Can.CANCEL})
    known = (await pay(desk)).json()["id"]
    await until(lambda: line.sent)
    for _ in range(200):
        if (await one(desk, known))["may"]["cancel"]:
            break

    async with desk.client() as client:
        assert 200 == (await client.post(f"/v1/payments/{known}/cancel")).status_code

    assert 1 == line.cancelled
