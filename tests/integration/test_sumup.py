"""A SumUp reader, asked through SumUp's own library, at a server of ours that keeps state."""

import asyncio

import pytest

from agent.adapters import sumup_line
from agent.adapters.sumup_line import SumupLine
from contract.payment.money import Money
from contract.payment.stated import Doubt, Operation, Unsent, Verdict, Why
from drivers.payment.dialogue import (
    AboutToSend,
    Answered,
    Asked,
    CannotAskError,
    Doubted,
    NotSent,
    Sent,
    TakenOn,
)
from drivers.payment.profile import SumupProfile
from tests.fakes.van import until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]

KEY = "sup_sk_canary"
EUROS = Money(12345, "EUR")


@pytest.fixture
def server(releve, tmp_path):
    flags = ("--ledger", str(tmp_path / "paid.jsonl"), "--api-key", KEY, "--customer-seconds", "0")
    return releve.simulator("sumup", *flags)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(sumup_line, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(sumup_line, "RESULT_WITHIN", 3.0)
    monkeypatch.setattr(sumup_line, "ANSWER_WITHIN", 1.5)


def line(server, key=KEY, reader=None, url=None) -> SumupLine:
    profile = SumupProfile(
        merchant=server.ready["merchant"],
        api_key=key,
        app="releve",
        affiliate_key="affiliate",
        url=url or server.ready["url"],
    )
    return SumupLine(profile, reader or server.ready["reader"])


def asked(reference="K7WQ2M9XHT", **how) -> Asked:
    return Asked(how.pop("operation", Operation.CHARGE), how.pop("money", EUROS), reference, **how)


class Heard:
    """Everything that was told; what a till would know is passed on to the next question."""

    def __init__(self) -> None:
        self.events = []

    async def __call__(self, event) -> None:
        self.events.append(event)

    @property
    def kinds(self):
        return [type(each) for each in self.events]

    @property
    def last(self):
        return self.events[-1]

    @property
    def handle(self):
        return next((each.handle for each in self.events if isinstance(each, TakenOn)), None)


async def operated(line, asked) -> Heard:
    heard = Heard()
    await line.operate(asked, heard)
    return heard


async def enquired(line, asked) -> Heard:
    heard = Heard()
    await line.enquire(asked, heard)
    return heard


async def test_a_payment_is_made_once_and_names_its_transaction(server):
    heard = await operated(line(server), asked())

    assert [AboutToSend, Sent, TakenOn, Answered] == heard.kinds
    stated = heard.last.stated
    assert (Verdict.APPROVED, EUROS, "K7WQ2M9XHT") == (
        stated.verdict,
        stated.money,
        stated.reference,
    )
    assert stated.receipt
    assert 4 == len(stated.card.last_four)
    assert {"K7WQ2M9XHT": 1} == server.authorisations()


@pytest.mark.parametrize(("habit", "verdict"), [("refuses", Verdict.DECLINED)])
async def test_a_payment_that_is_not_made_is_no_success(server, habit, verdict):
    server.customer(habit, seconds=0.0)

    heard = await operated(line(server), asked())

    assert verdict is heard.last.stated.verdict
    assert {} == server.authorisations()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"key": "wrong"}, Unsent.NOT_REGISTERED),
        ({"reader": "rdr_other"}, Unsent.NO_ANSWER),
        ({"url": "http://127.0.0.1:9"}, Unsent.NO_CONNECTION),
    ],
)
async def test_what_cannot_be_reached_was_not_sent(server, how, why):
    heard = await operated(line(server, **how), asked())

    assert [NotSent(why)] == heard.events


async def test_a_reader_that_is_off_was_not_asked(server):
    server.fault("offline")

    assert [NotSent(Unsent.NO_ANSWER)] == (await operated(line(server), asked())).events


@pytest.mark.parametrize(
    "fault", ["answer_lost", "server_error_though_taken", "silence", "garbage"]
)
async def test_an_answer_that_is_lost_leaves_doubt_and_is_never_asked_for_again(server, fault):
    here = line(server)
    server.fault(fault, times=None if fault == "silence" else 1)
    if fault in {"silence", "garbage"}:
        # Only what follows the question after its state.
        server.fault(fault, on=False)
        here._post = _faulty(server, here._post, fault)

    heard = await operated(here, asked())
    server.fault(fault, on=False)

    assert isinstance(heard.last, Doubted), heard.events
    assert server.requests().get("K7WQ2M9XHT", 0) <= 1
    assert server.authorisations().get("K7WQ2M9XHT", 0) <= 1


def _faulty(server, post, fault):
    def posted(client, asked):
        server.fault(fault)
        return post(client, asked)

    return posted


async def test_after_a_lost_answer_the_payment_is_found_by_our_reference(server):
    server.fault("answer_lost", times=1)
    assert isinstance((await operated(line(server), asked())).last, Doubted)

    found = await until_found(line(server), asked())

    assert (Verdict.APPROVED, EUROS) == (found.last.stated.verdict, found.last.stated.money)
    assert {"K7WQ2M9XHT": 1} == server.authorisations()


