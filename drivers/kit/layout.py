"""Say where values sit in the body of a frame or in a block of registers."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from contract import number
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.kit.errors import FrameError


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Bind the bytes at ``offset`` to one quantity: ``raw * scale + plus``.

    ``format`` is a struct code. A float becomes its shortest decimal; an integer is multiplied by ``scale``,
    whose digits are kept. ``marks`` are the raw integers that stand for no value, and what each says.
    """

    offset: int = 0
    format: str
    quantity: Quantity
    unit: Unit
    substance: str | None = None
    scale: Decimal = Decimal(1)
    plus: Decimal = Decimal(0)
    marks: Mapping[int, Status] = field(default_factory=dict[int, Status])
    words_swapped: bool = False
    """Of a value of 32 bits, the low register comes first."""

    @property
    def end(self) -> int:
        return self.offset + struct.calcsize(self.format)

    def read(self, body: bytes) -> Reading:
        """Return the reading in ``body``, which is long enough."""
        raw = self._raw(body[self.offset : self.end])
        if isinstance(raw, float):
            stated = number.from_float32(raw)
            status = Status.ERROR if stated is None else Status.OK
        else:
            status = self.marks.get(raw, Status.OK)
            stated = Decimal(raw) if status is Status.OK else None
        value = None if stated is None else self._scaled(stated)
        return Reading(self.quantity, value, self.unit, status, self.substance)

    def read_alone(self, body: bytes) -> Reading:
        """Return the reading in a body that ends with it; raises FrameError for any other length."""
        if len(body) != self.end:
            raise FrameError(f"{len(body)} bytes where the value has {self.end}", body)
        return self.read(body)

    def _raw(self, own: bytes) -> int | float:
        if self.words_swapped:
            own = own[2:4] + own[0:2]
        raw: int | float
        (raw,) = struct.unpack(self.format, own)
        return raw

    def _scaled(self, stated: Decimal) -> Decimal:
        scaled = stated if self.scale == 1 else stated * self.scale
        return scaled + self.plus if self.plus else scaled


class Layout:
    """A fixed set of fields, read from one body."""

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self.size = max(field.end for field in fields)

    def parse(self, body: bytes) -> Iterator[Reading]:
        """Yield the readings; raises FrameError when the body is too short."""
        if len(body) < self.size:
            raise FrameError(f"{len(body)} bytes where the layout needs {self.size}", body)
        for each in self.fields:
            yield each.read(body)
