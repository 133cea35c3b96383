"""The simulated terminal says, byte for byte, what the page of ZVT says; its ledger says what was paid."""

import pytest

from firmware_sims.payment.customer import Customer, Habit
from firmware_sims.payment.zvt.apdu import Apdu, first
from firmware_sims.payment.zvt.fields import (
    counted,
    counted_size,
    objects,
    read,
    tagged,
    tagged_length,
    tagged_size,
    written,
)
from tests.sims.tills import paid
from tests.sims.zvt_tills import (
    DONE,
    ONCE,
    PAY,
    REGISTER,
    SILENT,
    STATUS,
    YES,
    ZvtTill,
    printed,
    statuses,
    zvt,
)

# --- vectors --------------------------------------------------------------------------------------


def test_the_completion_of_a_registration_of_the_page_comes_out():
    till = ZvtTill(zvt(), register=None)

    assert [YES, "06 0F 0A 19 10 29 52 52 35 35 49 09 78"] == till.ask(REGISTER)


def test_the_completion_of_a_status_enquiry_of_the_page_comes_out():
    assert [YES, "06 0F 0B F0 F0 F7 32 2E 31 34 2E 31 35 00"] == ZvtTill(zvt()).ask(STATUS)


def test_done_and_the_abort_of_the_page_are_written_and_read():
    assert "040f022700" == bytes(Apdu(0x040F, written({0x27: b"\0"}))).hex()
    assert "061e04b887ffff" == bytes(Apdu(0x061E, b"\xb8" + written({0x87: b"\xff\xff"}))).hex()
    assert {0x87: b"\xff\xff"} == read(bytes.fromhex("87FFFF"))


@pytest.mark.parametrize(("size", "said"), [(254, "fe"), (255, "ffff00"), (256, "ff0001")])
def test_the_lengths_of_the_page(size: int, said: str):
    whole = bytes(Apdu(0x06D3, bytes(size)))

    assert bytes.fromhex("06d3" + said) == whole[:-size]
    assert (Apdu(0x06D3, bytes(size)), len(whole)) == first(whole)
    assert None is first(whole[:-1])


def test_the_lengths_in_digits_and_of_data_objects_of_the_page():
    assert 189 == counted_size(bytes.fromhex("F1F8F9"), 3)
    assert bytes.fromhex("F1F8F9") == counted(bytes(189), 3)[:3]
    assert (650, 3) == tagged_size(bytes.fromhex("82028A"))
    assert "82028a" == tagged_length(650).hex()
    assert ["7f", "8180", "81ff", "820100"] == [
        tagged_length(size).hex() for size in (127, 128, 255, 256)
    ]


def test_the_amount_of_the_page_is_paid():
    till = ZvtTill(zvt())
    till.ask("06 01 0A 04 00 00 00 01 10 00 49 09 78")

    assert [("0001", "debit", 11000, "978")] == paid(till.terminal)


# --- payments -------------------------------------------------------------------------------------


def test_a_payment_is_in_the_ledger_and_in_what_is_told():
    till = ZvtTill(zvt(), register=SILENT)
    heard = till.ask(PAY)

    assert [YES, "04 0F", DONE] == [heard[0], heard[1][:5], heard[2]]
    assert ONCE == paid(till.terminal)
    assert {"0001": 1} == till.terminal.requests == till.terminal.ledger.standing()
    assert {
        "27": "00",
        "04": "000000001250",
        "49": "0978",
        "0B": "000771",
        "87": "0001",
        "0C": "050607",
        "0D": "0304",
        "29": "52523535",
        "22": "892699EEEEEE5305",
        "0E": "2704",
        "3B": "3232323039330000",
        "2A": b"424242         ".hex().upper(),
        "8B": b"Karte\0".hex().upper(),
    } == statuses(heard)[0]


def test_a_whole_number_is_in_the_status_the_track_and_on_the_lines():
    till = ZvtTill(zvt(card="4970101234567890123"))
    heard = till.ask(PAY)
    told = statuses(heard)[0]

    assert "4970101234567890123F" == told["22"]
    assert "4970101234567890123D27042010000000000F" == told["23"]
    assert b"Visa\0".hex().upper() == told["8B"]
    assert "PAN 4970101234567890123" in printed(heard)
    assert "PAN 892699######5305" in printed(ZvtTill(zvt()).ask(PAY))


