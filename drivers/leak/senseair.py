"""Senseair modules that measure carbon dioxide in rooms: K30 and S8.

Facts and their sources: docs/protocols/senseair.md
"""

from collections.abc import Iterator, Sequence

from contract.instrument import Grade, InstrumentClass
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.kit.description import Instrument, ModbusLink
from drivers.kit.dialogue import InstrumentEvent, ReadingsReceived
from drivers.kit.layout import Field
from drivers.kit.link import ReadRegisters
from drivers.kit.modbus_frame import rounds
from drivers.kit.polling import RegisterPolling

ANY_DEVICE = 0xFE
BLOCK = ReadRegisters("input", 0, 4)
"""Status and concentration in one answer: both are of the same moment."""
CARBON_DIOXIDE = Field(
    offset=6, format=">H", quantity=Quantity.CARBON_DIOXIDE_AMBIENT, unit=Unit.PPM
)
FATAL, OTHER = 1, 2


def parse(blocks: Sequence[bytes]) -> Iterator[InstrumentEvent]:
    """Yield the concentration; any bit of the status takes its value."""
    [block] = blocks
    status = int.from_bytes(block[:2], "big")
    reading = CARBON_DIOXIDE.read(block)
    if status:
        reading = Reading(
            reading.quantity, None, reading.unit, Status.ERROR, detail=_explained(status)
        )
    yield ReadingsReceived((reading,))


def _explained(status: int) -> str:
    if status & FATAL:
        said = "fatal error"
    elif status & OTHER:
        said = "error in communication, or another"
    else:
        said = "not known"
    return f"status {status:04x}: {said}"


def converse() -> RegisterPolling:
    """Return a conversation that reads one block every two seconds."""
    return RegisterPolling(BLOCK, parse=parse, every=2.0)


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Read recorded answers."""
    return rounds(data, (BLOCK,), parse)


SENSEAIR = Instrument(
    slug="senseair",
    vendor="Senseair",
    model="K30, S8",
    kind=InstrumentClass.LEAK_DETECTOR,
    grade=Grade.SYNTHETIC,
    quantities=frozenset({Quantity.CARBON_DIOXIDE_AMBIENT}),
    links=(ModbusLink(converse=converse, device=ANY_DEVICE),),
    decode=decode,
)
