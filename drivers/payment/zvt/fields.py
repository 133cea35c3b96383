"""Fields of a message, as many as may leave a driver.

Card data is reduced while it is read: of a number its last four digits stay, of tracks, expiry and the like nothing.
Facts and their sources: docs/protocols/zvt.md, §3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from drivers.kit.errors import FrameError
from drivers.payment.redaction import last_four, scrubbed

TLV = 0x06
DEEPEST = 8
"""Containers in one another; more is nonsense."""
_FIXED: Mapping[int, int] = {
    **dict.fromkeys((0x01, 0x02, 0x03, 0x05, 0x19, 0x27, 0x8A, 0x8C, 0xA0), 1),
    **dict.fromkeys((0xD0, 0xD2, 0xD3, 0xE0, 0xE9, 0xEA, 0xF0, 0xF9, 0xFA, 0xFB, 0xFC), 1),
    **dict.fromkeys((0x0D, 0x0E, 0x17, 0x3A, 0x49, 0x87), 2),
    **dict.fromkeys((0x0B, 0x0C, 0x37, 0x3D, 0x88, 0xAA), 3),
    0x29: 4,
    0xBA: 5,
    0x04: 6,
    0x3B: 8,
    0xEB: 8,
    0x2A: 15,
}
_LL = frozenset((0x22, 0x23, 0x2D, 0x4C, 0x8B, 0xA7, 0xD1, *range(0xE1, 0xE9), *range(0xF1, 0xF9)))
_LLL = frozenset((0x24, 0x2E, 0x3C, 0x60, 0x92, 0x9A, 0xAF))
CARD_NUMBER = 0x22
_CARD_DATA = frozenset((CARD_NUMBER, 0x0E, 0x23, 0x24, 0x2D, 0x2E, 0x3A, 0x3D, 0x9A, 0xA7))


@dataclass(frozen=True, slots=True)
class Fields:
    """What a message holds, by BMP; no card data but the last four digits."""

    values: Mapping[int, bytes] = field(default_factory=dict[int, bytes])
    last_four: str | None = None
    lines: tuple[str, ...] = ()
    """Lines of a receipt, in its container."""
    receipt: int | None = None
    """Whose receipt they are of: 1 the merchant's, 2 the customer's, 3 the administration's."""

    def bcd(self, bmp: int) -> str | None:
        """Return the digits of a field, None where it is not there; raises FrameError where they are none."""
        value = self.values.get(bmp)
        if value is None:
            return None
        digits = value.hex()
        if not digits.isdecimal():
            raise FrameError(f"field {bmp:02X} holds what is no digit")
        return digits

    def text(self, bmp: int) -> str | None:
        """Return the text of a field, without anything that could be a card's number; None where it is not there."""
        value = self.values.get(bmp)
        if value is None:
            return None
        return scrubbed(value.split(b"\x00")[0].decode("cp437").strip()) or None


def decode(data: bytes) -> Fields:
    """Return the fields of a message; raises FrameError, whose words hold nothing of them."""
    values: dict[int, bytes] = {}
    four: str | None = None
    container = b""
    at = 0
    while at < len(data):
        bmp = data[at]
        start, end = _extent(data, bmp, at + 1)
        value = data[start:end]
        if len(value) < end - start:
            raise FrameError(f"field {bmp:02X} is cut off")
        at = end
        if bmp == TLV:
            container = value
        elif bmp == CARD_NUMBER:
            four = last_four(value.hex().rstrip("f").upper())
        elif bmp not in _CARD_DATA:
            values[bmp] = value
    objects = _objects(container)
    kind = next((value[0] for tag, value in objects if tag == 0x1F07 and value), None)
    lines = tuple(value.decode("cp437") for tag, value in objects if tag == 0x07)
    return Fields(values, four, lines, kind)


def bcd(number: int, size: int) -> bytes:
    """Return a number as so many bytes of digits."""
    return bytes.fromhex(str(number).zfill(2 * size))


def _extent(data: bytes, bmp: int, at: int) -> tuple[int, int]:
    """Return where the value of a field begins and ends."""
    if bmp in _FIXED:
        return at, at + _FIXED[bmp]
    if bmp == TLV:
        return _length(data, at)
    if bmp not in _LL and bmp not in _LLL:
        raise FrameError(f"field {bmp:02X} is of no known length")
    digits = data[at : at + (2 if bmp in _LL else 3)]
    if len(digits) < (2 if bmp in _LL else 3) or any(each >> 4 != 0xF for each in digits):
        raise FrameError(f"field {bmp:02X} says no length")
    figures = "".join(f"{each & 0xF:X}" for each in digits)
    if not figures.isdecimal():
        raise FrameError(f"field {bmp:02X} says no length")
    start = at + len(digits)
    return start, start + int(figures)


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Return where the value after a length of a container begins and ends."""
    first = data[at : at + 1]
    more = {0x81: 1, 0x82: 2}.get(first[0] if first else 0, 0)
    if not first or (not more and first[0] > 0x7F) or len(data) < at + 1 + more:
        raise FrameError("a container says no length")
    size = int.from_bytes(data[at + 1 : at + 1 + more], "big") if more else first[0]
    return at + 1 + more, at + 1 + more + size


def _objects(container: bytes, depth: int = 0) -> list[tuple[int, bytes]]:
    """Return the data objects of a container, those inside of others too, in order."""
    if depth > DEEPEST:
        raise FrameError("a container holds too many others")
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(container):
        tag, inner = container[at], container[at]
        at += 1
        if tag & 0x1F == 0x1F:
            if at >= len(container):
                raise FrameError("a container is cut off")
            tag, at = tag << 8 | container[at], at + 1
        start, end = _length(container, at)
        if end > len(container):
            raise FrameError("a container is cut off")
        value = container[start:end]
        found += _objects(value, depth + 1) if inner & 0x20 else [(tag, value)]
        at = end
    return found
