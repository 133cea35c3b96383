"""What the simulated servers of SumUp refuse, and in which shape; faults that need no connection."""

from typing import Any

import httpx
import pytest

from firmware_sims.kit.instrument import ControlError
from firmware_sims.sumup.fitting import MERCHANT, READER, Fitting
from tests.sims.test_sumup import ASKED, READERS, TRANSACTIONS, Shop, body

CALLS = [
    ("GET", f"{READERS}/status"),
    ("POST", ASKED),
    ("GET", f"{ASKED}/x"),
    ("POST", f"{READERS}/terminate"),
    ("GET", f"{TRANSACTIONS}?id=x"),
    ("POST", f"/v1.0/merchants/{MERCHANT}/payments/x/refunds"),
]


def total(**changed: Any) -> dict[str, Any]:
    return {"total_amount": {"currency": "EUR", "minor_unit": 2, "value": 1250, **changed}}


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_every_call_wants_the_key_the_merchant_and_the_reader(method: str, path: str):
    shop = Shop()
    async with shop.till as till:
        for key in ("Bearer other", ""):
            refused = await till.request(method, path, json=body(), headers={"Authorization": key})
            assert 401 == refused.status_code
        merchant = path.replace(MERCHANT, "MOTHER")
        reader = path.replace(READER, "rdr_OTHER")
        for other in {merchant, reader} - {path}:
            assert 404 == (await till.request(method, other, json=body())).status_code
    assert {} == shop.account.about()["requests"]


@pytest.mark.parametrize("problems", [False, True])
async def test_errors_about_readers_have_either_shape(*, problems: bool):
    shop = Shop(Fitting(problems=problems))
    async with shop.till as till:
        refused = await till.get(f"{ASKED}/x")
    kind = refused.headers["content-type"]
    if problems:
        assert "application/problem+json" == kind
        assert {"type", "title", "status", "detail"} == set(refused.json())
    else:
        assert "application/json" == kind
        assert {"type", "detail"} == set(refused.json()["errors"])


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        ({}, 400),
        (total(value="1250"), 400),
        (total(value=12.5), 400),
        (total(value=-1), 400),
        (body(affiliate={"key": "k"}), 400),
        (total(currency="USD"), 422),
        (total(minor_unit=0), 422),
        (body(return_url="http://example.org"), 422),
    ],
)
async def test_a_body_that_cannot_be_is_refused(wanted: bytes | dict[str, Any], status: int):
    shop = Shop()
    async with shop.till as till:
        asked = {"content": wanted} if isinstance(wanted, bytes) else {"json": wanted}
        refused = await till.post(ASKED, **asked)
    assert status == refused.status_code
    assert [] == shop.account.about()["checkouts"]


async def test_a_checkout_needs_no_reference():
    shop = Shop()
    async with shop.till as till:
        assert 201 == (await till.post(ASKED, json=total())).status_code
        shop.pass_time(2.0)
        found = await till.get(TRANSACTIONS, params={"foreign_transaction_id": ""})
    assert 404 == found.status_code
    assert {"": 1} == shop.account.about()["authorisations"]


async def refused_with(shop: Shop, path: str = ASKED) -> tuple[int, str]:
    answer = await shop.till.post(path, json=body())
    return answer.status_code, answer.json().get("errors", {}).get("type", "")


async def test_faults_of_the_servers_take_nothing_and_are_counted():
    shop = Shop()
    async with shop.till:
        shop.fault("server_error", 2)
        shop.fault("rate_limited", 1)
        assert (429, "RATE_LIMITED") == await refused_with(shop)
        assert (500, "SERVER_ERROR") == await refused_with(shop)
        assert {"server_error": 1} == shop.account.about()["fault_times"]
        assert (503, "SERVER_ERROR") == await refused_with(shop)
        shop.fault("refuse_reference", 1)
        assert (422, "DUPLICATED_FOREIGN_ID") == await refused_with(shop)
        assert [] == shop.account.about()["checkouts"]
        assert (201, "") == await refused_with(shop)
    assert {"R1": 5} == shop.account.about()["requests"]
    assert [] == shop.account.about()["faults"]


async def test_too_many_requests_may_come_again_after_a_second():
    shop = Shop()
    async with shop.till as till:
        shop.fault("rate_limited", 1)
        assert "1" == (await till.get(f"{READERS}/status")).headers["retry-after"]
        assert 200 == (await till.get(f"{READERS}/status")).status_code


async def test_an_offline_reader_is_asked_for_nothing():
    shop = Shop()
    async with shop.till:
        shop.fault("offline", 2)
        assert "OFFLINE IDLE" == await shop.state()
        assert (422, "READER_OFFLINE") == await refused_with(shop)
        assert (422, "READER_OFFLINE") == await refused_with(shop, f"{READERS}/terminate")
        assert "ONLINE IDLE" == await shop.state()
        await shop.ask()


async def test_a_paid_transaction_is_not_found_yet():
    shop = Shop()
    async with shop.till as till:
        await shop.paid()
        shop.fault("not_found_yet", 2)
        looked: list[httpx.Response] = [
            await till.get(TRANSACTIONS, params={"foreign_transaction_id": "R1"}) for _ in range(3)
        ]
    assert [404, 404, 200] == [each.status_code for each in looked]


async def test_a_wrong_payment_is_told_wrong_each_time_and_the_ledger_right():
    shop = Shop()
    async with shop.till:
        for fault in ("wrong_amount", "wrong_currency", "wrong_reference"):
            shop.fault(fault, 1)
        names = await shop.ask()
        shop.pass_time(2.0)
        for _ in range(2):
            told = await shop.transaction(client_transaction_id=names["client_transaction_id"])
            assert (12.49, "USD", "R1-2") == (
                told["amount"],
                told["currency"],
                told["foreign_transaction_id"],
            )
            looked = (await shop.look(names["checkout_id"]))["total_amount"]
            assert (1249, "USD") == (looked["value"], looked["currency"])
        right = await shop.paid("R2")
        assert (12.5, "R2") == (right["amount"], right["foreign_transaction_id"])
    assert [("R1", 1250), ("R2", 1250)] == [
        (row["reference"], row["amount"]) for row in shop.account.about()["ledger"]
    ]


async def test_a_status_that_nobody_described_is_told_of_what_has_ended():
    shop = Shop()
    async with shop.till:
        shop.fault("unknown_status", 2)
        names = await shop.ask()
        assert "pending" == (await shop.look(names["checkout_id"]))["status"]
        shop.pass_time(2.0)
        told = [(await shop.look(names["checkout_id"]))["status"]]
        told += [(await shop.transaction(foreign_transaction_id="R1"))["status"] for _ in range(2)]
    assert ["in_dispute", "IN_DISPUTE", "SUCCESSFUL"] == told


async def test_there_is_no_other_fault():
    with pytest.raises(ControlError):
        Shop().fault("answer_duplicated")
