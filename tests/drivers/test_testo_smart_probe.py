"""The conversation with a Smart Probe, with the clock in hand."""

import pytest

from contract.quantity import Quantity
from contract.reading import Status
from drivers.catalog import BUILT_IN
from drivers.kit.dialogue import Act, ActEnded, FrameRejected, IdentityStated, Unmapped
from drivers.kit.link import (
    AdvertisementSeen,
    Failed,
    Notified,
    Subscribe,
    Subscribed,
    WriteCharacteristic,
)
from drivers.probe.testo_smart_probe.description import decode, identify
from drivers.probe.testo_smart_probe.dialogue import NOTIFY, WRITE, SmartProbeDialogue
from drivers.probe.testo_smart_probe.frame import Frame, named
from tests.drivers.conversing import readings

OPEN = "56 00 03 00 00 00 0c 69 02 3e 81"
ZERO = "05 00 13 00 00 00 04 ca 0c 00 00 00 5a 65 72 6f 50 72 65 73 73 75 72 65 01 62 e5"
PRESSURE = bytes.fromhex(
    "108020000000089514000000446966666572656e7469616c507265737375726500d0e94500003737"
)


def written(talk) -> bytes:
    writes = [each for each in talk.out.requests() if isinstance(each, WriteCharacteristic)]
    assert all(len(each.data) <= 20 and each.uuid == WRITE for each in writes)
    return b"".join(each.data for each in writes)


def reply(sequence: int, payload: bytes = b"") -> Notified:
    return Notified(NOTIFY, Frame(0x07, sequence, payload).encoded())


def opened() -> SmartProbeDialogue:
    talk = SmartProbeDialogue()
    talk.connection_made(0.0)
    talk.receive(Subscribed(NOTIFY), 0.0)
    for sequence in range(4):
        assert written(talk)
        talk.receive(reply(sequence), 0.1)
    assert written(talk) == b""
    list(talk.out.events())
    return talk


def test_notifications_are_enabled_before_anything_is_written():
    talk = SmartProbeDialogue()
    talk.connection_made(0.0)

    assert [Subscribe(NOTIFY)] == list(talk.out.requests())


def test_the_opening_is_that_of_the_captures():
    talk = SmartProbeDialogue()
    talk.connection_made(0.0)
    list(talk.out.requests())
    talk.receive(Subscribed(NOTIFY), 0.0)

    assert bytes.fromhex(OPEN) == written(talk)
    talk.receive(reply(0), 0.1)
    assert bytes.fromhex("20 01 00 00 00 00 3a bb") == written(talk)
    talk.receive(reply(1, b"\x01\x00"), 0.2)
    assert b"FirmwareVersion" in written(talk)
    talk.receive(reply(2, named("001.101.0001")), 0.3)
    assert bytes.fromhex("11 03 00 00 00 00 47 5a") == written(talk)
    assert [IdentityStated(firmware="001.101.0001")] == list(talk.out.events())


@pytest.mark.parametrize("vector", [OPEN, ZERO])
def test_frames_are_built_as_captured(vector):
    expected = bytes.fromhex(vector)

    assert expected == Frame(expected[0], 0, expected[8:-2]).encoded()


def test_an_opening_step_without_an_answer_is_tried_three_times_and_reported():
    talk = SmartProbeDialogue()
    talk.connection_made(0.0)
    talk.receive(Subscribed(NOTIFY), 0.0)
    for _ in range(3):
        assert bytes.fromhex(OPEN) == written(talk)
        talk.timer_fired(talk.next_timer)

    [rejected] = talk.out.events()
    assert isinstance(rejected, FrameRejected)
    assert "open" in rejected.reason
    assert written(talk).startswith(b"\x20")


def test_a_reply_with_another_sequence_acknowledges_nothing():
    talk = SmartProbeDialogue()
    talk.connection_made(0.0)
    talk.receive(Subscribed(NOTIFY), 0.0)
    written(talk)
    talk.receive(reply(5), 0.1)

    assert written(talk) == b""


def test_zeroing_is_acknowledged_by_its_own_sequence():
    talk = opened()
    talk.act(Act.ZERO, 1.0)

    assert b"ZeroPressure\x01" in written(talk)
    talk.receive(reply(4), 1.1)
    assert [ActEnded(Act.ZERO, done=True)] == list(talk.out.events())


def test_zeroing_is_never_tried_again_by_itself():
    talk = opened()
    talk.act(Act.ZERO, 1.0)
    written(talk)
    talk.timer_fired(talk.next_timer)

    [ended] = talk.out.events()
    assert (Act.ZERO, False) == (ended.act, ended.done)
    assert written(talk) == b""
    assert talk.next_timer is None


def test_a_write_that_fails_ends_the_act_without_another_try():
    talk = opened()
    talk.act(Act.ZERO, 1.0)
    request = next(talk.out.requests())
    talk.receive(Failed(request, "gone"), 1.0)

    [ended] = talk.out.events()
    assert (False, "gone") == (ended.done, ended.reason)


def test_an_act_that_the_probe_does_not_know_is_refused():
    talk = opened()
    talk.act(Act.TOGGLE_MEASUREMENT, 1.0)

    [ended] = talk.out.events()
    assert not ended.done
    assert written(talk) == b""


def test_a_name_without_a_source_is_reported_and_never_mapped():
    frame = Frame(0x10, 0x80, named("RelativeHumidity", PRESSURE[-8:-2])).encoded()

    assert [Unmapped("RelativeHumidity")] == list(decode(frame))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("DifferentialPressure", b"\x01\x00"),
        ("LineTemperature", b"\x00\x00"),
        ("Temperature", b"\x00\x00"),
    ],
)
def test_a_status_that_was_never_recorded_is_an_error_without_value(name, status):
    frame = Frame(0x10, 0x80, named(name, b"\x00\xd0\xe9\x45" + status)).encoded()

    [reading] = readings(decode(frame))
    assert (None, Status.ERROR) == (reading.value, reading.status)
    assert status[::-1].hex() in reading.detail


def test_no_number_is_an_error_without_value():
    frame = Frame(0x10, 0x80, named("DifferentialPressure", b"\x00\x00\xc0\x7f\x00\x00")).encoded()

    [reading] = readings(decode(frame))
    assert (None, Status.ERROR) == (reading.value, reading.status)


def test_a_damaged_frame_does_not_take_the_next_one_with_it():
    damaged = bytearray(PRESSURE)
    damaged[30] ^= 0x10

    events = list(decode(bytes(damaged) + PRESSURE))
    assert 1 == len(readings(events))
    assert [1] == [sum(isinstance(each, FrameRejected) for each in events)]


@pytest.mark.parametrize(
    ("local_name", "model", "serial"),
    [("T549i SN:46512997", "T549i", "46512997"), ("T805i", "T805i", None)],
)
def test_a_probe_is_known_by_its_name(local_name, model, serial):
    identity = identify(AdvertisementSeen(local_name))

    assert (model, serial) == (identity.model, identity.serial)


@pytest.mark.parametrize(
    "local_name", ["iBBQ", "T549i SN:", "xT549i SN:1", "T549i SN:1 ", "", "T5490i SN:1"]
)
def test_another_name_is_no_probe(local_name):
    assert identify(AdvertisementSeen(local_name)) is None


def test_zeroing_is_asked_for_pressure_alone():
    assert frozenset({Quantity.DIFFERENTIAL_PRESSURE}) == BUILT_IN["testo-smart-probe"].zeroed
