"""Winsen MH-Z19, a module that measures carbon dioxide in rooms.

Facts and their sources: docs/protocols/winsen-mhz19.md
"""

from collections.abc import Iterator
from decimal import Decimal

from contract.instrument import Grade, InstrumentClass
from contract.quantity import Quantity
from contract.unit import Unit
from drivers.kit.description import Instrument, SerialLink
from drivers.kit.dialogue import InstrumentEvent, ReadingsReceived
from drivers.kit.errors import FrameError
from drivers.kit.layout import Field, Layout
from drivers.kit.link import Received
from drivers.kit.polling import StreamPolling

READ = bytes.fromhex("ff0186000000000079")
"""The only command ever sent: 87 and 88 would change the calibration."""
HEAD, SIZE = b"\xff\x86", 9

LAYOUT = Layout(
    Field(offset=2, format=">H", quantity=Quantity.CARBON_DIOXIDE_AMBIENT, unit=Unit.PPM),
    Field(
        offset=4,
        format="B",
        quantity=Quantity.TEMPERATURE,
        unit=Unit.CELSIUS,
        plus=Decimal(-40),
    ),
)


def check(frame: bytes) -> int:
    """Return the last byte that a frame should have: with bytes 1 to 7 it adds up to nothing."""
    return -sum(frame[1:8]) & 0xFF


class Answers:
    """Nine bytes that begin with FF 86."""

    def take(self, buffer: bytearray) -> bytes | None:
        """Return the next answer, damaged ones too: of those one byte goes, for a good one may begin inside."""
        start = buffer.find(HEAD)
        del buffer[: start if start >= 0 else max(0, len(buffer) - 1)]
        if start < 0 or len(buffer) < SIZE:
            return None
        frame = bytes(buffer[:SIZE])
        del buffer[: SIZE if frame[-1] == check(frame) else 1]
        return frame


def parse(frame: bytes) -> Iterator[InstrumentEvent]:
    """Yield what an answer says; raises FrameError."""
    if frame[-1] != check(frame):
        raise FrameError("wrong check value", frame)
    yield ReadingsReceived(tuple(LAYOUT.parse(frame)))


def converse() -> StreamPolling:
    """Return a conversation that asks every two seconds."""
    return StreamPolling(Answers(), parse, poll=READ, every=2.0)


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Read recorded answers."""
    talk = converse()
    talk.receive(Received(data), 0.0)
    yield from talk.out.events()


WINSEN_MHZ19 = Instrument(
    slug="winsen-mhz19",
    vendor="Winsen",
    model="MH-Z19",
    kind=InstrumentClass.LEAK_DETECTOR,
    grade=Grade.SYNTHETIC,
    quantities=frozenset({Quantity.CARBON_DIOXIDE_AMBIENT, Quantity.TEMPERATURE}),
    links=(SerialLink(converse=converse),),
    decode=decode,
)
