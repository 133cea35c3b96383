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


def renumbered(packet: bytes, identifier: int) -> bytes:
    """Return a PUBLISH with another packet identifier, so that a broker takes it for a second message.

    At QoS 0 there is no identifier, and the packet comes back as it is.
    """
    if not packet[0] & 0b0110:
        return packet
    place = _topic_end(packet)
    return packet[:place] + identifier.to_bytes(2) + packet[place + 2 :]


def topic(packet: bytes) -> str:
    """Return the topic of a PUBLISH."""
    return packet[_body(packet) + 2 : _topic_end(packet)].decode(errors="replace")


def _body(packet: bytes) -> int:
    place = 1
    while packet[place] >= 0x80:
        place += 1
    return place + 1


def _topic_end(packet: bytes) -> int:
    body = _body(packet)
    return body + 2 + int.from_bytes(packet[body : body + 2])


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
