"""Answers of the simulated servers of SumUp that are lost, late, garbled, or never come; over the loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from firmware_sims.kit.waiting import until
from firmware_sims.payment.customer import Customer
from firmware_sims.sumup.account import Account
from firmware_sims.sumup.fitting import KEY, MERCHANT, Fitting
from firmware_sims.sumup.process import running
from tests.sims.test_sumup import ASKED, READERS, TRANSACTIONS, body

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("socket_enabled")]

QUICK = Customer(seconds=0.2)
FOUND = {"foreign_transaction_id": "R1"}


@asynccontextmanager
async def shop(
    fitting: Fitting | None = None, patience: float = 5.0
) -> AsyncIterator[tuple[Account, httpx.AsyncClient]]:
    account = Account(fitting or Fitting(customer=QUICK))
    async with (
        running(account, port=0, speed=1.0) as line,
        httpx.AsyncClient(
            base_url=line["url"],
            headers={"Authorization": f"Bearer {KEY}"},
            timeout=patience,
            trust_env=False,
        ) as till,
    ):
        yield account, till


async def soon(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5.0):
        await until(holds)


def paid(account: Account) -> bool:
    return bool(account.book.ledger.rows)


async def test_an_answer_is_lost_and_the_payment_goes_on():
    async with shop() as (account, till):
        account.troubles.switch("answer_lost", on=True, times=1)
        assert 200 == (await till.get(f"{READERS}/status")).status_code
        with pytest.raises(httpx.RemoteProtocolError):
            await till.post(ASKED, json=body())
        await soon(lambda: paid(account))
        assert "SUCCESSFUL" == (await till.get(TRANSACTIONS, params=FOUND)).json()["status"]
        assert {"R1": 1} == account.about()["authorisations"] == account.about()["requests"]


async def test_an_answer_is_late():
    fitting = Fitting(customer=QUICK, late_seconds=1.0)
    async with shop(fitting, patience=0.5) as (account, till):
        account.troubles.switch("answer_late", on=True, times=1)
        with pytest.raises(httpx.ReadTimeout):
            await till.post(ASKED, json=body())
        await soon(lambda: paid(account))
        account.troubles.switch("answer_late", on=True, times=1)
        answer = await till.post(ASKED, json=body("R2"), timeout=5.0)
        assert 201 == answer.status_code
        assert {"R1": 1, "R2": 1} == account.about()["authorisations"]


@pytest.mark.parametrize(
    ("fault", "status", "authorised"),
    [
        ("cut_before_authorisation", "failed", {}),
        ("cut_after_authorisation", "successful", {"R1": 1}),
    ],
)
async def test_a_cut_lasts_until_it_is_noticed(
    fault: str, status: str, authorised: dict[str, int]
):
    async with shop() as (account, till):
        account.troubles.switch(fault, on=True, times=1)
        names = (await till.post(ASKED, json=body())).json()["data"]
        await soon(lambda: fault not in account.about()["faults"])
        await asyncio.sleep(0.7)
        with pytest.raises(httpx.TransportError):
            await till.post(ASKED, json=body("R2"))
        await soon(lambda: account.reader.elapsed > 1.5 and not account.reader.occupied)
        looked = await till.get(f"{ASKED}/{names['checkout_id']}")
        assert status == looked.json()["data"]["status"]
        assert authorised == account.about()["authorisations"]
        assert {"R1": 1} == account.about()["requests"]


async def test_a_server_says_no_although_it_took_the_checkout():
    async with shop() as (account, till):
        account.troubles.switch("server_error_though_taken", on=True, times=1)
        assert 503 == (await till.post(ASKED, json=body())).status_code
        await soon(lambda: paid(account))


async def test_garbage_is_no_json_and_then_misses_all_fields():
    async with shop() as (account, till):
        account.troubles.switch("garbage", on=True, times=2)
        first = await till.post(ASKED, json=body())
        assert (201, b"<") == (first.status_code, first.content[:1])
        second = await till.get(f"{READERS}/status")
        assert (200, {"data": {}}) == (second.status_code, second.json())
        assert "status" in (await till.get(f"{READERS}/status")).json()["data"]
        await soon(lambda: paid(account))


async def test_in_silence_everything_is_done_and_nothing_said():
    async with shop(patience=0.5) as (account, till):
        account.troubles.switch("silence", on=True, times=2)
        with pytest.raises(httpx.ReadTimeout):
            await till.get(f"{READERS}/status")
        with pytest.raises(httpx.ReadTimeout):
            await till.post(ASKED, json=body())
        await soon(lambda: paid(account))
        assert 200 == (await till.get(f"{READERS}/status")).status_code


async def test_the_servers_end_though_a_till_waits_for_an_answer():
    async with shop(patience=30.0) as (account, till):
        account.troubles.switch("silence", on=True)
        waiting = asyncio.create_task(till.get(f"{READERS}/status"))
        await asyncio.sleep(0.2)
    with pytest.raises((httpx.TransportError, RuntimeError)):
        await waiting


async def test_the_answer_to_a_refund_is_lost_and_the_money_went_back():
    async with shop() as (account, till):
        await till.post(ASKED, json=body())
        await soon(lambda: paid(account))
        transaction = (await till.get(TRANSACTIONS, params=FOUND)).json()["id"]
        path = f"/v1.0/merchants/{MERCHANT}/payments/{transaction}/refunds"
        account.troubles.switch("refund_answer_lost", on=True, times=1)
        account.troubles.switch("garbage", on=True, times=1)
        with pytest.raises(httpx.RemoteProtocolError):
            await till.post(path, json={"amount": 2.5})
        garbled = await till.post(path, json={"amount": 2.5})
        assert (201, b"<") == (garbled.status_code, garbled.content[:1])
        events = (await till.get(TRANSACTIONS, params=FOUND)).json()["transaction_events"]
        assert [2.5, 2.5] == [each["amount"] for each in events]
