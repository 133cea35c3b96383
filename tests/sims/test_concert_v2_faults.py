"""What goes wrong with a terminal that speaks Concert V2, and what its ledger says then."""

import os
from pathlib import Path

import pytest

from firmware_sims.kit.cable import Cable
from firmware_sims.kit.faults import OF_TERMINALS, Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.payment.concert_v2 import ConcertTerminal
from firmware_sims.payment.customer import Customer, Habit
from tests.sims.on_a_line import NOW
from tests.sims.tills import (
    ACK,
    ENQ,
    EOT,
    NAK,
    ONCE,
    ORDINARY,
    at,
    concert,
    opened,
    paid,
    request,
    sealed,
)

# --- faults ---------------------------------------------------------------------------------------


def test_an_answer_lost_was_paid():
    front = at(concert(), Fault.ANSWER_LOST)
    front.order(ORDINARY)

    assert b"" == front.pass_time(300.0)
    assert (ONCE, 0) == (paid(front), front.lost)


def test_a_fault_for_once_is_over_after_it():
    front = at(concert(), Fault.ANSWER_LOST)
    front.order(ORDINARY)
    front.pass_time(1.0)
    front.order(ORDINARY)

    assert (front.given() or "").startswith("010")
    assert {"R1": 2} == front.terminal.ledger.counts() == front.terminal.requests


def test_a_fault_without_a_number_stays_until_it_is_switched_off():
    front = at(concert(), Fault.ANSWER_LOST, times=None)
    for _ in range(2):
        front.order(ORDINARY)
        assert None is front.given()
    front.terminal.set_fault(Fault.ANSWER_LOST, on=False)
    front.order(ORDINARY)

    assert (front.given() or "").startswith("010")


def test_a_late_answer_is_offered_until_somebody_takes_it():
    front = at(concert(late_seconds=20.0), Fault.ANSWER_LATE)
    front.order(ORDINARY)

    assert b"" == front.pass_time(19.0)
    assert 10 < front.pass_time(121.0).count(ENQ)
    assert "010000012501978R1        " == front.given(7.0)
    assert b"" == front.pass_time(30.0)


def test_a_late_answer_is_given_to_a_till_that_connected_anew():
    front = at(concert(late_seconds=20.0), Fault.ANSWER_LATE)
    front.order(ORDINARY)
    front.pass_time(25.0)
    front.connect()

    assert (front.given(2.0) or "").startswith("010")


def test_a_late_answer_waits_for_a_till_that_hung_up():
    front = at(concert(bare=True, late_seconds=5.0), Fault.ANSWER_LATE)
    front.say(sealed(ORDINARY))
    front.pass_time(1.0)
    front.terminal.unplugged()
    assert b"" == front.pass_time(20.0)
    front.connect()

    assert "010000012501978R1        " == opened(front.pass_time(2.0))


def test_without_that_fault_a_till_that_connected_anew_is_told_nothing():
    for before in (0.1, 1.0):
        front = at(concert())
        front.order(ORDINARY)
        front.pass_time(before)
        front.connect()

        assert None is front.given(60.0)
        assert ONCE == paid(front)


def test_a_late_answer_of_the_last_order_can_come_during_the_next():
    front = at(concert(late_seconds=5.0), Fault.ANSWER_LATE)
    front.order(ORDINARY)
    front.pass_time(4.0)
    front.terminal.customer = Customer(seconds=10.0)
    front.order(request(priv="R2"))

    assert "R1" in (front.given(3.0) or "")
    assert "R2" in (front.given(12.0) or "")


def test_a_duplicated_answer_is_given_twice():
    front = at(concert(), Fault.ANSWER_DUPLICATED)
    front.order(ORDINARY)

    assert front.given() == front.given() is not None
    assert None is front.given(10.0)
    assert ONCE == paid(front)


def test_a_link_that_is_cut_after_the_authorisation_is_back_and_silent():
    front = at(concert(), Fault.CUT_AFTER_AUTHORISATION)
    front.order(ORDINARY)

    assert b"" == front.pass_time(60.0)
    assert (ONCE, 1) == (paid(front), front.lost)
    assert ACK == front.say(ENQ)


def test_a_link_that_is_cut_before_the_authorisation_leaves_nothing_paid():
    front = at(concert(Habit.SLOW), Fault.CUT_BEFORE_AUTHORISATION)
    front.order(ORDINARY)

    assert b"" == front.pass_time(60.0)
    assert ([], 1) == (paid(front), front.lost)
    assert ACK == front.say(ENQ)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.REBOOTED_AFTER_AUTHORISATION, ONCE),
        (Fault.REBOOTED_BEFORE_AUTHORISATION, []),
    ],
)
def test_a_reboot_takes_its_time_and_remembers_only_the_ledger(
    fault: Fault, expected: list[object], tmp_path: Path
):
    front = at(concert(ledger=tmp_path / "ledger", reboot_seconds=5.0), fault)
    front.order(ORDINARY)
    front.pass_time(1.0)
    assert "out of reach" == front.terminal.state
    assert front.terminal.refuses_connections
    front.terminal.heard(ENQ)

    assert b"" == front.pass_time(60.0)
    assert (expected, 1) == (paid(front), front.lost)
    assert ACK == front.say(ENQ)


