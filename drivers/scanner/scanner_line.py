"""A barcode scanner that sends each code as a line of text.

Facts and their sources: docs/protocols/scanner-line.md
"""

from collections.abc import Iterator

from contract.instrument import ANY_VENDOR, Grade
from drivers.kit.description import Instrument, SerialLink
from drivers.kit.dialogue import Act, CodeScanned, FrameRejected, InstrumentEvent, Outbound
from drivers.kit.framing import LineFraming
from drivers.kit.link import LinkEvent, Received


def read_line(line: bytes) -> InstrumentEvent:
    """Return the code that a line carries, its separators (GS, hexadecimal 1D) kept."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return FrameRejected("a line that is not UTF-8", line)
    if not all(character.isprintable() or character == "\x1d" for character in text):
        return FrameRejected("a line with control characters", line)
    return CodeScanned(text)


class LineDialogue:
    """Listen, and say nothing."""

    next_timer: float | None = None

    def __init__(self) -> None:
        self.out = Outbound()
        self._buffer = bytearray()
        self._framing = LineFraming()

    def connection_made(self, now: float) -> None:
        """Nothing is said first."""

    def receive(self, event: LinkEvent, now: float) -> None:
        """Take bytes in."""
        if isinstance(event, Received):
            self._buffer += event.data
            while (line := self._framing.take(self._buffer)) is not None:
                self.out.tell(read_line(line))

    def timer_fired(self, now: float) -> None:
        """No timer is ever set."""

    def act(self, act: Act, now: float) -> None:
        """No act is known."""


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Read recorded lines."""
    dialogue = LineDialogue()
    dialogue.receive(Received(data + b"\n"), 0.0)
    yield from dialogue.out.events()


SCANNER_LINE = Instrument(
    slug="scanner-line",
    vendor=ANY_VENDOR,
    model="barcode scanner, plain lines",
    grade=Grade.SYNTHETIC,
    quantities=frozenset(),
    links=(SerialLink(converse=LineDialogue),),
    decode=decode,
)
