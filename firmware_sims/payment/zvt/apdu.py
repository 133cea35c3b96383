"""The APDUs of ZVT; docs/protocols/zvt.md, §3."""

from dataclasses import dataclass

HEAD, LONG_HEAD = 3, 5
LONG = 0xFF
LONGEST_SHORT, LONGEST = 0xFE, 0xFFFF
POSITIVE, NEGATIVE = 0x80, 0x84


@dataclass(frozen=True, slots=True)
class Apdu:
    """Class and instruction in one number, and what follows the length."""

    command: int
    data: bytes = b""

    @property
    def answers(self) -> bool:
        """Whether it is an answer to what the other side said."""
        return self.command == POSITIVE << 8 or self.command >> 8 == NEGATIVE

    @property
    def agrees(self) -> bool:
        """Whether an answer is positive; `84 00` is."""
        return self.command in {POSITIVE << 8, NEGATIVE << 8}

    def __bytes__(self) -> bytes:
        size = len(self.data)
        if size > LONGEST:
            msg = f"no APDU holds {size} bytes"
            raise ValueError(msg)
        length = bytes((size,)) if size <= LONGEST_SHORT else b"\xff" + size.to_bytes(2, "little")
        return self.command.to_bytes(2, "big") + length + self.data


YES = Apdu(POSITIVE << 8)


def no(code: int) -> Apdu:
    """Return a negative answer."""
    return Apdu(NEGATIVE << 8 | code)


def first(waiting: bytes | bytearray) -> tuple[Apdu, int] | None:
    """Return the APDU that bytes begin with and how many of them it takes; None where it is not whole."""
    if len(waiting) < HEAD:
        return None
    begins, size = HEAD, waiting[2]
    if size == LONG:
        if len(waiting) < LONG_HEAD:
            return None
        begins, size = LONG_HEAD, int.from_bytes(waiting[HEAD:LONG_HEAD], "little")
    ends = begins + size
    if len(waiting) < ends:
        return None
    return Apdu(int.from_bytes(waiting[:2], "big"), bytes(waiting[begins:ends])), ends
