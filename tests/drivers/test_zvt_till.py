"""A till that speaks ZVT: what it says when, and what it makes of every answer."""

from dataclasses import replace

import pytest

from contract.payment.money import Money
from contract.payment.stated import Doubt, Operation, Unsent, Verdict, Why
from drivers.payment.dialogue import (
    AboutToSend,
    Answered,
    Asked,
    CannotAskError,
    Doubted,
    NotSent,
    Over,
    Printed,
    Promised,
    Rejected,
    Sent,
    Showing,
    Shown,
    TakenOn,
    Totalled,
)
from drivers.payment.profile import ZvtProfile
from drivers.payment.zvt import till
from drivers.payment.zvt.block import framed
from tests.drivers.till_talk import Talk

PROFILE = ZvtProfile(password="271828")
ASKED = Asked(Operation.CHARGE, Money(1250, "EUR"), "K7WQ2M9XHT")
YES = "800000"
REGISTERED = "060f0a19102952523535490978"
PAY = "06010a040000000012504909 78".replace(" ", "")
DONE = "060f00"
NOTHING = "061e0183"
"""There is nothing to repeat."""
TID = "2952523535"


def status(result="00", amount="000000001250", receipt="0042", more="") -> str:
    data = f"27{result}04{amount}490978{TID}87{receipt}0b0000{receipt[2:]}" + more
    return f"040f{len(data) // 2:02x}{data}"


LATEST = status(amount="000000000999", receipt="0041")


def operation(asked=ASKED, profile=PROFILE) -> Talk:
    return Talk(till.operation(profile, asked, on_line=False))


def reached(latest=(NOTHING,), **how) -> Talk:
    """Return a talk in which the terminal would take a request."""
    talk = operation(**how).hear(YES, REGISTERED, YES, *latest)
    talk.said()
    return talk


def sent(**how) -> Talk:
    talk = reached(**how).saved()
    assert PAY == talk.said()
    return talk


def taken(**how) -> Talk:
    talk = sent(**how).hear(YES)
    talk.said()
    return talk


def test_it_registers_and_learns_the_latest_receipt_before_it_asks():
    talk = operation()
    assert "060006271828380978" == talk.said()
    talk.hear(YES, REGISTERED)
    assert YES + "0620052718280303" == talk.said()
    talk.hear(YES, LATEST, DONE)

    assert [AboutToSend] == talk.kinds
    assert talk.mark.startswith("0041/")
    assert YES + YES == talk.said()


def test_nothing_of_the_payment_leaves_before_the_disk_has_it():
    talk = reached()
    assert "" == talk.said()

    assert PAY == talk.saved().said()
    assert [AboutToSend, Sent] == talk.kinds


def test_a_result_is_acknowledged_only_once_it_is_on_disk_and_stands_when_the_command_is_completed():
    talk = taken().hear(status())
    assert "" == talk.said()
    assert (Verdict.APPROVED, Money(1250, "EUR"), "0042") == (
        talk.last.stated.verdict,
        talk.last.stated.money,
        talk.last.stated.receipt,
    )
    assert [Promised] == [each for each in talk.kinds if each in {Promised, Answered}]

    assert YES == talk.saved().said()
    talk.hear(DONE)
    assert ("", Answered) == (talk.said(), talk.kinds[-1])

    assert YES == talk.saved().said()
    assert talk.over


def test_a_terminal_that_was_lost_after_its_result_may_have_undone_it():
    talk = taken().hear(status()).saved().lose()

    assert Doubted(Doubt.LINK_LOST) == talk.last
    assert [] == talk.answers()


@pytest.mark.parametrize(
    ("result", "verdict", "why"),
    [
        ("05", Verdict.DECLINED, Why.REFUSED),
        ("6c", Verdict.CANCELLED, Why.STOPPED),
        ("6f", Verdict.DECLINED, Why.CURRENCY),
        ("9c", Verdict.DECLINED, Why.BUSY),
        ("b4", Verdict.DECLINED, Why.ALREADY_REVERSED),
        ("ff", Verdict.DECLINED, Why.UNSTATED),
    ],
)
def test_every_result_but_00_is_no_payment(result, verdict, why):
    talk = taken().hear(status(result))

    assert (verdict, why) == (talk.last.stated.verdict, talk.last.stated.why)


