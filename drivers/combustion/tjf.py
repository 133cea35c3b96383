"""TJF, the measurement document of testo instruments.

Facts and their sources: docs/protocols/testo-300.md, §4
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from contract import number
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.kit import json_document
from drivers.kit.dialogue import (
    FaultStated,
    FuelStated,
    IdentityStated,
    InstrumentEvent,
    ReadingsReceived,
    Unmapped,
)
from drivers.kit.errors import FrameError
from drivers.kit.json_document import Object, is_object, objects, text

NO_VALUE = 4294967295
_FLOAT32 = struct.Struct("<f")

MAX_EXPONENT = 6
"""More "decimals" than this is some application's power of ten."""

_PERCENT = {"UNIT_PERCENT": Unit.PERCENT}
_CELSIUS = {"UNIT_DEG_C": Unit.CELSIUS}
_PPM = {"UNIT_PPM": Unit.PPM}
_RATIO = {"UNIT_NONE": Unit.ONE}

CHANNELS: Mapping[str, tuple[Quantity, Mapping[str, Unit]]] = {
    "O2": (Quantity.OXYGEN, _PERCENT),
    "CO2": (Quantity.CARBON_DIOXIDE, _PERCENT),
    "CO_Dil": (Quantity.CARBON_MONOXIDE, _PPM),
    "CO_Norm": (Quantity.CARBON_MONOXIDE_UNDILUTED, _PPM),
    "NO_Dil": (Quantity.NITRIC_OXIDE, _PPM),
    "T_Flue": (Quantity.FLUE_GAS_TEMPERATURE, _CELSIUS),
    "T_Air": (Quantity.COMBUSTION_AIR_TEMPERATURE, _CELSIUS),
    "T_Dew": (Quantity.DEW_POINT, _CELSIUS),
    "P_Draft": (Quantity.DRAUGHT, {"UNIT_PA": Unit.PASCAL, "UNIT_MBAR": Unit.MILLIBAR}),
    "Lambda": (Quantity.EXCESS_AIR_RATIO, _RATIO),
    "QAnet": (Quantity.FLUE_GAS_LOSS_NET, _PERCENT),
    "QAgr": (Quantity.FLUE_GAS_LOSS_GROSS, _PERCENT),
    "Efficiency": (Quantity.EFFICIENCY_NET, _PERCENT),
    "Effg": (Quantity.EFFICIENCY_GROSS, _PERCENT),
}
"""``xmlid`` of a channel, and of the units it is known in."""

# Schema 1.0.0 has localised names and no xmlid: these alone mean the same in every language.
BARE_CHANNELS: Mapping[tuple[str, str], tuple[Quantity, Unit]] = {
    ("O2", "%"): (Quantity.OXYGEN, Unit.PERCENT),
    ("CO2", "%"): (Quantity.CARBON_DIOXIDE, Unit.PERCENT),
    ("λ", ""): (Quantity.EXCESS_AIR_RATIO, Unit.ONE),
}

STATUSES: Mapping[object, Status] = {
    "overrange": Status.ABOVE_RANGE,
    "underrange": Status.BELOW_RANGE,
    "invalid": Status.NOT_MEASURED,
    "empty": Status.NOT_MEASURED,
}


@dataclass(frozen=True, slots=True)
class _Channel:
    quantity: Quantity
    unit: Unit


def parse(body: bytes) -> Iterator[InstrumentEvent]:
    """Yield what a document says; raises FrameError when it is none."""
    document = json_document.load(body)
    if not document.keys() & {"channels", "errors"}:
        raise FrameError("a JSON document without channels or errors", body)
    yield from _identity(document.get("device"))
    yield from _faults(document.get("errors"))
    yield from _fuel(document.get("properties"))
    readings: dict[Quantity, Reading] = {}
    for channel in objects(document.get("channels")):
        known = _recognise(channel)
        values = objects(channel.get("values"))
        if known is None or len(values) != 1:
            yield Unmapped(_label(channel))
        elif known.quantity in readings:
            yield Unmapped(f"{_label(channel)}: {known.quantity} was stated before")
        else:
            readings[known.quantity] = _reading(known, values[0])
    if readings:
        yield ReadingsReceived(tuple(readings.values()))


