"""KELLER: the check value has its high byte first, echoes are skipped, and no answer is taken for another channel's."""

import pytest
from keller_protocol.keller_protocol import KellerProtocol

from contract.reading import Status
from drivers.kit.dialogue import FrameRejected, IdentityStated
from drivers.kit.link import Received, Send
from drivers.probe.keller import KELLER_ABSOLUTE, KELLER_GAUGE, checked
from tests.drivers.conversing import readings

FIRMWARE = bytes.fromhex("fa3005140a280a01")
SERIAL = bytes.fromhex("fa4500003039")
P1 = bytes.fromhex("fa493f81b22d00")
T = bytes.fromhex("fa4941a8000000")


def asked(talk):
    return [each.data[1:-2] for each in talk.out.requests() if isinstance(each, Send)]


def begun():
    talk = KELLER_GAUGE.links[0].converse()
    talk.connection_made(0.0)
    asked(talk)
    return talk


def hear(talk, *bodies, now=0.1):
    for body in bodies:
        talk.receive(Received(checked(body)), now)


def told(talk):
    return list(talk.out.events())


@pytest.mark.parametrize(
    ("body", "check"),
    [
        ("0230", "c400"),
        ("0130", "3400"),
        ("fa30", "0443"),
        ("014901", "50d6"),
        ("fa4901", "a1a7"),
        ("014903", "9157"),
        ("0145", "d3c1"),
        ("01493f81b22d00", "d784"),
    ],
)
def test_the_check_value_is_that_of_the_published_frames_and_of_the_vendors_library(body, check):
    covered = bytes.fromhex(body)

    assert covered + bytes.fromhex(check) == checked(covered)
    assert bytes.fromhex(check) == KellerProtocol._crc16(list(covered), len(covered))


def test_it_is_initialised_before_anything_is_read_and_asked_who_it_is_between_two_channels():
    talk = KELLER_GAUGE.links[0].converse()
    talk.connection_made(0.0)
    order = asked(talk)
    for body in (FIRMWARE, SERIAL, P1, SERIAL, T, SERIAL):
        hear(talk, body)
        order += asked(talk)

    assert [b"\x30", b"\x45", b"\x49\x01", b"\x45", b"\x49\x03", b"\x45"] == order
    assert [IdentityStated(firmware="5.20-10.40"), IdentityStated(serial="12345")] == told(talk)[
        :2
    ]


def test_an_adapter_that_repeats_the_question_changes_nothing():
    talk = begun()
    for question, answer in (("fa30", FIRMWARE), ("fa45", SERIAL), ("fa4901", P1)):
        talk.receive(Received(checked(bytes.fromhex(question)) + checked(answer)), 0.1)

    said = told(talk)
    assert ["1.01325"] == [str(each.value) for each in readings(said)]
    assert not [each for each in said if isinstance(each, FrameRejected)]


@pytest.mark.parametrize("again", [1, 2])
def test_a_doubled_answer_of_the_pressure_is_never_taken_for_a_temperature(again):
    talk = begun()
    hear(talk, FIRMWARE, SERIAL, P1)
    hear(talk, *[P1] * again)
    hear(talk, SERIAL, T)

    assert [("gauge_pressure", "1.01325"), ("temperature", "21")] == [
        (each.quantity, str(each.value)) for each in readings(told(talk))
    ]


def test_an_answer_that_comes_too_late_is_never_taken_for_another_channels():
    talk = begun()
    hear(talk, FIRMWARE, SERIAL)
    asked(talk)
    talk.timer_fired(talk.next_timer)
    assert [b"\x30"] == asked(talk)
    hear(talk, P1, FIRMWARE, SERIAL, now=1.0)

    said = told(talk)
    assert [] == readings(said)
    assert "no answer" in [each.reason for each in said if isinstance(each, FrameRejected)]


@pytest.mark.parametrize("status", range(1, 256, 51))
def test_any_bit_of_the_status_takes_the_value(status):
    talk = begun()
    hear(talk, FIRMWARE, SERIAL, P1[:-1] + bytes([status]))

    [reading] = readings(told(talk))
    assert (None, Status.ERROR) == (reading.value, reading.status)
    assert f"{status:02x}" in reading.detail


def test_a_refusal_is_said_with_its_number_and_the_instrument_initialised_again():
    talk = begun()
    hear(talk, FIRMWARE, SERIAL, bytes.fromhex("fac920"))

    assert "error 32" in told(talk)[-1].reason
    asked(talk)
    talk.timer_fired(talk.next_timer)
    assert [b"\x30"] == asked(talk)


def test_a_wrong_check_value_is_no_answer():
    talk = begun()
    talk.receive(Received(FIRMWARE + checked(FIRMWARE)[:-3:-1]), 0.1)

    assert [] == told(talk)
    assert [] == asked(talk)


def test_which_pressure_it_is_is_what_the_person_said():
    frame = checked(P1)

    assert ["gauge_pressure"] == [each.quantity for each in readings(KELLER_GAUGE.decode(frame))]
    assert ["absolute_pressure"] == [
        each.quantity for each in readings(KELLER_ABSOLUTE.decode(frame))
    ]


def test_a_refused_beginning_is_tried_again_on_the_beat_and_not_at_once():
    talk = begun()
    refusal = bytes.fromhex("fab003")
    for _ in range(3):
        hear(talk, refusal)

    assert [] == asked(talk)
    talk.timer_fired(talk.next_timer)
    assert [b"\x30"] == asked(talk)
