"""Simulated ETI thermometers, written from docs/protocols/eti-bluetherm.md alone."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from firmware_sims.eti_bluetherm_models import DETACHABLE, MODELS
from firmware_sims.kit import float32
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.fixed import Fixed
from firmware_sims.kit.gatt import Broadcast, GattCharacteristic, GattService, Said
from firmware_sims.kit.instrument import Instrument, static_address
from firmware_sims.kit.physics import Behaviour, Sensor
from firmware_sims.kit.quantities import Quantity

UUID = "45544942-4c55-4554-4845-524db87ad7{}"
SERVICE = UUID.format("00")
SENSORS = {Quantity.TEMPERATURE: UUID.format("01"), Quantity.SECOND_TEMPERATURE: UUID.format("03")}
COMMANDS, SETTINGS = UUID.format("05"), UUID.format("09")
SENSOR_SETTINGS = {Quantity.TEMPERATURE: "07", Quantity.SECOND_TEMPERATURE: "08"}
DEVICE_INFORMATION, SERIAL_NUMBER, FIRMWARE_REVISION = 0x180A, 0x2A25, 0x2A26
BATTERY_SERVICE, BATTERY = 0x180F, 0x2A19
COMPANY = 0x0376

BUTTON, INVALID_COMMAND = 0x0001, 0x0004
MEASURE, IDENTIFY, DEFAULTS, FACTORY = 0x0010, 0x0020, 0x0030, 0x0040

FIRMWARE = b"1.05"
SENSOR_ERROR = ALARM_OFF = b"\xff\xff\xff\xff"
LONGEST_NAME = 12
PERCENT = Fixed(1)
NEARLY_EMPTY = Decimal(4)


class Thermometer(Instrument):
    """A BlueTherm LE thermometer that measures each second, and once more when its button is pressed."""

    slug = "eti-bluetherm"
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
    known_acts: ClassVar[frozenset[Act]] = frozenset((Act.PRESS_BUTTON, Act.DROP_LINK))
    refresh_seconds = 1.0

    def __init__(self, model: str, serial: str, chance: Random) -> None:
        self.model = MODELS[model]
        super().__init__(name=f"{serial} {self.model.product}", serial=serial, chance=chance)
        self.sensors = {Quantity.TEMPERATURE: Sensor(self.model.behaviour)}
        if self.model.second is not None:
            self.sensors[Quantity.SECOND_TEMPERATURE] = Sensor(self.model.second)
        self.sensors[Quantity.BATTERY_LEVEL] = Sensor(
            Behaviour(level=chance.uniform(60.0, 100.0), trend=-0.001, low=0.0, high=100.0)
        )
        self.sensor_names = {
            Quantity.TEMPERATURE: "Sensor 1",
            Quantity.SECOND_TEMPERATURE: "Sensor 2",
        }

    @property
    def address(self) -> str:
        return static_address(self.slug, self.serial)

    @property
    def state(self) -> str:
        return "measuring"

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        """§3: what goes on the wire, as the shortest decimal of its float32; the battery in whole percents."""
        shown: dict[Quantity, Decimal | None] = {
            quantity: float32.shortest(sensor.value)
            for quantity, sensor in self.sensors.items()
            if quantity in SENSORS
        }
        if Fault.SENSOR_DEFECT in self.faults:
            shown[Quantity.TEMPERATURE] = None
        battery = PERCENT.shown(self.sensors[Quantity.BATTERY_LEVEL].value)
        low = Fault.LOW_BATTERY in self.faults
        return shown | {Quantity.BATTERY_LEVEL: NEARLY_EMPTY if low else battery}

    # --- what it says unasked ------------------------------------------------

    def measurement(self, quantity: Quantity) -> bytes:
        """§3: the displayed temperature, all ones for a sensor error, nothing for a disabled sensor."""
        if quantity not in self.sensors:
            return b""
        shown = self.display.current.value(quantity)
        return SENSOR_ERROR if shown is None else float32.to_bytes(float(shown))

    def said_unasked(self) -> tuple[bytes, ...]:
        """§2: each enabled sensor by its own characteristic; nothing in silence."""
        if Fault.SILENCE in self.faults:
            return ()
        return tuple(
            Said(uuid, self.measurement(quantity))
            for quantity, uuid in SENSORS.items()
            if quantity in self.sensors
        )

    def do(self, act: Act, text: str) -> None:
        """§4: tell of the button; readings follow."""
        if act is Act.PRESS_BUTTON:
            self._notify(BUTTON)
            self.outgoing.extend(self.said_unasked())

    def _notify(self, code: int) -> None:
        if Fault.SILENCE not in self.faults:
            self.outgoing.append(Said(COMMANDS, code.to_bytes(2, "little")))

    # --- what it answers -----------------------------------------------------

    def commanded(self, command: bytes) -> None:
        """§4: measure when told to; what the other commands change is not described, and stays."""
        code = int.from_bytes(command, "little")
        if len(command) == 2 and code == MEASURE:
            self.outgoing.extend(self.said_unasked())
        elif len(command) != 2 or code not in {IDENTIFY, DEFAULTS, FACTORY}:
            self._notify(INVALID_COMMAND)

    def settings(self) -> bytes:
        """§4, as firmware 1.05: °C, each second, never off. The kind of sensor 2 is as recorded."""
        second = Quantity.SECOND_TEMPERATURE in self.sensors
        kinds = DETACHABLE << 4 | self.model.kind
        return bytes((0, int(self.refresh_seconds), 0, 0, 0, second, kinds))

    def sensor_settings(self, quantity: Quantity) -> bytes:
        """§2: no alarms, and the name; that a short one is filled with zeros is ours."""
        name = self.sensor_names[quantity].encode("utf-8")
        return ALARM_OFF + ALARM_OFF + name.ljust(LONGEST_NAME, b"\x00")

    def battery(self) -> bytes:
        return PERCENT.wire(self.display.current.value(Quantity.BATTERY_LEVEL) or Decimal(0))

    def broadcast(self) -> Broadcast:
        """§2: the company; what it says besides is not stated, and left out."""
        return Broadcast(maker=COMPANY, data=b"")

    def services(self) -> tuple[GattService, ...]:
        """§2. That the service is advertised is not stated; the name tells what this is."""
        own = [
            GattCharacteristic(uuid=uuid, read=partial(self.measurement, quantity), notify=True)
            for quantity, uuid in SENSORS.items()
        ]
        own.append(GattCharacteristic(uuid=COMMANDS, write=self.commanded, notify=True))
        own += [
            GattCharacteristic(
                uuid=UUID.format(last), read=partial(self.sensor_settings, quantity)
            )
            for quantity, last in SENSOR_SETTINGS.items()
        ]
        own.append(GattCharacteristic(uuid=SETTINGS, read=self.settings))
        information = (
            GattCharacteristic(uuid=SERIAL_NUMBER, read=lambda: self.serial.encode("ascii")),
            GattCharacteristic(uuid=FIRMWARE_REVISION, read=lambda: FIRMWARE),
        )
        battery = (GattCharacteristic(uuid=BATTERY, read=self.battery),)
        return (
            GattService(uuid=SERVICE, characteristics=tuple(own), advertised=False),
            GattService(uuid=DEVICE_INFORMATION, characteristics=information, advertised=False),
            GattService(uuid=BATTERY_SERVICE, characteristics=battery, advertised=False),
        )
