"""SumUp's own library with the simulated servers: it reads every answer and every refusal."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pydantic
import pytest
import sumup
from sumup import errors
from sumup.types import Problem

from firmware_sims.kit.waiting import until
from firmware_sims.payment.customer import Customer
from firmware_sims.sumup.account import Account
from firmware_sims.sumup.fitting import KEY, MERCHANT, READER, Fitting
from firmware_sims.sumup.process import running

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("socket_enabled")]

TOTAL: Any = {"currency": "EUR", "minor_unit": 2, "value": 1250}
OF_MERCHANT = (MERCHANT, READER)


class Shop:
    """An account that is served, and the library that speaks with it."""

    def __init__(self, account: Account, url: str) -> None:
        self.account = account
        self.url = url
        self.client = self.with_key(KEY)
        self.readers = self.client.readers
        self.transactions = self.client.transactions

    def with_key(self, key: str) -> sumup.AsyncSumup:
        return sumup.AsyncSumup(key, base_url=self.url, timeout=1.0)

    def fault(self, name: str, times: int | None = 1) -> None:
        self.account.troubles.switch(name, on=True, times=times)

    async def ask(self, reference: str = "R1", total: Any = TOTAL) -> Any:
        affiliate: Any = {"app_id": "releve", "key": "k", "foreign_transaction_id": reference}
        asked = await self.readers.create_checkout(
            *OF_MERCHANT, affiliate=affiliate, total_amount=total, description="x"
        )
        return asked.data

    async def paid(self, reference: str = "R1") -> Any:
        names = await self.ask(reference)
        await self.ended(names.checkout_id)
        return await self.transactions.get(MERCHANT, foreign_transaction_id=reference)

    async def ended(self, checkout_id: str) -> Any:
        async with asyncio.timeout(5.0):
            while True:
                looked = (await self.readers.get_checkout(*OF_MERCHANT, checkout_id)).data
                if looked.status != "pending":
                    return looked
                await asyncio.sleep(0.05)


in_either_shape = pytest.mark.parametrize(
    "shop", [False, True], indirect=True, ids=["errors", "problems"]
)


@pytest.fixture
async def shop(request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    problems = getattr(request, "param", False)
    fitting = Fitting(customer=Customer(seconds=0.1), start_seconds=0.0, problems=problems)
    account = Account(fitting)
    async with running(account, port=0, speed=1.0) as line:
        made = Shop(account, line["url"])
        async with made.client:
            yield made


async def test_a_payment_and_its_refund(shop: Shop):
    status = (await shop.readers.get_status(*OF_MERCHANT)).data
    assert ("ONLINE", "IDLE") == (status.status, status.state)
    names = await shop.ask()
    looked = await shop.ended(names.checkout_id)
    assert ("successful", None, 1250) == (
        looked.status,
        looked.valid_until,
        looked.total_amount.value,
    )
    told = await shop.transactions.get(MERCHANT, client_transaction_id=names.client_transaction_id)
    assert told.card is not None
    assert (12.5, "SUCCESSFUL", "5305", "R1") == (
        told.amount,
        told.status,
        told.card.last_4_digits,
        told.foreign_transaction_id,
    )
    assert told.id is not None
    await shop.transactions.refund(MERCHANT, told.id, amount=2.5)
    await shop.transactions.refund(MERCHANT, told.id)
    told = await shop.transactions.get(MERCHANT, id=told.id)
    assert [("REFUND", 2.5, "REFUNDED"), ("REFUND", 10.0, "REFUNDED")] == [
        (each.event_type, each.amount, each.status) for each in told.transaction_events or ()
    ]


@in_either_shape
async def test_every_refusal_has_its_class_and_its_words(shop: Shop):
    with pytest.raises(errors.BadRequestError, match=r"total_amount\.value"):
        await shop.ask(total={**TOTAL, "value": "x"})
    with pytest.raises(errors.UnprocessableEntityError) as unknown:
        await shop.ask(total={**TOTAL, "currency": "USD"})
    assert "the merchant has no USD" in str(unknown.value.response.text)
    with pytest.raises(errors.NotFoundError, match="no such reader"):
        await shop.readers.get_status(MERCHANT, "rdr_OTHER")
    with pytest.raises(errors.NotFoundError, match="no such checkout"):
        await shop.readers.get_checkout(*OF_MERCHANT, "x")
    with pytest.raises(errors.UnprocessableEntityError):
        await shop.readers.terminate_checkout(*OF_MERCHANT)
    with pytest.raises(errors.NotFoundError):
        await shop.transactions.get(MERCHANT, id="x")
    with pytest.raises(errors.NotFoundError) as nothing:
        await shop.transactions.refund(MERCHANT, "x")
    assert isinstance(nothing.value.body, Problem)


@in_either_shape
async def test_another_key_is_refused(shop: Shop):
    async with shop.with_key("other") as stranger:
        with pytest.raises(errors.AuthenticationError, match="key is not known"):
            await stranger.readers.get_status(*OF_MERCHANT)
        with pytest.raises(errors.AuthenticationError):
            await stranger.transactions.get(MERCHANT, id="x")


@in_either_shape
async def test_a_refund_of_more_than_is_left(shop: Shop):
    told = await shop.paid()
    with pytest.raises(errors.UnprocessableEntityError):
        await shop.transactions.refund(MERCHANT, told.id, amount=12.51)
    with pytest.raises(errors.BadRequestError):
        await shop.transactions.refund(MERCHANT, told.id, amount=0)
    assert {} == await shop.transactions.refund(MERCHANT, told.id)
    with pytest.raises(errors.ConflictError):
        await shop.transactions.refund(MERCHANT, told.id)


@pytest.mark.parametrize(
    ("fault", "raised", "requests"),
    [
        ("answer_lost", errors.APIConnectionError, {"R1": 1}),
        ("answer_late", errors.APITimeoutError, {"R1": 1}),
        ("silence", errors.APITimeoutError, {"R1": 1}),
        ("garbage", ValueError, {"R1": 1}),
        ("server_error_though_taken", errors.InternalServerError, {"R1": 1}),
    ],
)
async def test_what_the_library_raises_though_a_payment_began(
    shop: Shop, fault: str, raised: type[Exception], requests: dict[str, int]
):
    shop.fault(fault)
    with pytest.raises(raised):
        await shop.ask()
    async with asyncio.timeout(5.0):
        await until(lambda: bool(shop.account.book.ledger.rows))
    told = await shop.transactions.get(MERCHANT, foreign_transaction_id="R1")
    assert "SUCCESSFUL" == told.status
    assert requests == shop.account.about()["requests"] == shop.account.about()["authorisations"]


@in_either_shape
@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ("server_error", errors.InternalServerError),
        ("rate_limited", errors.RateLimitError),
        ("refuse_reference", errors.UnprocessableEntityError),
        ("offline", errors.UnprocessableEntityError),
    ],
)
async def test_what_the_library_raises_and_nothing_began(
    shop: Shop, fault: str, raised: type[Exception]
):
    shop.fault(fault)
    with pytest.raises(raised):
        await shop.ask()
    assert [] == shop.account.about()["checkouts"]


async def test_fields_that_are_missing_and_a_status_that_is_unknown(shop: Shop):
    told = await shop.paid()
    shop.fault("garbage", 2)
    with pytest.raises(ValueError, match=r"JSON|Expecting"):
        await shop.transactions.get(MERCHANT, id=told.id)
    empty = await shop.transactions.get(MERCHANT, id=told.id)
    assert (None, None, None) == (empty.id, empty.status, empty.amount)
    shop.fault("garbage", 2)
    with pytest.raises(ValueError, match=r"JSON|Expecting"):
        await shop.readers.get_status(*OF_MERCHANT)
    with pytest.raises(pydantic.ValidationError):
        await shop.readers.get_status(*OF_MERCHANT)
    shop.fault("unknown_status")
    assert "IN_DISPUTE" == (await shop.transactions.get(MERCHANT, id=told.id)).status
