"""The single bytes and frames of a terminal that speaks Concert V2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sims.kit.faults import Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.payment.customer import Habit
from tests.sims.on_a_line import NOW
from tests.sims.tills import (
    ACK,
    ENQ,
    EOT,
    NAK,
    ONCE,
    ORDINARY,
    STEP,
    at,
    concert,
    opened,
    paid,
    request,
    sealed,
)

WITHOUT_RESULT = "A011B010"


# --- the dialogue ---------------------------------------------------------------------------------


def test_a_request_in_single_bytes_and_after_noise_is_understood():
    front = at(concert())
    said = [front.say(bytes((byte,))) for byte in b"\x7f\x00" + ENQ + sealed(ORDINARY) + EOT]

    assert ACK + ACK == b"".join(said)
    assert (front.given() or "").startswith("010")


def test_a_damaged_frame_is_refused_and_nothing_is_taken():
    front = at(concert())
    front.say(ENQ)
    frame = sealed(ORDINARY)

    assert NAK == front.say(frame[:-1] + bytes((frame[-1] ^ 1,)))
    assert None is front.given(10.0)
    assert ([], {}) == (paid(front), front.terminal.requests)


def test_a_frame_without_its_end_is_forgotten_after_three_seconds():
    front = at(concert())
    front.say(ENQ + sealed(ORDINARY)[:20])
    front.pass_time(3.1)

    front.order(ORDINARY)
    assert (front.given() or "").startswith("010")
    assert 1 == len(paid(front))


def test_a_frame_longer_than_the_line_allows_is_refused():
    front = at(concert())
    front.say(ENQ)

    assert NAK == front.say(b"\x02" + b"0" * 600)[:1]


def test_nothing_is_taken_that_was_not_asked_to_be():
    front = at(concert())

    assert b"" == front.say(sealed(ORDINARY))
    assert None is front.given(5.0)
    assert [] == paid(front)


def test_an_answer_that_nobody_wants_is_offered_again_and_then_given_up():
    front = at(concert())
    front.order(ORDINARY)

    offered = front.pass_time(300.0)
    assert 10 == offered.count(ENQ)
    assert 10 == len(offered)
    assert ACK == front.say(ENQ)


def test_an_answer_that_is_not_acknowledged_is_given_three_times():
    front = at(concert())
    front.order(ORDINARY)
    front.pass_time(1.0)
    first = front.say(ACK)

    assert first + first + EOT == front.pass_time(12.0)


def test_an_answer_that_is_refused_is_given_again():
    front = at(concert())
    front.order(ORDINARY)
    front.pass_time(1.0)
    first = front.say(ACK)

    assert first == front.say(NAK)
    assert EOT == front.say(ACK)
    assert b"" == front.pass_time(60.0)


def test_a_till_that_orders_while_it_should_listen_is_busy_with():
    front = at(concert())
    front.order(ORDINARY)
    front.pass_time(1.0)

    assert NAK == front.say(ENQ)


# --- without its single bytes ---------------------------------------------------------------------


def test_without_handshake_there_are_frames_and_nothing_else():
    front = at(concert(bare=True))
    said = front.say(ENQ + sealed(ORDINARY)) + front.pass_time(1.0)

    assert "010000012501978R1        " == opened(said)
    assert ONCE == paid(front)


def test_without_handshake_a_damaged_frame_is_not_answered_and_not_paid():
    front = at(concert(bare=True))
    frame = sealed(ORDINARY)
    said = front.say(frame[:-1] + bytes((frame[-1] ^ 1,))) + front.pass_time(10.0)

    assert b"" == said
    assert [] == paid(front)


def test_without_handshake_a_second_order_meanwhile_is_not_done():
    front = at(concert(Habit.SLOW, bare=True))
    front.say(sealed(ORDINARY))

    assert "017000012501978R2        " == opened(front.say(sealed(request(priv="R2"))))
    front.pass_time(31.0)
    assert ONCE == paid(front)


def test_without_handshake_no_fault_of_a_single_byte_can_be_asked_for():
    for fault in (Fault.ACKNOWLEDGEMENT_LOST, Fault.REQUEST_REFUSED):
        with pytest.raises(ControlError, match=fault):
            concert(bare=True).set_fault(fault, on=True)


def test_without_handshake_a_busy_terminal_takes_nothing():
    front = at(concert(bare=True), Fault.BUSY, times=None)

    assert b"" == front.say(sealed(ORDINARY)) + front.pass_time(5.0)
    assert front.terminal.refuses_connections
    assert [] == paid(front)


# --- anything at all ------------------------------------------------------------------------------

PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([ENQ, ACK, NAK, EOT, b"\x02", b"\x03"]),
    st.sampled_from([sealed(ORDINARY)[:30], sealed(ORDINARY)[5:], sealed("")]),
)


@given(st.lists(PIECES, max_size=12), st.booleans())
def test_no_bytes_crash_it_and_nonsense_pays_nothing(pieces: list[bytes], bare: bool):
    front = at(concert(bare=bare))
    for each in pieces:
        front.say(each)
        front.terminal.process(STEP, NOW)
    front.pass_time(4.0)

    taken = sum(front.terminal.requests.values())
    assert len(paid(front)) <= taken
    assert b"" == front.say(b"\x00")


@given(st.lists(st.integers(1, 40), max_size=20), st.integers(0, 37), st.integers(1, 255))
def test_however_it_is_cut_a_whole_frame_pays_once_and_a_damaged_one_never(
    cuts: list[int], place: int, change: int
):
    whole = sealed(ORDINARY)
    front = at(concert(bare=True))
    rest = (
        whole[:place] + bytes((whole[place] ^ change,)) + whole[place + 1 :]
        if place < 37
        else whole
    )
    for size in cuts:
        front.say(rest[:size])
        rest = rest[size:]
    front.say(rest)
    front.pass_time(1.0)

    assert (ONCE if place == 37 else []) == paid(front)
