"""What goes wrong with a terminal that speaks Caisse-AP, on a network and on a line."""

import pytest

from firmware_sims.kit.faults import OF_TERMINALS, Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.payment.caisse_ap import CaisseApOnALine, CaisseApTerminal
from tests.sims.tills import (
    ACK,
    ENQ,
    EOT,
    NAK,
    ONCE,
    REQUEST,
    WITH_REFERENCE,
    at,
    caisse_ap,
    fields,
    opened,
    paid,
    sealed,
)

# --- faults ---------------------------------------------------------------------------------------


def test_an_answer_lost_was_paid():
    front = at(caisse_ap(), Fault.ANSWER_LOST)

    assert "" == front.ask(WITH_REFERENCE, 300.0)
    assert (ONCE, 0) == (paid(front), front.lost)
    assert "10" == fields(front.ask(WITH_REFERENCE))["AE"]


def test_a_late_answer_comes_late():
    front = at(caisse_ap(), Fault.ANSWER_LATE)

    assert "" == front.ask(WITH_REFERENCE, 199.0)
    assert "10" == fields(front.pass_time(3.0).decode())["AE"]


@pytest.mark.parametrize("faults", [(), (Fault.ANSWER_LATE,)])
def test_an_answer_goes_over_no_other_connection_than_its_own(faults: tuple[Fault, ...]):
    front = at(caisse_ap(late_seconds=5.0), *faults)
    front.ask(WITH_REFERENCE, 0.4)
    front.connect()

    assert b"" == front.pass_time(30.0)
    assert ONCE == paid(front)


def test_a_duplicated_answer_comes_twice():
    said = at(caisse_ap(), Fault.ANSWER_DUPLICATED).ask(WITH_REFERENCE)

    half = len(said) // 2
    assert said[:half] == said[half:]
    assert "10" == fields(said[:half])["AE"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.CUT_AFTER_AUTHORISATION, ONCE),
        (Fault.CUT_BEFORE_AUTHORISATION, []),
        (Fault.REBOOTED_AFTER_AUTHORISATION, ONCE),
        (Fault.REBOOTED_BEFORE_AUTHORISATION, []),
    ],
)
def test_a_connection_that_ends_says_nothing_and_can_be_made_again(
    fault: Fault, expected: list[object]
):
    front = at(caisse_ap(), fault)

    assert "" == front.ask(WITH_REFERENCE, 10.0)
    assert (expected, 1) == (paid(front), front.lost)
    assert "10" == fields(front.ask(REQUEST + "CF002R2"))["AE"]


@pytest.mark.parametrize(
    ("fault", "tag", "wrong"),
    [
        (Fault.WRONG_REFERENCE, "CF", "R2"),
        (Fault.WRONG_AMOUNT, "CB", "1249"),
        (Fault.WRONG_CURRENCY, "CE", "840"),
    ],
)
def test_a_wrong_echo_stands_beside_a_right_ledger(fault: Fault, tag: str, wrong: str):
    front = at(caisse_ap(), fault)
    said = fields(front.ask(WITH_REFERENCE))

    assert (wrong, "10") == (said[tag], said["AE"])
    assert ONCE == paid(front)


def test_a_busy_terminal_lets_nobody_in_and_that_cannot_be_counted():
    made = caisse_ap()
    made.set_fault(Fault.BUSY, on=True)

    assert made.refuses_connections
    with pytest.raises(ControlError, match="times"):
        made.set_fault(Fault.BUSY, on=True, times=1)


def test_what_has_no_acknowledgement_cannot_lose_one():
    over_tcp = {
        Fault.ACKNOWLEDGEMENT_LOST,
        Fault.REQUEST_NOT_ACKNOWLEDGED,
        Fault.REQUEST_REFUSED,
    }
    of_zvt = {Fault.WRONG_TERMINAL, Fault.COMPLETION_LOST}

    assert over_tcp | of_zvt == OF_TERMINALS - CaisseApTerminal.known_faults
    assert of_zvt == OF_TERMINALS - CaisseApOnALine.known_faults


# --- in frames, on a line -------------------------------------------------------------------------


def test_on_a_line_the_same_message_goes_through_the_dialogue():
    front = at(caisse_ap(line=True))
    front.order(WITH_REFERENCE)

    assert "10" == fields(front.given() or "")["AE"]
    assert ONCE == paid(front)


def test_on_a_line_a_request_refused_is_not_taken():
    front = at(caisse_ap(line=True), Fault.REQUEST_REFUSED)
    front.say(ENQ)

    assert NAK == front.say(sealed(WITH_REFERENCE))
    assert b"" == front.pass_time(5.0)
    assert ([], {"R1": 1}) == (paid(front), front.terminal.requests)


def test_on_a_line_what_is_no_message_is_answered_as_such():
    front = at(caisse_ap(line=True))
    front.order("CZ0040300C")

    assert "CZ0040300AE00201AF00209" == front.given()


def test_on_a_line_no_frame_is_longer_than_the_line_allows():
    front = at(caisse_ap(line=True))
    front.order(WITH_REFERENCE + "CK003100")
    body = front.given() or ""

    assert "ZT" not in fields(body)
    assert "10" == fields(body)["AE"]


def test_on_a_line_a_lost_acknowledgement_has_the_answer_repeated():
    front = at(caisse_ap(line=True), Fault.ACKNOWLEDGEMENT_LOST)
    front.order(WITH_REFERENCE)
    front.pass_time(1.0)
    first = front.say(ACK)

    assert first == front.say(ACK) + front.pass_time(3.1)
    assert EOT == front.say(ACK)
    assert "10" == fields(opened(first))["AE"]
