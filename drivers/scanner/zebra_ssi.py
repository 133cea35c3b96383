"""Zebra scanners that speak the Simple Serial Interface.

Facts and their sources: docs/protocols/zebra-ssi.md
"""

from collections.abc import Iterator
from dataclasses import dataclass

from contract.instrument import Grade, InstrumentClass
from drivers.kit.description import Instrument, RfcommLink, SerialLink
from drivers.kit.dialogue import FrameRejected, InstrumentEvent
from drivers.kit.errors import FrameError
from drivers.kit.link import LinkEvent, Received, Send
from drivers.kit.talk import Talk
from drivers.scanner.code import read_code

DECODE_DATA, EVENT, ACK, NAK = 0xF3, 0xF6, 0xD0, 0xD1
FROM_SCANNER, FROM_HOST = 0x00, 0x04
RETRANSMITTED, CONTINUED = 0x01, 0x02
RESEND = 0x01
HEAD, CHECK = 4, 2
PIECES_WITHIN = 2.0


def packet(opcode: int, data: bytes = b"", source: int = FROM_HOST, status: int = 0) -> bytes:
    """Return a packet: length, opcode, source, status, data, check value."""
    body = bytes((HEAD + len(data), opcode, source, status)) + data
    return body + (-sum(body) & 0xFFFF).to_bytes(CHECK, "big")


ACKNOWLEDGE = packet(ACK)
SEND_AGAIN = packet(NAK, bytes((RESEND,)))


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet of the scanner, its check value verified or found wrong."""

    whole: bytes
    good: bool

    @property
    def opcode(self) -> int:
        return self.whole[1]

    @property
    def status(self) -> int:
        return self.whole[3]

    @property
    def data(self) -> bytes:
        return self.whole[HEAD:-CHECK]


class Packets:
    """Cuts the scanner's packets out of a stream; what cannot begin one is dropped."""

    def take(self, buffer: bytearray) -> Packet | None:
        """Remove and return the next packet; None when more is needed."""
        while len(buffer) >= HEAD:
            if not _begins_packet(buffer):
                del buffer[0]
                continue
            size = buffer[0] + CHECK
            if len(buffer) < size:
                return None
            whole = bytes(buffer[:size])
            good = packet(whole[1], whole[HEAD:-CHECK], whole[2], whole[3]) == whole
            del buffer[: size if good else 1]
            return Packet(whole, good)
        return None


def _begins_packet(buffer: bytearray) -> bool:
    known = buffer[1] in {DECODE_DATA, EVENT, ACK, NAK}
    return buffer[0] >= HEAD and known and buffer[2] == FROM_SCANNER


def read(received: Packet) -> Iterator[InstrumentEvent]:
    """Yield what a packet says; raises FrameError."""
    if not received.good:
        raise FrameError("wrong check value", received.whole)
    if len(received.data) < 2:
        raise FrameError("a packet without a code", received.whole)
    yield read_code(received.data[1:])


class SsiDialogue(Talk):
    """Acknowledges every packet, for the scanner sends again what nobody acknowledges."""

    def __init__(self) -> None:
        super().__init__(None)
        self._buffer = bytearray()
        self._packets = Packets()
        self._last = b""
        self._in_pieces_until = 0.0
        """Until then the packets of a code that comes in several are under way."""

    def connection_made(self, now: float) -> None:
        """Nothing is said first."""

    def timer_fired(self, now: float) -> None:
        """No timer is ever set."""

    def receive(self, event: LinkEvent, now: float) -> None:
        """Take bytes in."""
        if isinstance(event, Received):
            self._buffer += event.data
            while (received := self._packets.take(self._buffer)) is not None:
                self._take(received, now)

    def _take(self, received: Packet, now: float) -> None:
        if not received.good:
            self.out.ask(Send(SEND_AGAIN))
            self.out.tell(FrameRejected("wrong check value", received.whole))
            # What it sends again was never taken, even if it says the same as the code before.
            self._last = b""
        elif received.opcode in {DECODE_DATA, EVENT}:
            self.out.ask(Send(ACKNOWLEDGE))
            again = received.status & RETRANSMITTED and received.data == self._last
            self._last = received.data
            if not again:
                self._tell_of(received, now)

    def _tell_of(self, received: Packet, now: float) -> None:
        if received.opcode != DECODE_DATA:
            return
        more = bool(received.status & CONTINUED)
        in_pieces = more or now < self._in_pieces_until
        self._in_pieces_until = now + PIECES_WITHIN if more else 0.0
        if in_pieces:
            self.out.tell(FrameRejected("a code in several packets", received.whole))
        else:
            self._tell(lambda: read(received))


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Read recorded packets."""
    talk = SsiDialogue()
    talk.receive(Received(data), 0.0)
    yield from talk.out.events()


ZEBRA_SSI = Instrument(
    slug="zebra-ssi",
    vendor="Zebra",
    model="scanner, SSI",
    kind=InstrumentClass.SCANNER,
    grade=Grade.SYNTHETIC,
    quantities=frozenset(),
    links=(SerialLink(converse=SsiDialogue), RfcommLink(converse=SsiDialogue)),
    decode=decode,
)
