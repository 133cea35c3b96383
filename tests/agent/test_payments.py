"""Payments on the agent: asked for once, followed to their end, kept whatever happens."""

import asyncio
import sqlite3
from dataclasses import replace

import pytest

from agent.ports import StoreFullError, StoreRefusedError
from agent.usecases.payments.attempt import State, step
from agent.usecases.payments.events import Answer, Sending, WasSent
from agent.usecases.payments.journal import JournalConflictError, NoRoomError
from agent.usecases.payments.order import Order
from agent.usecases.payments.taking import NotAllowedError, OpenPaymentError
from agent.usecases.work import UnknownError, WorkError
from contract.payment.money import Money
from contract.payment.stated import Doubt, Operation, Stated, Unsent, Verdict, Why
from contract.wire.down import Assignment
from contract.wire.payment import PaymentState, SettledBy
from contract.wire.statement import Payment
from drivers.payment.dialogue import AboutToSend, Answered, Doubted, NotSent, Sent
from drivers.payment.kinds import SUMUP, Can
from tests.agent.conftest import opened
from tests.agent.making import INTERVENTION
from tests.agent.paying import (
    APPROVED,
    EUROS,
    PAYS,
    REFUSES,
    ScriptedLine,
    attempt,
    recorded,
    terminal,
)
from tests.contract.making import BY
from tests.fakes.van import until, van

UNKNOWN = (AboutToSend(), Sent(), Doubted(Doubt.SILENT))


@pytest.fixture
async def here(store, clock):
    await assigned(store)
    async with van(store, clock) as running:
        yield running


async def assigned(store):
    other = INTERVENTION.model_copy(update={"id": "i-2"})
    for each in (INTERVENTION, other):
        await store.records.keep_assignment(
            Assignment(agent="van-7", revision=1, intervention=each)
        )


async def with_terminal(here, *script, **how):
    line = ScriptedLine(*script, **how)
    here.known_terminals["tpe"] = terminal(line)
    await here.payments.terminals.pair("tpe", BY)
    return line


def order(key="key-1", **how):
    said = {
        "operation": Operation.CHARGE,
        "money": EUROS,
        "intervention": "i-1",
        "terminal": "tpe",
        **how,
    }
    return Order(key=key, **said)


async def paid(here, key="key-1", **how):
    asked, _ = await here.payments.ask(order(key, **how), BY)
    return await settled(here, asked.id)


async def settled(here, id, *states):
    wanted = states or tuple(
        each for each in State if each not in {"created", "sending", "sent", "pending"}
    )
    async with asyncio.timeout(3):
        while True:
            found = await here.payments.one(id)
            if found.state in wanted:
                return found
            await asyncio.sleep(0.005)


async def captured(here, intervention="i-1"):
    saved = await here.store.captures.of_intervention(intervention)
    return [each.statement for each in saved if isinstance(each.statement, Payment)]


async def test_a_payment_is_a_capture_of_its_intervention(here):
    await with_terminal(here, *PAYS)

    found = await paid(here)

    assert State.APPROVED is found.state
    [capture] = await captured(here)
    assert (PaymentState.APPROVED, 12500, "EUR") == (
        capture.state,
        capture.paid_minor_units,
        capture.currency,
    )
    assert (found.id, "tpe", SettledBy.TERMINAL) == (
        capture.attempt,
        capture.terminal.name,
        capture.settled_by,
    )


async def test_a_refused_payment_is_never_reported_as_a_success(here):
    await with_terminal(here, *REFUSES)

    found = await paid(here)

    assert State.DECLINED is found.state
    assert found.moved is None
    [capture] = await captured(here)
    assert (PaymentState.DECLINED, None) == (capture.state, capture.paid_minor_units)


async def test_the_same_key_is_the_same_attempt_and_is_sent_once(here):
    line = await with_terminal(here, *PAYS)

    asked = await asyncio.gather(*(here.payments.ask(order(), BY) for _ in range(20)))
    await settled(here, asked[0][0].id)
    again, new = await here.payments.ask(order(), BY)

    assert 1 == len({each.id for each, _ in asked})
    assert [True] + [False] * 19 == sorted((new for _, new in asked), reverse=True)
    assert (1, False, State.APPROVED) == (line.sent, new, again.state)


async def test_a_key_that_stands_for_something_else_is_refused(here):
    await with_terminal(here, *PAYS)
    await paid(here)

    for changed in (
        {"money": Money(12501, "EUR")},
        {"intervention": "i-2"},
        {"terminal": "other"},
    ):
        with pytest.raises(WorkError) as refused:
            await here.payments.ask(order(**changed), BY)
        assert "Idempotency-Key" == refused.value.field


