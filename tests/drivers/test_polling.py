"""Conversations in which we ask again and again: on a beat, and never more than once at a time."""

import pytest

from contract.quantity import Quantity
from contract.unit import Unit
from drivers.kit.dialogue import Act, ActEnded, FrameRejected, PollsSkipped, ReadingsReceived
from drivers.kit.errors import FrameError
from drivers.kit.framing import LineFraming
from drivers.kit.layout import Field
from drivers.kit.link import (
    CharacteristicRead,
    Failed,
    Notified,
    ReadCharacteristic,
    ReadRegisters,
    Received,
    RegistersRead,
    Send,
    Subscribe,
)
from drivers.kit.polling import CharacteristicPolling, RegisterPolling, StreamPolling
from drivers.kit.talk import Beat

TEMPERATURE = Field(format=">h", quantity=Quantity.TEMPERATURE, unit=Unit.CELSIUS)
FIRST, SECOND = ReadRegisters("input", 0, 1), ReadRegisters("holding", 9, 1)


def read(blocks):
    yield ReadingsReceived(tuple(TEMPERATURE.read_alone(each) for each in blocks))


@pytest.fixture
def polling():
    talk = RegisterPolling(FIRST, SECOND, parse=read, every=1.0)
    talk.connection_made(100.0)
    return talk


def values(talk) -> list[list[str]]:
    return [
        [str(each.value) for each in event.readings]
        for event in talk.out.events()
        if isinstance(event, ReadingsReceived)
    ]


@pytest.mark.parametrize(
    ("asked_at", "expected"),
    [
        ([0.0, 1.0, 2.0], [(1.0, 0), (2.0, 0), (3.0, 0)]),
        # Late by less than a beat: the next one is on the beat again.
        ([0.0, 1.4, 2.0], [(1.0, 0), (2.0, 0), (3.0, 0)]),
        ([0.0, 3.2, 4.0], [(1.0, 0), (4.0, 2), (5.0, 0)]),
    ],
)
def test_a_beat_that_is_missed_is_counted_and_the_next_is_on_the_beat(asked_at, expected):
    beat = Beat(1.0)

    assert expected == [beat.next(now) for now in asked_at]


def test_all_blocks_are_asked_for_and_read_together(polling):
    assert [FIRST, SECOND] == list(polling.out.requests())
    polling.receive(RegistersRead(FIRST, (21,)), 100.1)
    early = values(polling)
    polling.receive(RegistersRead(SECOND, (22,)), 100.2)

    assert [] == early
    assert [["21", "22"]] == values(polling)
    assert 101.0 == polling.next_timer


def test_a_round_that_took_too_long_leaves_polls_out_and_queues_none(polling):
    list(polling.out.requests())
    polling.timer_fired(104.5)

    assert [FIRST, SECOND] == list(polling.out.requests())
    assert [PollsSkipped(3)] == list(polling.out.events())
    assert 105.0 == polling.next_timer


def test_a_block_that_failed_costs_its_round_alone(polling):
    polling.receive(RegistersRead(FIRST, (21,)), 100.1)
    polling.receive(Failed(SECOND, "no answer"), 100.2)
    rejected = list(polling.out.events())
    polling.timer_fired(101.0)
    # What is left of the former round must not be joined with this one.
    polling.receive(RegistersRead(SECOND, (32,)), 101.1)
    half = values(polling)
    polling.receive(RegistersRead(FIRST, (31,)), 101.2)

    assert [FrameRejected("no answer")] == rejected
    assert [] == half
    assert [["31", "32"]] == values(polling)


@pytest.mark.parametrize("registers", [(), (1, 2), (-1,), (70000,)])
def test_a_block_of_another_size_or_of_no_registers_is_rejected(polling, registers):
    polling.receive(RegistersRead(FIRST, registers), 100.1)

    assert [FrameRejected] == [type(each) for each in polling.out.events()]


def line(frame: bytes):
    if not frame.isdigit():
        raise FrameError("not a number", frame)
    yield ReadingsReceived((TEMPERATURE.read_alone(int(frame).to_bytes(2, "big")),))


def test_a_stream_is_opened_polled_and_read_wherever_it_is_cut():
    talk = StreamPolling(LineFraming(), line, opening=(b"hello",), poll=b"?", every=2.0)
    talk.connection_made(0.0)
    asked = list(talk.out.requests())
    for each in (b"2", b"1\n2", b"2\n"):
        talk.receive(Received(each), 0.5)

    assert [Send(b"hello"), Send(b"?")] == asked
    assert [["21"], ["22"]] == values(talk)


def test_an_answer_that_never_came_is_reported_once_a_poll():
    talk = StreamPolling(LineFraming(), line, poll=b"?")
    talk.connection_made(0.0)
    talk.timer_fired(1.0)
    silent = list(talk.out.events())
    talk.receive(Received(b"21\n"), 1.5)
    talk.timer_fired(2.0)

    assert [FrameRejected("no answer")] == silent
    assert [ReadingsReceived] == [type(each) for each in talk.out.events()]


def test_a_stream_that_speaks_by_itself_is_never_asked():
    talk = StreamPolling(LineFraming(), line)
    talk.connection_made(0.0)
    talk.timer_fired(1.0)

    assert ([], None) == (list(talk.out.requests()), talk.next_timer)


def test_a_frame_that_cannot_be_used_is_rejected_and_the_next_is_read():
    talk = StreamPolling(LineFraming(), line)
    talk.receive(Received(b"x\n21\n"), 0.0)

    assert [FrameRejected("not a number", b"x"), ReadingsReceived] == [
        each if isinstance(each, FrameRejected) else type(each) for each in talk.out.events()
    ]


def test_characteristics_are_subscribed_read_once_and_polled():
    talk = CharacteristicPolling(
        lambda uuid, data: line(data), subscribe=("a",), read=("b",), poll=("c",), every=5.0
    )
    talk.connection_made(0.0)
    first = list(talk.out.requests())
    talk.timer_fired(5.0)

    assert [Subscribe("a"), ReadCharacteristic("b"), ReadCharacteristic("c")] == first
    assert [ReadCharacteristic("c")] == list(talk.out.requests())
    talk.receive(Notified("a", b"21"), 5.1)
    talk.receive(CharacteristicRead("c", b"22"), 5.2)
    assert [["21"], ["22"]] == values(talk)


def test_an_act_is_refused(polling):
    polling.act(Act.ZERO, 0.0)

    assert [False] == [each.done for each in polling.out.events() if isinstance(each, ActEnded)]
