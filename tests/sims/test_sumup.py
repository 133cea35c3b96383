"""The simulated servers of SumUp, call by call, in a time of their own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from firmware_sims.payment.customer import Customer, Habit
from firmware_sims.sumup.account import Account
from firmware_sims.sumup.api import sumup_app
from firmware_sims.sumup.fitting import KEY, MERCHANT, READER, Fitting

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
STEP = 0.05
READERS = f"/v0.1/merchants/{MERCHANT}/readers/{READER}"
ASKED = f"{READERS}/checkout"
TRANSACTIONS = f"/v2.1/merchants/{MERCHANT}/transactions"


def body(reference: str | None = "R1", value: int = 1250, **beside: Any) -> dict[str, Any]:
    affiliate = {"app_id": "releve", "key": "k", "foreign_transaction_id": reference}
    amount = {"currency": "EUR", "minor_unit": 2, "value": value}
    return {"total_amount": amount, "affiliate": affiliate, "description": "x", **beside}


class Shop:
    """An account, a till's connection to it, and its time."""

    def __init__(self, fitting: Fitting | None = None) -> None:
        self.account = Account(fitting or Fitting())
        self.pass_time(0.0)
        transport = httpx.ASGITransport(app=sumup_app(self.account))
        headers = {"Authorization": f"Bearer {KEY}"}
        self.till = httpx.AsyncClient(
            transport=transport, base_url="http://sumup", headers=headers
        )

    def customer(self, habit: str, seconds: float = 1.0) -> None:
        self.account.reader.customer = Customer(habit=Habit(habit), seconds=seconds)

    def fault(self, name: str, times: int | None = None, *, on: bool = True) -> None:
        self.account.troubles.switch(name, on=on, times=times)

    def pass_time(self, seconds: float) -> None:
        for _ in range(max(1, round(seconds / STEP))):
            self.account.reader.process(min(STEP, seconds), NOW)

    async def ask(self, reference: str | None = "R1", **beside: Any) -> dict[str, Any]:
        answer = await self.till.post(ASKED, json=body(reference, **beside))
        assert 201 == answer.status_code, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def paid(self, reference: str | None = "R1", **beside: Any) -> dict[str, Any]:
        """Have a checkout paid; return its transaction."""
        names = await self.ask(reference, **beside)
        self.pass_time(35.0)
        return await self.transaction(client_transaction_id=names["client_transaction_id"])

    async def look(self, checkout_id: str) -> dict[str, Any]:
        data: dict[str, Any] = (await self.till.get(f"{ASKED}/{checkout_id}")).json()["data"]
        return data

    async def transaction(self, **name: str) -> dict[str, Any]:
        answer = await self.till.get(TRANSACTIONS, params=name)
        assert 200 == answer.status_code, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def refund(self, transaction: str, amount: object = None) -> httpx.Response:
        path = f"/v1.0/merchants/{MERCHANT}/payments/{transaction}/refunds"
        return await self.till.post(
            path, **({} if amount is None else {"json": {"amount": amount}})
        )

    async def state(self) -> str:
        data = (await self.till.get(f"{READERS}/status")).json()["data"]
        return f"{data['status']} {data['state']}"


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    made = Shop()
    async with made.till:
        yield made


async def test_a_payment_from_the_request_to_the_ledger(shop: Shop):
    shop.customer("pays", 2.0)
    assert "ONLINE IDLE" == await shop.state()
    names = await shop.ask()
    assert "ONLINE IDLE" == await shop.state()
    pending = await shop.look(names["checkout_id"])
    assert ("pending", None, None) == (
        pending["status"],
        pending["payment_status"],
        pending["valid_until"],
    )
    assert {"currency": "EUR", "minor_unit": 2, "value": 1250} == pending["total_amount"]

    shop.pass_time(0.2)
    assert "ONLINE WAITING_FOR_CARD" == await shop.state()
    found = await shop.till.get(TRANSACTIONS, params={"foreign_transaction_id": "R1"})
    assert 404 == found.status_code
    shop.pass_time(1.2)
    assert "ONLINE WAITING_FOR_PIN" == await shop.state()
    assert "PENDING" == (await shop.transaction(foreign_transaction_id="R1"))["status"]
    assert [] == shop.account.about()["ledger"]

    shop.pass_time(1.0)
    assert "ONLINE IDLE" == await shop.state()
    assert "successful" == (await shop.look(names["checkout_id"]))["status"]
    (row,) = shop.account.about()["ledger"]
    assert ("R1", "debit", 1250, "978") == tuple(
        row[each] for each in ("reference", "kind", "amount", "currency")
    )


