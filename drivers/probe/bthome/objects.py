"""What the objects in an advertisement mean. Protocol page, §3."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from contract.quantity import Quantity
from contract.reading import Reading
from contract.unit import Unit
from drivers.kit.errors import FrameError
from drivers.kit.layout import Field

PACKET_ID = 0x00


@dataclass(frozen=True, slots=True)
class Object:
    """A kind of object: how many bytes its value has, and its quantity if it is one of ours."""

    size: int
    name: str
    field: Field | None = None


def _number(
    size: int, format: str, quantity: Quantity, unit: Unit, scale: str | None = None
) -> Object:
    factor = Decimal(1) if scale is None else Decimal(scale)
    field = Field(format=format, quantity=quantity, unit=unit, scale=factor)
    return Object(size, str(quantity), field)


OBJECTS: Mapping[int, Object] = {
    PACKET_ID: Object(1, "packet id"),
    0x01: _number(1, "<I", Quantity.BATTERY_LEVEL, Unit.PERCENT),
    0x02: _number(2, "<h", Quantity.TEMPERATURE, Unit.CELSIUS, "0.01"),
    0x03: _number(2, "<I", Quantity.RELATIVE_HUMIDITY, Unit.PERCENT, "0.01"),
    0x04: _number(3, "<I", Quantity.ABSOLUTE_PRESSURE, Unit.HECTOPASCAL, "0.01"),
    0x06: _number(2, "<I", Quantity.MASS, Unit.KILOGRAM, "0.01"),
    0x0C: Object(2, "voltage"),
    0x12: _number(2, "<I", Quantity.CARBON_DIOXIDE_AMBIENT, Unit.PPM),
    0x17: Object(1, "carbon monoxide, yes or no"),
    0x1C: Object(1, "gas, yes or no"),
    0x29: Object(1, "smoke, yes or no"),
    0x4B: Object(3, "gas volume"),
}
"""By object id: those that the protocol page has a fact for."""


@dataclass(frozen=True, slots=True)
class Packet:
    """What one advertisement said."""

    id: int | None
    readings: tuple[Reading, ...]
    unmapped: tuple[str, ...]


def read(payload: bytes) -> Packet:
    """Read the objects up to the first of an unknown id, as its size is unknown too; raises FrameError."""
    packet_id: int | None = None
    readings: dict[Quantity, Reading] = {}
    unmapped: list[str] = []
    for number, value in _split(payload):
        known = OBJECTS.get(number)
        if known is None:
            unmapped.append(f"object {number:02x}")
        elif number == PACKET_ID:
            packet_id = value[0]
        elif known.field is None:
            unmapped.append(known.name)
        elif known.field.quantity in readings:
            # A reading names no sensor: a second one would take the place of the first.
            unmapped.append(f"second {known.name}")
        else:
            readings[known.field.quantity] = known.field.read(value.ljust(4, b"\0"))
    return Packet(packet_id, tuple(readings.values()), tuple(unmapped))


def _split(payload: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield ids and values; an unknown id comes last, with all that is left."""
    while payload:
        number, payload = payload[0], payload[1:]
        known = OBJECTS.get(number)
        size = len(payload) if known is None else known.size
        if len(payload) < size:
            raise FrameError(f"object {number:02x} is cut off", payload)
        yield number, payload[:size]
        payload = payload[size:]
