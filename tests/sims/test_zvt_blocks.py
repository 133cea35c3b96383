"""The blocks of ZVT on a serial line, damaged or not, as the page has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sims.payment.zvt.blocks import Reader, block, check
from firmware_sims.payment.zvt.paying import Style
from tests.sims.on_a_line import NOW
from tests.sims.tills import STEP, at, paid
from tests.sims.zvt_tills import (
    ACK,
    DONE,
    NAK,
    ONCE,
    PAY,
    REGISTER,
    SILENT,
    YES,
    LineTill,
    blocked,
    opened,
    readable,
    zvt,
)

# --- blocks that are damaged ----------------------------------------------------------------------


def test_a_wrong_check_value_is_refused_and_the_repeat_is_taken():
    till = LineTill(zvt(line=True))
    wrong = blocked(PAY)[:-1] + b"\0"

    assert ["NAK"] == till.say(wrong, 0.0)
    assert {} == till.terminal.requests
    assert DONE in till.ask(PAY)
    assert ONCE == paid(till.terminal)


def test_a_block_that_stops_is_refused_after_t1():
    till = LineTill(zvt(line=True))

    assert [] == till.say(blocked(PAY)[:9], 0.15)
    assert ["NAK"] == till.wait(0.15)
    assert [] == till.say(blocked(PAY)[9:], 1.0)
    assert DONE in till.ask(PAY)


def test_t1_is_no_shorter_however_fast_time_passes():
    front = at(zvt(line=True))
    whole = blocked(REGISTER)
    front.say(whole[:5])
    front.terminal.process(5.0, NOW)

    assert ACK == front.say(whole[5:])[:1]


def test_single_bytes_in_a_slow_row_are_one_block():
    front = at(zvt(line=True))
    said = b""
    for byte in blocked(REGISTER):
        said += front.say(bytes((byte,))) + front.pass_time(0.15)

    assert ["ACK", YES] == opened(said)[:2]


@pytest.mark.parametrize(
    ("noise", "said"),
    [
        (b"nonsense", ["ACK", YES]),
        (b"\x10\x10\x03", ["ACK", YES]),
        (b"\x06\x15", ["ACK", YES]),
        (b"\x10\x02half", ["ACK", YES]),
        (b"\x10\x02bad\x10\x41", ["NAK", "ACK", YES]),
        (b"\x10\x02\x10\x03\x00\x00", ["NAK", "ACK", YES]),
    ],
)
def test_noise_before_a_block_does_no_harm(noise: bytes, said: list[str]):
    till = LineTill(zvt(line=True), None)

    assert said == till.say(noise + blocked(REGISTER))[: len(said)]


@pytest.mark.parametrize("apdu", ["06", "06 01", "06 01 0A 04", "06 01 00 04", "06 01 FF 01"])
def test_a_whole_block_without_a_whole_apdu_is_answered_as_such(apdu: str):
    assert ["ACK", "84 9A 00"] == LineTill(zvt(line=True)).ask(apdu)


# --- what looks like a mark -----------------------------------------------------------------------


def _whose_check_value_has(byte: int, place: int) -> bytes:
    return next(
        apdu
        for number in range(0x10000)
        if check(apdu := bytes((0x06, 0xD1, 2, *number.to_bytes(2, "big"))))[place] == byte
    )


@pytest.mark.parametrize("byte", [0x10, 0x03, 0x02, 0x06, 0x15])
@pytest.mark.parametrize("place", [0, 1])
def test_a_check_value_that_looks_like_a_mark_is_none(byte: int, place: int):
    apdu = _whose_check_value_has(byte, place)

    assert byte == block(apdu)[place - 2]
    assert [readable(apdu), "80 00 00"] == opened(block(apdu) + blocked(YES))


@pytest.mark.parametrize("size", [0x10, 0x03, 0x02, 0x06, 0x15])
def test_a_length_that_looks_like_a_mark_is_none(size: int):
    apdu = bytes((0x06, 0x10, size)) + b"\x10\x03\x02" * 10
    apdu = apdu[: 3 + size]

    assert [readable(apdu)] == opened(block(apdu))
    assert b"\x06\x10\x10" == block(apdu)[2:5]


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=5))
def test_whatever_is_in_blocks_comes_out_of_them(apdus: list[bytes]):
    reader = Reader()
    on_the_line = b"".join(block(apdu) for apdu in apdus)

    assert apdus == [each for byte in on_the_line if (each := reader.take(byte)) is not None]


MARKS = st.sampled_from(
    [b"\x10", b"\x02", b"\x03", ACK, NAK, blocked(PAY), blocked(REGISTER), blocked(YES)]
)


@given(st.lists(MARKS | st.binary(max_size=12), max_size=20))
def test_no_bytes_on_the_line_crash_it(pieces: list[bytes]):
    front = at(zvt(line=True, style=Style(auto_reversal=True)))
    for each in pieces:
        front.say(each)
        front.pass_time(STEP)
    front.pass_time(30.0)

    rows = [row for row in front.terminal.ledger.rows if not row.automatic]
    assert len(rows) <= sum(front.terminal.requests.values())


@given(st.integers(0, 19), st.integers(1, 255))
def test_one_damaged_byte_never_pays_another_amount(place: int, change: int):
    front = at(zvt(line=True))
    front.say(blocked(SILENT))
    front.say(ACK)
    front.say(ACK + blocked(YES))
    whole = bytearray(blocked(PAY))
    whole[place % len(whole)] ^= change
    front.say(bytes(whole))
    front.pass_time(2.0)

    assert paid(front) in ([], ONCE)
