"""ZVT on a serial line: blocks, check values, single bytes and repeats, as the page has them."""

import os
from pathlib import Path

import pytest

from firmware_sims.kit.cable import Cable
from firmware_sims.kit.check_value import crc16_kermit
from firmware_sims.kit.faults import Fault
from firmware_sims.payment.customer import Habit
from firmware_sims.payment.zvt.paying import Style
from tests.sims.on_a_line import NOW
from tests.sims.tills import at, paid
from tests.sims.zvt_tills import (
    ACK,
    DONE,
    NAK,
    ONCE,
    PAY,
    REGISTER,
    SILENT,
    STATUS,
    YES,
    LineTill,
    blocked,
    opened,
    zvt,
)

REGISTRATION_OF_THE_PAGE = "10 02 06 00 06 12 34 56 BA 09 78 10 03 24 C3"
PAYMENT_OF_THE_PAGE = "10 02 06 01 0A 04 00 00 00 01 10 10 00 49 09 78 10 03 F2 FF"
STATUS_OF_THE_PAGE = "10 02 05 01 03 12 34 56 10 03 E0 43"
YES_OF_THE_PAGE = "10 02 80 00 00 10 03 F5 1F"
BUSY_OF_THE_PAGE = "10 02 84 9C 00 10 03 C3 41"
COMPLETION_OF_THE_PAGE = "10 02 06 0F 0B F0 F0 F7 32 2E 31 34 2E 31 35 00 10 03 B1 11"
TOTALS_OF_THE_PAGE = "10 02 06 10 10 03 12 34 56 10 03 15 AD"


# --- vectors --------------------------------------------------------------------------------------


def test_the_check_value_is_kermits():
    assert 0x2189 == crc16_kermit(b"123456789")


@pytest.mark.parametrize(
    ("apdu", "on_the_line"),
    [
        (REGISTER, REGISTRATION_OF_THE_PAGE),
        ("06 01 0A 04 00 00 00 01 10 00 49 09 78", PAYMENT_OF_THE_PAGE),
        (STATUS, STATUS_OF_THE_PAGE),
        (YES, YES_OF_THE_PAGE),
        ("84 9C 00", BUSY_OF_THE_PAGE),
        ("06 0F 0B F0 F0 F7 32 2E 31 34 2E 31 35 00", COMPLETION_OF_THE_PAGE),
        ("06 10 03 12 34 56", TOTALS_OF_THE_PAGE),
    ],
)
def test_the_blocks_of_the_page_are_written_and_read(apdu: str, on_the_line: str):
    assert bytes.fromhex(on_the_line) == blocked(apdu)
    assert [apdu] == opened(bytes.fromhex(on_the_line))


def test_the_dialogue_of_the_page_goes_over_the_line_byte_for_byte():
    front = at(zvt(line=True))
    yes = bytes.fromhex(YES_OF_THE_PAGE)

    assert ACK + yes == front.say(bytes.fromhex(REGISTRATION_OF_THE_PAGE))
    assert blocked("06 0F 0A 19 10 29 52 52 35 35 49 09 78") == front.say(ACK)
    assert ACK == front.say(ACK + yes)
    assert ACK + yes == front.say(bytes.fromhex(STATUS_OF_THE_PAGE))
    assert bytes.fromhex(COMPLETION_OF_THE_PAGE) == front.say(ACK)
    assert ACK == front.say(ACK + yes)
    assert ACK + yes == front.say(bytes.fromhex(PAYMENT_OF_THE_PAGE))
    assert blocked("04 FF 01 0A") == front.say(ACK)
    assert ACK == front.say(ACK + yes)
    assert ACK + bytes.fromhex(BUSY_OF_THE_PAGE) == front.say(bytes.fromhex(TOTALS_OF_THE_PAGE))
    front.say(ACK)
    front.pass_time(1.0)
    assert [("0001", "debit", 11000, "978")] == paid(front)


def test_totals_go_over_the_line_with_their_instruction_doubled():
    heard = LineTill(zvt(line=True)).say(bytes.fromhex(TOTALS_OF_THE_PAGE))

    assert ["ACK", YES] == heard[:2]
    assert "04 0F" == heard[2][:5]


