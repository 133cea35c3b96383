"""What goes wrong with a terminal that speaks ZVT, and what its ledger says then."""

from pathlib import Path

import pytest

from firmware_sims.kit.faults import OF_TERMINALS, Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.payment.customer import Habit
from firmware_sims.payment.zvt.terminal import ZvtOnALine, ZvtTerminal
from tests.sims.tills import paid
from tests.sims.zvt_tills import (
    DONE,
    LOG_OFF,
    ONCE,
    PAY,
    REGISTER,
    REPEAT,
    SILENT,
    STATUS,
    YES,
    ZvtTill,
    statuses,
    zvt,
)

# --- the answer -----------------------------------------------------------------------------------


def test_an_answer_lost_was_paid_and_is_repeated_to_who_asks():
    till = ZvtTill(zvt(), Fault.ANSWER_LOST, register=SILENT)

    assert [YES] == till.ask(PAY, 300.0)
    assert (ONCE, 0) == (paid(till.terminal), till.front.lost)
    assert "0001" == till.result(REPEAT)["87"]
    assert DONE == till.ends(PAY)


def test_until_the_terminal_knows_that_its_answer_was_lost_it_is_busy():
    till = ZvtTill(zvt(), Fault.ANSWER_LOST, register=SILENT)
    till.ask(PAY, 4.0)

    assert ["84 9C 00"] == till.ask(STATUS, 2.0)
    assert YES == till.ask(STATUS)[0]


def test_a_late_answer_comes_without_a_word_before_it():
    till = ZvtTill(zvt(), Fault.ANSWER_LATE, register="06 00 06 12 34 56 08 09 78")

    assert [YES, "04 FF 01 0A"] == till.ask(PAY, 199.0)
    assert ["84 9C 00"] == till.ask(STATUS, 0.0)
    assert ONCE == paid(till.terminal)
    heard = till.wait(2.0)
    assert ("04 0F", DONE) == (heard[0][:5], heard[1])


def test_who_connects_anew_is_told_nothing_late_unless_it_asks():
    till = ZvtTill(zvt(late_seconds=20.0), Fault.ANSWER_LATE)
    till.ask(PAY, 5.0)
    till.connect()

    assert "06 0F 01 00" == till.ends("05 01 05 12 34 56 03 02")
    assert [] == till.wait(60.0)
    assert "0001" == till.result(REPEAT)["87"]


def test_a_duplicated_answer_comes_twice_and_is_one_payment():
    till = ZvtTill(zvt(), Fault.ANSWER_DUPLICATED, register=SILENT)
    heard = till.ask(PAY)

    assert (4, 2, DONE) == (len(heard), len(statuses(heard)), heard[-1])
    assert heard[1] == heard[2]
    assert ONCE == paid(till.terminal)


def test_a_completion_lost_leaves_a_payment_that_was_told():
    till = ZvtTill(zvt(), Fault.COMPLETION_LOST, register=SILENT)
    heard = till.ask(PAY, 20.0)

    assert (2, 1) == (len(heard), len(statuses(heard)))
    assert ONCE == paid(till.terminal)
    assert DONE == till.ends(PAY)


def test_a_contradiction_says_done_and_stops_and_nothing_is_paid():
    till = ZvtTill(zvt(), Fault.CONTRADICTION)
    heard = till.ask(PAY)

    assert ["00"] == [each["27"] for each in statuses(heard)]
    assert "06 1E 01 66" == heard[-1]
    assert [] == paid(till.terminal)
    assert "06 1E 01 83" == till.ends(REPEAT)


@pytest.mark.parametrize(
    ("fault", "bmp", "wrong"),
    [
        (Fault.WRONG_REFERENCE, "87", "0002"),
        (Fault.WRONG_AMOUNT, "04", "000000001249"),
        (Fault.WRONG_CURRENCY, "49", "0840"),
        (Fault.WRONG_TERMINAL, "29", "52523536"),
    ],
)
def test_a_wrong_field_stands_beside_a_right_ledger(fault: Fault, bmp: str, wrong: str):
    till = ZvtTill(zvt(), fault)
    told = till.result(PAY)
    again = till.result(REPEAT)

    assert (wrong, "00") == (told[bmp], told["27"])
    assert {bmp} == {each for each in told if told[each] != again[each]}
    assert ONCE == paid(till.terminal)


def test_what_is_always_wrong_is_wrong_when_it_is_repeated_and_once_is_not_spent_on_it():
    till = ZvtTill(zvt(), Fault.WRONG_AMOUNT, times=None)
    assert till.result(PAY) == till.result(REPEAT)

    till.terminal.set_fault(Fault.WRONG_AMOUNT, on=True, times=1)
    assert "000000001250" == till.result(REPEAT)["04"]
    till.terminal.set_fault(Fault.ANSWER_LOST, on=True, times=1)
    till.ask(PAY, 10.0)
    assert "000000001250" == till.result(REPEAT)["04"]
    assert "000000001249" == till.result(PAY)["04"]


