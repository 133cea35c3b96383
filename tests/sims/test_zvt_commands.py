"""What a till may ask of the simulated terminal of ZVT beside a payment, and who may."""

from pathlib import Path

import pytest

from firmware_sims.payment.customer import Customer, Habit
from firmware_sims.payment.zvt.paying import Style
from tests.sims.tills import paid
from tests.sims.zvt_tills import (
    ABORT,
    DONE,
    END_OF_DAY,
    LOG_OFF,
    ONCE,
    PAY,
    REGISTER,
    REPEAT,
    STATUS,
    TOTALS,
    YES,
    ZvtTill,
    printed,
    reversal,
    statuses,
    zvt,
)

# --- who may ask what -----------------------------------------------------------------------------


@pytest.mark.parametrize("said", [PAY, reversal("0001"), TOTALS, REPEAT, END_OF_DAY, "06 70 00"])
def test_without_a_registration_there_is_nothing(said: str):
    for till in (ZvtTill(zvt(), register=None), ZvtTill(zvt())):
        if till.terminal.registered:
            assert [YES] == till.ask(LOG_OFF)
        assert ["84 6B 00"] == till.ask(said)
        assert [] == paid(till.terminal)


def test_a_registration_ends_with_the_connection():
    till = ZvtTill(zvt())
    till.connect(register=None)

    assert ["84 6B 00"] == till.ask(PAY)


@pytest.mark.parametrize("said", [REGISTER, STATUS, reversal("0001"), TOTALS, REPEAT, END_OF_DAY])
def test_a_wrong_password_is_refused(said: str):
    till = ZvtTill(zvt(style=Style(password="000000")), register=None)
    till.ask(REGISTER.replace("12 34 56", "00 00 00"))

    assert ["84 83 00"] == till.ask(said)


def test_the_version_can_be_left_out():
    assert "06 0F 01 00" == ZvtTill(zvt()).ends("05 01 05 12 34 56 03 02")


def test_diagnosis_and_log_off_are_done():
    till = ZvtTill(zvt())

    assert [YES, DONE] == till.ask("06 70 00")
    assert [YES] == till.ask(LOG_OFF)


@pytest.mark.parametrize("said", [PAY.replace("09 78", "08 40"), "06 00 06 12 34 56 BA 08 40"])
def test_a_currency_that_is_not_known_is_refused_with_one_that_is(said: str):
    till = ZvtTill(zvt())

    assert [YES, "06 1E 04 6F 49 09 78"] == till.ask(said)
    assert [] == paid(till.terminal)


def test_without_a_currency_it_is_that_of_the_registration():
    till = ZvtTill(zvt(), register="06 00 06 12 34 56 10 07 56")
    till.ask("06 01 07 04 00 00 00 00 12 50")

    assert [("0001", "debit", 1250, "756")] == paid(till.terminal)


def test_while_the_customer_is_at_it_it_is_busy():
    till = ZvtTill(zvt(Habit.SLOW))
    till.ask(PAY)

    for said in (PAY, STATUS, REGISTER, TOTALS, REPEAT, LOG_OFF):
        assert ["84 9C 00"] == till.ask(said, 0.0)
    till.wait(30.0)
    assert (ONCE, {"0001": 2}) == (paid(till.terminal), till.terminal.requests)


def test_who_connects_anew_sees_that_it_is_busy_and_then_what_was_paid():
    till = ZvtTill(zvt(Habit.SLOW))
    till.ask(PAY)
    till.front.connect()

    assert "06 0F 0A 19 9C 29 52 52 35 35 49 09 78" == till.ends(REGISTER, 0.0)
    assert "06 0F 01 9C" == till.ends("05 01 05 12 34 56 03 02", 0.0)
    assert ["84 9C 00"] == till.ask(REPEAT, 0.0)
    assert [] == till.wait(30.0)
    assert "06 0F 01 00" == till.ends("05 01 05 12 34 56 03 02")
    assert "0001" == till.result(REPEAT)["87"]


# --- abort ----------------------------------------------------------------------------------------


def test_the_till_can_stop_the_customer():
    till = ZvtTill(zvt(Habit.SLOW))
    till.ask(PAY)

    assert [YES, "06 1E 01 6C"] == till.ask(ABORT, 60.0)
    assert [] == paid(till.terminal)
    assert "06 1E 01 83" == till.ends(REPEAT)


def test_what_is_decided_cannot_be_stopped():
    till = ZvtTill(zvt())
    till.mute = ("04 0F",)
    till.ask(PAY)

    assert ["84 9C 00"] == till.ask(ABORT, 0.0)
    assert DONE == till.ends(YES)
    assert ["84 83 00"] == till.ask(ABORT)
    assert ONCE == paid(till.terminal)