async def test_another_key_has_to_wait_while_one_is_open_and_is_told_for_which(here):
    go_on = asyncio.Event()
    line = await with_terminal(here, AboutToSend(), Sent(), go_on, Answered(APPROVED))
    first, _ = await here.payments.ask(order(), BY)

    for other in (order("key-2"), order("key-3", intervention="i-2")):
        with pytest.raises(OpenPaymentError) as refused:
            await here.payments.ask(other, BY)
        assert first.id == refused.value.attempt
    go_on.set()
    await settled(here, first.id)
    await paid(here, "key-2")

    assert 2 == line.sent


async def test_an_unknown_payment_blocks_its_intervention_until_a_person_settles_it(here):
    line = await with_terminal(here, *UNKNOWN)
    found = await paid(here)
    assert (State.UNKNOWN, Doubt.SILENT) == (found.state, found.doubt)

    with pytest.raises(OpenPaymentError):
        await here.payments.ask(order("key-2"), BY)
    await here.payments.decide(found.id, BY, paid=False, reason="nothing in its journal")
    line.script = PAYS
    second = await paid(here, "key-2")

    assert State.APPROVED is second.state
    said = await captured(here)
    assert ["unknown", "declined", "approved"] == [each.state for each in said]
    assert (SettledBy.PERSON, "nothing in its journal") == (said[1].settled_by, said[1].reason)
    assert said[1].replaces, "it takes the place of the unknown one"


async def test_what_is_settled_cannot_be_decided(here):
    await with_terminal(here, *PAYS)
    found = await paid(here)

    with pytest.raises(WorkError):
        await here.payments.decide(found.id, BY, paid=False, reason="x")


async def test_a_terminal_that_is_not_paired_is_never_sent_an_amount(here):
    line = ScriptedLine(*PAYS)
    here.known_terminals["tpe"] = terminal(line)

    with pytest.raises(WorkError) as refused:
        await here.payments.ask(order(), BY)

    assert ("terminal", 0, []) == (refused.value.field, line.sent, line.asked)


async def test_a_terminal_that_was_moved_has_to_be_paired_again(here):
    line = await with_terminal(here, *PAYS)
    here.known_terminals["tpe"] = terminal(line, address="10.0.0.66:8888")

    with pytest.raises(WorkError):
        await here.payments.ask(order(), BY)

    assert 0 == line.sent


@pytest.mark.parametrize("wrong", [{"terminal": "nobody"}, {"intervention": "i-9"}])
async def test_what_there_is_not_is_refused_by_its_name(here, wrong):
    await with_terminal(here, *PAYS)

    with pytest.raises(UnknownError) as refused:
        await here.payments.ask(order(**wrong), BY)

    assert [refused.value.field] == list(wrong)


async def test_nothing_is_paid_after_something_that_was_not_seen(here):
    await with_terminal(here, *PAYS)
    first = await paid(here, after="")

    with pytest.raises(OpenPaymentError) as refused:
        await here.payments.ask(order("key-2", after=""), BY)
    second = await paid(here, "key-3", after=first.id)

    assert "after" == refused.value.field
    assert State.APPROVED is second.state


async def test_what_was_proved_not_to_be_sent_may_be_tried_again(here):
    line = await with_terminal(here, NotSent(Unsent.NO_CONNECTION))
    found = await paid(here)
    line.script = PAYS
    second = await paid(here, "key-2")

    assert (State.NOT_SENT, Unsent.NO_CONNECTION) == (found.state, found.unsent)
    assert State.APPROVED is second.state
    assert ["approved"] == [each.state for each in await captured(here)]


async def test_an_answer_that_fits_nothing_is_kept_for_somebody_to_look_at(here):
    other = Stated(
        verdict=Verdict.APPROVED,
        why=Why.AUTHORISED,
        money=Money(9900, "EUR"),
        reference="ZZZZZZZZZZ",
    )
    await with_terminal(
        here, AboutToSend(), Sent(), Answered(other, Doubt.OTHER_REFERENCE), Doubted(Doubt.SILENT)
    )
    found = await paid(here)

    [orphan] = await here.payments.orphans()
    assert (State.UNKNOWN, Doubt.OTHER_REFERENCE) == (found.state, found.doubt)
    assert (other, found.id, Doubt.OTHER_REFERENCE) == (
        orphan.stated,
        orphan.attempt,
        orphan.misfit,
    )
    assert all(each.paid_minor_units is None for each in await captured(here))
    await here.payments.look_at(orphan.n, BY)
    assert [] == await here.payments.orphans()
    with pytest.raises(UnknownError):
        await here.payments.look_at(orphan.n, BY)


