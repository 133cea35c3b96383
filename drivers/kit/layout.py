"""Say where values sit in the body of a frame."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from contract import number
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.kit.errors import FrameError


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Bind the bytes at ``offset`` to one quantity.

    ``format`` is a struct code. A float32 becomes its shortest decimal; an integer is multiplied by ``scale``,
    whose digits are kept. ``absent`` is the integer that stands for "no value".
    """

    offset: int = 0
    format: str
    quantity: Quantity
    unit: Unit
    scale: Decimal = Decimal(1)
    absent: int | None = None

    @property
    def end(self) -> int:
        return self.offset + struct.calcsize(self.format)

    def read(self, body: bytes) -> Reading:
        """Return the reading in ``body``, which is long enough."""
        (raw,) = struct.unpack_from(self.format, body, self.offset)
        if isinstance(raw, float):
            value = number.from_float32(raw)
            status = Status.ERROR if value is None else Status.OK
        else:
            value = None if raw == self.absent else raw * self.scale
            status = Status.NOT_MEASURED if value is None else Status.OK
        return Reading(self.quantity, value, self.unit, status)


class Layout:
    """A fixed set of fields, read from one body."""

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self.size = max(field.end for field in fields)

    def parse(self, body: bytes) -> Iterator[Reading]:
        """Yield the readings; raises FrameError when the body is too short."""
        if len(body) < self.size:
            raise FrameError(f"{len(body)} bytes where the layout needs {self.size}", body)
        for field in self.fields:
            yield field.read(body)
