"""The frames of Concert V2, and the single bytes between them.

Facts and their sources: docs/protocols/concert-v2.md, §3.
"""

from dataclasses import dataclass
from enum import Enum
from functools import reduce

STX, ETX = 0x02, 0x03
LONGEST = 512
"""Characters in a body; more is no frame."""


class Sign(Enum):
    """Single bytes."""

    EOT = b"\x04"
    ENQ = b"\x05"
    ACK = b"\x06"
    NAK = b"\x15"


@dataclass(frozen=True, slots=True)
class Damaged:
    """A frame whose check value does not match, or that has no end."""

    reason: str


Heard = Sign | bytes | Damaged
_SIGNS = {each.value[0]: each for each in Sign}


def framed(body: bytes) -> bytes:
    """Return ``STX body ETX LRC``; the check value covers all between them, ETX included."""
    covered = body + bytes((ETX,))
    return bytes((STX,)) + covered + bytes((_check(covered),))


def _check(covered: bytes) -> int:
    return reduce(lambda each, other: each ^ other, covered, 0)


class Unframer:
    """Cuts what comes into bodies and single bytes. What is neither is passed over."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def inside(self) -> bool:
        """Whether the beginning of a frame came, and not yet its end."""
        return bool(self._buffer)

    def forget(self) -> None:
        """Give up the frame that has begun."""
        self._buffer.clear()

    def take(self, data: bytes) -> list[Heard]:
        """Return what came, in order; a frame only once it is whole."""
        self._buffer += data
        found: list[Heard] = []
        while self._buffer:
            if self._buffer[0] != STX:
                sign = _SIGNS.get(self._buffer.pop(0))
                found += [] if sign is None else [sign]
                continue
            end = self._buffer.find(ETX)
            if end < 0 and len(self._buffer) <= LONGEST + 1:
                break
            if end < 0 or end > LONGEST + 1:
                self._buffer.clear()
                found.append(Damaged("a frame without an end"))
                continue
            # The check value may be any byte, ETX too: it is the one after ETX, never looked for.
            if end + 1 == len(self._buffer):
                break
            covered, check = bytes(self._buffer[1 : end + 1]), self._buffer[end + 1]
            del self._buffer[: end + 2]
            whole = _check(covered) == check
            found.append(covered[:-1] if whole else Damaged("the check value does not match"))
        return found
