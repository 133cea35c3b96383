"""Just enough MQTT to see where a packet ends and whether it is a PUBLISH."""

from collections.abc import Iterator

PUBLISH = 3
LONGEST_LENGTH = 4
"""Bytes of a remaining length."""


class NotMqttError(ValueError):
    """The bytes cannot be MQTT: a remaining length of more than four bytes."""


class MqttCutter:
    """Cuts a stream into whole MQTT packets."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def cut(self, piece: bytes) -> Iterator[bytes]:
        """Yield the packets that are complete with this piece."""
        self._waiting += piece
        while (size := _packet_size(self._waiting)) is not None and size <= len(self._waiting):
            packet = bytes(self._waiting[:size])
            del self._waiting[:size]
            yield packet


def kind(packet: bytes) -> int:
    """Return the control packet type."""
    return packet[0] >> 4


def _packet_size(stream: bytearray) -> int | None:
    """Return the size of the first packet; None while its length is incomplete."""
    remaining = 0
    for place in range(LONGEST_LENGTH):
        if len(stream) < place + 2:
            return None
        byte = stream[place + 1]
        remaining += (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return place + 2 + remaining
    msg = "a remaining length has four bytes at most"
    raise NotMqttError(msg)
