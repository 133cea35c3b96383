"""The fields of ZVT, read and written; docs/protocols/zvt.md, §3."""

from collections.abc import Iterator, Mapping
from enum import IntEnum

MASK, FILL, SEPARATOR = "E", "F", "D"


class MalformedError(ValueError):
    """What came is no row of fields."""


class Bmp(IntEnum):
    """The fields that this terminal reads or writes."""

    SERVICE = 0x03
    AMOUNT = 0x04
    CONTAINER = 0x06
    TRACE = 0x0B
    TIME = 0x0C
    DATE = 0x0D
    EXPIRY = 0x0E
    KIND = 0x19
    CARD = 0x22
    TRACK_2 = 0x23
    RESULT = 0x27
    TERMINAL = 0x29
    CONTRACT = 0x2A
    TRACE_OF_THE_ORIGINAL = 0x37
    CODE = 0x3B
    CURRENCY = 0x49
    TOTALS = 0x60
    RECEIPT = 0x87
    CARD_NAME = 0x8B


SIZES: Mapping[int, int] = {
    **dict.fromkeys((0x01, 0x02, 0x03, 0x05, 0x19, 0x27, 0x8A, 0x8C, 0xA0), 1),
    **dict.fromkeys((0xD0, 0xD2, 0xD3, 0xE0, 0xE9, 0xEA, 0xF0, 0xF9, 0xFA, 0xFB, 0xFC), 1),
    **dict.fromkeys((0x0D, 0x0E, 0x17, 0x3A, 0x49, 0x87), 2),
    **dict.fromkeys((0x0B, 0x0C, 0x37, 0x3D, 0x88, 0xAA), 3),
    **dict.fromkeys((0x29,), 4),
    **dict.fromkeys((0xBA,), 5),
    **dict.fromkeys((0x04,), 6),
    **dict.fromkeys((0x3B, 0xEB), 8),
    **dict.fromkeys((0x2A,), 15),
}
"""Of those of a fixed length."""
PLACES: Mapping[int, int] = {
    **dict.fromkeys((0x22, 0x23, 0x2D, 0x4C, 0x8B, 0xA7, 0xD1), 2),
    **dict.fromkeys((*range(0xE1, 0xE9), *range(0xF1, 0xF9)), 2),
    **dict.fromkeys((0x24, 0x2E, 0x3C, 0x60, 0x92, 0x9A, 0xAF), 3),
}
"""How many digits the length of the others has."""


# --- values ---------------------------------------------------------------------------------------


def bcd(number: int, size: int) -> bytes:
    """Return a number in so many bytes; what does not fit is cut off in front."""
    return bytes.fromhex(str(number).zfill(2 * size)[-2 * size :])


def number(data: bytes) -> int:
    """Return what digits say; raise `MalformedError` where they are none."""
    if not data.hex().isdecimal():
        msg = "no digits"
        raise MalformedError(msg)
    return int(data.hex())


def nibbles(text: str) -> bytes:
    """Return digits as they stand; # is a masked one, = a separator, and an odd one is filled."""
    text = text.replace("#", MASK).replace("=", SEPARATOR)
    return bytes.fromhex(text + FILL * (len(text) % 2))


def counted(data: bytes, places: int) -> bytes:
    """Return data after its length in so many digits: LLVAR, LLLVAR."""
    digits = str(len(data)).zfill(places)
    if len(digits) > places:
        msg = f"{len(data)} bytes have no length in {places} digits"
        raise ValueError(msg)
    return bytes(0xF0 | int(digit) for digit in digits) + data


def counted_size(data: bytes, places: int) -> int:
    """Return the length that data begin with; raise `MalformedError`."""
    digits = data[:places]
    if len(digits) < places or any(not 0xF0 <= digit <= 0xF9 for digit in digits):
        msg = "no length"
        raise MalformedError(msg)
    return int("".join(str(digit & 0x0F) for digit in digits))


def tagged(tag: bytes, value: bytes) -> bytes:
    """Return a data object."""
    return tag + tagged_length(len(value)) + value


def tagged_length(size: int) -> bytes:
    """Return the length of a data object or of a container."""
    if size < 0x80:
        return bytes((size,))
    return bytes((0x81, size)) if size < 0x100 else b"\x82" + size.to_bytes(2, "big")


def tagged_size(data: bytes) -> tuple[int, int]:
    """Return the length that data begin with and how many bytes say it; raise `MalformedError`."""
    more = {0x81: 1, 0x82: 2}.get(data[0], 0) if data else 0
    if len(data) < 1 + more or (data[0] >= 0x80 and not more):
        msg = "no length of a data object"
        raise MalformedError(msg)
    return (int.from_bytes(data[1 : 1 + more], "big") if more else data[0]), 1 + more


# --- rows of fields -------------------------------------------------------------------------------


def written(fields: Mapping[int, bytes]) -> bytes:
    """Return the fields in their order."""
    return b"".join(bytes((bmp,)) + _length(bmp, value) + value for bmp, value in fields.items())


def _length(bmp: int, value: bytes) -> bytes:
    if bmp == Bmp.CONTAINER:
        return tagged_length(len(value))
    return counted(value, PLACES[bmp])[: PLACES[bmp]] if bmp in PLACES else b""


def read(data: bytes) -> dict[int, bytes]:
    """Return the fields; raise `MalformedError` for what the page does not know, twice or not whole."""
    fields: dict[int, bytes] = {}
    while data:
        bmp = data[0]
        begins, size = _extent(bmp, data[1:])
        value = data[begins:][:size]
        if len(value) < size or bmp in fields:
            msg = f"field {bmp:02X}"
            raise MalformedError(msg)
        fields[bmp] = value
        data = data[begins + size :]
    if Bmp.CONTAINER in fields:
        for _ in objects(fields[Bmp.CONTAINER]):
            pass
    return fields


def _extent(bmp: int, rest: bytes) -> tuple[int, int]:
    """Return where the value of a field begins, and its length."""
    if bmp in SIZES:
        return 1, SIZES[bmp]
    if bmp in PLACES:
        return 1 + PLACES[bmp], counted_size(rest, PLACES[bmp])
    if bmp == Bmp.CONTAINER:
        size, said_in = tagged_size(rest)
        return 1 + said_in, size
    msg = f"field {bmp:02X} is not known"
    raise MalformedError(msg)


def objects(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield tag and value of the data objects of a container, not those inside them; raise `MalformedError`."""
    while data:
        tag = data[: 2 if data[0] & 0x1F == 0x1F else 1]
        size, said_in = tagged_size(data[len(tag) :])
        begins = len(tag) + said_in
        if len(data) < begins + size:
            msg = f"data object {tag.hex()}"
            raise MalformedError(msg)
        yield tag, data[begins : begins + size]
        data = data[begins + size :]
