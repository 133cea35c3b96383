"""Simulated testo Smart Probes, written from docs/protocols/testo-smart-probe.md alone."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import ClassVar

from firmware_sims.kit import float32
from firmware_sims.kit.check_value import crc16_modbus
from firmware_sims.kit.faults import OF_MEASURING, Act, Fault, damage
from firmware_sims.kit.gatt import GattCharacteristic, GattService, WriteRefusedError
from firmware_sims.kit.instrument import Instrument, static_address
from firmware_sims.kit.physics import Behaviour, Sensor
from firmware_sims.kit.quantities import Quantity
from firmware_sims.testo_smart_probe_models import MODELS, Measured

SERVICE, REQUESTS, NOTIFICATIONS = 0xFFF0, 0xFFF1, 0xFFF2
DEVICE_INFORMATION, MANUFACTURER_NAME, SERIAL_NUMBER = 0x180A, 0x2A29, 0x2A25

OPEN, QUERY, GET, SET, START = 0x56, 0x20, 0x04, 0x05, 0x11
REPLY, EVENT, IDLE = 0x07, 0x10, 0x03
SPONTANEOUS = 0x80
LONGEST_WRITE = 20
LONGEST_PAYLOAD = 64
INVALID_LENGTH = 0x0D
"""ATT error: the page knows only writes of 20 bytes and less."""

FIRMWARE = b"001.101.0001"
BATTERY_SECONDS = 30.0
NEARLY_EMPTY = Decimal(4)
UNRECORDED_STATUS = 0x0002


def little_endian(number: int, size: int) -> bytes:
    """Return the number, least significant byte first."""
    return bytes(number >> 8 * place & 255 for place in range(size))


def checked(covered: bytes) -> bytes:
    """Return the bytes followed by their check value."""
    return covered + little_endian(crc16_modbus(covered), 2)


def frame(opcode: int, sequence: int, payload: bytes = b"") -> bytes:
    """§3: header with its check value, payload with its own."""
    body = checked(payload) if payload else b""
    return checked(bytes((opcode, sequence)) + little_endian(len(body), 4)) + body


def named(name: str, value: bytes) -> bytes:
    """§3: length of the name, the name, the value."""
    return little_endian(len(name), 4) + name.encode("ascii") + value


class SmartProbe(Instrument):
    """A testo Smart Probe: answers requests and, once started, streams."""

    slug = "testo-smart-probe"
    known_faults = OF_MEASURING - {
        *(Fault.DELAY, Fault.DUPLICATE, Fault.WRONG_CHECK, Fault.BUSY, Fault.OUT_OF_RANGE)
    }
    known_acts: ClassVar[frozenset[Act]] = frozenset((Act.PRESS_BUTTON, Act.DROP_LINK))
    refresh_seconds = 0.5

    def __init__(self, model: str, serial: str, chance: Random) -> None:
        self.model = MODELS[model]
        name = f"{model} SN:{serial}" if self.model.named_with_serial else model
        super().__init__(name=name, serial=serial, chance=chance)
        self.sensors = {row.quantity: Sensor(row.behaviour) for row in self.model.measured}
        self.sensors[Quantity.BATTERY_LEVEL] = Sensor(
            Behaviour(level=chance.uniform(60.0, 100.0), trend=-0.001, low=0.0, high=100.0)
        )
        self.emission: float | None = None
        self._until_battery = BATTERY_SECONDS
        self._received = bytearray()
        self._opened = self._streaming = False

    @property
    def address(self) -> str:
        return static_address(self.slug, self.serial)

    @property
    def state(self) -> str:
        if self._streaming:
            return "streaming"
        return "opened" if self._opened else "idle"

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        """§4: what goes on the wire, as the shortest decimal of its float32."""
        shown: dict[Quantity, Decimal | None] = {
            quantity: float32.shortest(sensor.value) for quantity, sensor in self.sensors.items()
        }
        if Fault.SENSOR_DEFECT in self.faults:
            shown[self.model.measured[0].quantity] = None
        if Fault.LOW_BATTERY in self.faults:
            shown[Quantity.BATTERY_LEVEL] = NEARLY_EMPTY
        return shown

    # --- what it says unasked ------------------------------------------------

    def measurement(self, row: Measured) -> bytes:
        """§3, §4: the displayed value with its trailing status."""
        shown = self.display.current.value(row.quantity)
        # How a defect looks on the wire is not known: the quiet NaN is ours.
        value = float32.QUIET_NAN if shown is None else float32.to_bytes(float(shown))
        status = UNRECORDED_STATUS if Fault.WRONG_STATUS in self.faults else row.status
        payload = named(row.name, value + little_endian(status, 2))
        return frame(EVENT, SPONTANEOUS, payload)

    def battery(self) -> bytes:
        """§4: the battery level, without status."""
        shown = self.display.current.value(Quantity.BATTERY_LEVEL)
        value = named("BatteryLevel", float32.to_bytes(float(shown or 0)))
        return frame(EVENT, SPONTANEOUS, value)

    def button(self, *, pressed: bool) -> bytes:
        """§4: seen on a T805i only; every simulated model has the button."""
        return frame(EVENT, SPONTANEOUS, named("ButtonClick", bytes((pressed,))))

    def do(self, act: Act, text: str) -> None:
        if act is Act.PRESS_BUTTON and self._streaming:
            clicks = (self.button(pressed=True), self.button(pressed=False))
            self.outgoing.extend(self._on_the_way(clicks))

    def said_unasked(self) -> tuple[bytes, ...]:
        """Return a measurement at each refresh, the battery every so often."""
        if not self._streaming:
            return ()
        said = [self.measurement(row) for row in self.model.measured]
        self._until_battery -= self.refresh_seconds
        if self._until_battery <= 0:
            self._until_battery = BATTERY_SECONDS
            said.append(self.battery())
            if self.model.idles:
                said.append(frame(IDLE, 0))
        return self._on_the_way(said)

    def _on_the_way(self, said: Sequence[bytes]) -> tuple[bytes, ...]:
        if Fault.SILENCE in self.faults:
            return ()
        if Fault.CORRUPT_BYTE in self.faults:
            return tuple(damage(each, self.chance) for each in said)
        return tuple(said)

    # --- what it answers -----------------------------------------------------

    def services(self) -> tuple[GattService, ...]:
        """§2."""
        requests = GattCharacteristic(uuid=REQUESTS, write=self.written)
        notifications = GattCharacteristic(uuid=NOTIFICATIONS, notify=True)
        serial = self.model.serial_text or self.serial.encode("ascii")
        information = (
            GattCharacteristic(uuid=MANUFACTURER_NAME, read=lambda: b"Testo"),
            GattCharacteristic(uuid=SERIAL_NUMBER, read=lambda: serial),
        )
        return (
            GattService(uuid=SERVICE, characteristics=(requests, notifications)),
            GattService(uuid=DEVICE_INFORMATION, characteristics=information, advertised=False),
        )

    def disconnected(self) -> None:
        """Stop streaming; the zero stays."""
        super().disconnected()
        self._opened = self._streaming = False
        self._received.clear()
        self._until_battery = BATTERY_SECONDS

    def written(self, piece: bytes) -> None:
        """§2: take a write of 20 bytes at most; answer each whole request."""
        if len(piece) > LONGEST_WRITE:
            raise WriteRefusedError(INVALID_LENGTH)
        self._received += piece
        while (request := self._next_request()) is not None:
            self._answer(request[0], request[1], request[8:-2])

    def _next_request(self) -> bytes | None:
        """§3, the reader's rule: hunt for a right header, then wait for the payload."""
        while len(self._received) >= 8:
            size = sum(self._received[2 + place] << 8 * place for place in range(4))
            header = bytes(self._received[:8])
            if size <= LONGEST_PAYLOAD and checked(header[:6]) == header:
                if len(self._received) < 8 + size:
                    return None
                request = bytes(self._received[: 8 + size])
                if not size or checked(request[8:-2]) == request[8:]:
                    del self._received[: 8 + size]
                    return request
            del self._received[0]
        return None

    def _answer(self, opcode: int, sequence: int, payload: bytes) -> None:
        if opcode == OPEN and payload == b"\x02":
            self._opened = True
            self._reply(sequence)
        elif not self._opened:
            return  # §3 knows no request before open
        elif opcode == QUERY:
            self._reply(sequence, b"\x01\x00")
        elif opcode == START:
            self._reply(sequence)
            self._streaming = True
        elif opcode in {GET, SET}:
            size = sum(byte << 8 * place for place, byte in enumerate(payload[:4]))
            name = payload[4 : 4 + size].decode("ascii", "replace")
            (self._get if opcode == GET else self._set)(sequence, name, payload[4 + size :])

    def _get(self, sequence: int, name: str, _: bytes) -> None:
        # The reply to MeasurementCycle was never captured: like any other name, no answer.
        if name == "FirmwareVersion":
            self._reply(sequence, little_endian(len(FIRMWARE), 4) + FIRMWARE)
        elif name == "TempCompensationActive":
            self._reply(sequence, b"\x01")

    def _set(self, sequence: int, name: str, value: bytes) -> None:
        if name != self.model.settable:
            return
        if name == "ZeroPressure" and value == b"\x01":
            self.sensors[Quantity.DIFFERENTIAL_PRESSURE].move_to(0.0)
            self._reply(sequence)
        elif name == "MaterialEmission" and len(value) == 4:
            self.emission = float32.from_bytes(value)
            self._reply(sequence)

    def _reply(self, sequence: int, payload: bytes = b"") -> None:
        self.outgoing.extend(self._on_the_way((frame(REPLY, sequence, payload),)))
