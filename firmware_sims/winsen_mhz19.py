"""A simulated Winsen MH-Z19, written from docs/protocols/winsen-mhz19.md alone."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import ClassVar

from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.fixed import Fixed
from firmware_sims.kit.physics import Behaviour, Sensor
from firmware_sims.kit.quantities import Quantity
from firmware_sims.kit.wired import Framed, WiredInstrument

CO2 = Quantity.CARBON_DIOXIDE_AMBIENT
FRAME = 9
START, MODULE = 0xFF, 0x01
READ, ZERO, SPAN = 0x86, 0x87, 0x88
BELOW_ZERO = 40

NUMBERS = {CO2: Fixed(2), Quantity.TEMPERATURE: Fixed(1)}


def checked(covered: bytes) -> bytes:
    """§2: return eight bytes followed by their check value."""
    return covered + bytes((-sum(covered[1:]) & 0xFF,))


class RoomModule(WiredInstrument):
    """A module in a room; it speaks when it is asked, and remembers whether it was adjusted."""

    slug = "winsen-mhz19"
    known_faults: ClassVar[frozenset[Fault]] = frozenset(
        (
            Fault.LINK_LOSS,
            Fault.SILENCE,
            Fault.CORRUPT_BYTE,
            Fault.SPLIT,
            Fault.DELAY,
            Fault.DUPLICATE,
            Fault.WRONG_CHECK,
        )
    )
    known_acts: ClassVar[frozenset[Act]] = frozenset()
    refresh_seconds = 1.0

    def __init__(self, serial: str, chance: Random) -> None:
        super().__init__(name=f"MH-Z19 {serial}", serial=serial, chance=chance)
        self.sensors = {
            CO2: Sensor(Behaviour(level=780.0, noise=2.0, drift=1.0, low=400.0, high=5000.0)),
            Quantity.TEMPERATURE: Sensor(Behaviour(level=23.0, noise=0.1, drift=0.02)),
        }
        self._adjusted = False
        self._requests = Framed()

    @property
    def state(self) -> str:
        """Ready, or adjusted once a command has changed zero or span for good."""
        return "adjusted" if self._adjusted else "ready"

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        """§2: whole numbers; the temperature in one byte, from -40 °C."""
        warm = NUMBERS[Quantity.TEMPERATURE]
        above = warm.shown(self.sensors[Quantity.TEMPERATURE].value + BELOW_ZERO)
        return {
            CO2: NUMBERS[CO2].shown(self.sensors[CO2].value),
            Quantity.TEMPERATURE: above - BELOW_ZERO,
        }

    def do(self, act: Act, text: str) -> None:
        """Nothing can be done to it."""

    def plugged_in(self) -> None:
        self._requests = Framed()

    def heard(self, data: bytes) -> None:
        """§2: take frames of nine bytes; one without its check value loses a byte, as on the other side."""
        self._requests.waiting += data
        while len(self._requests.waiting) >= FRAME:
            request = bytes(self._requests.waiting[:FRAME])
            if request[:2] != bytes((START, MODULE)) or checked(request[:-1]) != request:
                self._requests.take(1)
                continue
            self._requests.take(FRAME)
            if request[2] == READ:
                self.outgoing.append(self.answer())
            self._adjusted |= request[2] in {ZERO, SPAN}

    def answer(self) -> bytes:
        """§2: carbon dioxide, temperature, and three bytes whose meaning is unknown: zero is ours."""
        shown = self.display.current
        parts, warm = int(shown.value(CO2) or 0), int(shown.value(Quantity.TEMPERATURE) or 0)
        body = bytes((START, READ, parts >> 8, parts & 255, warm + BELOW_ZERO, 0, 0, 0))
        whole = checked(body)
        if Fault.WRONG_CHECK in self.faults:
            return whole[:-1] + bytes((whole[-1] ^ 0x01,))
        return whole