def test_both_receipts_are_printed_before_the_end_and_each_says_where_it_ends():
    heard = ZvtTill(zvt()).ask(PAY)
    lines = [each for each in heard if each.startswith("06 D1")]
    ends = [at for at, line in enumerate(lines) if line[9:11] == "80"]

    assert [len(lines) // 2 - 1, len(lines) - 1] == ends
    assert {"00", "80"} == {line[9:11] for line in lines}
    assert [DONE] == heard[-1:]
    assert heard.index(lines[0]) > [each[:5] for each in heard].index("04 0F")
    assert {"HÄNDLERBELEG", "KUNDENBELEG", "BETRAG 12,50 978"} < set(printed(heard))


@pytest.mark.parametrize(
    ("config", "lines", "words"),
    [("BA", 20, 1), ("82", 20, 0), ("3A", 0, 1), ("02", 0, 0), ("80", 0, 0), ("08", 0, 1)],
)
def test_the_config_byte_is_obeyed(config: str, lines: int, words: int):
    heard = ZvtTill(zvt(), register=f"06 00 06 12 34 56 {config} 09 78").ask(PAY)

    assert lines == sum(each.startswith("06 D1") for each in heard)
    assert words == sum(each.startswith("04 FF") for each in heard)


def test_receipts_and_traces_count_up():
    till = ZvtTill(zvt(), register=SILENT)
    told = [till.result(PAY) for _ in range(3)]

    assert ["0001", "0002", "0003"] == [each["87"] for each in told]
    assert ["000771", "000772", "000773"] == [each["0B"] for each in told]


@pytest.mark.parametrize(
    ("habit", "result", "ends", "amounts"),
    [
        (Habit.PAYS, ("00", "000000001250"), DONE, [1250]),
        (Habit.PAYS_PARTLY, ("00", "000000000625"), DONE, [625]),
        (Habit.REFUSES, ("05", "000000001250"), "06 1E 01 05", []),
        (Habit.WRONG_PIN, ("4B", "000000001250"), "06 1E 01 4B", []),
        (Habit.ABANDONS, None, "06 1E 01 6C", []),
    ],
)
def test_what_the_customer_does_is_told_and_only_money_is_in_the_ledger(
    habit: Habit, result: tuple[str, str] | None, ends: str, amounts: list[int]
):
    till = ZvtTill(zvt(habit))
    heard = till.ask(PAY)

    told = [(each["27"], each["04"]) for each in statuses(heard)]
    assert told == ([] if result is None else [result])
    assert ends == heard[-1]
    assert amounts == [row.amount for row in till.terminal.ledger.rows]


def test_what_was_declined_has_no_receipt_but_a_text():
    told = ZvtTill(zvt(Habit.REFUSES)).result(PAY)

    assert {"87", "0B", "3B"}.isdisjoint(told)
    assert [(b"\x24", tagged(b"\x07", "ZAHLUNG NICHT MÖGLICH".encode("cp437")))] == list(
        objects(bytes.fromhex(told["06"]))
    )


def test_a_slow_customer_is_waited_for_with_a_word_every_five_seconds():
    till = ZvtTill(zvt(Habit.SLOW), register="06 00 06 12 34 56 08 09 78")
    heard = till.ask(PAY, 29.0)

    assert [YES, "04 FF 01 0A"] == heard[:2]
    assert ["04 FF 02 0E 03"] * 5 == heard[2:]
    assert "customer at it" == till.terminal.state
    assert DONE == till.wait(2.0)[-1]


def test_a_word_that_is_not_answered_holds_nothing_up():
    till = ZvtTill(zvt(), register="06 00 06 12 34 56 08 09 78")
    till.mute = ("04 FF",)
    heard = till.ask(PAY, 6.0)

    assert ["04 FF 01 0A", DONE] == [heard[1], heard[-1]]
    assert 1 == len(statuses(heard))


def test_a_customer_can_change_their_mind():
    till = ZvtTill(zvt(Habit.SLOW))
    till.ask(PAY, 5.0)
    till.terminal.customer = Customer(habit=Habit.ABANDONS)

    assert "06 1E 01 6C" == till.wait(0.2)[-1]
