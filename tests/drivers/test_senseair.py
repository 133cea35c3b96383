"""Senseair: a status that is not clear takes the concentration's value, and only a right check value counts."""

import pytest

from contract.reading import Status
from drivers.kit.dialogue import FrameRejected
from drivers.kit.link import ReadRegisters
from drivers.kit.modbus_frame import registers
from drivers.leak.senseair import SENSEAIR, converse, decode, parse
from tests.drivers.conversing import readings


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("0001", "fatal error"),
        ("0002", "communication"),
        ("0003", "fatal error"),
        ("0080", "known"),
    ],
)
def test_any_bit_of_the_status_takes_the_value(status, said):
    [reading] = readings(parse([bytes.fromhex(status + "00000000" + "0301")]))

    assert (None, Status.ERROR) == (reading.value, reading.status)
    assert said in reading.detail
    assert status in reading.detail


def test_status_and_concentration_are_read_in_one_block_of_any_device():
    talk = converse()
    talk.connection_made(0.0)

    assert [ReadRegisters("input", 0, 4)] == list(talk.out.requests())
    assert [0xFE] == [link.device for link in SENSEAIR.links]


@pytest.mark.parametrize(("frame", "ppm"), [("6804020301 2409", 769), ("FE04020388ADB2", 904)])
def test_the_published_answers_hold_big_endian_numbers(frame, ppm):
    assert ppm == int.from_bytes(registers(bytes.fromhex(frame), 1), "big")


def test_the_answer_that_a_readme_prints_with_the_check_value_of_the_question_is_rejected():
    [rejected] = decode(bytes.fromhex("FE04020388D5C5"))

    assert isinstance(rejected, FrameRejected)