# --- reversal and refund --------------------------------------------------------------------------


def test_a_reversal_undoes_what_its_receipt_paid():
    till = ZvtTill(zvt())
    till.ask(PAY)
    told = till.result(reversal("0001"))

    assert ("00", "0002", "000772", "000771") == (told["27"], told["87"], told["0B"], told["37"])
    assert [*ONCE, ("0002", "cancellation", 1250, "978")] == paid(till.terminal)
    row = till.terminal.ledger.rows[-1].as_json()
    assert (1, None) == (row["undoes"], row.get("automatic"))
    assert {} == till.terminal.ledger.standing()
    assert {"0001": 1, "0002": 1} == till.terminal.ledger.counts()
    assert "0002" == till.result(REPEAT)["87"]


def test_what_cannot_be_reversed_is_not():
    till = ZvtTill(zvt())
    till.ask(PAY)

    assert "06 1E 01 B5" == till.ends(reversal("0009"))
    assert "06 1E 01 B5" == till.ends(reversal("0001", "04 000000001251"))
    assert "06 1E 01 B5" == till.ends(reversal("0001", "49 0756"))
    assert DONE == till.ends(reversal("0001", "04 000000001250 49 0978"))
    assert "06 1E 01 B4" == till.ends(reversal("0001"))
    assert "06 1E 01 B5" == till.ends(reversal("0002"))
    assert 2 == len(paid(till.terminal))


def test_a_part_is_paid_but_the_whole_of_it_is_reversed():
    till = ZvtTill(zvt(Habit.PAYS_PARTLY))
    till.ask(PAY)
    till.ask(reversal("0001"))

    assert [625, 625] == [row.amount for row in till.terminal.ledger.rows]


def test_a_refund_is_in_the_ledger_as_such():
    till = ZvtTill(zvt())
    told = till.result("06 31 0D 12 34 56 04 00 00 00 00 12 50 49 09 78")

    assert ("00", "0001") == (told["27"], told["87"])
    assert [("0001", "credit", 1250, "978")] == paid(till.terminal)


# --- repeat receipt -------------------------------------------------------------------------------


def test_a_receipt_is_repeated_as_it_was_told():
    till = ZvtTill(zvt())
    told = till.result(PAY)
    heard = till.ask(REPEAT)

    assert ([told], [], DONE) == (statuses(heard), printed(heard), heard[-1])


@pytest.mark.parametrize(
    ("service", "told", "lines"),
    [("", 0, 20), ("03 00", 0, 20), ("03 01", 1, 20), ("03 02", 0, 0), ("03 03", 1, 0)],
)
def test_the_service_byte_says_what_is_repeated(service: str, told: int, lines: int):
    till = ZvtTill(zvt())
    till.ask(PAY)
    data = bytes.fromhex("123456" + service)
    heard = till.ask(f"06 20 {len(data):02X} {data.hex()}")

    assert (told, lines) == (len(statuses(heard)), len(printed(heard)))
    assert DONE == heard[-1]


def test_where_there_is_no_receipt_none_is_repeated():
    assert [YES, "06 1E 01 83"] == ZvtTill(zvt()).ask(REPEAT)

    till = ZvtTill(zvt(style=Style(forgets_receipts=True)))
    till.ask(PAY)
    assert [YES, "06 1E 01 83"] == till.ask(REPEAT)


def test_a_declined_payment_leaves_the_latest_receipt_as_it_was():
    till = ZvtTill(zvt())
    told = till.result(PAY)
    till.terminal.customer = Customer(habit=Habit.REFUSES)
    till.ask(PAY)

    assert told == till.result(REPEAT)


# --- totals ---------------------------------------------------------------------------------------


NOTHING = "00" * 7


def test_totals_count_what_stands_and_the_end_of_the_day_sets_them_back(tmp_path: Path):
    file = tmp_path / "ledger.jsonl"
    till = ZvtTill(zvt(ledger=file, card="4970101234567890"))
    for _ in range(3):
        till.ask(PAY)
    till.ask(reversal("0002"))
    expected = "00010004" + NOTHING * 4 + "02000000002500" + NOTHING * 2
    assert expected == till.result(TOTALS)["60"]
    assert expected == till.result(END_OF_DAY)["60"]

    for again in (till, ZvtTill(zvt(ledger=file, card="4970101234567890"))):
        assert "00000000" + NOTHING * 7 == again.result(TOTALS)["60"]
        assert "0004" == again.result(REPEAT)["87"]
        assert "06 1E 01 B5" == again.ends(reversal("0003"))
    assert ("0005", 5) == (again.result(PAY)["87"], len(paid(again.terminal)))
    assert "0005000500" == again.result(TOTALS)["60"][:10]