async def test_a_transaction_is_found_by_each_of_its_names(shop: Shop):
    told = await shop.paid()

    assert (12.5, "EUR", "SUCCESSFUL", "R1") == tuple(
        told[each] for each in ("amount", "currency", "status", "foreign_transaction_id")
    )
    assert {"last_4_digits": "5305", "type": "VISA"} == told["card"]
    assert ("222093", "CHIP", []) == (
        told["auth_code"],
        told["entry_mode"],
        told["transaction_events"],
    )
    for name in ("id", "transaction_code", "client_transaction_id", "foreign_transaction_id"):
        assert told == await shop.transaction(**{name: told[name]})
    nothing = await shop.till.get(TRANSACTIONS)
    several = await shop.till.get(TRANSACTIONS, params={"id": "x", "transaction_code": "y"})
    unknown = await shop.till.get(TRANSACTIONS, params={"id": "x"})
    assert [400, 400, 404] == [each.status_code for each in (nothing, several, unknown)]
    assert {"error_code", "message"} == set(unknown.json())


@pytest.mark.parametrize(
    ("habit", "status", "reason"),
    [
        ("refuses", "failed", "DECLINED"),
        ("wrong_pin", "failed", "WRONG_PIN"),
        ("abandons", "cancelled", "CANCELLED_BY_CARDHOLDER"),
    ],
)
async def test_without_money_nothing_is_in_the_ledger(
    shop: Shop, habit: str, status: str, reason: str
):
    shop.customer(habit)
    names = await shop.ask()
    shop.pass_time(2.0)

    looked = await shop.look(names["checkout_id"])
    assert (status, status, reason) == (
        looked["status"],
        looked["payment_status"],
        looked["payment_failure_reason"],
    )
    told = await shop.transaction(foreign_transaction_id="R1")
    assert status.upper() == told["status"]
    assert "auth_code" not in told
    assert [] == shop.account.about()["ledger"]
    assert 409 == (await shop.refund(told["id"])).status_code


async def test_a_part_is_paid(shop: Shop):
    shop.account.reader.customer = Customer(habit=Habit.PAYS_PARTLY, percent=40)

    assert 5.0 == (await shop.paid())["amount"]
    assert 500 == shop.account.about()["ledger"][0]["amount"]


async def test_a_reader_has_one_checkout_at_a_time(shop: Shop):
    shop.customer("slow", 20.0)
    await shop.ask()
    for passes in (0.0, 1.0, 18.0):
        shop.pass_time(passes)
        refused = await shop.till.post(ASKED, json=body("R2"))
        assert (422, "READER_BUSY") == (
            refused.status_code,
            refused.json()["errors"]["type"],
        )
    shop.pass_time(2.0)
    await shop.ask("R2")
    assert {"R1": 1, "R2": 4} == shop.account.about()["requests"]


async def test_the_whole_window_can_be_refused():
    shop = Shop(Fitting(whole_window=True))
    async with shop.till:
        await shop.ask()
        shop.pass_time(59.0)
        assert 422 == (await shop.till.post(ASKED, json=body("R2"))).status_code
        shop.pass_time(1.5)
        await shop.ask("R2")


async def test_what_is_not_started_in_a_minute_never_is(shop: Shop):
    names = await shop.ask()
    shop.fault("offline")
    shop.pass_time(59.0)
    assert "pending" == (await shop.look(names["checkout_id"]))["status"]
    shop.pass_time(1.5)
    looked = await shop.look(names["checkout_id"])
    assert ("failed", "NOT_STARTED") == (looked["status"], looked["payment_failure_reason"])
    shop.fault("offline", on=False)
    shop.pass_time(10.0)
    assert {} == shop.account.about()["authorisations"]


