"""A till that speaks Concert V2 and Caisse-AP: what it says when, and what it makes of every answer."""

from dataclasses import replace

import pytest

from contract.payment.money import Money
from contract.payment.stated import Doubt, Operation, Unsent, Verdict, Why
from drivers.payment.caisse_ap import till as caisse_ap
from drivers.payment.concert_frame import framed
from drivers.payment.concert_v2 import till as concert
from drivers.payment.dialogue import (
    AboutToSend,
    Answered,
    Asked,
    CannotAskError,
    Doubted,
    NotSent,
    Over,
    Rejected,
    Sent,
    TakenOn,
)
from drivers.payment.profile import CaisseApProfile, ConcertProfile
from tests.drivers.till_talk import Talk

ASKED = Asked(Operation.CHARGE, Money(1250, "EUR"), "K7WQ2M9XHT")
ENQ, ACK, NAK, EOT = "05", "06", "15", "04"


def operation(asked=ASKED, **how) -> Talk:
    """Return a talk in which the line was quiet for a second."""
    return Talk(concert.operation(ConcertProfile(**how), asked)).wait(1.0)


def answer(status="0", amount="00001250", currency="978", private="K7WQ2M9XHT", till="01"):
    return framed(f"{till}{status}{amount}1{currency}{private}".encode())


def sent(**how) -> Talk:
    talk = operation(**how).hear(ACK).saved()
    talk.said()
    return talk


def awaited(**how) -> Talk:
    talk = sent(**how).hear(ACK, ENQ)
    talk.said()
    return talk


# --- Concert V2 -----------------------------------------------------------------------------------


def test_nothing_but_a_single_byte_leaves_before_the_disk_has_it():
    talk = operation()
    assert ENQ == talk.said()

    talk.hear(ACK)
    assert ("", AboutToSend()) == (talk.said(), talk.last)

    talk.saved()
    assert talk.said().startswith("02")
    assert [AboutToSend, Sent] == talk.kinds


def test_answers_to_whoever_used_the_line_before_are_not_ours():
    talk = Talk(concert.operation(ConcertProfile(), ASKED)).hear(ACK, NAK)
    assert ([], "") == (talk.events, talk.said())

    talk.wait(1.0)
    assert ENQ == talk.said()
    assert AboutToSend() == talk.hear(ACK).last


def test_an_answer_is_acknowledged_only_once_it_is_on_disk():
    talk = awaited().hear(answer())
    assert "" == talk.said()
    assert Verdict.APPROVED is talk.last.stated.verdict

    talk.saved()
    assert ACK == talk.said()[:2]


@pytest.mark.parametrize(("replies", "why"), [([], Unsent.NO_ANSWER), ([NAK] * 9, Unsent.BUSY)])
def test_a_terminal_that_is_not_ready_was_asked_for_nothing(replies, why):
    talk = operation()
    for each in replies:
        talk.hear(each).wait(1.5)
    talk.wait(30)

    assert [NotSent(why), Over()] == talk.events
    assert "02" not in talk.said()


def test_a_request_that_is_refused_is_declined_and_never_sent_again():
    talk = sent().hear(NAK)

    assert (Verdict.DECLINED, Why.NOT_TAKEN) == (talk.last.stated.verdict, talk.last.stated.why)
    assert "02" not in talk.saved().wait(300).said()


def test_a_refusal_after_a_second_enq_may_be_of_that_one_and_leaves_doubt():
    talk = operation().wait(4.5).hear(ACK).saved().hear(NAK)

    assert Doubted(Doubt.NOT_ACKNOWLEDGED) == talk.last
    assert [] == talk.answers()


def test_a_request_without_an_answer_is_in_doubt_and_never_sent_again():
    talk = sent().wait(400)

    assert Doubted(Doubt.NOT_ACKNOWLEDGED) == talk.events[2]
    assert "02" not in talk.said()