async def test_a_terminal_that_can_tell_is_asked_by_itself_what_became_of_it(here):
    line = await with_terminal(here, *UNKNOWN, can={Can.TELL_STATE}, later=[(Answered(APPROVED),)])

    asked, _ = await here.payments.ask(order(), BY)
    found = await settled(here, asked.id, State.APPROVED)

    assert SettledBy.ENQUIRY is found.settled_by
    assert 1 == line.sent
    assert ["unknown", "approved"] == [each.state for each in await captured(here)]


async def test_a_terminal_can_be_asked_again_and_one_that_cannot_tell_says_so(here):
    line = await with_terminal(
        here, *UNKNOWN, can={Can.TELL_STATE}, later=[(), (Answered(APPROVED),)]
    )
    found = await paid(here)
    await until(lambda: len(line.later) == 1)
    after = await here.payments.ask_again(found.id)

    assert State.APPROVED is after.state
    with pytest.raises(WorkError):
        await here.payments.ask_again(found.id)


async def test_an_answer_that_comes_late_settles_it(here):
    await with_terminal(here, *UNKNOWN, can={Can.ANSWER_LATE}, later=[(Answered(APPROVED),)])
    asked, _ = await here.payments.ask(order(), BY)
    found = await settled(here, asked.id, State.APPROVED)

    assert SettledBy.LATE_ANSWER is found.settled_by


async def test_before_it_is_sent_it_can_be_stopped_and_then_never_is(here):
    go_on = asyncio.Event()
    line = await with_terminal(here, go_on, *PAYS)
    asked, _ = await here.payments.ask(order(), BY)

    after = await here.payments.cancel(asked.id)
    go_on.set()
    await asyncio.sleep(0.05)

    assert (State.NOT_SENT, Unsent.WITHDRAWN) == (after.state, after.unsent)
    assert (0, State.NOT_SENT) == (line.sent, (await here.payments.one(asked.id)).state)


async def test_afterwards_only_a_terminal_that_can_be_stopped_is(here):
    go_on = asyncio.Event()
    line = await with_terminal(here, AboutToSend(), Sent(), go_on, Answered(APPROVED))
    asked, _ = await here.payments.ask(order(), BY)
    await settled(here, asked.id, State.SENT)

    with pytest.raises(WorkError):
        await here.payments.cancel(asked.id)
    line.can = frozenset({Can.CANCEL})
    await here.payments.cancel(asked.id)
    go_on.set()
    found = await settled(here, asked.id)

    assert (1, State.APPROVED) == (line.cancelled, found.state)


async def test_money_goes_back_only_by_somebody_who_has_the_right(here, store):
    await with_terminal(here, *PAYS)
    first = await paid(here)
    back = order("key-2", operation=Operation.REFUND, of=first.id)

    with pytest.raises(NotAllowedError):
        await here.payments.ask(back, BY)
    await allow(store)
    found = await paid(here, "key-2", operation=Operation.REFUND, of=first.id)

    assert State.APPROVED is found.state
    assert (Operation.REFUND, first.id) == (found.operation, found.of)


async def allow(store):
    await store.records.keep_technician(BY, "hash", refunds=True)


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"of": None}, "of"),
        ({"money": Money(12501, "EUR")}, "amount"),
        ({"money": Money(12500, "CHF")}, "currency"),
        ({"operation": Operation.REVERSAL, "money": Money(100, "EUR")}, "amount"),
        ({"operation": Operation.CHARGE}, "of"),
        ({"intervention": "i-2"}, "of"),
    ],
)
async def test_no_more_goes_back_than_was_paid_and_only_from_what_was(here, store, how, field):
    await allow(store)
    await with_terminal(here, *PAYS)
    first = await paid(here)
    said = {"operation": Operation.REFUND, "of": first.id, **how}

    with pytest.raises(WorkError) as refused:
        await here.payments.ask(order("key-2", **said), BY)

    assert field == refused.value.field


async def test_the_same_money_does_not_go_back_twice(here, store):
    await allow(store)
    line = await with_terminal(here, *PAYS)
    first = await paid(here)
    go_back = {"operation": Operation.REFUND, "of": first.id}
    await paid(here, "key-2", **go_back)

    with pytest.raises(WorkError):
        await here.payments.ask(order("key-3", **go_back), BY)

    assert 2 == line.sent


