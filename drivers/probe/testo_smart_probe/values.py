"""What the probes' names mean. Protocol page, §4: an unknown name is reported and never mapped."""

import struct
from collections.abc import Iterator, Mapping

from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.kit.dialogue import (
    ButtonPressed,
    FrameRejected,
    InstrumentEvent,
    ReadingsReceived,
    Unmapped,
)
from drivers.kit.layout import Field
from drivers.probe.testo_smart_probe.frame import Damaged, Frame, Opcode, split_name

_FLOAT32 = "<f"
_STATUS = struct.Struct("<H")


def _float(quantity: Quantity, unit: Unit) -> Field:
    return Field(format=_FLOAT32, quantity=quantity, unit=unit)


VALUES: Mapping[str, Field] = {
    "DifferentialPressure": _float(Quantity.DIFFERENTIAL_PRESSURE, Unit.PASCAL),
    "LineTemperature": _float(Quantity.LINE_TEMPERATURE, Unit.CELSIUS),
    "Temperature": _float(Quantity.TEMPERATURE, Unit.CELSIUS),
    "Velocity": _float(Quantity.AIR_VELOCITY, Unit.METRE_PER_SECOND),
    "SurfaceTemperature": _float(Quantity.SURFACE_TEMPERATURE, Unit.CELSIUS),
}
"""Names that carry a float32 and a trailing status."""

BATTERY = "BatteryLevel"
BATTERY_FIELD = _float(Quantity.BATTERY_LEVEL, Unit.PERCENT)

# Only these pairs were recorded; what the status means is unknown, so every other one is an error.
RECORDED_STATUS: Mapping[str, int] = {"DifferentialPressure": 0x0000, "LineTemperature": 0x0001}

BUTTON = "ButtonClick"


def interpret(frame: Frame | Damaged) -> Iterator[InstrumentEvent]:
    """Yield what a frame says; replies say nothing here."""
    if isinstance(frame, Damaged):
        yield FrameRejected(frame.reason, frame.raw)
        return
    if frame.opcode != Opcode.VALUE:
        return
    name_and_value = split_name(frame.payload)
    if name_and_value is None:
        yield FrameRejected("a value without a readable name", frame.payload)
        return
    yield _value(*name_and_value)


def _value(name: str, value: bytes) -> InstrumentEvent:
    if name == BUTTON and len(value) == 1:
        return ButtonPressed() if value[0] else ReadingsReceived(())
    if name == BATTERY and len(value) == BATTERY_FIELD.end:
        return ReadingsReceived((BATTERY_FIELD.read(value),))
    field = VALUES.get(name)
    if field is None and name not in {BUTTON, BATTERY}:
        return Unmapped(name)
    if field is None or len(value) != field.end + _STATUS.size:
        return FrameRejected(f"{name} with a value of {len(value)} bytes", value)
    (status,) = _STATUS.unpack_from(value, field.end)
    if status != RECORDED_STATUS.get(name):
        detail = f"status {status:04x} was never recorded for {name}"
        return ReadingsReceived(
            (Reading(field.quantity, None, field.unit, Status.ERROR, detail=detail),)
        )
    return ReadingsReceived((field.read(value),))