def test_an_abort_states_the_end_where_no_result_came():
    talk = taken().hear("061e016c").saved()

    assert Verdict.CANCELLED is talk.answers()[0].stated.verdict
    assert YES == talk.said()
    assert talk.over


@pytest.mark.parametrize(
    ("answer", "why"), [("849c00", Why.BUSY), ("846b00", Why.NOT_TAKEN), ("848300", Why.NOT_TAKEN)]
)
def test_a_request_that_is_refused_is_declined_and_never_sent_again(answer, why):
    talk = sent().hear(answer).saved()

    assert (Verdict.DECLINED, why) == (
        talk.answers()[0].stated.verdict,
        talk.answers()[0].stated.why,
    )
    assert "" == talk.wait(300).said()


def test_a_request_without_an_answer_is_in_doubt_and_never_sent_again():
    talk = sent().wait(400)

    assert Doubted(Doubt.NOT_ACKNOWLEDGED) == talk.last
    assert "" == talk.said()


def test_silence_after_it_was_taken_on_leaves_doubt():
    assert Doubted(Doubt.SILENT) == taken().wait(200).last


def test_each_word_of_the_terminal_lets_it_take_its_time():
    talk = taken()
    for _ in range(5):
        talk.wait(170).hear("04ff010a")

    assert Shown(Showing.INSERT) == talk.last
    assert 5 * YES == talk.said()


def test_a_terminal_may_ask_for_more_minutes():
    talk = taken().hear("04ff020e05").wait(299)
    assert Doubted not in talk.kinds

    assert Doubted in talk.wait(2).kinds


def test_a_terminal_that_goes_on_and_on_keeps_nobody_for_ever():
    talk = taken()
    for _ in range(60):
        talk.wait(60).hear("04ff0117")

    assert Doubted(Doubt.SILENT) == talk.last
    assert talk.over


def test_asking_it_to_stop_does_not_make_anybody_wait_longer():
    talk = taken()
    for _ in range(20):
        talk.wait(10).stop().hear("848300")

    assert Doubted(Doubt.SILENT) == talk.last


def test_a_stop_is_asked_for_and_its_end_is_waited_for():
    talk = taken().stop()
    assert "06b000" == talk.said()

    talk.hear(YES, "061e016c")

    assert Verdict.CANCELLED is talk.last.stated.verdict


def test_before_the_request_there_is_nothing_to_stop():
    talk = reached()

    assert "" == talk.stop().said()


def test_a_completion_without_a_result_leaves_doubt():
    assert Doubted(Doubt.UNEXPLAINED) == taken().hear(DONE).last


def test_a_result_that_cannot_be_read_is_not_acknowledged():
    talk = taken().hear("040f0199")

    assert isinstance(talk.last, Rejected)
    assert "" == talk.said()
    assert Doubted(Doubt.UNREADABLE) == talk.wait(200).last


@pytest.mark.parametrize(
    ("amount", "doubt"),
    [("000000001249", Doubt.OTHER_AMOUNT), ("000000001350", Doubt.OTHER_AMOUNT)],
)
def test_a_result_of_another_amount_is_kept_apart(amount, doubt):
    talk = taken().hear(status(amount=amount)).saved()

    assert doubt is talk.answers()[0].misfit
    assert Doubted(doubt) in talk.events


def test_done_and_then_not_done_is_unknown():
    talk = taken().hear(status()).saved().hear("061e0166")

    assert Doubted(Doubt.CONTRADICTION) == talk.last
    assert [] == talk.answers()
    assert talk.over


def test_a_result_that_comes_twice_is_told_once():
    talk = taken().hear(status()).saved().hear(status())

    assert 1 == talk.kinds.count(Promised)
    assert 2 * YES == talk.said()