async def test_what_the_protocol_cannot_ask_for_is_refused_before_anything_is_written(here):
    line = await with_terminal(here, *PAYS, refuses="too much")

    with pytest.raises(WorkError) as refused:
        await here.payments.ask(order(), BY)

    assert ("amount", 0) == (refused.value.field, line.sent)
    assert [] == await here.payments.all()


@pytest.mark.parametrize(
    ("steps", "state", "unsent"),
    [
        ((), State.NOT_SENT, Unsent.INTERRUPTED),
        ((Sending(),), State.UNKNOWN, None),
        ((Sending(), WasSent()), State.UNKNOWN, None),
    ],
)
async def test_a_restart_knows_what_was_not_sent_and_doubts_the_rest(
    tmp_path, clock, steps, state, unsent
):
    path = tmp_path / "agent.db"
    async with opened(path) as store:
        await assigned(store)
        now = await store.payments.open(attempt())
        for each in steps:
            now = await recorded(store, now, each, step(now, each))
    async with opened(path) as store, van(store, clock) as here:
        await with_terminal(here, *PAYS)
        await here.payments.till.recover()
        found = await here.payments.one(now.id)

        assert (state, unsent) == (found.state, found.unsent)
        assert [each.state for each in await captured(here)] == (
            ["unknown"] if state is State.UNKNOWN else []
        )


async def test_the_store_itself_refuses_a_second_open_attempt_and_any_change_of_a_settled_one(
    store,
):
    first = await store.payments.open(attempt())
    for other in (
        {"intervention": "i-2"},
        {"terminal": first.terminal.model_copy(update={"name": "b"})},
    ):
        with pytest.raises(JournalConflictError):
            await store.payments.open(attempt(id="AAAAAAAAAA", key="key-2", **other))

    async def second(connection):
        await connection.execute(
            "INSERT INTO payment SELECT 'B', 'k', intervention, 'c', state, begun, document FROM payment"
        )

    with pytest.raises(StoreRefusedError):
        await store.database.write(second)
    now = await recorded(store, first, Sending(), step(first, Sending()))
    now = await recorded(store, now, Answer(APPROVED), step(now, Answer(APPROVED)))

    async def change(connection):
        await connection.execute("UPDATE payment SET state = 'declined'")

    with pytest.raises(StoreRefusedError, match="settled"):
        await store.database.write(change)
    with pytest.raises(JournalConflictError):
        await recorded(store, first, Sending(), step(first, Sending()))


async def test_the_end_of_a_payment_and_its_capture_are_saved_together_or_not_at_all(store, here):
    first = await store.payments.open(attempt())
    now = await recorded(store, first, Sending(), step(first, Sending()))

    def fails(_):
        raise sqlite3.OperationalError("disk I/O error")

    class Drafter:
        def common(self, *_):
            fails(None)

    with pytest.raises(sqlite3.OperationalError):
        await recorded(store, now, Answer(APPROVED), step(now, Answer(APPROVED)), Drafter())

    assert State.SENDING is (await store.payments.attempt(now.id)).state
    assert [] == await captured(here)


async def test_without_room_for_its_end_no_payment_begins(here, store, monkeypatch):
    line = await with_terminal(here, *PAYS)
    monkeypatch.setattr(store.payments._reserve, "hold", lambda: False)

    with pytest.raises(NoRoomError):
        await store.payments.open(attempt())
    with pytest.raises(WorkError, match="disk is full"):
        await here.payments.ask(order(), BY)

    assert (0, []) == (line.sent, await here.payments.all())


async def test_a_full_disk_gives_up_its_reserve_for_the_end_of_a_payment(store, monkeypatch):
    first = await store.payments.open(attempt())
    write, full = store.database.write, [True]

    async def refusing(job):
        if full.pop() if full else False:
            raise StoreFullError("full")
        return await write(job)

    monkeypatch.setattr(store.database, "write", refusing)
    assert store.payments._reserve._path.exists()

    now = await recorded(store, first, Sending(), step(first, Sending()))

    assert State.SENDING is now.state
    assert not store.payments._reserve._path.exists()


async def test_a_new_pin_leaves_the_right_to_give_money_back_as_it_is(store):
    await store.records.keep_technician(BY, "hash")
    assert not await store.payments.may_refund(BY.id)

    for said, may in ((True, True), (None, True), (False, False), (None, False)):
        await store.records.keep_technician(BY, "hash", refunds=said)
        assert may is await store.payments.may_refund(BY.id)


