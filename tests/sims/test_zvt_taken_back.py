"""What the simulated terminal of ZVT takes back by itself, and what its ledger says of the past."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from firmware_sims.kit.faults import Fault
from firmware_sims.payment.customer import Habit
from firmware_sims.payment.ledger import Ledger
from firmware_sims.payment.zvt.paying import Style
from tests.sims.on_a_line import NOW
from tests.sims.tills import paid
from tests.sims.zvt_tills import (
    ABORT,
    DONE,
    END_OF_DAY,
    ONCE,
    PAY,
    REGISTER,
    REPEAT,
    SILENT,
    STOPPED,
    YES,
    ZvtTill,
    reversal,
    zvt,
)

TAKEN_BACK = [*ONCE, ("0002", "cancellation", 1250, "978")]
AUTO = Style(auto_reversal=True)


# --- taken back by itself -------------------------------------------------------------------------


def test_by_itself_it_takes_nothing_back():
    till = ZvtTill(zvt())
    till.mute = ("04 0F",)
    heard = till.ask(PAY, 300.0)

    assert "04 0F" == heard[-1][:5]
    assert ONCE == paid(till.terminal)
    till.mute = ()
    assert "0001" == till.result(REPEAT)["87"]


def test_with_auto_reversal_it_takes_back_what_is_not_answered():
    till = ZvtTill(zvt(style=AUTO))
    till.mute = ("04 0F",)
    heard = till.ask(PAY, 4.9)
    assert ONCE == paid(till.terminal)
    heard = till.wait(1.0)

    assert ["04 FF 01 05", STOPPED] == heard
    assert TAKEN_BACK == paid(till.terminal)
    row = till.terminal.ledger.rows[-1].as_json()
    assert (1, True) == (row["undoes"], row["automatic"])
    assert {} == till.terminal.ledger.standing()


def test_with_auto_reversal_a_negative_answer_is_none():
    till = ZvtTill(zvt(style=AUTO), register=SILENT)
    till.mute = ("04 0F",)
    till.ask(PAY)

    assert [STOPPED] == till.ask("84 9A 00")
    assert TAKEN_BACK == paid(till.terminal)


@pytest.mark.parametrize("answer", [YES, "84 00 00"])
def test_with_auto_reversal_a_positive_answer_lets_it_stand(answer: str):
    till = ZvtTill(zvt(style=AUTO), register=SILENT)
    till.mute = ("04 0F", "06 0F")
    till.ask(PAY)

    assert [DONE] == till.ask(answer, 60.0)
    assert (ONCE, {"0001": 1}) == (paid(till.terminal), till.terminal.ledger.standing())


@pytest.mark.parametrize(
    "fault",
    [
        Fault.ANSWER_LOST,
        Fault.CUT_AFTER_AUTHORISATION,
        Fault.REBOOTED_AFTER_AUTHORISATION,
    ],
)
def test_with_auto_reversal_what_could_not_be_told_is_taken_back(fault: Fault, tmp_path: Path):
    till = ZvtTill(zvt(style=AUTO, ledger=tmp_path / "ledger"), fault)
    till.ask(PAY, 20.0)

    assert TAKEN_BACK == paid(till.terminal)
    till.ask(REGISTER)
    assert "06 1E 01 83" == till.ends(REPEAT)
    assert "0003" == till.result(PAY)["87"]
    assert {"0003": 1} == Ledger(tmp_path / "ledger").standing()


def test_with_auto_reversal_who_hangs_up_has_not_paid():
    for before in (0.1, 1.0):
        till = ZvtTill(zvt(style=AUTO))
        till.mute = ("04 0F",)
        till.ask(PAY, before)
        till.connect()
        till.wait(1.0)
        assert TAKEN_BACK == paid(till.terminal)


def test_the_latest_receipt_is_that_before_the_one_that_was_taken_back():
    till = ZvtTill(zvt(style=AUTO))
    told = till.result(PAY)
    till.terminal.set_fault(Fault.ANSWER_LOST, on=True, times=1)
    till.ask(PAY, 10.0)

    assert told == till.result(REPEAT)
    assert "06 1E 01 B4" == till.ends(reversal("0002"))
    assert {"0001": 1} == till.terminal.ledger.standing()


def test_a_reversal_that_was_asked_for_is_not_taken_back():
    till = ZvtTill(zvt(style=AUTO))
    till.ask(PAY)
    till.mute = ("04 0F",)
    till.ask(reversal("0001"), 20.0)

    assert TAKEN_BACK == paid(till.terminal)


# --- the ledger -----------------------------------------------------------------------------------


def test_rows_say_what_they_undo_and_lines_where_days_end(tmp_path: Path):
    file = tmp_path / "ledger.jsonl"
    till = ZvtTill(zvt(style=AUTO, ledger=file), Fault.ANSWER_LOST)
    till.ask(PAY, 10.0)
    till.ask(END_OF_DAY)

    first, second, end = [json.loads(line) for line in file.read_text().splitlines()]
    assert {"n", "reference", "kind", "amount", "currency", "at"} == set(first)
    assert {"undoes": 1, "automatic": True} == {
        name: second[name] for name in set(second) - set(first)
    }
    assert {"closed": 2, "at": "2026-03-04T05:06:07.000Z"} == end
    again = Ledger(file)
    assert (till.terminal.ledger.rows, 2) == (again.rows, again.closed)


def test_the_ledger_is_written_before_anything_is_told(tmp_path: Path):
    file = tmp_path / "ledger.jsonl"
    till = ZvtTill(zvt(ledger=file), register=SILENT)
    till.front.say(bytes.fromhex(PAY))
    till.terminal.process(0.3, NOW)

    assert 1 == len(file.read_text().splitlines())
    assert b"\x04\x0f" == till.terminal.outgoing[0][:2]


def test_receipts_begin_again_after_the_last_there_is(tmp_path: Path):
    file = tmp_path / "ledger.jsonl"
    row = '{{"n": {0}, "reference": "{0:04}", "kind": "debit", "amount": 1, "currency": "978", "at": "{1}"}}\n'
    at = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
    file.write_text("".join(row.format(number, at) for number in range(1, 9999)))
    till = ZvtTill(zvt(ledger=file), register=SILENT)
    told = [till.result(PAY) for _ in range(2)]

    assert ["9999", "0001"] == [each["87"] for each in told]
    assert ["000770", "000771"] == [each["0B"] for each in told]
    assert DONE == till.ends(reversal("0001"))
    assert 10000 == till.terminal.ledger.rows[-1].undoes


def test_an_abort_beats_a_fault_that_waits_for_the_decision():
    till = ZvtTill(zvt(Habit.SLOW), Fault.REBOOTED_AFTER_AUTHORISATION)
    till.ask(PAY)

    assert STOPPED == till.ends(ABORT, 60.0)
    assert ([], 0) == (paid(till.terminal), till.front.lost)
