"""APDUs, and how they are cut out of a stream of bytes.

Facts and their sources: docs/protocols/zvt.md, §3 and §4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from drivers.kit.errors import FrameError

LONGEST = 0xFFFF
_LONG = 0xFF


class Command(Enum):
    """Class and instruction of what either side says."""

    REGISTRATION = (0x06, 0x00)
    AUTHORISATION = (0x06, 0x01)
    COMPLETION = (0x06, 0x0F)
    TOTALS = (0x06, 0x10)
    ABORT_OF_TERMINAL = (0x06, 0x1E)
    REPEAT_RECEIPT = (0x06, 0x20)
    REVERSAL = (0x06, 0x30)
    REFUND = (0x06, 0x31)
    END_OF_DAY = (0x06, 0x50)
    ABORT = (0x06, 0xB0)
    PRINT_LINE = (0x06, 0xD1)
    PRINT_TEXT = (0x06, 0xD3)
    STATUS_ENQUIRY = (0x05, 0x01)
    STATUS = (0x04, 0x0F)
    INTERMEDIATE = (0x04, 0xFF)


@dataclass(frozen=True, slots=True)
class Apdu:
    """One message."""

    kind: int
    """Its class."""
    instruction: int
    data: bytes = b""

    @property
    def command(self) -> Command | None:
        """What it is, None for what is no command that we know."""
        return _KNOWN.get((self.kind, self.instruction))

    @property
    def answers(self) -> bool:
        """Whether it answers a message, and is none itself."""
        return self.kind in {0x80, 0x84}

    @property
    def agrees(self) -> bool:
        """Whether it answers positively."""
        return self.kind == 0x80 or (self.kind == 0x84 and self.instruction == 0)

    def encode(self) -> bytes:
        """Return its bytes."""
        size = len(self.data)
        length = bytes((size,)) if size < _LONG else bytes((_LONG, size & 0xFF, size >> 8))
        return bytes((self.kind, self.instruction)) + length + self.data


_KNOWN: Mapping[tuple[int, int], Command] = {each.value: each for each in Command}
TAKEN = Apdu(0x80, 0x00)
"""The positive answer."""


def of(command: Command, data: bytes = b"") -> Apdu:
    """Return a command with its data."""
    return Apdu(*command.value, data)


def head(data: bytes) -> tuple[int, int] | None:
    """Return where the data of a message begins and ends, None while too little of it is there."""
    if len(data) < 3:
        return None
    if data[2] != _LONG:
        return 3, 3 + data[2]
    if len(data) < 5:
        return None
    return 5, 5 + int.from_bytes(data[3:5], "little")


def decode(data: bytes) -> Apdu:
    """Return the one message that is there; raises FrameError when it is shorter or longer than it says."""
    found = head(data)
    if found is None or found[1] != len(data):
        raise FrameError("a message is not as long as it says")
    return Apdu(data[0], data[1], data[found[0] :])


class Cutter:
    """Cuts a stream into messages, however it arrives."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def take(self, data: bytes) -> list[Apdu]:
        """Return the messages that are whole now, in order."""
        self._buffer += data
        found: list[Apdu] = []
        while (place := head(bytes(self._buffer[:5]))) and place[1] <= len(self._buffer):
            found.append(decode(bytes(self._buffer[: place[1]])))
            del self._buffer[: place[1]]
        return found