def test_a_reboot_forgets_a_late_answer():
    front = at(concert(late_seconds=5.0), Fault.ANSWER_LATE)
    front.order(ORDINARY)
    front.pass_time(6.0)
    front.terminal.set_fault(Fault.REBOOTED_AFTER_AUTHORISATION, on=True, times=1)
    front.pass_time(3.0)
    front.order(ORDINARY)

    assert None is front.given(60.0)


@pytest.mark.parametrize(("times", "given"), [(1, 2), (2, 3), (None, 3)])
def test_a_lost_acknowledgement_has_the_answer_repeated_at_most_twice(
    times: int | None, given: int
):
    front = at(concert(), Fault.ACKNOWLEDGEMENT_LOST, times=times)
    front.order(ORDINARY)
    front.pass_time(1.0)
    said = [front.say(ACK)]
    for _ in range(5):
        said += [front.say(ACK) + front.pass_time(3.1)]

    frame = sealed("010000012501978R1        ")
    assert frame * given + EOT == b"".join(said)
    assert ONCE == paid(front)


def test_a_request_that_is_not_acknowledged_is_paid_and_answered():
    front = at(concert(), Fault.REQUEST_NOT_ACKNOWLEDGED)
    front.say(ENQ)

    assert b"" == front.say(sealed(ORDINARY))
    assert (front.given(5.0) or "").startswith("010")
    assert ONCE == paid(front)


def test_a_request_that_is_refused_is_counted_and_not_taken():
    front = at(concert(), Fault.REQUEST_REFUSED)
    front.say(ENQ)

    assert NAK == front.say(sealed(ORDINARY))
    assert None is front.given(10.0)
    assert ([], {"R1": 1}) == (paid(front), front.terminal.requests)


def test_a_busy_terminal_says_so_before_anything_was_sent():
    front = at(concert(), Fault.BUSY, times=2)

    assert [NAK, NAK, ACK] == [front.say(ENQ) for _ in range(3)]


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (Fault.WRONG_REFERENCE, "010000012501978R2        "),
        (Fault.WRONG_AMOUNT, "010000012491978R1        "),
        (Fault.WRONG_CURRENCY, "010000012501840R1        "),
    ],
)
def test_a_wrong_echo_stands_beside_a_right_ledger(fault: Fault, answer: str):
    front = at(concert(), fault)
    front.order(ORDINARY)

    assert answer == front.given()
    assert ONCE == paid(front)


def test_a_wrong_check_value_of_an_answer_is_right_when_it_is_repeated():
    front = at(concert(), Fault.WRONG_CHECK)
    front.order(ORDINARY)
    front.pass_time(1.0)
    wrong = front.say(ACK)
    right = front.say(NAK)

    assert wrong[:-1] == right[:-1]
    assert wrong != right == sealed(opened(right))


def test_several_faults_at_once_each_do_their_part():
    front = at(concert(), Fault.WRONG_AMOUNT, Fault.ANSWER_DUPLICATED, Fault.BUSY)
    assert NAK == front.say(ENQ)
    front.order(ORDINARY)

    assert ["010000012491978R1        "] * 2 == [front.given(), front.given()]
    assert ONCE == paid(front)


def test_what_goes_wrong_on_the_way():
    for fault, longest in ((Fault.SPLIT, 7), (Fault.SINGLE_BYTES, 1)):
        front = at(concert(bare=True))
        front.terminal.set_fault(fault, on=True)
        front.say(sealed(ORDINARY))
        pieces = front.said_within(1.0)
        assert longest >= max(map(len, pieces))
        assert "010" == opened(b"".join(pieces))[:3]
    for fault, said in ((Fault.SILENCE, 0), (Fault.DELAY, 28), (Fault.CORRUPT_BYTE, 28)):
        front = at(concert(bare=True))
        front.terminal.set_fault(fault, on=True)
        front.say(sealed(ORDINARY))
        assert (0 if fault is Fault.DELAY else said) == len(front.pass_time(1.0))
        assert (said if fault is Fault.DELAY else 0) == len(front.pass_time(2.0))
        assert ONCE == paid(front)


def test_a_fault_of_the_way_is_not_counted():
    with pytest.raises(ControlError) as refusal:
        concert().set_fault(Fault.SILENCE, on=True, times=1)

    assert "times" == refusal.value.field
    assert "answer_lost" in refusal.value.allowed


def test_what_concert_cannot_say_cannot_be_wrong():
    of_others = {Fault.CONTRADICTION, Fault.WRONG_TERMINAL, Fault.COMPLETION_LOST}

    assert of_others == OF_TERMINALS - ConcertTerminal.known_faults


# --- on a real line -------------------------------------------------------------------------------


def test_on_a_pseudo_terminal_the_path_is_the_same_after_a_cut():
    made = concert()
    made.set_fault(Fault.CUT_AFTER_AUTHORISATION, on=True, times=1)
    with Cable(made) as cable:
        line = os.open(made.place, os.O_RDWR | os.O_NOCTTY)
        for said in (ENQ, sealed(ORDINARY)):
            os.write(line, said)
            cable.tend()
            assert ACK == os.read(line, 10)
        os.close(line)
        gone = 0
        for _ in range(20):
            made.process(0.1, NOW)
            cable.tend()
            gone += not Path(made.place).is_symlink()

        assert gone
        assert Path(made.place).is_symlink()
        assert ONCE == paid(made)