def test_a_late_answer_with_our_reference_is_ours():
    talk = sent().hear(ACK).wait(200)
    assert Doubted(Doubt.SILENT) == talk.last

    talk.hear(ENQ).hear(answer())

    assert (Verdict.APPROVED, None) == (talk.last.stated.verdict, talk.last.misfit)


@pytest.mark.parametrize("status", ["7", "0"])
def test_a_refused_payment_is_never_a_success(status):
    talk = awaited().hear(answer(status))

    assert ("0" == status) is (Verdict.APPROVED is talk.last.stated.verdict)


@pytest.mark.parametrize("status", ["1", "2", "5", "8", "A"])
def test_a_status_that_no_source_explains_is_no_success_though_the_answer_holds_a_0(status):
    talk = awaited().hear(answer(status))

    assert Doubted(Doubt.UNEXPLAINED) == talk.last
    assert [] == talk.answers()


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        ({"amount": "00001249"}, Doubt.OTHER_AMOUNT),
        ({"currency": "840"}, Doubt.OTHER_CURRENCY),
        ({"private": "OTHER12345"}, Doubt.OTHER_REFERENCE),
    ],
)
def test_an_answer_about_something_else_is_kept_apart_and_ours_goes_on(changed, doubt):
    talk = awaited().hear(answer(**changed)).saved()

    assert doubt is talk.answers()[0].misfit
    assert Doubted(doubt) in talk.events
    assert not talk.over


def test_an_answer_that_comes_twice_is_told_once_and_acknowledged_twice():
    talk = awaited().hear(answer()).saved()
    first = talk.said()

    talk.hear(ENQ).hear(answer())

    assert 1 == len(talk.answers())
    assert ACK in first
    assert ACK + ACK == talk.said()


def test_a_damaged_answer_is_asked_for_again_and_is_nothing():
    damaged = bytearray(answer())
    damaged[-1] ^= 1

    talk = awaited().hear(bytes(damaged))

    assert NAK == talk.said()
    assert [] == talk.answers()
    assert Verdict.APPROVED is talk.hear(answer()).last.stated.verdict


def test_a_link_that_is_lost_before_the_request_proves_that_nothing_was_asked():
    assert NotSent(Unsent.NO_CONNECTION) == operation().hear(ACK).lose().last


def test_a_link_that_is_lost_after_the_request_leaves_doubt():
    assert Doubted(Doubt.LINK_LOST) == sent().hear(ACK).lose().last


def test_an_amount_that_has_no_room_is_refused_before_anything_is_said():
    with pytest.raises(CannotAskError):
        operation(replace(ASKED, money=Money(10**8, "EUR")))


# --- Caisse-AP ------------------------------------------------------------------------------------

OVER_TCP = "CZ0040300CJ012012345678901CA00201CE003978BA0010CD0010CB0041250CF010K7WQ2M9XHT"
DONE = "CZ0040300CA00201CE003978CB0041250CF010K7WQ2M9XHTAE00210AC006222093"
STOPPED = "CZ0040300AE00201AF00206"
STATE = "CZ0040300CJ012012345678901CA00201CD001TCF010K7WQ2M9XHT"


def over_tcp(asked=ASKED, **how) -> Talk:
    return Talk(caisse_ap.operation(CaisseApProfile(**how), asked, framed=False)).saved()


def heard(talk, text) -> Talk:
    return talk.hear(text.encode()).wait(1.5)


def on_a_line(asked=ASKED) -> Talk:
    talk = Talk(caisse_ap.operation(CaisseApProfile(), asked, framed=True)).wait(1.0)
    talk.hear(ACK).saved()
    return talk


def given(talk, text) -> Talk:
    return talk.hear(ENQ).hear(framed(text.encode()))


def test_the_request_names_amount_currency_and_our_reference():
    assert OVER_TCP == bytes.fromhex(over_tcp().said()).decode()


def test_an_amount_of_one_digit_is_never_sent():
    asked = replace(ASKED, money=Money(5, "EUR"))

    assert "CB00205" in bytes.fromhex(over_tcp(asked).said()).decode()


