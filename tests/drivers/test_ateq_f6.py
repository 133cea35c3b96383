"""ATEQ F6: a result counts only after its cycle was seen to run, and only as far as sources explain it."""

import struct

import pytest

from contract.reading import Status
from drivers.kit.dialogue import ReadingsReceived, Unmapped
from drivers.kit.link import Failed, ReadRegisters, RegistersRead
from drivers.leak.ateq_f6 import ATEQ_F6, Cycles, converse, decode
from tests.drivers.conversing import readings

PUBLISHED = bytes.fromhex("ff031a0000010000000100ffff90d00300b0360000d2040000701700003dd8")


def block(*, status=1, step=65535, pressure=250_000, leak=1234, unit=6000):
    return struct.pack("<5H4i", 0, 1, 0, status, step, pressure, 14000, leak, unit)


def values(events):
    return [each for each in readings(events) if each.status is not Status.NOT_MEASURED]


def after_a_cycle(**last):
    cycles = Cycles()
    assert [] == values(cycles.parse([block(step=6, status=0, leak=0)]))
    return list(cycles.parse([block(**last)]))


def test_one_block_is_read_from_address_255_with_even_parity():
    talk = converse()
    talk.connection_made(0.0)
    [link] = ATEQ_F6.links

    assert [ReadRegisters("holding", 0x30, 13)] == list(talk.out.requests())
    assert (255, 9600, "even") == (link.device, link.line.baud_rate, link.line.parity)


def test_a_result_that_was_there_before_is_of_an_older_cycle():
    assert [] == values(decode(PUBLISHED))
    assert [] == values(Cycles().parse([block()]))


def test_the_published_frame_after_a_cycle_is_a_pressure_drop():
    cycles = Cycles()
    list(cycles.parse([block(step=4)]))
    [reading] = readings(cycles.parse([PUBLISHED[3:-2]]))

    assert ("pressure_drop", "1.234", "Pa") == (reading.quantity, str(reading.value), reading.unit)


def test_a_result_is_stated_for_ten_seconds_or_until_the_next_cycle():
    steps = [4, 5, 6] + [65535] * 30 + [6, 65525, 65525, 4]
    cycles = Cycles()
    told = [values(cycles.parse([block(step=step)])) for step in steps]

    assert [*range(3, 23), 34, 35] == [at for at, each in enumerate(told) if each]


def test_a_cycle_that_was_not_seen_to_its_end_has_no_result():
    """Meanwhile another may have run."""
    talk = converse()
    talk.connection_made(0.0)
    question = ReadRegisters("holding", 0x30, 13)
    running, finished = (struct.unpack(">13H", block(step=step)) for step in (6, 65535))
    talk.receive(RegistersRead(question, running), 0.0)
    talk.receive(Failed(question, "no answer"), 0.5)
    talk.receive(RegistersRead(question, finished), 1.0)

    assert [] == values(talk.out.events())


def test_pressure_and_verdict_are_named_and_fill_no_field():
    told = after_a_cycle()

    assert Unmapped("test pressure 250.000 mbar") in told
    assert Unmapped("verdict: pass") in told
    assert 1 == len([each for each in told if isinstance(each, ReadingsReceived)])


@pytest.mark.parametrize("status", [0x0002, 0x0004, 0x0006])
def test_a_failed_test_has_its_drop(status):
    told = after_a_cycle(status=status)

    assert Unmapped("verdict: fail") in told
    assert [Status.OK] == [each.status for each in readings(told)]


@pytest.mark.parametrize(
    ("last", "detail"),
    [
        ({"status": 0x0008}, "alarm"),
        ({"status": 0x0009}, "alarm"),
        ({"status": 0x0010}, "pressure error"),
        ({"status": 0x8020}, "status 8020: not known"),
        ({"status": 0}, "status 0000: not known"),
        ({"leak": -1}, "a negative leak: which way it goes is not published"),
    ],
)
def test_what_no_source_explains_has_no_value(last, detail):
    [reading] = readings(after_a_cycle(**last))

    assert (None, Status.ERROR, detail) == (reading.value, reading.status, reading.detail)


@pytest.mark.parametrize(
    ("unit", "named"),
    [
        (51000, "leak 1.234 mL/min"),
        (7000, "leak 1.234 Pa (HR)"),
        (8000, "leak 1.234 Pa/s"),
        (4, "leak 1.234 unit 4"),
    ],
)
def test_a_leak_that_is_no_pressure_is_named_and_fills_no_field(unit, named):
    told = after_a_cycle(unit=unit)

    assert Unmapped(named) in told
    assert [] == readings(told)


@pytest.mark.parametrize("step", [0, 1, 7, 200])
def test_a_step_that_is_not_described_ends_nothing(step):
    cycles = Cycles()
    list(cycles.parse([block(step=6)]))

    assert [] == values(cycles.parse([block(step=step)]))
    assert values(cycles.parse([block()]))
