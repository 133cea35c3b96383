"""ETI thermometers that speak BlueTherm LE.

Facts and their sources: docs/protocols/eti-bluetherm.md
"""

import re
from collections.abc import Iterator

from contract.instrument import Grade, InstrumentClass, InstrumentIdentity
from contract.quantity import Quantity
from contract.unit import Unit
from contract.words import Words
from drivers.kit import standard_services
from drivers.kit.description import BleLink, Instrument
from drivers.kit.dialogue import (
    ButtonPressed,
    FaultStated,
    InstrumentEvent,
    ReadingsReceived,
    Unmapped,
)
from drivers.kit.layout import Field
from drivers.kit.link import AdvertisementSeen, CharacteristicRead
from drivers.kit.polling import CharacteristicPolling

SLUG = "eti-bluetherm"

_MODELS = "ThermaQ Blue|BlueTherm One|ThermapenBlue|RayTemp Blue|TempTest Blue"
_LOCAL_NAME = re.compile(rf"(\d{{1,16}}) ({_MODELS})", re.ASCII)

_OWN = "45544942-4c55-4554-4845-524db87ad7"
SENSOR_1, SENSOR_2, NOTICES = f"{_OWN}01", f"{_OWN}03", f"{_OWN}05"

TEMPERATURE = Field(format="<f", quantity=Quantity.TEMPERATURE, unit=Unit.CELSIUS)
"""Always in °C, whatever the instrument displays. FFFFFFFF, a sensor error, is no number."""

BUTTON, SHUTDOWN = b"\x01\x00", b"\x02\x00"

SILENT_AFTER = 90.0
"""Seconds: more than the longest interval between two measurements, which is 60 s."""


def identify(seen: AdvertisementSeen) -> InstrumentIdentity | None:
    """Return who advertises: the local name begins with the serial."""
    match = _LOCAL_NAME.fullmatch(seen.local_name)
    if match is None:
        return None
    return InstrumentIdentity(slug=SLUG, vendor="ETI", model=match[2], serial=match[1])


def parse(uuid: str, data: bytes) -> Iterator[InstrumentEvent]:
    """Yield what a characteristic says; raises FrameError."""
    if uuid == SENSOR_1:
        yield ReadingsReceived((TEMPERATURE.read_alone(data),))
    elif uuid == SENSOR_2:
        # A reading names no sensor: a second temperature would take the place of the first.
        if data:
            yield Unmapped("sensor 2")
    elif uuid == NOTICES:
        yield _notice(data)
    else:
        yield from standard_services.read(uuid, data)


def _notice(data: bytes) -> InstrumentEvent:
    if data == BUTTON:
        return ButtonPressed()
    if data == SHUTDOWN:
        return FaultStated(Words("the instrument is switching itself off"))
    return Unmapped(f"notification {data[::-1].hex()}")


def converse() -> CharacteristicPolling:
    """Return a conversation that never writes: the settings are in a memory of 10 000 writes."""
    return CharacteristicPolling(
        parse,
        # The sensors are not read: between two measurements that might give an old one.
        subscribe=(SENSOR_1, SENSOR_2, NOTICES),
        read=(standard_services.SERIAL, standard_services.FIRMWARE),
        poll=(standard_services.BATTERY,),
        every=30.0,
    )


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Read a recorded value of sensor 1."""
    talk = converse()
    talk.receive(CharacteristicRead(SENSOR_1, data), 0.0)
    yield from talk.out.events()


ETI_BLUETHERM = Instrument(
    slug=SLUG,
    vendor="ETI",
    model="BlueTherm LE thermometers (ThermaQ Blue, BlueTherm One, Thermapen Blue, RayTemp Blue, TempTest Blue)",
    kind=InstrumentClass.PROBE,
    grade=Grade.MANUAL,
    quantities=frozenset({Quantity.TEMPERATURE, Quantity.BATTERY_LEVEL}),
    links=(BleLink(identify=identify, converse=converse),),
    decode=decode,
    silent_after=SILENT_AFTER,
)
