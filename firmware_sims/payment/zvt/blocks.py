"""The blocks of ZVT on a serial line; docs/protocols/zvt.md, §2."""

from enum import Enum, auto

from firmware_sims.kit.check_value import crc16_kermit

DLE, STX, ETX = 0x10, 0x02, 0x03
CHECK_SIZE = 2
LONGEST = 0xFFFF + 5
"""The longest APDU there can be."""


def check(apdu: bytes) -> bytes:
    """Return the check value of an APDU, low first."""
    return crc16_kermit(bytes((*apdu, ETX))).to_bytes(CHECK_SIZE, "little")


def block(apdu: bytes) -> bytes:
    """Return an APDU as it goes over the line."""
    doubled = apdu.replace(b"\x10", b"\x10\x10")
    return bytes((DLE, STX, *doubled, DLE, ETX)) + check(apdu)


class Place(Enum):
    """Where in a block the next byte stands."""

    OUTSIDE = auto()
    BEFORE = auto()
    """After a DLE that may begin one."""
    INSIDE = auto()
    ESCAPED = auto()
    CHECK = auto()


class Reader:
    """Takes bytes one by one, and says what they end."""

    def __init__(self) -> None:
        self._place = Place.OUTSIDE
        self._apdu = bytearray()
        self._check = bytearray()

    @property
    def amid(self) -> bool:
        """Whether a block has begun."""
        return self._place is not Place.OUTSIDE

    def forget(self) -> None:
        """Wait for the next block."""
        self._place = Place.OUTSIDE

    def take(self, byte: int) -> bytes | None:
        """Return the APDU of a block that ends here, empty where it is damaged; None where none ends."""
        if self._place is Place.CHECK:
            return self._checked(byte)
        if self._place is Place.INSIDE:
            return self._inside(byte)
        if self._place is Place.ESCAPED:
            return self._escaped(byte)
        if self._place is Place.BEFORE and byte == STX:
            self._begin()
        else:
            self._place = Place.BEFORE if byte == DLE else Place.OUTSIDE
        return None

    def _begin(self) -> None:
        self._apdu.clear()
        self._check.clear()
        self._place = Place.INSIDE

    def _inside(self, byte: int) -> bytes | None:
        if byte == DLE:
            self._place = Place.ESCAPED
            return None
        return self._kept(byte)

    def _escaped(self, byte: int) -> bytes | None:
        self._place = Place.INSIDE
        if byte == DLE:
            return self._kept(byte)
        if byte == ETX:
            self._place = Place.CHECK
        elif byte == STX:
            # No block holds this: what came before it was damaged.
            self._begin()
        else:
            return self._damaged()
        return None

    def _kept(self, byte: int) -> bytes | None:
        self._apdu.append(byte)
        return self._damaged() if len(self._apdu) > LONGEST else None

    def _checked(self, byte: int) -> bytes | None:
        self._check.append(byte)
        if len(self._check) < CHECK_SIZE:
            return None
        self._place = Place.OUTSIDE
        apdu = bytes(self._apdu)
        return apdu if bytes(self._check) == check(apdu) else b""

    def _damaged(self) -> bytes:
        self._place = Place.OUTSIDE
        return b""
