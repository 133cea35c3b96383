"""What all simulated instruments share: sensors, display, hold, faults."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any, ClassVar

from firmware_sims.kit.display import Display
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.gatt import Broadcast, GattService
from firmware_sims.kit.physics import Sensor
from firmware_sims.kit.quantities import UNITS, Quantity


class ControlError(ValueError):
    """Something was asked of an instrument that it does not know."""

    def __init__(self, field: str, asked: str, allowed: frozenset[str]) -> None:
        super().__init__(f"{field} {asked!r} is not known here")
        self.field = field
        self.allowed = allowed


def static_address(slug: str, serial: str) -> str:
    """Return the random static Bluetooth address that belongs to this instrument for ever."""
    octets = bytearray(hashlib.sha256(f"{slug}:{serial}".encode()).digest()[:6])
    octets[0] |= 0xC0
    return ":".join(f"{octet:02X}" for octet in octets)


class Instrument(ABC):
    """A device on the bench. Time and chance are given to it, never taken."""

    slug: ClassVar[str]
    known_faults: ClassVar[frozenset[Fault]]
    counted_faults: ClassVar[frozenset[Fault]] = frozenset()
    """Of those it knows, the ones that can be asked for a number of times."""
    known_acts: ClassVar[frozenset[Act]]
    refresh_seconds: ClassVar[float]
    """Time between two displayed sets."""
    units: ClassVar[Mapping[Quantity, str]] = UNITS
    """Of what it displays."""

    def __init__(self, *, name: str, serial: str, chance: Random) -> None:
        self.name = name
        self.serial = serial
        self.chance = chance
        self.sensors: dict[Quantity, Sensor] = {}
        self.display = Display(self.units)
        self.faults: set[Fault] = set()
        self.hold = False
        self.outgoing: list[bytes] = []
        """Frames to send without being asked, oldest first."""
        self.now = datetime.fromtimestamp(0, UTC)
        """The wall clock at the last `process`."""
        self.elapsed = 0.0
        """Seconds that have passed for it."""
        self._until_refresh = 0.0

    @property
    @abstractmethod
    def address(self) -> str:
        """Where the instrument is found on its link."""

    @property
    @abstractmethod
    def state(self) -> str:
        """What the instrument is doing, in a word."""

    @abstractmethod
    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        """Return what the display would show of the sensed values now."""

    @abstractmethod
    def do(self, act: Act, text: str) -> None:
        """Do what a hand does; only known acts arrive here."""

    @property
    def has_radio(self) -> bool:
        """Whether it is ever on the air."""
        return bool(self.services() or self.broadcast())

    @property
    def bind_key(self) -> bytes | None:
        """What opens its encrypted words; None when they are not encrypted."""
        return None

    def services(self) -> tuple[GattService, ...]:
        """Return what the instrument offers over Bluetooth; nothing if it has no radio."""
        return ()

    def broadcast(self) -> Broadcast | None:
        """Return what is told to everybody now; None when nothing is."""
        return None

    def disconnected(self) -> None:
        """Forget what belonged to the link that ended."""
        self.outgoing.clear()

    def said_unasked(self) -> tuple[bytes, ...]:
        """Return the frames that a new displayed set entails."""
        return ()

    def process(self, dt: float, now: datetime) -> None:
        """Let `dt` seconds pass; the wall clock then says `now`."""
        self.now = now
        self.elapsed += dt
        self._until_refresh -= dt
        if self._until_refresh > 0:
            return
        for sensor in self.sensors.values():
            sensor.process(max(self.refresh_seconds, dt), self.chance)
        self._until_refresh += self.refresh_seconds
        if self._until_refresh <= 0:
            self._until_refresh = self.refresh_seconds
        self.show()
        self.outgoing.extend(self.said_unasked())

    def show(self) -> None:
        """Display what is sensed now, unless the display is held."""
        if not self.hold:
            self.display.show(self.displayed_values(), self.now)

    def set_values(self, values: Mapping[Quantity, Decimal]) -> None:
        """Move the physics there at once, and the display too unless it is held."""
        for quantity, value in values.items():
            self.sensors[quantity].move_to(float(value))
        self.show()

    def about(self) -> Mapping[str, Any]:
        """Return what is told of it alone, beside what is told of every instrument."""
        return {}

    def set_fault(self, fault: Fault, *, on: bool, times: int | None = None) -> None:
        """Switch a fault, for so many times where it can be counted; raise `ControlError` where not."""
        if fault not in self.known_faults:
            raise ControlError("fault", fault, frozenset(self.known_faults))
        if times is not None and fault not in self.counted_faults:
            raise ControlError("times", str(times), frozenset(self.counted_faults))
        (self.faults.add if on else self.faults.discard)(fault)
        self.show()

    def take_outgoing(self) -> list[bytes]:
        """Hand over the frames to send and forget them."""
        frames, self.outgoing = self.outgoing, []
        return frames