def test_a_link_that_is_lost_proves_nothing_after_the_request_and_all_before_it():
    assert NotSent(Unsent.NO_CONNECTION) == operation().lose().last
    assert NotSent(Unsent.NO_CONNECTION) == reached().lose().saved().last
    assert Doubted(Doubt.LINK_LOST) == taken().lose().last


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (("849c00",), Unsent.BUSY),
        (("848300",), Unsent.NOT_REGISTERED),
        ((YES, "061e0183"), Unsent.NOT_REGISTERED),
        ((), Unsent.NO_ANSWER),
    ],
)
def test_a_terminal_that_does_not_register_us_was_asked_for_nothing(answers, why):
    talk = operation().hear(*answers).wait(200)

    assert [NotSent(why), Over()] == talk.events
    assert "0601" not in talk.said()


# --- what became of it ----------------------------------------------------------------------------

READY = "060f0bf0f0f7322e31342e313500"
AT_IT = "060f0bf0f0f7322e31342e31359c"


def question(mark="0041/000041/52523535//", asked=ASKED) -> Talk:
    return Talk(till.question(PROFILE, replace(asked, mark=mark), on_line=False)).hear(
        YES, REGISTERED
    )


def looked(talk, *latest) -> Talk:
    return talk.hear(YES, READY, YES, *latest)


def test_a_newer_receipt_of_our_amount_is_ours():
    talk = looked(question(), status(), DONE)

    assert (Verdict.APPROVED, "0042") == (
        talk.last.stated.verdict,
        talk.last.stated.receipt,
    )


def test_the_receipt_before_ours_said_twice_proves_that_nothing_was_paid():
    talk = looked(question(), LATEST, DONE)
    assert [] == talk.events

    looked(talk, LATEST, DONE)

    assert (Verdict.DECLINED, Why.NOT_COMPLETED) == (
        talk.last.stated.verdict,
        talk.last.stated.why,
    )


@pytest.mark.parametrize(
    "latest",
    [
        (status(amount="000000000700"), DONE),
        (status(result="05"), DONE),
        (status(more="37000041"), DONE),
        (status().replace(TID, "2911111111"), DONE),
        (NOTHING,),
    ],
    ids=["another amount", "declined", "one that undoes", "another terminal", "nothing"],
)
def test_anything_else_proves_nothing(latest):
    talk = looked(question(), *latest)

    assert [Doubted(Doubt.NOT_THERE), Over()] == talk.events


@pytest.mark.parametrize("mark", [None, "none"])
def test_without_a_receipt_to_compare_with_nothing_is_proved(mark):
    talk = looked(question(mark), LATEST, DONE)

    assert Doubted(Doubt.NOT_THERE) in talk.events or Answered not in talk.kinds
    assert Answered not in looked(talk, LATEST, DONE).kinds


def test_it_waits_until_the_customer_is_done():
    talk = question()
    for _ in range(3):
        talk.hear(YES, AT_IT).wait(2.1)

    assert Verdict.APPROVED is looked(talk, status(), DONE).last.stated.verdict


def test_a_question_that_nobody_answers_ends():
    talk = question().wait(300)

    assert talk.over
    assert Answered not in talk.kinds


# --- the rest -------------------------------------------------------------------------------------


def test_a_reversal_names_the_receipt_and_wants_its_number():
    undo = Asked(Operation.REVERSAL, Money(1250, "EUR"), "K7WQ2M9XHT", receipt="0042")

    talk = operation(undo).hear(YES, REGISTERED, YES, NOTHING)
    talk.said()
    assert "0630" + "10" + "271828" + "870042" + "04000000001250490978" == talk.saved().said()
    with pytest.raises(CannotAskError):
        operation(Asked(Operation.REVERSAL, Money(1250, "EUR"), "K7WQ2M9XHT"))


def test_a_refund_carries_the_password():
    back = Asked(Operation.REFUND, Money(1250, "EUR"), "K7WQ2M9XHT")

    talk = operation(back).hear(YES, REGISTERED, YES, NOTHING)
    talk.said()
    assert "06310d27182804000000001250490978" == talk.saved().said()


