"""One attempt to move money: what may become of it, and what never."""

import pytest

from agent.usecases.payments.attempt import SETTLED, UNDER_WAY, Effect, State, StepError, step
from agent.usecases.payments.events import (
    Answer,
    Decided,
    NothingSent,
    Restarted,
    Sending,
    Unclear,
    WasPromised,
    WasSent,
    WasTaken,
    Withdrawn,
)
from contract.payment.money import Money
from contract.payment.stated import Doubt, Stated, Unsent, Verdict, Why
from contract.wire.payment import SettledBy
from tests.agent.paying import APPROVED, DECLINED, EUROS, attempt
from tests.contract.making import BY

ALL = tuple(State)
EVENTS = (
    Sending(),
    WasSent(),
    WasTaken(),
    WasPromised(APPROVED),
    NothingSent(Unsent.NO_CONNECTION),
    Withdrawn(Unsent.WITHDRAWN),
    Answer(APPROVED),
    Answer(DECLINED),
    Answer(APPROVED, Doubt.OTHER_REFERENCE),
    Unclear(Doubt.SILENT),
    Restarted(),
    Decided(BY, paid=True, reason="I saw the ticket"),
    Decided(BY, paid=False, reason="nothing in its journal"),
)


def stepped(state, event):
    try:
        return step(attempt(state=state), event)
    except StepError:
        return attempt(state=state), ()


def test_a_payment_that_goes_well_is_approved():
    state, effects = attempt(), []
    for event in (Sending(), WasSent(), WasTaken(), Answer(APPROVED)):
        state, due = step(state, event)
        effects += due

    assert State.APPROVED is state.state
    assert SettledBy.TERMINAL is state.settled_by
    assert EUROS == state.moved
    assert [Effect.SEND, Effect.CAPTURE, Effect.ACKNOWLEDGE] == effects


@pytest.mark.parametrize("state", [each for each in ALL if each is not State.CREATED])
def test_only_what_is_just_written_down_may_be_sent(state):
    with pytest.raises(StepError):
        step(attempt(state=state), Sending())


@pytest.mark.parametrize("event", EVENTS, ids=repr)
@pytest.mark.parametrize("state", sorted(SETTLED))
def test_nothing_changes_what_is_settled(state, event):
    before = attempt(state=state, stated=APPROVED)

    try:
        after, effects = step(before, event)
    except StepError:
        return

    assert before == after
    assert not {Effect.SEND, Effect.CAPTURE} & set(effects)


@pytest.mark.parametrize("event", EVENTS, ids=repr)
def test_unknown_stays_unknown_until_the_terminal_or_a_person_settles_it(event):
    after, effects = stepped(State.UNKNOWN, event)

    settles = isinstance(event, Decided) or (isinstance(event, Answer) and event.misfit is None)
    assert settles is (after.state is not State.UNKNOWN)
    assert settles is (Effect.CAPTURE in effects)
    assert State.NOT_SENT is not after.state


@pytest.mark.parametrize("event", EVENTS, ids=repr)
@pytest.mark.parametrize("state", ALL)
def test_the_request_may_go_only_from_created_to_sending(state, event):
    after, effects = stepped(state, event)

    if Effect.SEND in effects:
        assert (State.CREATED, State.SENDING) == (state, after.state)


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_silence_a_lost_link_and_a_restart_are_never_taken_for_a_refusal(state):
    for event in (Unclear(Doubt.SILENT), Unclear(Doubt.LINK_LOST), Restarted()):
        after, effects = step(attempt(state=state), event)

        assert State.UNKNOWN is after.state
        assert (Effect.CAPTURE,) == effects


def test_a_restart_before_the_first_byte_proves_that_nothing_was_sent():
    after, effects = step(attempt(), Restarted())

    assert (State.NOT_SENT, Unsent.INTERRUPTED, ()) == (after.state, after.unsent, effects)


def test_once_it_may_have_been_sent_it_cannot_be_withdrawn():
    for state in sorted(UNDER_WAY | {State.UNKNOWN}):
        with pytest.raises(StepError):
            step(attempt(state=state), Withdrawn(Unsent.WITHDRAWN))


