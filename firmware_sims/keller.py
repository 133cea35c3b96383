"""Simulated KELLER pressure transmitters, written from docs/protocols/keller.md alone."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import ClassVar

from firmware_sims.kit import float32
from firmware_sims.kit.check_value import crc16_modbus
from firmware_sims.kit.faults import OF_MEASURING, Act, Fault
from firmware_sims.kit.physics import Behaviour, Sensor
from firmware_sims.kit.quantities import BAR, UNITS, Quantity
from firmware_sims.kit.wired import Framed, WiredInstrument

ADDRESS, ANY = 1, 250
INITIALISE, SERIAL, VALUE, WHOLE_VALUE = 48, 69, 73, 74
SIZES = {INITIALISE: 4, SERIAL: 4, VALUE: 5, WHOLE_VALUE: 5}
"""§3, with address, function and check value. How long other questions are is not stated."""
PRESSURE, TEMPERATURE = 1, 3
ERROR = 0x80
FIRMWARE = bytes((5, 20, 12, 40, 10, 10))
"""§3: class, group, year, week, and two of a buffer; the numbers are ours."""

NOT_INITIALISED, NOT_THERE, OCCUPIED = 32, 2, 3
"""The page says that errors have numbers, and none of them: these are ours."""
DEFECT, NOT_DESCRIBED = 0x02, 0x40
"""What the bits of a status mean is not published: which of them are set is ours."""

MODELS = {"with-echo": True, "without-echo": False}
"""§2: whether the adapter repeats the question."""


class Transmitter(WiredInstrument):
    """A transmitter at the end of an adapter; it must be initialised each time it is plugged in."""

    known_faults: ClassVar[frozenset[Fault]] = OF_MEASURING - {
        *(Fault.LOW_BATTERY, Fault.OUT_OF_RANGE)
    }
    known_acts: ClassVar[frozenset[Act]] = frozenset()
    refresh_seconds = 1.0
    units: ClassVar[Mapping[Quantity, str]] = UNITS | {
        Quantity.GAUGE_PRESSURE: BAR,
        Quantity.ABSOLUTE_PRESSURE: BAR,
    }
    pressure: ClassVar[Quantity]
    behaviour: ClassVar[Behaviour]

    def __init__(self, model: str, serial: str, chance: Random) -> None:
        super().__init__(name=f"{self.slug} {serial}", serial=serial, chance=chance)
        self.echo = MODELS[model]
        self.sensors = {
            self.pressure: Sensor(self.behaviour),
            Quantity.TEMPERATURE: Sensor(Behaviour(level=21.4, noise=0.02, drift=0.01)),
        }
        self._initialised = False
        self._requests = Framed()

    @property
    def state(self) -> str:
        return "initialised" if self._initialised else "waiting"

    def status(self, quantity: Quantity) -> int:
        """§3: of a channel; one that is not zero takes its value."""
        defect = Fault.SENSOR_DEFECT in self.faults and quantity is self.pressure
        wrong = NOT_DESCRIBED if Fault.WRONG_STATUS in self.faults else 0
        return wrong | (DEFECT if defect else 0)

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        """§3: the shortest decimals of what goes on the wire."""
        return {
            quantity: None if self.status(quantity) else float32.shortest(sensor.value)
            for quantity, sensor in self.sensors.items()
        }

    def do(self, act: Act, text: str) -> None:
        """Nothing can be done to it."""

    def plugged_in(self) -> None:
        self._initialised = False
        self._requests = Framed()

    def heard(self, data: bytes) -> None:
        """§2: take the questions that are known; of anything else a byte at a time is lost."""
        self._requests.waiting += data
        while len(self._requests.waiting) > 1:
            size = SIZES.get(self._requests.waiting[1], 0)
            if len(self._requests.waiting) < size:
                return
            question = bytes(self._requests.waiting[:size])
            if not size or self._check(question[:-2]) != question[-2:]:
                self._say(self._requests.take(1), b"")
                continue
            self._requests.take(size)
            ours = question[0] in {ADDRESS, ANY}
            self._say(question, self._sealed(self.answer(question[:-2])) if ours else b"")

    def _say(self, question: bytes, answer: bytes) -> None:
        if said := (question if self.echo else b"") + answer:
            self.outgoing.append(said)

    @staticmethod
    def _check(covered: bytes) -> bytes:
        """§2: that of Modbus, the high byte first."""
        return crc16_modbus(covered).to_bytes(2, "big")

    def _sealed(self, body: bytes) -> bytes:
        high, low = self._check(body)
        return body + bytes((high, low ^ (1 if Fault.WRONG_CHECK in self.faults else 0)))

    def answer(self, question: bytes) -> bytes:
        """§3. That the answer names the address of the question, 250 too, is ours."""
        function = question[1]
        if Fault.BUSY in self.faults:
            return self._error(question, OCCUPIED)
        if function == INITIALISE:
            self._initialised = True
            return question[:2] + FIRMWARE
        if not self._initialised:
            return self._error(question, NOT_INITIALISED)
        if function == SERIAL:
            return question[:2] + int(self.serial).to_bytes(4, "big")
        channels = {PRESSURE: self.pressure, TEMPERATURE: Quantity.TEMPERATURE}
        if function == VALUE and question[2] in channels:
            return question[:2] + self._value(channels[question[2]])
        # At which scale a whole number stands is not stated.
        return self._error(question, NOT_THERE)

    @staticmethod
    def _error(question: bytes, number: int) -> bytes:
        return bytes((question[0], question[1] | ERROR, number))

    def _value(self, quantity: Quantity) -> bytes:
        shown = self.display.current.value(quantity)
        if shown is not None:
            return float32.to_bytes(float(shown))[::-1] + b"\x00"
        # Beside a status a number still stands there, and means nothing.
        number = float32.to_bytes(self.sensors[quantity].value)[::-1]
        return number + bytes((self.status(quantity) or NOT_DESCRIBED,))


class GaugeTransmitter(Transmitter):
    """One on a heating circuit, against the air around."""

    slug = "keller-gauge"
    pressure = Quantity.GAUGE_PRESSURE
    behaviour = Behaviour(level=1.5, noise=0.0005, drift=0.0002)


class AbsoluteTransmitter(Transmitter):
    """One in the air, against nothing."""

    slug = "keller-absolute"
    pressure = Quantity.ABSOLUTE_PRESSURE
    behaviour = Behaviour(level=1.01325, noise=0.00005, drift=0.00002, low=0.0)
