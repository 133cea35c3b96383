"""Published and derived frames of ZVT: what they say, and that we say the same."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.payment.money import Money
from contract.payment.stated import Verdict, Why
from drivers.kit.errors import FrameError
from drivers.payment.zvt.apdu import Apdu, Command, Cutter, decode
from drivers.payment.zvt.block import Damaged, Sign, Unframer, framed
from drivers.payment.zvt.fields import Fields
from drivers.payment.zvt.fields import decode as fields_of
from drivers.payment.zvt.stated import GROUPS, mark, stated, totals

VECTORS = json.loads((Path(__file__).parents[1] / "fixtures/payment/zvt.json").read_text("utf-8"))
FRAMES = VECTORS["frames"]
BY_NAME = {each["name"]: bytes.fromhex(each["apdu"]) for each in FRAMES}
WITH_FIELDS = [each for each in FRAMES if each["apdu"].startswith("040f")]


def named(vectors):
    return pytest.mark.parametrize("vector", vectors, ids=[each["name"] for each in vectors])


def fields(name) -> Fields:
    return fields_of(decode(BY_NAME[name]).data)


@named(FRAMES)
def test_a_message_is_read_and_written_byte_for_byte(vector):
    data = bytes.fromhex(vector["apdu"])

    assert data == decode(data).encode()
    assert [decode(data)] == Cutter().take(data)


@named([each for each in FRAMES if "serial" in each])
def test_a_block_is_read_and_written_byte_for_byte(vector):
    apdu, block = bytes.fromhex(vector["apdu"]), bytes.fromhex(vector["serial"])

    assert block == framed(apdu)
    assert [apdu] == Unframer().take(block)
    one_at_a_time = Unframer()
    assert [apdu] == [found for byte in block for found in one_at_a_time.take(bytes((byte,)))]


@pytest.mark.parametrize("text", VECTORS["malformed"])
def test_what_is_malformed_is_refused(text):
    with pytest.raises(FrameError):
        fields_of(decode(bytes.fromhex(text)).data)


@pytest.mark.parametrize(
    ("size", "length"), [(254, "fe"), (255, "ffff00"), (256, "ff0001"), (0, "00"), (16, "10")]
)
def test_lengths_of_a_message(size, length):
    apdu = Apdu(0x06, 0xD3, b"\x10" * size)

    assert bytes.fromhex("06d3" + length) + b"\x10" * size == apdu.encode()
    assert apdu == decode(apdu.encode())
    assert [apdu.encode()] == Unframer().take(framed(apdu.encode()))


def test_an_approved_payment_says_what_was_paid_and_four_digits_of_the_card():
    found = stated(fields("status info approved 20.40, masked PAN ..4771"))

    assert (Verdict.APPROVED, Why.AUTHORISED) == (found.verdict, found.why)
    assert Money(2040, "EUR") == found.money
    assert ("0470", "000470", "28004869", "611804") == (
        found.receipt,
        found.trace,
        found.terminal_id,
        found.authorisation,
    )
    assert "4771" == found.card.last_four
    assert "Debit Mastercard" == found.card.application
    assert "10-06 22:39:53" == found.at


def test_a_customer_who_stops_it_is_no_success():
    found = stated(fields("status info aborted by customer, TID 28004869"))

    assert (Verdict.CANCELLED, Why.STOPPED, "28004869") == (
        found.verdict,
        found.why,
        found.terminal_id,
    )


def test_a_fault_of_the_system_is_no_success_and_somebody_looks():
    found = stated(fields("status info system error"))

    assert (Verdict.DECLINED, "FF", True) == (found.verdict, found.code, found.look)


def test_a_host_that_refuses_is_no_success():
    found = stated(fields("status info declined rc 05 with TLV"))

    assert (Verdict.DECLINED, Why.REFUSED, "05") == (found.verdict, found.why, found.code)


def test_a_completion_of_a_registration_names_the_terminal():
    found = fields("completion, registration answer with TID")

    assert "52523535" == found.bcd(0x29)
    assert Command.COMPLETION is decode(BY_NAME["completion empty"]).command


@pytest.mark.parametrize(("container", "size"), [("0682028a", 650), ("06818a", 138), ("060a", 10)])
def test_lengths_of_a_container(container, size):
    with pytest.raises(FrameError, match="cut off"):
        fields_of(bytes.fromhex(container) + bytes(size - 1))

    whole = b"\x04\x00" * (size // 2)
    assert () == fields_of(bytes.fromhex(container) + whole).lines


def test_a_length_in_decimal_digits():
    text = b"x" * 189

    assert "x" * 189 == fields_of(bytes.fromhex("3cf1f8f9") + text).text(0x3C)


@pytest.mark.parametrize(
    "data", ["0482", "3cf1fa", "3cf1", "22f1", "99", "0681", "06820001", "061f"]
)
def test_fields_that_are_none_are_refused(data):
    with pytest.raises(FrameError):
        fields_of(bytes.fromhex(data))


def test_totals_are_read_by_kind_of_card():
    value = bytes.fromhex("00010042") + b"".join(
        bytes((each,)) + bytes.fromhex(f"{each * 100:012}") for each in range(7)
    )
    found = totals(fields_of(b"\x60\xf0\xf5\xf3" + value), "EUR")

    assert ("0001", "0042", 21, 2100) == (
        found.first,
        found.last,
        found.count,
        found.minor_units,
    )
    assert list(GROUPS) == [each.name for each in found.groups]
    assert found.covers("0042")
    assert not found.covers("0043")


def test_totals_that_are_cut_off_are_refused():
    with pytest.raises(FrameError):
        totals(fields_of(b"\x60\xf0\xf0\xf4" + bytes(4)), "EUR")


def test_two_transactions_have_different_marks():
    one = fields("status info approved 20.40, masked PAN ..4771")

    assert mark(one) != mark(Fields({**one.values, 0x87: b"\x04\x71"}))
    assert "none" == mark(None) == mark(fields("status info minimal approved"))


def test_a_check_value_that_does_not_match_is_damage():
    block = bytearray(framed(b"\x80\x00\x00"))
    block[-1] ^= 1

    assert [Damaged("the check value does not match")] == Unframer().take(bytes(block))


def test_single_bytes_around_a_block_are_heard():
    assert [Sign.ACK, b"\x80\x00\x00", Sign.NAK] == Unframer().take(
        b"\x06" + framed(b"\x80\x00\x00") + b"\x15"
    )


def test_a_block_that_is_cut_off_by_another_is_damage_and_the_other_is_read():
    found = Unframer().take(b"\x10\x02\x06\x0f" + framed(b"\x80\x00\x00"))

    assert [Damaged("a mark stands inside a block"), b"\x80\x00\x00"] == found


@given(st.binary(max_size=600))
def test_every_message_survives_its_block(apdu):
    assert [apdu] == Unframer().take(framed(apdu))


@given(st.binary(max_size=400), st.integers(1, 50))
def test_nothing_that_comes_crashes_a_reader(data, piece):
    cutter, unframer = Cutter(), Unframer()
    for at in range(0, len(data), piece):
        cutter.take(data[at : at + piece])
        unframer.take(data[at : at + piece])
    for reads in (decode, fields_of):
        with contextlib.suppress(FrameError):
            reads(data)


@given(
    st.dictionaries(
        st.sampled_from([0x27, 0x04, 0x49, 0x87, 0x0B, 0x29, 0x0C, 0x0D]),
        st.binary(min_size=6, max_size=6),
    )
)
def test_nothing_that_is_stated_crashes(values):
    sizes = {0x27: 1, 0x04: 6, 0x49: 2, 0x87: 2, 0x0B: 3, 0x29: 4, 0x0C: 3, 0x0D: 2}
    data = b"".join(bytes((bmp,)) + value[: sizes[bmp]] for bmp, value in values.items())
    with contextlib.suppress(FrameError):
        stated(fields_of(data))


def test_containers_in_containers_end():
    deep = b"\x24\x00"
    for _ in range(40):
        deep = b"\x24" + bytes((len(deep),)) + deep
    with pytest.raises(FrameError):
        fields_of(b"\x06" + bytes((len(deep),)) + deep)