# --- the request ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "words"),
    [(Fault.ACKNOWLEDGEMENT_LOST, ["04 FF 01 0A"]), (Fault.REQUEST_NOT_ACKNOWLEDGED, [])],
)
def test_a_request_that_is_taken_without_a_word_is_paid_and_answered(
    fault: Fault, words: list[str]
):
    till = ZvtTill(zvt(), fault, register="06 00 06 12 34 56 08 09 78")
    heard = till.ask(PAY)

    assert (words, DONE) == (heard[:-2], heard[-1])
    assert ["00"] == [each["27"] for each in statuses(heard)]
    assert (ONCE, {"0001": 1}) == (paid(till.terminal), till.terminal.requests)
    assert YES == till.ask(PAY)[0]


def test_a_request_that_is_refused_is_counted_and_not_taken():
    till = ZvtTill(zvt(), Fault.REQUEST_REFUSED)

    assert ["84 A0 00"] == till.ask(PAY, 60.0)
    assert ([], {"0001": 1}) == (paid(till.terminal), till.terminal.requests)
    assert DONE == till.ends(PAY)


def test_a_busy_terminal_lets_a_till_in_and_do_nothing():
    till = ZvtTill(zvt(), Fault.BUSY, times=3)

    assert [["84 9C 00"]] * 3 == [till.ask(said) for said in (STATUS, PAY, REPEAT)]
    assert YES == till.ask(LOG_OFF)[0]
    assert YES == till.ask(STATUS)[0]


# --- the link -------------------------------------------------------------------------------------


def test_a_link_that_is_cut_after_the_authorisation_is_back_and_silent():
    till = ZvtTill(zvt(), Fault.CUT_AFTER_AUTHORISATION)
    heard = till.ask(PAY, 60.0)

    assert [] == statuses(heard)
    assert (ONCE, 1) == (paid(till.terminal), till.front.lost)
    assert ["84 6B 00"] == till.ask(REPEAT)
    till.ask(REGISTER)
    assert "0001" == till.result(REPEAT)["87"]


def test_a_link_that_is_cut_before_the_authorisation_leaves_nothing_paid():
    till = ZvtTill(zvt(Habit.SLOW), Fault.CUT_BEFORE_AUTHORISATION)
    heard = till.ask(PAY, 60.0)
    till.ask(REGISTER)

    assert ([], [], 1) == (statuses(heard), paid(till.terminal), till.front.lost)
    assert "06 1E 01 83" == till.ends(REPEAT)


@pytest.mark.parametrize(
    ("fault", "expected", "repeated"),
    [
        (Fault.REBOOTED_AFTER_AUTHORISATION, ONCE, DONE),
        (Fault.REBOOTED_BEFORE_AUTHORISATION, [], "06 1E 01 83"),
    ],
)
def test_a_reboot_takes_its_time_and_remembers_only_the_ledger(
    fault: Fault, expected: list[object], repeated: str, tmp_path: Path
):
    till = ZvtTill(zvt(ledger=tmp_path / "ledger", reboot_seconds=5.0), fault)
    till.ask(PAY)
    assert "out of reach" == till.terminal.state
    assert till.terminal.refuses_connections

    assert [] == till.wait(60.0)
    assert (expected, 1) == (paid(till.terminal), till.front.lost)
    assert ["84 6B 00"] == till.ask(PAY)
    till.ask(REGISTER)
    assert repeated == till.ends(REPEAT)


def test_what_goes_wrong_on_the_way():
    request = bytes.fromhex(PAY)
    for fault, longest in ((Fault.SPLIT, 7), (Fault.SINGLE_BYTES, 1)):
        till = ZvtTill(zvt(), register=SILENT)
        till.terminal.set_fault(fault, on=True)
        till.front.say(request)
        pieces = till.front.said_within(1.0)
        assert longest >= max(map(len, pieces))
        assert b"".join(pieces).startswith(b"\x04\x0f")
    for fault in (Fault.SILENCE, Fault.DELAY, Fault.CORRUPT_BYTE):
        till = ZvtTill(zvt(), register=SILENT)
        till.terminal.set_fault(fault, on=True)
        said = till.front.say(request) + till.front.pass_time(1.0)
        late = till.front.pass_time(2.0)
        assert (fault is Fault.CORRUPT_BYTE, fault is Fault.DELAY) == (bool(said), bool(late))
        assert ONCE == paid(till.terminal)
    till = ZvtTill(zvt(Habit.SLOW))
    till.ask(PAY)
    till.terminal.set_fault(Fault.LINK_LOSS, on=True)
    assert [] == till.wait(40.0)
    assert (ONCE, 1) == (paid(till.terminal), till.front.lost)


def test_what_can_be_counted_and_what_only_a_line_knows():
    with pytest.raises(ControlError, match="times"):
        zvt().set_fault(Fault.SILENCE, on=True, times=1)

    assert {Fault.WRONG_CHECK} == ZvtOnALine.known_faults - ZvtTerminal.known_faults
    assert frozenset() == OF_TERMINALS - ZvtTerminal.known_faults
