"""OWON OW18E multimeter: read from bytes alone, as the way to its characteristic is not known.

Facts and their sources: docs/protocols/owon-ow18e.md
"""

from collections.abc import Iterator
from decimal import Decimal

from contract.instrument import Grade, InstrumentClass
from drivers.kit.description import Instrument
from drivers.kit.dialogue import FrameRejected, InstrumentEvent, Unmapped

SIZE = 6
AC_VOLTAGE = bytes.fromhex("62f00400")
"""The one head of which a source says what it means: alternating voltage, two decimals, range chosen by the meter."""


def _shown(head: bytes, raw: int) -> str:
    """Name what the meter shows: none of our quantities is electrical."""
    count = (raw & 0x7FFF) * (-1 if raw & 0x8000 else 1)
    if head == AC_VOLTAGE:
        return f"AC voltage {Decimal(count).scaleb(-2)} V"
    return f"function {head.hex()}, count {count}"


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Read recorded values, six bytes each."""
    while len(data) >= SIZE:
        yield Unmapped(_shown(data[:4], int.from_bytes(data[4:SIZE], "little")))
        data = data[SIZE:]
    if data:
        yield FrameRejected(f"{len(data)} bytes where a value has {SIZE}", data)


OWON_OW18E = Instrument(
    slug="owon-ow18e",
    vendor="OWON",
    model="OW18E",
    kind=InstrumentClass.PROBE,
    grade=Grade.PUBLISHED_CODE,
    quantities=frozenset(),
    links=(),
    decode=decode,
)
