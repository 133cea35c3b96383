"""Barcode scanners that send each code as a line of text, bare or followed by a check value.

Facts and their sources: docs/protocols/scanner-line.md
"""

from collections.abc import Callable, Iterator
from functools import partial

from contract.instrument import ANY_VENDOR, Grade, InstrumentClass
from drivers.kit.description import Instrument, RfcommLink, SerialLink
from drivers.kit.dialogue import InstrumentEvent
from drivers.kit.errors import FrameError
from drivers.kit.framing import Framing, LineFraming
from drivers.kit.link import Received
from drivers.kit.polling import StreamPolling
from drivers.scanner.code import read_code

END = b"\r\n"
MAX_LINE = 4096


def block_check(covered: bytes) -> int:
    """Return the exclusive-or of all bytes, the line's end included."""
    check = 0
    for byte in covered:
        check ^= byte
    return check


class CheckedLineFraming:
    """Lines ended by CR LF and one check byte, which may be any."""

    def __init__(self) -> None:
        self._dropping = False

    def take(self, buffer: bytearray) -> bytes | None:
        """Return the next line with its end and its check byte; one that is too long is dropped whole."""
        while (end := buffer.find(END)) >= 0 and len(buffer) > end + len(END):
            size = end + len(END) + 1
            line = bytes(buffer[:size])
            del buffer[:size]
            whole, self._dropping = not self._dropping, False
            if whole:
                return line
        if end < 0 and len(buffer) > MAX_LINE:
            # A CR may be the first half of the end.
            del buffer[: len(buffer) - 1]
            self._dropping = True
        return None


def read_line(line: bytes) -> Iterator[InstrumentEvent]:
    """Yield the code that a line carries."""
    yield read_code(line)


def read_checked_line(line: bytes) -> Iterator[InstrumentEvent]:
    """Yield the code that a line carries; raises FrameError when its check byte is wrong."""
    if block_check(line) != 0:
        raise FrameError("wrong check value", line)
    yield read_code(line[: -len(END) - 1])


def _links(
    framing: Callable[[], Framing[bytes]], read: Callable[[bytes], Iterator[InstrumentEvent]]
) -> tuple[SerialLink, RfcommLink]:
    talk = partial(converse, framing, read)
    return SerialLink(converse=talk), RfcommLink(converse=talk)


def converse(
    framing: Callable[[], Framing[bytes]], read: Callable[[bytes], Iterator[InstrumentEvent]]
) -> StreamPolling:
    """Return a conversation in which nothing is asked."""
    return StreamPolling(framing(), read)


def decode(
    data: bytes,
    framing: Callable[[], Framing[bytes]],
    read: Callable[[bytes], Iterator[InstrumentEvent]],
    end: bytes = b"",
) -> Iterator[InstrumentEvent]:
    """Read recorded lines; ``end`` ends the last one, where a recording may lack it."""
    talk = converse(framing, read)
    talk.receive(Received(data + end), 0.0)
    yield from talk.out.events()


SCANNER_LINE = Instrument(
    slug="scanner-line",
    vendor=ANY_VENDOR,
    model="barcode scanner, plain lines",
    kind=InstrumentClass.SCANNER,
    grade=Grade.SYNTHETIC,
    quantities=frozenset(),
    links=_links(LineFraming, read_line),
    decode=partial(decode, framing=LineFraming, read=read_line, end=b"\n"),
)

SCANNER_LINE_BCC = Instrument(
    slug="scanner-line-bcc",
    page="scanner-line",
    vendor=ANY_VENDOR,
    model="barcode scanner, lines with a check byte",
    kind=InstrumentClass.SCANNER,
    grade=Grade.SYNTHETIC,
    quantities=frozenset(),
    links=_links(CheckedLineFraming, read_checked_line),
    decode=partial(decode, framing=CheckedLineFraming, read=read_checked_line),
)
