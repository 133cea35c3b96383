"""Frames of the Smart Probes: cut from the stream, checked, built. Protocol page, §3."""

import struct
from dataclasses import dataclass
from enum import IntEnum

from drivers.kit.crc import crc16_modbus

_HEADER = struct.Struct("<BBIH")
_CHECK = struct.Struct("<H")
_NAME_LENGTH = struct.Struct("<I")

MAX_PAYLOAD = 256
"""Eight times the longest payload seen: more is noise that happens to fit the header's check value."""


class Opcode(IntEnum):
    """First byte of a frame; the names are ours."""

    IDLE = 0x03
    GET = 0x04
    SET = 0x05
    REPLY = 0x07
    VALUE = 0x10
    START = 0x11
    QUERY = 0x20
    OPEN = 0x56


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose check values are right."""

    opcode: int
    sequence: int
    payload: bytes = b""

    def encoded(self) -> bytes:
        """Return the bytes on the air."""
        length = len(self.payload) + _CHECK.size if self.payload else 0
        head = bytes((self.opcode, self.sequence)) + length.to_bytes(4, "little")
        head += _CHECK.pack(crc16_modbus(head))
        return head + self.payload + _CHECK.pack(crc16_modbus(self.payload)) if length else head


@dataclass(frozen=True, slots=True)
class Damaged:
    """Bytes that are no frame."""

    reason: str
    raw: bytes


def named(name: str, value: bytes = b"") -> bytes:
    """Return the payload that names a property."""
    return _NAME_LENGTH.pack(len(name)) + name.encode() + value


def split_name(payload: bytes) -> tuple[str, bytes] | None:
    """Take a named payload apart; None when its name is no ASCII text within it."""
    if len(payload) < _NAME_LENGTH.size:
        return None
    (length,) = _NAME_LENGTH.unpack_from(payload)
    end = _NAME_LENGTH.size + length
    name = payload[_NAME_LENGTH.size : end]
    if len(name) != length or not name.isascii() or not name.decode().isprintable():
        return None
    return name.decode(), payload[end:]


class SmartProbeFraming:
    """Hunts for a header with a right check value, and goes on one byte further after each failure."""

    def __init__(self) -> None:
        self._noise = bytearray()
        self._damaged = 0
        """Bytes still to come of a frame already reported as damaged."""

    def take(self, buffer: bytearray) -> Frame | Damaged | None:
        """Remove and return the next frame, or the noise before it; None when more data is needed."""
        while len(buffer) >= _HEADER.size:
            opcode, sequence, length, check = _HEADER.unpack_from(buffer)
            if length == 1 or length > MAX_PAYLOAD or crc16_modbus(bytes(buffer[:6])) != check:
                self._skip(buffer)
                continue
            if self._noise:
                return self.rest(b"")
            end = _HEADER.size + length
            if len(buffer) < end:
                return None
            payload = bytes(buffer[_HEADER.size : end - _CHECK.size])
            if length and _CHECK.unpack_from(buffer, end - _CHECK.size)[0] != crc16_modbus(
                payload
            ):
                damaged = Damaged("the payload's check value does not match", bytes(buffer[:end]))
                self._damaged = end
                self._skip(buffer)
                return damaged
            del buffer[:end]
            self._damaged = 0
            return Frame(opcode, sequence, payload)
        return None

    def rest(self, left: bytes) -> Damaged | None:
        """Return what was skipped and is ``left`` as noise, None when there is none."""
        noise = bytes(self._noise) + left[self._damaged :]
        self._noise.clear()
        if not noise:
            return None
        return Damaged("no header with a right check value", noise)

    def _skip(self, buffer: bytearray) -> None:
        if self._damaged:
            self._damaged -= 1
        elif len(self._noise) < MAX_PAYLOAD:
            self._noise.append(buffer[0])
        del buffer[:1]