async def test_a_checkout_is_cancelled_when_its_time_is_over():
    shop = Shop(Fitting(valid_seconds=5.0, customer=Customer(habit=Habit.SLOW)))
    async with shop.till:
        names = await shop.ask()
        assert "2026-03-04T05:06:12.000Z" == (await shop.look(names["checkout_id"]))["valid_until"]
        shop.pass_time(6.0)
        looked = await shop.look(names["checkout_id"])
    assert ("cancelled", "EXPIRED") == (looked["status"], looked["payment_failure_reason"])


async def test_a_reader_is_stopped_while_it_waits_for_the_cardholder(shop: Shop):
    shop.customer("slow")
    idle = await shop.till.post(f"{READERS}/terminate")
    assert (422, "NOT_WAITING") == (idle.status_code, idle.json()["errors"]["type"])
    names = await shop.ask()
    assert 422 == (await shop.till.post(f"{READERS}/terminate")).status_code
    shop.pass_time(0.2)
    stopped = await shop.till.post(f"{READERS}/terminate")
    assert (202, b"") == (stopped.status_code, stopped.content)
    assert "pending" == (await shop.look(names["checkout_id"]))["status"]
    shop.pass_time(0.4)
    assert "cancelled" == (await shop.look(names["checkout_id"]))["status"]
    found = await shop.till.get(TRANSACTIONS, params={"foreign_transaction_id": "R1"})
    assert 404 == found.status_code
    assert {} == shop.account.about()["authorisations"]


async def test_a_customer_who_is_quicker_than_the_stop_has_paid(shop: Shop):
    shop.customer("pays", 1.0)
    names = await shop.ask()
    shop.pass_time(1.0)
    assert 202 == (await shop.till.post(f"{READERS}/terminate")).status_code
    shop.pass_time(0.5)

    assert "successful" == (await shop.look(names["checkout_id"]))["status"]
    assert {"R1": 1} == shop.account.about()["authorisations"]


async def test_a_reference_is_no_key_and_the_last_transaction_is_found(shop: Shop):
    first, second = await shop.paid(), await shop.paid()

    assert first["id"] != second["id"]
    assert second == await shop.transaction(foreign_transaction_id="R1")
    assert {"R1": 2} == shop.account.about()["authorisations"]


async def test_money_goes_back_in_parts_and_never_more_than_there_is(shop: Shop):
    paid = (await shop.paid())["id"]

    assert 201 == (await shop.refund(paid, 2.5)).status_code
    told = await shop.transaction(id=paid)
    (event,) = told["transaction_events"]
    assert ("REFUNDED", "REFUND", "REFUNDED", 2.5, 12.5) == (
        told["status"],
        event["event_type"],
        event["status"],
        event["amount"],
        told["amount"],
    )
    assert {"R1": 1} == shop.account.about()["standing"]
    too_much = await shop.refund(paid, 10.01)
    assert (422, "application/problem+json") == (
        too_much.status_code,
        too_much.headers["content-type"],
    )
    assert 201 == (await shop.refund(paid)).status_code
    assert 409 == (await shop.refund(paid)).status_code
    about = shop.account.about()
    assert [(1, 250), (1, 1000)] == [(row["undoes"], row["amount"]) for row in about["ledger"][1:]]
    assert ({}, {"R1": 3}, {"R1": 4}) == (
        about["standing"],
        about["authorisations"],
        about["refund_requests"],
    )


@pytest.mark.parametrize("amount", [0, -1, "5", 1.234, True, [5]])
async def test_a_refund_that_cannot_be_read_gives_nothing_back(shop: Shop, amount: object):
    paid = (await shop.paid())["id"]

    assert 400 == (await shop.refund(paid, amount)).status_code
    assert 1 == len(shop.account.about()["ledger"])


async def test_refunds_of_nothing(shop: Shop):
    assert 404 == (await shop.refund("nobody")).status_code
    paid = (await shop.paid())["id"]
    path = f"/v1.0/merchants/{MERCHANT}/payments/{paid}/refunds"
    for raw in (b"{", b"[]"):
        assert 400 == (await shop.till.post(path, content=raw)).status_code
    assert 201 == (await shop.till.post(path, json={})).status_code
