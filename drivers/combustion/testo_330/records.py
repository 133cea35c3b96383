"""Read a list of values: a header of four bytes, then records of one size. Protocol page, §5."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from contract import number
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import UNITS as OF_QUANTITY
from contract.unit import Unit
from drivers.combustion.testo_330.vocabulary import ERRORS, NAMES, QUANTITIES, UNITS
from drivers.kit.dialogue import InstrumentEvent, ReadingsReceived, Unmapped
from drivers.kit.errors import FrameError

HEADER = 4
MAX_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Shape:
    """How one family of instruments writes a record; the value is read twice, as number and as code."""

    connector: int
    """Bytes before the ident."""

    @property
    def size(self) -> int:
        return self.connector + _RECORD.size


_RECORD = struct.Struct("<I4sHbf")

WITH_CONNECTOR = Shape(1)
"""330-2 LL, 330-2010, 350."""
WITHOUT_CONNECTOR = Shape(0)
"""330-1 LL."""


def parse(parameters: bytes, shape: Shape) -> Iterator[InstrumentEvent]:
    """Yield what a list of values says; raises FrameError when it is none."""
    records = parameters[HEADER:]
    if len(parameters) < HEADER or len(records) != parameters[3] * shape.size:
        raise FrameError(f"{len(parameters)} bytes are no list of values", parameters)
    readings: dict[Quantity, Reading] = {}
    for at in range(0, len(records), shape.size):
        record = _RECORD.unpack(records[at + shape.connector : at + shape.size])
        read = _read(*record)
        if isinstance(read, Unmapped):
            yield read
        elif read.quantity in readings:
            yield Unmapped(f"{read.quantity} in {read.unit} was stated before")
        else:
            readings[read.quantity] = read
    if readings:
        yield ReadingsReceived(tuple(readings.values()))


def _read(
    ident: int, stated: bytes, unit_code: int, resolution: int, dilution: float
) -> Reading | Unmapped:
    quantity = QUANTITIES.get(ident)
    if quantity is None:
        return Unmapped(NAMES.get(ident, f"ident {ident:08x}"))
    # A smoke number is a number whatever code stands in the place of its unit: none of a unit is published for it.
    unit = Unit.ONE if quantity is Quantity.SMOKE_NUMBER else UNITS.get(unit_code)
    if unit is None or unit not in OF_QUANTITY[quantity]:
        return Unmapped(f"{quantity} in unit {unit_code}")
    value, status, detail = _value(stated, resolution)
    if value is not None and dilution != 1:
        # Nothing says whether the value is before or after dilution.
        return Reading(quantity, None, unit, Status.ERROR, detail=f"diluted {dilution:g} times")
    return Reading(quantity, value, unit, status, detail=detail)


def _value(stated: bytes, resolution: int) -> tuple[Decimal | None, Status, str | None]:
    code = int.from_bytes(stated, "little")
    if code in ERRORS:
        return (None, *ERRORS[code])
    (single,) = struct.unpack("<f", stated)
    shortest = number.from_float32(single)
    if shortest is None:
        return None, Status.ERROR, f"no number: {stated.hex(' ')}"
    return _displayed(shortest, abs(resolution)), Status.OK, None


def _displayed(shortest: Decimal, decimals: int) -> Decimal:
    whole = max(shortest.adjusted(), 0) + 1
    if decimals > MAX_DECIMALS or whole + decimals > number.MAX_DIGITS:
        return shortest
    rounded = shortest.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    return Decimal(number.write(rounded))
