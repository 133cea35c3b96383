"""MH-Z19: only the question that reads is ever sent, and only answers with a right check value count."""

from decimal import Decimal

from drivers.kit.dialogue import Act, ActEnded, FrameRejected
from drivers.kit.link import Received, Send
from drivers.leak.winsen_mhz19 import READ, check, converse, decode
from tests.drivers.conversing import readings, rejections

ANSWER = bytes.fromhex("ff86026047000000d1")


def test_the_check_value_is_that_of_the_published_commands():
    for command in ("ff0186000000000079", "ff0187000000000078", "ff018807d0000000a0"):
        frame = bytes.fromhex(command)
        assert frame[-1] == check(frame)


def test_temperature_is_forty_less_than_its_byte():
    _, temperature = readings(decode(ANSWER))

    assert Decimal(31) == temperature.value


def test_a_wrong_check_value_is_rejected_and_the_next_answer_is_read():
    heard = list(decode(ANSWER[:-1] + b"\x00" + ANSWER))

    assert [FrameRejected("wrong check value", ANSWER[:-1] + b"\x00")] == rejections(heard)
    assert [608, 31] == [each.value for each in readings(heard)]


def test_whatever_happens_no_command_that_calibrates_is_sent():
    talk = converse()
    talk.connection_made(0.0)
    for second in range(20):
        talk.receive(Received(ANSWER if second % 2 else b"\xff\x87\xff\x88"), float(second))
        talk.timer_fired(second + 0.5)
        for act in Act:
            talk.act(act, float(second))

    assert {Send(READ)} == set(talk.out.requests())
    assert [] == [each for each in talk.out.events() if isinstance(each, ActEnded) and each.done]
    assert READ[2] not in {0x87, 0x88}