@pytest.mark.parametrize(
    ("stated", "doubt"),
    [
        ({"reference": "0000000000"}, Doubt.OTHER_REFERENCE),
        ({"money": Money(12501, "EUR")}, Doubt.OTHER_AMOUNT),
        ({"money": Money(12499, "EUR")}, Doubt.OTHER_AMOUNT),
        ({"money": Money(12500, "CHF")}, Doubt.OTHER_CURRENCY),
        ({"money": None}, Doubt.OTHER_AMOUNT),
    ],
)
def test_an_answer_about_something_else_is_an_orphan_and_leaves_ours_unknown(stated, doubt):
    other = {"money": EUROS, "reference": "K7WQ2M9XHT", **stated}
    answer = Answer(Stated(verdict=Verdict.APPROVED, why=Why.AUTHORISED, **other))

    after, effects = step(attempt(state=State.PENDING), answer)

    assert (State.UNKNOWN, doubt, None) == (after.state, after.doubt, after.stated)
    assert (Effect.ORPHAN, Effect.CAPTURE, Effect.ACKNOWLEDGE) == effects


def test_a_late_answer_settles_what_was_unknown_and_says_that_it_was_late():
    after, _ = step(attempt(state=State.UNKNOWN, doubt=Doubt.SILENT), Answer(APPROVED))
    asked, _ = step(
        attempt(state=State.UNKNOWN, doubt=Doubt.SILENT), Answer(DECLINED, enquired=True)
    )

    assert (State.APPROVED, SettledBy.LATE_ANSWER) == (after.state, after.settled_by)
    assert (State.DECLINED, SettledBy.ENQUIRY) == (asked.state, asked.settled_by)


def test_an_answer_said_again_is_only_acknowledged_and_one_that_contradicts_is_an_orphan():
    again = step(attempt(state=State.APPROVED, stated=APPROVED), Answer(APPROVED))
    contrary = step(attempt(state=State.DECLINED), Answer(APPROVED))

    assert (Effect.ACKNOWLEDGE,) == again[1]
    assert (Effect.ORPHAN, Effect.ACKNOWLEDGE) == contrary[1]


def test_less_than_was_asked_for_is_paid_only_where_it_may_be():
    less = Answer(
        Stated(verdict=Verdict.APPROVED, why=Why.AUTHORISED, money=Money(100, "EUR")), partial=True
    )
    after, _ = step(attempt(state=State.SENT), less)

    assert Money(100, "EUR") == after.moved
    assert State.UNKNOWN is step(attempt(state=State.SENT), Answer(less.stated))[0].state


def test_a_refused_payment_moved_nothing():
    after, _ = step(attempt(state=State.PENDING), Answer(DECLINED))

    assert State.DECLINED is after.state
    assert after.moved is None


def test_a_person_says_what_they_saw_and_it_is_kept_who_and_why():
    decided = Decided(BY, paid=True, reason="ticket 42")
    after, effects = step(attempt(state=State.UNKNOWN), decided)

    assert (State.APPROVED, SettledBy.PERSON) == (after.state, after.settled_by)
    assert (BY, "ticket 42", EUROS) == (after.decided_by, after.reason, after.moved)
    assert (Effect.CAPTURE,) == effects
    for state in ALL:
        if state is not State.UNKNOWN:
            with pytest.raises(StepError):
                step(attempt(state=state), decided)


def test_what_a_terminal_promised_is_kept_and_is_not_paid_before_it_confirms():
    state = attempt(state=State.PENDING)
    state, effects = step(state, WasPromised(APPROVED))
    assert (State.PENDING, APPROVED, None, ()) == (
        state.state,
        state.promised,
        state.moved,
        effects,
    )

    lost, _ = step(state, Unclear(Doubt.LINK_LOST))
    assert State.UNKNOWN is lost.state

    paid, _ = step(state, Answer(APPROVED))
    assert State.APPROVED is paid.state
