"""Anything that offers Bluetooth's Environmental Sensing Service.

Facts and their sources: docs/protocols/ble-environmental-sensing.md
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from contract.instrument import ANY_VENDOR, Grade, InstrumentClass, InstrumentIdentity
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.kit import standard_services
from drivers.kit.description import BleLink, Instrument
from drivers.kit.dialogue import FrameRejected, InstrumentEvent, ReadingsReceived, Unmapped
from drivers.kit.ieee11073 import sfloat
from drivers.kit.layout import Field
from drivers.kit.link import AdvertisementSeen
from drivers.kit.polling import CharacteristicPolling
from drivers.kit.uuid import whole

SLUG = "ble-environmental-sensing"
MODEL = "environmental sensor"

SERVICE = whole("181a")
CARBON_MONOXIDE = whole("2bd0")
METHANE = whole("2bd1")

_HUNDREDTHS = Decimal("0.01")

FIELDS: Mapping[str, Field] = {
    whole("2a6e"): Field(
        format="<h",
        quantity=Quantity.TEMPERATURE,
        unit=Unit.CELSIUS,
        scale=_HUNDREDTHS,
        marks={-0x8000: Status.NOT_MEASURED},
    ),
    whole("2a6f"): Field(
        format="<H",
        quantity=Quantity.RELATIVE_HUMIDITY,
        unit=Unit.PERCENT,
        scale=_HUNDREDTHS,
        marks={0xFFFF: Status.NOT_MEASURED},
    ),
    whole("2a6d"): Field(
        format="<I",
        quantity=Quantity.ABSOLUTE_PRESSURE,
        unit=Unit.PASCAL,
        scale=Decimal("0.1"),
    ),
    whole("2a7b"): Field(format="b", quantity=Quantity.DEW_POINT, unit=Unit.CELSIUS),
    whole("2b8c"): Field(
        format="<H",
        quantity=Quantity.CARBON_DIOXIDE_AMBIENT,
        unit=Unit.PPM,
        marks={0xFFFE: Status.ABOVE_RANGE, 0xFFFF: Status.NOT_MEASURED},
    ),
}
"""Characteristics that hold one number of fixed point."""


def identify(seen: AdvertisementSeen) -> InstrumentIdentity | None:
    """Return who advertises; nothing there says which one it is, so the identity is weak."""
    if SERVICE not in seen.service_uuids:
        return None
    return InstrumentIdentity(slug=SLUG, vendor=ANY_VENDOR, model=MODEL)


def parse(uuid: str, data: bytes) -> Iterator[InstrumentEvent]:
    """Yield what a characteristic says; raises FrameError."""
    if uuid in FIELDS:
        yield ReadingsReceived((FIELDS[uuid].read_alone(data),))
    elif uuid == METHANE:
        yield ReadingsReceived((_methane(data),))
    elif uuid == CARBON_MONOXIDE:
        # Sources do not agree on its unit.
        yield Unmapped("carbon monoxide (2bd0)")
    else:
        yield from standard_services.read(uuid, data)


def _methane(data: bytes) -> Reading:
    stated = sfloat(data)
    gas = Quantity.CONCENTRATION
    if isinstance(stated, str):
        return Reading(gas, None, Unit.PPB, Status.ERROR, "methane", detail=stated)
    return Reading(gas, stated, Unit.PPB, substance="methane")


def converse() -> CharacteristicPolling:
    """Return a conversation with whatever of these the sensor has."""
    return CharacteristicPolling(
        parse,
        read=(
            standard_services.SERIAL,
            standard_services.FIRMWARE,
            standard_services.BATTERY,
            CARBON_MONOXIDE,
        ),
        poll=(*FIELDS, METHANE),
        every=2.0,
    )


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Refuse: which characteristic a value is of stands beside it, in a recording."""
    yield FrameRejected("these bytes do not say of which characteristic they are the value", data)


BLE_ENVIRONMENTAL_SENSING = Instrument(
    slug=SLUG,
    vendor=ANY_VENDOR,
    model=MODEL,
    kind=InstrumentClass.PROBE,
    grade=Grade.MANUAL,
    quantities=frozenset(
        {each.quantity for each in FIELDS.values()}
        | {Quantity.CONCENTRATION, Quantity.BATTERY_LEVEL}
    ),
    links=(BleLink(identify=identify, converse=converse),),
    decode=decode,
)