def test_done_is_paid_and_the_red_key_is_not():
    assert Verdict.APPROVED is heard(over_tcp(), DONE).last.stated.verdict
    assert Verdict.CANCELLED is heard(over_tcp(), STOPPED).last.stated.verdict


def test_done_and_not_done_at_once_is_unknown():
    talk = heard(over_tcp(), DONE + "AF00209")

    assert Doubted(Doubt.CONTRADICTION) == talk.last
    assert [] == talk.answers()


def test_an_answer_without_our_reference_is_no_payment_where_the_terminal_gives_it_back():
    talk = heard(over_tcp(), DONE.replace("CF010K7WQ2M9XHT", ""))

    assert Doubt.OTHER_REFERENCE is talk.answers()[0].misfit


def test_what_is_no_message_is_rejected_and_leaves_doubt():
    talk = heard(over_tcp(), "CZ0040300AE00X10").lose()

    assert any(isinstance(each, Rejected) for each in talk.events)
    assert [] == talk.answers()
    assert Doubted in talk.kinds


def test_a_flood_is_passed_over_at_once():
    talk = over_tcp().hear(b"CZ0040300" * 8000)

    assert 1 == talk.kinds.count(Rejected)
    assert Verdict.APPROVED is heard(talk, DONE).last.stated.verdict


def test_on_a_line_a_late_answer_that_does_not_say_whose_it_is_settles_nothing():
    """It may be that of an earlier payment, which the terminal gives to whoever is there."""
    talk = on_a_line().wait(10)
    assert Doubted(Doubt.NOT_ACKNOWLEDGED) in talk.events

    given(talk, STOPPED)

    assert Doubt.OTHER_REFERENCE is talk.last.misfit


@pytest.mark.parametrize(("stray", "misfit"), [(True, Doubt.OTHER_REFERENCE), (False, None)])
def test_on_a_line_such_an_answer_counts_only_where_none_is_owed_from_before(stray, misfit):
    talk = on_a_line(replace(ASKED, stray=stray)).hear(ACK)

    given(talk, STOPPED)

    assert misfit is talk.answers()[0].misfit


def test_over_a_connection_of_its_own_a_late_answer_is_ours():
    talk = over_tcp().wait(200)

    assert (Verdict.CANCELLED, None) == (
        heard(talk, STOPPED).last.stated.verdict,
        talk.last.misfit,
    )


def question() -> Talk:
    return Talk(caisse_ap.question(CaisseApProfile(knows_state=True), ASKED, framed=False))


def test_a_question_moves_nothing_and_waits_for_no_disk():
    assert STATE == bytes.fromhex(question().said()).decode()


def test_a_question_believes_what_states_more_than_was_asked():
    assert Verdict.APPROVED is heard(question(), DONE).last.stated.verdict


@pytest.mark.parametrize(
    "said",
    [
        "CZ0040300CD001TCF010K7WQ2M9XHTAE00210",
        "CZ0040300CE003978CB0041250CF010K7WQ2M9XHTAE00210",
        "CZ0040300CD001TCF010K7WQ2M9XHTAE00201AF00200",
    ],
)
def test_a_question_believes_nothing_less(said):
    talk = heard(question(), said)

    assert Doubted(Doubt.NOT_THERE) == talk.last
    assert [] == talk.answers()


def test_a_question_that_is_answered_about_something_else_ends_all_the_same():
    talk = heard(question(), DONE.replace("CB0041250", "CB0041251")).saved()

    assert Doubt.OTHER_AMOUNT is talk.answers()[0].misfit
    assert talk.over


def test_a_question_without_an_answer_ends():
    talk = question().wait(60)

    assert Doubted(Doubt.SILENT) == talk.last
    assert talk.over


def test_taken_on_is_not_the_end():
    talk = heard(over_tcp(), "CZ0040300BA0010AE00211")

    assert TakenOn() == talk.last
    assert Answered in heard(talk, DONE).kinds
