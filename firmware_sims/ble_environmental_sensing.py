"""Simulated sensors of the room, written from docs/protocols/ble-environmental-sensing.md alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.fixed import Fixed
from firmware_sims.kit.gatt import GattCharacteristic, GattService, Said
from firmware_sims.kit.instrument import Instrument, static_address
from firmware_sims.kit.physics import Behaviour, Sensor
from firmware_sims.kit.quantities import Quantity
from firmware_sims.kit.sfloat import NOT_A_NUMBER, Sfloat

SERVICE = 0x181A
DEVICE_INFORMATION, SERIAL_NUMBER, FIRMWARE_REVISION = 0x180A, 0x2A25, 0x2A26
BATTERY_SERVICE, BATTERY = 0x180F, 0x2A19
CARBON_MONOXIDE = 0x2BD0

FIRMWARE = b"1.0"
PERCENT = Fixed(1)
NEARLY_EMPTY = Decimal(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """§3: a quantity in a characteristic."""

    uuid: int
    number: Fixed | Sfloat
    behaviour: Behaviour
    no_value: bytes | None = None
    """What a defect looks like; None where that is not known, and the sensor goes on."""


TEMPERATURE = Measured(
    uuid=0x2A6E,
    number=Fixed(2, 2, signed=True),
    behaviour=Behaviour(level=21.4, noise=0.02, drift=0.01, low=-40.0, high=85.0),
    no_value=bytes((0x00, 0x80)),
)
ROOM = {
    Quantity.TEMPERATURE: TEMPERATURE,
    Quantity.RELATIVE_HUMIDITY: Measured(
        uuid=0x2A6F,
        number=Fixed(2, 2),
        behaviour=Behaviour(level=46.0, noise=0.1, drift=0.05, low=0.0, high=100.0),
        no_value=b"\xff\xff",
    ),
    Quantity.ABSOLUTE_PRESSURE: Measured(
        uuid=0x2A6D,
        number=Fixed(4, 1),
        behaviour=Behaviour(level=101320.0, noise=1.0, drift=0.5, low=30000.0, high=110000.0),
    ),
    Quantity.DEW_POINT: Measured(
        uuid=0x2A7B,
        number=Fixed(1, signed=True),
        behaviour=Behaviour(level=9.3, noise=0.05, drift=0.02),
    ),
    # Its largest number, fffe, is "65534 or greater": shown as 65534.
    Quantity.CARBON_DIOXIDE_AMBIENT: Measured(
        uuid=0x2B8C,
        number=Fixed(2),
        behaviour=Behaviour(level=720.0, noise=2.0, drift=1.0, low=400.0),
        no_value=b"\xff\xff",
    ),
}
GAS = {
    Quantity.TEMPERATURE: TEMPERATURE,
    Quantity.CONCENTRATION: Measured(
        uuid=0x2BD1,
        number=Sfloat(),
        behaviour=Behaviour(level=1950.0, noise=8.0, drift=2.0, low=0.0),
        no_value=NOT_A_NUMBER,
    ),
}
MODELS = {"room": ROOM, "gas": GAS}
"""The service knows none; which characteristics go together is ours."""


class RoomSensor(Instrument):
    """A sensor that can be asked and that tells its values each second; `gas` senses methane."""

    slug = "ble-environmental-sensing"
    known_faults: ClassVar[frozenset[Fault]] = frozenset(
        (
            Fault.LINK_LOSS,
            Fault.SILENCE,
            Fault.DELAY,
            Fault.DUPLICATE,
            Fault.SENSOR_DEFECT,
            Fault.LOW_BATTERY,
        )
    )
    known_acts: ClassVar[frozenset[Act]] = frozenset((Act.DROP_LINK,))
    refresh_seconds = 1.0

    def __init__(self, model: str, serial: str, chance: Random) -> None:
        super().__init__(name=f"Room {serial}", serial=serial, chance=chance)
        self.measured = MODELS[model]
        self.sensors = {
            quantity: Sensor(each.behaviour) for quantity, each in self.measured.items()
        }
        self.sensors[Quantity.BATTERY_LEVEL] = Sensor(
            Behaviour(level=chance.uniform(60.0, 100.0), trend=-0.001, low=0.0, high=100.0)
        )

    @property
    def address(self) -> str:
        return static_address(self.slug, self.serial)

    @property
    def state(self) -> str:
        return "measuring"

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        """§3: the numbers that are said; a defect takes all that can say that there is none."""
        defect = Fault.SENSOR_DEFECT in self.faults
        shown: dict[Quantity, Decimal | None] = {
            quantity: None
            if defect and each.no_value is not None
            else each.number.shown(self.sensors[quantity].value)
            for quantity, each in self.measured.items()
        }
        battery = PERCENT.shown(self.sensors[Quantity.BATTERY_LEVEL].value)
        low = Fault.LOW_BATTERY in self.faults
        return shown | {Quantity.BATTERY_LEVEL: NEARLY_EMPTY if low else battery}

    def do(self, act: Act, text: str) -> None:
        """It has nothing to press."""

    def value(self, quantity: Quantity) -> bytes:
        """§3: what a characteristic of this service holds."""
        measured = self.measured[quantity]
        shown = self.display.current.value(quantity)
        if shown is None:
            return measured.no_value or b""
        return measured.number.wire(shown)

    def battery(self) -> bytes:
        return PERCENT.wire(self.display.current.value(Quantity.BATTERY_LEVEL) or Decimal(0))

    def carbon_monoxide(self) -> bytes:
        """§3: two of a unit that is not settled, so nothing displays it."""
        return Sfloat().wire(Decimal(2))

    def said_unasked(self) -> tuple[bytes, ...]:
        """Return each value for its own characteristic; nothing in silence."""
        if Fault.SILENCE in self.faults:
            return ()
        said = [Said(each.uuid, self.value(quantity)) for quantity, each in self.measured.items()]
        return (*said, Said(BATTERY, self.battery()))

    def services(self) -> tuple[GattService, ...]:
        """§2, §3."""
        sensed = [
            GattCharacteristic(uuid=each.uuid, read=partial(self.value, quantity), notify=True)
            for quantity, each in self.measured.items()
        ]
        if Quantity.CONCENTRATION in self.measured:
            sensed.append(GattCharacteristic(uuid=CARBON_MONOXIDE, read=self.carbon_monoxide))
        information = (
            GattCharacteristic(uuid=SERIAL_NUMBER, read=lambda: self.serial.encode("ascii")),
            GattCharacteristic(uuid=FIRMWARE_REVISION, read=lambda: FIRMWARE),
        )
        battery = (GattCharacteristic(uuid=BATTERY, read=self.battery, notify=True),)
        return (
            GattService(uuid=SERVICE, characteristics=tuple(sensed)),
            GattService(uuid=DEVICE_INFORMATION, characteristics=information, advertised=False),
            GattService(uuid=BATTERY_SERVICE, characteristics=battery, advertised=False),
        )
