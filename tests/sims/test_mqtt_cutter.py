"""The broken wire sees where MQTT packets end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sims.mqtt_cutter import PUBLISH, MqttCutter, NotMqttError, kind, renumbered, topic

PING = bytes.fromhex("c000")
SHORT = bytes.fromhex("32070003612f6200017b")[:9]
LONG = bytes.fromhex("30c80100016178") + bytes(196)
LONGER = bytes((0x30, 0x80, 0x80, 0x01)) + bytes(16384)


@given(st.lists(st.sampled_from((PING, SHORT, LONG, LONGER)), max_size=6), st.integers(1, 5000))
def test_packets_come_out_whole_however_the_stream_is_cut(packets: list[bytes], size: int):
    stream, cutter = b"".join(packets), MqttCutter()
    cut = [
        packet
        for at in range(0, len(stream), size)
        for packet in cutter.cut(stream[at : at + size])
    ]

    assert packets == cut


def test_a_publish_is_told_from_a_ping():
    assert PUBLISH == kind(SHORT)
    assert PUBLISH != kind(PING)


def test_five_bytes_of_length_are_no_mqtt():
    with pytest.raises(NotMqttError):
        list(MqttCutter().cut(b"\x30\xff\xff\xff\xff\xff"))


def test_a_publish_can_be_given_another_identifier() -> None:
    packet = bytes.fromhex("32 0b 0003 612f62 0007 00") + b"abc"
    long = bytes([0x32, 0x81, 0x01]) + bytes.fromhex("0003 612f62 0007 00") + b"x" * 121

    assert bytes.fromhex("32 0b 0003 612f62 ffff 00") + b"abc" == renumbered(packet, 0xFFFF)
    assert b"\xff\xff" == renumbered(long, 0xFFFF)[8:10]
    assert len(long) == len(renumbered(long, 0xFFFF))


def test_without_an_identifier_a_publish_stays_as_it_is() -> None:
    packet = bytes.fromhex("30 09 0003 612f62 00") + b"abc"

    assert packet == renumbered(packet, 0xFFFF)


def test_a_publish_names_its_topic() -> None:
    assert "a/b" == topic(bytes.fromhex("32 0b 0003 612f62 0007 00") + b"abc")