async def until_found(line, asked) -> Heard:
    async with asyncio.timeout(5):
        while True:
            found = await enquired(line, asked)
            if isinstance(found.last, Answered):
                return found
            await asyncio.sleep(0.05)


async def test_a_transaction_that_is_not_found_yet_proves_nothing(server):
    heard = await operated(line(server), asked())
    server.fault("not_found_yet", times=1)

    not_yet = await enquired(line(server), asked())
    found = await enquired(line(server), asked())

    assert isinstance(heard.last, Answered)
    assert [Doubted(Doubt.NOT_THERE)] == not_yet.events
    assert Verdict.APPROVED is found.last.stated.verdict


async def test_what_nobody_asked_for_is_not_there(server):
    assert [Doubted(Doubt.NOT_THERE)] == (await enquired(line(server), asked("OTHER00000"))).events


async def test_a_checkout_whose_name_is_known_is_looked_at_by_it(server):
    server.customer("refuses", seconds=0.0)
    heard = await operated(line(server), asked())

    found = await enquired(line(server), asked(handle=heard.handle))

    assert Verdict.DECLINED is found.last.stated.verdict


@pytest.mark.parametrize(
    ("fault", "doubt"),
    [("wrong_amount", Doubt.OTHER_AMOUNT), ("wrong_currency", Doubt.OTHER_CURRENCY)],
)
async def test_an_answer_about_something_else_is_kept_and_leaves_doubt(server, fault, doubt):
    server.fault(fault, times=1)

    heard = await operated(line(server), asked())

    assert [AboutToSend, Sent, TakenOn, Answered, Doubted] == heard.kinds
    assert doubt is heard.events[-2].misfit
    assert Doubted(doubt) == heard.last


@pytest.mark.parametrize("fault", ["refuse_reference", "rate_limited"])
async def test_a_checkout_that_is_refused_is_no_payment(server, fault):
    here = line(server)
    here._post = _once(server, here._post, fault)

    heard = await operated(here, asked())

    assert (Verdict.DECLINED, Why.NOT_TAKEN) == (
        heard.last.stated.verdict,
        heard.last.stated.why,
    )
    assert {} == server.authorisations()


def _once(server, post, fault):
    def posted(client, asked):
        server.fault(fault, times=1)
        return post(client, asked)

    return posted


async def test_a_reader_that_waits_for_the_customer_can_be_stopped(server):
    server.customer("pays", seconds=20.0)
    here = line(server)
    heard = Heard()
    operating = asyncio.create_task(here.operate(asked(), heard))
    await until(lambda: TakenOn in heard.kinds)

    here.cancel()
    await operating

    assert Verdict.CANCELLED is heard.last.stated.verdict
    assert {} == server.authorisations()


async def paid(server) -> str:
    return (await operated(line(server), asked())).last.stated.receipt


async def test_part_of_the_money_goes_back_once(server):
    receipt = await paid(server)
    part = asked(
        "REFUND0001", operation=Operation.REFUND, money=Money(1005, "EUR"), receipt=receipt
    )

    heard = await operated(line(server), part)

    assert [AboutToSend, Sent, Answered] == heard.kinds
    assert (Verdict.APPROVED, Money(1005, "EUR")) == (
        heard.last.stated.verdict,
        heard.last.stated.money,
    )
    assert [12345, 1005] == [each["amount"] for each in server.ledger()]


async def test_a_refund_whose_answer_is_lost_is_found_by_what_went_back(server):
    receipt = await paid(server)
    server.fault("refund_answer_lost", times=1)
    part = asked(
        "REFUND0001", operation=Operation.REFUND, money=Money(1005, "EUR"), receipt=receipt
    )

    lost = await operated(line(server), part)
    mark = next(each.mark for each in lost.events if isinstance(each, AboutToSend))
    found = await enquired(
        line(server),
        asked(
            "REFUND0001",
            operation=Operation.REFUND,
            money=Money(1005, "EUR"),
            receipt=receipt,
            mark=mark,
        ),
    )

    assert isinstance(lost.last, Doubted)
    assert Verdict.APPROVED is found.last.stated.verdict
    assert 2 == len(server.ledger())


async def test_more_than_is_left_does_not_go_back(server):
    receipt = await paid(server)
    more = asked(
        "REFUND0001", operation=Operation.REFUND, money=Money(99999, "EUR"), receipt=receipt
    )

    heard = await operated(line(server), more)

    assert Verdict.DECLINED is heard.last.stated.verdict
    assert 1 == len(server.ledger())


def test_what_it_cannot_do_is_refused_before_anything_is_sent(server):
    for wanted in (
        asked(operation=Operation.REVERSAL, receipt="x"),
        asked(operation=Operation.REFUND),
    ):
        with pytest.raises(CannotAskError):
            line(server).check(wanted)