# --- payments -------------------------------------------------------------------------------------


def test_a_payment_goes_over_the_line():
    heard = LineTill(zvt(line=True)).ask(PAY)

    assert ["ACK", YES] == heard[:2]
    assert ("04 0F", "ACK", DONE, "ACK") == (heard[2][:5], *heard[3:])


def test_a_payment_with_all_that_is_printed_goes_over_the_line():
    till = LineTill(zvt(line=True), REGISTER)
    heard = till.ask(PAY)

    assert [20, 1] == [sum(each.startswith(kind) for each in heard) for kind in ("06 D1", DONE)]
    assert ONCE == paid(till.terminal)


# --- repeats --------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [NAK, b""])
def test_what_is_not_acknowledged_is_repeated_twice_at_most(said: bytes):
    front = at(zvt(line=True))
    first = front.say(blocked(REGISTER))[1:]
    wait = 0.0 if said else 5.1
    again = [front.say(said) + front.pass_time(wait) for _ in range(3)]

    assert blocked(YES) == first
    assert [first, first, blocked("06 0F 0A 19 10 29 52 52 35 35 49 09 78")] == again


def test_an_answer_is_an_acknowledgement_too():
    front = at(zvt(line=True))
    front.say(blocked(REGISTER))
    front.say(ACK)

    assert ACK == front.say(blocked(YES))
    assert b"" == front.pass_time(20.0)


def test_t3_begins_when_a_block_has_arrived():
    till = LineTill(zvt(line=True, style=Style(auto_reversal=True)))
    till.front.say(blocked(PAY))
    till.front.say(ACK)
    first = till.front.pass_time(4.0)
    again = till.front.pass_time(5.0)

    assert first == again != b""
    till.front.say(ACK)
    till.front.pass_time(4.0)
    till.front.say(blocked(YES))
    assert ONCE == paid(till.terminal)


def test_a_wrong_check_value_of_ours_is_right_when_it_is_repeated():
    front = at(zvt(line=True), Fault.WRONG_CHECK)
    wrong = front.say(blocked(REGISTER))[1:]
    right = front.say(NAK)

    assert wrong[:-1] == right[:-1]
    assert wrong != right == blocked(YES)


def test_a_block_that_comes_twice_is_taken_once():
    till = LineTill(zvt(Habit.SLOW, line=True))
    till.front.terminal.set_fault(Fault.REQUEST_NOT_ACKNOWLEDGED, on=True, times=1)

    assert b"" == till.front.say(blocked(PAY)) + till.front.pass_time(5.0)
    assert ["ACK", YES] == till.ask(PAY, 5.0)
    assert DONE in till.wait(30.0)
    assert (ONCE, {"0001": 1}) == (paid(till.terminal), till.terminal.requests)


def test_a_lost_acknowledgement_is_not_that_of_the_block():
    till = LineTill(zvt(line=True))
    till.terminal.set_fault(Fault.ACKNOWLEDGEMENT_LOST, on=True, times=1)
    heard = till.ask(PAY)

    assert ("ACK", "04 0F", DONE) == (heard[0], heard[1][:5], heard[3])


# --- a pseudo-terminal ----------------------------------------------------------------------------


def test_on_a_pseudo_terminal_it_is_paid_and_the_path_is_the_same_after_a_cut():
    made = zvt(line=True)
    made.set_fault(Fault.CUT_AFTER_AUTHORISATION, on=True, times=1)
    with Cable(made) as cable:
        line = os.open(made.place, os.O_RDWR | os.O_NOCTTY)
        for said in (blocked(SILENT), ACK, ACK + blocked(YES), blocked(PAY), ACK):
            os.write(line, said)
            cable.tend()
        assert bytes.fromhex("06" + YES_OF_THE_PAGE) == os.read(line, 10)
        os.close(line)
        gone = 0
        for _ in range(20):
            made.process(0.1, NOW)
            cable.tend()
            gone += not Path(made.place).is_symlink()

        assert gone
        assert Path(made.place).is_symlink()
        assert ONCE == paid(made)