async def test_after_a_persons_word_the_terminal_may_still_owe_an_answer(here):
    line = await with_terminal(here, *UNKNOWN)
    lost = await paid(here)
    await here.payments.decide(lost.id, BY, paid=False, reason="looked at it")
    line.script = PAYS

    await paid(here, "key-2")
    await paid(here, "key-3", intervention="i-2")

    assert [False, True, False] == [each.stray for each in line.asked]


async def test_a_terminal_is_offered_only_what_it_can_do(here):
    line = await with_terminal(here, *PAYS)
    found = await paid(here)
    await here.store.records.keep_technician(BY, "1234", refunds=True)
    both = await here.payments.may_go_back(found, BY)

    here.known_terminals["tpe"] = replace(terminal(line), kind=SUMUP)
    refund_alone = await here.payments.may_go_back(found, BY)

    assert (Operation.REFUND, Operation.REVERSAL) == both.operations
    assert (Operation.REFUND,) == refund_alone.operations
    assert EUROS == refund_alone.left


# --- whatever happens meanwhile -------------------------------------------------------------------


async def test_a_line_that_breaks_in_an_unforeseen_way_leaves_doubt_and_the_agent_lives(here):
    line = await with_terminal(here, AboutToSend(), Sent())

    async def breaks(event, told, asked):
        await told(event)
        if isinstance(event, Sent):
            raise OverflowError("4970101234567890")

    line._tell = breaks

    found = await paid(here)

    assert (State.UNKNOWN, Doubt.INTERRUPTED) == (found.state, found.doubt)


async def test_what_a_person_writes_holds_no_card_number_either(here):
    await with_terminal(here, *UNKNOWN)
    lost = await paid(here)

    found = await here.payments.decide(lost.id, BY, paid=True, reason="card 4970 1012 3456 7890")

    assert "4970" not in found.reason


async def test_a_terminal_that_is_unpaired_meanwhile_is_sent_nothing(here):
    hold = asyncio.Event()
    line = await with_terminal(here, hold, *PAYS)
    asked, _ = await here.payments.ask(order(), BY)
    await here.payments.terminals.unpair("tpe")
    hold.set()

    found = await settled(here, asked.id)

    assert (State.NOT_SENT, Unsent.WITHDRAWN, 0) == (found.state, found.unsent, line.sent)


async def test_stopping_what_is_settled_stops_nobody_else(here):
    line = await with_terminal(here, *PAYS, can={Can.CANCEL})
    first = await paid(here)
    line.script = (AboutToSend(), Sent(), asyncio.Event())
    await here.payments.ask(order("key-2", intervention="i-2"), BY)
    await until(lambda: line.sent == 2)

    with pytest.raises(WorkError):
        await here.payments.cancel(first.id)

    assert 0 == line.cancelled


async def test_while_a_terminal_says_its_totals_it_takes_no_payment_and_others_do(here):
    hold = asyncio.Event()
    line = await with_terminal(here, *PAYS, can={Can.TELL_TOTALS})

    async def totals(told, *, close):
        await hold.wait()

    here.known_terminals["tpe"] = replace(terminal(line), totals=totals)
    here.known_terminals["other"] = terminal(ScriptedLine(*PAYS), name="other")
    await here.payments.terminals.pair("other", BY)
    comparing = asyncio.create_task(here.payments.compare("tpe", close=False))
    await asyncio.sleep(0.05)

    with pytest.raises(WorkError, match="totals"):
        await here.payments.ask(order(), BY)
    assert State.APPROVED is (await paid(here, "key-2", terminal="other")).state

    hold.set()
    with pytest.raises(WorkError):
        await comparing


async def test_an_intervention_is_not_closed_while_a_payment_is_open(here):
    await with_terminal(here, *UNKNOWN)
    lost = await paid(here)

    with pytest.raises(OpenPaymentError) as refused:
        await here.payments.check_settled("i-1")
    assert lost.id == refused.value.attempt

    await here.payments.decide(lost.id, BY, paid=False, reason="looked at it")
    await here.payments.check_settled("i-1")


async def test_a_person_who_settles_it_ends_a_question_and_not_whoever_waits_for_it(here):
    line = await with_terminal(here, *UNKNOWN, can={Can.TELL_STATE})
    lost = await paid(here)
    asked, never = asyncio.Event(), asyncio.Event()

    async def enquire(asking, told):
        asked.set()
        await never.wait()

    line.enquire = enquire
    waiting = asyncio.create_task(here.payments.ask_again(lost.id))
    await asked.wait()
    await here.payments.decide(lost.id, BY, paid=True, reason="ticket 0042")

    assert State.APPROVED is (await waiting).state
