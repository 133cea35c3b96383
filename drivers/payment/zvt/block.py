"""Blocks on a serial line: an APDU between marks, with a check value.

Facts and their sources: docs/protocols/zvt.md, §2.
"""

from dataclasses import dataclass
from enum import Enum, auto

from drivers.kit.crc import crc16_kermit

DLE, STX, ETX = 0x10, 0x02, 0x03
LONGEST = 0x1_0004
"""Bytes of a message; more is no block."""


class Sign(Enum):
    """Single bytes that answer a block."""

    ACK = b"\x06"
    NAK = b"\x15"


@dataclass(frozen=True, slots=True)
class Damaged:
    """A block whose check value does not match, or that has no end."""

    reason: str


Heard = Sign | bytes | Damaged
_SIGNS = {each.value[0]: each for each in Sign}
_BEGINS = bytes((DLE, STX))


def framed(apdu: bytes) -> bytes:
    """Return the block of a message: each DLE doubled, the check value over what it was before."""
    check = crc16_kermit(apdu + bytes((ETX,))).to_bytes(2, "little")
    doubled = apdu.replace(bytes((DLE,)), bytes((DLE, DLE)))
    return _BEGINS + doubled + bytes((DLE, ETX)) + check


class _In(Enum):
    NOTHING = auto()
    MARK = auto()
    """After a DLE outside of a block."""
    BLOCK = auto()
    DOUBLED = auto()
    """After a DLE inside of a block."""
    CHECK = auto()


class Unframer:
    """Cuts what comes into messages and single bytes. What is neither is passed over."""

    def __init__(self) -> None:
        self._in = _In.NOTHING
        self._apdu = bytearray()
        self._check = bytearray()

    @property
    def inside(self) -> bool:
        """Whether the beginning of a block came, and not yet its end."""
        return self._in not in {_In.NOTHING, _In.MARK}

    def forget(self) -> None:
        """Give up the block that has begun."""
        self._in = _In.NOTHING
        self._apdu.clear()
        self._check.clear()

    def take(self, data: bytes) -> list[Heard]:
        """Return what came, in order; a block only once it is whole."""
        return [heard for each in data if (heard := self._next(each)) is not None]

    def _next(self, byte: int) -> Heard | None:
        match self._in:
            case _In.NOTHING | _In.MARK:
                return self._outside(byte)
            case _In.BLOCK:
                self._in = _In.DOUBLED if byte == DLE else _In.BLOCK
                return None if byte == DLE else self._add(byte)
            case _In.DOUBLED:
                return self._after_dle(byte)
            case _In.CHECK:
                self._check.append(byte)
                return self._ended() if len(self._check) == 2 else None

    def _outside(self, byte: int) -> Heard | None:
        begins = self._in is _In.MARK and byte == STX
        self.forget()
        if begins:
            self._in = _In.BLOCK
        elif byte == DLE:
            self._in = _In.MARK
        return _SIGNS.get(byte)

    def _after_dle(self, byte: int) -> Heard | None:
        match byte:
            case 0x10:
                self._in = _In.BLOCK
                return self._add(byte)
            case 0x03:
                self._in = _In.CHECK
                return None
            case _:
                self.forget()
                # Another block begins where this one was cut off.
                self._in = _In.BLOCK if byte == STX else _In.NOTHING
                return Damaged("a mark stands inside a block")

    def _add(self, byte: int) -> Damaged | None:
        self._apdu.append(byte)
        if len(self._apdu) <= LONGEST:
            return None
        self.forget()
        return Damaged("a block without an end")

    def _ended(self) -> bytes | Damaged:
        apdu, check = bytes(self._apdu), int.from_bytes(self._check, "little")
        self.forget()
        whole = crc16_kermit(apdu + bytes((ETX,))) == check
        return apdu if whole else Damaged("the check value does not match")