def test_the_customers_receipt_is_kept_and_shows_no_card_number():
    profile = ZvtProfile(password="271828", receipt=True)
    lines = (
        b"** H\x8eNDLERBELEG **\x06\x04\x1f\x07\x01\x01",
        b"** KUNDENBELEG **\x06\x04\x1f\x07\x01\x02",
        b"Karte 4970 1012 3456 7890\x06\x04\x1f\x07\x01\x02",
    )
    talk = operation(profile=profile)
    assert talk.said().startswith("060006271828ba")
    talk.hear(YES, REGISTERED, YES, NOTHING).saved().hear(YES, status()).saved()
    for each in lines:
        talk.hear(bytes((0x06, 0xD1, len(each) + 1, 0x00)) + each)
    talk.hear(bytes.fromhex("06d10781") + b"\x06\x04\x1f\x07\x01\x02").hear(DONE).saved()

    [ticket] = [each.ticket for each in talk.events if isinstance(each, Printed)]
    assert "KUNDENBELEG" in ticket
    assert "NDLERBELEG" not in ticket
    assert "4970" not in ticket
    assert "7890" in ticket


def test_totals_are_told():
    value = "00010042" + "02000000002500" + 6 * "00000000000000"
    talk = Talk(till.totals(PROFILE, close=False, on_line=False)).hear(YES, REGISTERED)
    assert talk.said().endswith("061003271828")

    talk.hear(YES, f"040f{4 + len(value) // 2:02x}60f0f5f3{value}", DONE)

    [totals] = [each.totals for each in talk.events if isinstance(each, Totalled)]
    assert (2, 2500, "EUR") == (totals.count, totals.minor_units, totals.currency)


def test_a_day_is_ended_by_another_command():
    talk = Talk(till.totals(PROFILE, close=True, on_line=False)).hear(YES, REGISTERED)

    assert talk.said().endswith("065003271828")


# --- on a serial line -----------------------------------------------------------------------------

ACK, NAK = "06", "15"


def on_line(*answers) -> Talk:
    talk = Talk(till.operation(PROFILE, ASKED, on_line=True))
    for each in answers:
        talk.hear(ACK).hear(framed(bytes.fromhex(each)))
    return talk


def test_a_registration_that_arrives_damaged_is_repeated_twice_at_most():
    talk = on_line()
    first = talk.said()

    for _ in range(2):
        assert first == talk.hear(NAK).said()
    assert "" == talk.hear(NAK).said()
    assert NotSent(Unsent.NO_ANSWER) in talk.events


def paying_on_line() -> Talk:
    talk = on_line(YES, REGISTERED).hear(ACK, ACK)
    talk.hear(framed(bytes.fromhex(YES))).hear(framed(bytes.fromhex(NOTHING))).hear(ACK)
    talk.said()
    talk.saved()
    assert framed(bytes.fromhex(PAY)).hex() == talk.said()
    return talk


def test_a_payment_that_arrives_damaged_is_never_repeated():
    talk = paying_on_line().hear(NAK)

    assert (Verdict.DECLINED, Why.NOT_TAKEN) == (talk.last.stated.verdict, talk.last.stated.why)
    assert framed(bytes.fromhex(PAY)).hex() not in talk.saved().wait(100).said()


def test_a_payment_that_is_not_acknowledged_is_in_doubt_and_never_repeated():
    talk = paying_on_line().wait(100)

    assert Doubted(Doubt.NOT_ACKNOWLEDGED) == talk.last
    assert "" == talk.said()


def test_a_block_that_comes_twice_is_acknowledged_twice_and_told_once():
    block = framed(bytes.fromhex(status()))
    talk = paying_on_line().hear(ACK, framed(bytes.fromhex(YES)))
    talk.said()

    talk.hear(block, block)

    assert ACK + ACK == talk.said()
    assert 1 == talk.kinds.count(Promised)


def test_a_block_that_stops_in_the_middle_is_refused():
    talk = paying_on_line().hear(ACK, "1002040f")
    talk.said()

    assert NAK == talk.wait(0.3).said()
    assert TakenOn not in talk.kinds
