"""Whatever is said to the simulated terminal of ZVT, it neither crashes nor pays what was not asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sims.payment.zvt.apdu import Apdu, first
from firmware_sims.payment.zvt.asked import Command
from firmware_sims.payment.zvt.fields import (
    MalformedError,
    read,
    written,
)
from firmware_sims.payment.zvt.paying import Style
from tests.sims.tills import paid
from tests.sims.zvt_tills import (
    ABORT,
    ONCE,
    PAY,
    REGISTER,
    REPEAT,
    SILENT,
    STATUS,
    TOTALS,
    YES,
    ZvtTill,
    reversal,
    zvt,
)

# --- what is nothing ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "06 01 00",
        "06 01 01 04",
        "06 01 07 04 00 00 00 00 00 00",
        "06 01 07 04 00 00 00 00 12 5E",
        "06 01 0A 04 00 00 00 00 12 50 49 FF FF",
        "06 01 0E 04 00 00 00 00 12 50 04 00 00 00 00 12 50",
        "06 01 08 04 00 00 00 00 12 50 06",
        "06 01 0A 04 00 00 00 00 12 50 06 02 1F",
        "06 01 0B 04 00 00 00 00 12 50 06 02 24 05",
        "06 01 09 04 00 00 00 00 12 50 77 00",
        "06 00 02 12 34",
        "06 00 05 12 34 56 BA 09",
        "06 30 03 12 34 56",
        "06 30 06 12 34 56 87 FF FF",
        "05 01 00",
        "0F F0 00",
        "04 0F 02 27 00",
    ],
)
def test_what_is_no_command_is_answered_as_such(said: str):
    till = ZvtTill(zvt())
    size = len(bytes.fromhex(said)) - 3
    said = said[:6] + f"{size:02X}" + said[8:]

    assert ["84 9A 00"] == till.ask(said)
    assert [] == paid(till.terminal)


def test_a_field_in_another_order_and_one_that_says_nothing_are_no_harm():
    till = ZvtTill(zvt())
    till.ask("06 01 11 49 09 78 19 00 06 03 1F 07 00 04 00 00 00 00 12 50")

    assert ONCE == paid(till.terminal)


def test_the_rest_of_an_apdu_is_waited_for_five_seconds():
    till = ZvtTill(zvt())
    for wait, amounts in ((4.0, 1), (6.0, 0)):
        till.ask(PAY[:14], wait)
        till.ask(PAY[14:])
        assert amounts == len(paid(till.terminal))
        till = ZvtTill(zvt())


def test_an_answer_that_nobody_waits_for_does_nothing():
    till = ZvtTill(zvt())

    assert [] == till.ask("80 00 00 84 9D 00 84 00 00")


PIECES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from([PAY, REGISTER, STATUS, REPEAT, YES, TOTALS, ABORT, reversal("0001")]).map(
        bytes.fromhex
    ),
    st.builds(
        lambda command, data: bytes(Apdu(command, data)),
        st.sampled_from([*Command, 0x040F, 0x8000, 0x849C]),
        st.binary(max_size=20).map(lambda data: b"\x12\x34\x56" + data),
    ),
)


@given(st.lists(PIECES, max_size=12))
def test_no_bytes_crash_it_and_nonsense_pays_nothing(pieces: list[bytes]):
    till = ZvtTill(zvt(style=Style(auto_reversal=True)))
    for each in pieces:
        till.front.say(each)
        till.front.pass_time(0.1)
    till.front.pass_time(20.0)

    rows = [row for row in till.terminal.ledger.rows if not row.automatic]
    assert len(rows) <= sum(till.terminal.requests.values())


@given(st.lists(st.integers(1, 13), max_size=12))
def test_however_a_request_is_cut_it_is_paid_once(cuts: list[int]):
    till = ZvtTill(zvt(), register=SILENT)
    rest = bytes.fromhex(PAY)
    heard = b""
    for size in cuts:
        heard += till.front.say(rest[:size]) + till.front.pass_time(0.05)
        rest = rest[size:]
    till.front.say(rest)
    till.wait(1.0)

    assert ONCE == paid(till.terminal)


@given(st.integers(0, 0xFFFF), st.binary(max_size=600), st.binary(max_size=4))
def test_what_is_written_is_read(command: int, data: bytes, rest: bytes):
    apdu = Apdu(command, data)

    assert (apdu, len(bytes(apdu))) == first(bytes(apdu) + rest)


@given(st.binary(max_size=80))
def test_fields_are_read_or_refused(data: bytes):
    try:
        fields = read(data)
    except MalformedError:
        return
    assert fields == read(written(fields))
