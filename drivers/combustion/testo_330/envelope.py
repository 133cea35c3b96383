"""How questions and answers are wrapped: in blocks with a check value over Bluetooth, with a length over USB."""

from collections.abc import Iterator

from drivers.kit.crc import crc16_mcrf4xx
from drivers.kit.questions import Acknowledged, Answer, Damaged, Heard, Refused, Say

HOST = 0x12
STATUS = 0x80
ACK, NAK = 0x0F, 0xFF
HEAD, CHECK = 6, 2
MOST_REPEATS = 2
ACKNOWLEDGE = bytes((HOST, STATUS, ACK))
REPEAT = bytes((HOST, STATUS, NAK))


class Blocks:
    """Bluetooth: address, block number, number of blocks, size, parameters, CRC-16/MCRF4XX. Protocol page, §3."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._parameters = bytearray()
        self._next = 0
        self._repeats = 0
        self._latest = b""
        """The block that was taken last."""

    def wrap(self, parameters: bytes) -> tuple[bytes, ...]:
        """Return the one frame that carries a question."""
        self._buffer.clear()
        self._parameters.clear()
        self._next = self._repeats = 0
        self._latest = b""
        body = bytes((HOST, 0, 0, 0, 1, len(parameters))) + parameters
        return (body + crc16_mcrf4xx(body).to_bytes(2, "little"),)

    def take(self, data: bytes) -> Iterator[Heard]:
        """Take bytes in, cut anywhere."""
        self._buffer += data
        while (frame := self._frame()) is not None:
            if frame[1] == STATUS:
                yield Acknowledged() if frame[2] == ACK else Refused()
            elif crc16_mcrf4xx(frame) != 0:
                yield from self._again(frame)
            else:
                yield from self._block(frame)

    def _frame(self) -> bytes | None:
        """Remove and return what may be a frame, noise before it dropped; None when more is needed."""
        buffer = self._buffer
        while len(buffer) >= len(ACKNOWLEDGE):
            if buffer[1] == STATUS and buffer[2] in {ACK, NAK}:
                return self._cut(len(ACKNOWLEDGE))
            if len(buffer) < HEAD:
                # What is there may yet become the head of a block, or be noise.
                return None
            if _plausible(buffer):
                size = HEAD + buffer[5] + CHECK
                return self._cut(size) if len(buffer) >= size else None
            del buffer[0]
        return None

    def _cut(self, size: int) -> bytes:
        frame = bytes(self._buffer[:size])
        del self._buffer[:size]
        return frame

    def _again(self, frame: bytes) -> Iterator[Heard]:
        yield Damaged("wrong check value", frame)
        self._buffer.clear()
        if self._repeats < MOST_REPEATS:
            self._repeats += 1
            yield Say(REPEAT)

    def _block(self, frame: bytes) -> Iterator[Heard]:
        number, total = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
        if number == self._next:
            self._parameters += frame[HEAD:-CHECK]
            self._next += 1
            self._latest = frame
        elif frame != self._latest:
            # Of another answer, perhaps a late one: what is there may not be mixed with it.
            yield Damaged(f"block {number} where block {self._next} was due", frame)
            self._parameters.clear()
            self._next = 0
            return
        # A block that came twice is acknowledged twice, and counts once.
        if self._next < total:
            yield Say(ACKNOWLEDGE)
        elif number == total - 1 and self._parameters:
            yield Answer(bytes(self._parameters))
            self._parameters.clear()


def _plausible(head: bytes | bytearray) -> bool:
    """Tell whether bytes may begin a block: of 255 at most, for larger answers are nowhere described."""
    return head[1] == head[3] == 0 and head[2] < head[4]


USB_MARK = 0x22
USB_HEAD = 5
LARGEST_BODY = 65_536


class Lengths:
    """USB: 22, a length of four bytes with the low one first, then the body. testo-350 page, §2."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def wrap(self, parameters: bytes) -> tuple[bytes, ...]:
        """Return the two transfers that carry a question."""
        self._buffer.clear()
        return bytes((USB_MARK,)) + len(parameters).to_bytes(4, "little"), parameters

    def take(self, data: bytes) -> Iterator[Heard]:
        """Take bytes in, cut anywhere."""
        self._buffer += data
        while len(self._buffer) >= USB_HEAD:
            size = int.from_bytes(self._buffer[1:USB_HEAD], "little")
            if self._buffer[0] != USB_MARK or not 0 < size <= LARGEST_BODY:
                yield Damaged("no header", bytes(self._buffer[:USB_HEAD]))
                self._buffer.clear()
                return
            if len(self._buffer) < USB_HEAD + size:
                return
            yield Answer(bytes(self._buffer[USB_HEAD : USB_HEAD + size]))
            del self._buffer[: USB_HEAD + size]