def _part(owner: Object, part: str, key: str) -> str | None:
    inner = owner.get(part)
    return text(inner, key) if is_object(inner) else None


def _label(channel: Object) -> str:
    name = _part(channel, "type", "xmlid") or _part(channel, "type", "name") or "?"
    unit = _part(channel, "unit", "xmlid") or _part(channel, "unit", "name") or ""
    return f"{name} {unit}".strip().replace("\0", "")


def _recognise(channel: Object) -> _Channel | None:
    xmlid = _part(channel, "type", "xmlid")
    if xmlid is None:
        key = (_part(channel, "type", "name") or "", _part(channel, "unit", "name") or "")
        bare = BARE_CHANNELS.get(key)
        return None if bare is None else _Channel(*bare)
    known = CHANNELS.get(xmlid)
    if known is None:
        return None
    quantity, units = known
    unit = units.get(_part(channel, "unit", "xmlid") or "")
    return None if unit is None else _Channel(quantity, unit)


def _reading(channel: _Channel, value: Object) -> Reading:
    status = STATUSES.get(value.get("status"), Status.OK)
    if status is not Status.OK:
        return Reading(channel.quantity, None, channel.unit, status)
    displayed = None if _only_dashes(value.get("description")) else _displayed(value)
    if displayed is None:
        return Reading(channel.quantity, None, channel.unit, Status.NOT_MEASURED)
    return Reading(channel.quantity, displayed, channel.unit)


def _only_dashes(description: object) -> bool:
    return isinstance(description, str) and description.strip("-\0 ") == "" and "-" in description


def _displayed(value: Object) -> Decimal | None:
    stated = value.get("value")
    if isinstance(stated, bool) or not isinstance(stated, int | float) or stated == NO_VALUE:
        return None
    shortest = _shortest(stated)
    decimals = value.get("exponent")
    if shortest is None or isinstance(decimals, bool) or not isinstance(decimals, int):
        return shortest
    if not 0 <= decimals <= MAX_EXPONENT:
        return shortest
    if max(shortest.adjusted(), 0) + 1 + decimals > number.MAX_DIGITS:
        return shortest
    rounded = shortest.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    return Decimal(number.write(rounded))


def _shortest(stated: float) -> Decimal | None:
    """Return a number as the float32 it was, or as it stands when it was none."""
    try:
        (single,) = _FLOAT32.unpack(_FLOAT32.pack(stated))
    except (OverflowError, struct.error):
        return None
    # A denormal, an infinity or no number at all: ways of saying "no value".
    shortest = number.from_float32(single)
    if single == stated or shortest is None:
        return shortest
    plain = number.write(Decimal(repr(stated)))
    return Decimal(plain) if len(plain) <= number.MAX_DIGITS else None


def _identity(device: object) -> Iterator[IdentityStated]:
    # Several devices in one document: their channels cannot be told apart, so nobody is named.
    devices = objects(device)
    if len(devices) == 1:
        serial = devices[0].get("serial")
        yield IdentityStated(
            serial=str(serial) if isinstance(serial, int) else text(devices[0], "serial"),
            firmware=text(devices[0], "firmwareVersion"),
        )


def _fuel(properties: object) -> Iterator[FuelStated]:
    # Its name is in the instrument's own language, and sometimes ends with a NUL.
    for each in objects(properties):
        if text(each, "name") == "Fuel" and (name := text(each, "description")):
            yield FuelStated(name.strip("\0 "))


def _faults(errors: object) -> Iterator[FaultStated]:
    reasons = {1: "no instrument is connected", 2: "there are no results"}
    for error in objects(errors):
        code = error.get("errorcode")
        known = reasons.get(code) if isinstance(code, int) else None
        yield FaultStated(known or f"error {code!s:.40}")
