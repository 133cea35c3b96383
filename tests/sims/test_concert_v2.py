"""The simulated terminal says, byte for byte, what the page of Concert V2 says; its ledger says what was paid."""

import pytest

from firmware_sims.payment.concert_line import check
from firmware_sims.payment.concert_v2 import Dialect
from firmware_sims.payment.customer import Customer, Habit
from tests.sims.tills import (
    ACK,
    ENQ,
    NAK,
    ONCE,
    ORDINARY,
    at,
    concert,
    paid,
    request,
    sealed,
)

WITHOUT_RESULT = "A011B010"


# --- vectors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "lrc"),
    [
        (request(ind="1"), 0x01),
        (request(ends="A011B010"), 0x01),
        (request(ind="1", kind="1"), 0x00),
        (request(ind="1", kind="2"), 0x03),
        (request("00005510", ind="1"), 0x06),
        (request("00066666", ind="1", currency="840"), 0x0B),
        (request("00009110"), 0x0F),
        (request("00000100", ends="A011B010"), 0x06),
        (request("00002000", mode="C"), 0x76),
        (request("00002000", mode="C", ends="A011B010"), 0x77),
    ],
)
def test_a_request_of_the_page_is_acknowledged(body: str, lrc: int):
    front = at(concert())
    assert ACK == front.say(ENQ)

    assert lrc == check(body.encode())
    assert ACK == front.say(b"\x02" + body.encode() + b"\x03" + bytes((lrc,)))


def test_the_shorter_request_of_the_page_is_one_of_protocol_e():
    front = at(concert(dialect=Dialect.E))
    front.say(ENQ)

    assert ACK == front.say(b"\x02" + request(ends="").encode() + b"\x03\x03")
    assert NAK == at(concert()).say(ENQ + sealed(request(ends="")))[-1:]


@pytest.mark.parametrize(
    ("habit", "ends", "status", "lrc"),
    [
        (Habit.PAYS, "A010B010", b"0", 0x33),
        (Habit.REFUSES, "A010B010", b"7", 0x34),
        (Habit.PAYS, WITHOUT_RESULT, b"9", 0x3A),
    ],
)
def test_the_answers_of_the_page_come_out(habit: Habit, ends: str, status: bytes, lrc: int):
    front = at(concert(habit))
    front.order(request(ends=ends))
    assert ENQ in front.pass_time(1.0)

    answer = b"\x0201" + status + b"000012501978" + b" " * 10 + b"\x03" + bytes((lrc,))
    assert answer == front.say(ACK)
    assert 28 == len(answer)


def test_ind_1_has_a_rep_that_begins_with_a_masked_number():
    front = at(concert())
    front.order(request(ind="1"))
    body = front.given()

    assert body is not None
    assert 83 == len(sealed(body))
    assert "892699######5305".ljust(55) == body[12:67]


def test_a_whole_card_number_comes_only_where_it_was_asked_for():
    front = at(concert(card="4970101234567890"))
    front.order(request(ind="1"))
    assert "4970101234567890" in (front.given() or "")

    front.order(request())
    assert "4970101234567890" not in (front.given() or "")


# --- customers ------------------------------------------------------------------------------------


def test_a_customer_who_pays_is_in_the_ledger_and_in_the_answer():
    front = at(concert())
    front.order(ORDINARY)

    assert "010000012501978R1        " == front.given()
    assert ONCE == paid(front)
    assert {"R1": 1} == front.terminal.requests


@pytest.mark.parametrize("habit", [Habit.REFUSES, Habit.WRONG_PIN, Habit.ABANDONS])
def test_a_customer_who_does_not_pay_is_in_no_ledger(habit: Habit):
    front = at(concert(habit))
    front.order(ORDINARY)

    assert "017000012501978R1        " == front.given()
    assert [] == paid(front)


def test_a_customer_who_pays_partly_is_told_with_what_was_paid():
    front = at(concert(Habit.PAYS_PARTLY))
    front.order(ORDINARY)

    assert "010000006251978R1        " == front.given()
    assert [("R1", "debit", 625, "978")] == paid(front)


def test_a_slow_customer_takes_half_a_minute_in_which_the_terminal_is_busy():
    front = at(concert(Habit.SLOW))
    front.order(ORDINARY)

    assert b"" == front.pass_time(29.0)
    assert NAK == front.say(ENQ)
    assert [] == paid(front)
    assert (front.given(2.0) or "").startswith("010")


def test_a_customer_can_change_their_mind():
    front = at(concert(Habit.SLOW))
    front.order(ORDINARY)
    front.pass_time(5.0)
    front.terminal.customer = Customer(habit=Habit.ABANDONS)

    assert (front.given(0.2) or "").startswith("017")
    assert [] == paid(front)


@pytest.mark.parametrize(
    ("kind", "name"), [("0", "debit"), ("1", "credit"), ("2", "cancellation")]
)
def test_each_kind_is_in_the_ledger_by_its_name(kind: str, name: str):
    front = at(concert())
    front.order(request(kind=kind))
    front.given()

    assert [("", name, 1250, "978")] == paid(front)


@pytest.mark.parametrize(
    "body",
    [
        request(kind="4"),
        request(kind="9"),
        request(ind="2"),
        request(mode="Z"),
        request(currency="840"),
        request("00000000"),
        request("0000125x"),
        request(ends="A012B010"),
        request(ends="A010B019"),
        "00" + request()[2:],
    ],
)
def test_what_the_page_does_not_know_is_not_done(body: str):
    front = at(concert())
    front.order(body)

    assert "7" == (front.given() or "")[2]
    assert [] == paid(front)


def test_another_till_than_the_only_one_is_not_served():
    front = at(concert(till="02"))
    front.order(ORDINARY)

    assert "7" == (front.given() or "")[2]
    assert [] == paid(front)


def test_taken_on_has_no_result_after_it_and_is_paid_all_the_same():
    front = at(concert())
    front.order(request(priv="R1", ends=WITHOUT_RESULT))

    assert "9" == (front.given() or "")[2]
    assert None is front.given(10.0)
    assert ONCE == paid(front)
