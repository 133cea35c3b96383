"""Simulated Senseair K30 and S8, written from docs/protocols/senseair.md alone."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import ClassVar

from firmware_sims.kit.faults import OF_MEASURING, Act, Fault
from firmware_sims.kit.fixed import Fixed
from firmware_sims.kit.modbus import INPUT, ModbusDevice
from firmware_sims.kit.physics import Behaviour, Sensor
from firmware_sims.kit.quantities import Quantity

CO2 = Quantity.CARBON_DIOXIDE_AMBIENT
ANY = 0xFE
MODELS = {"K30": 0x68, "S8": ANY}
"""§2: the address besides the one that any module answers; that of an S8 is not stated."""

FATAL_ERROR, NOT_DESCRIBED = 0x0001, 0x0020
NUMBER = Fixed(2)


class CarbonDioxideModule(ModbusDevice):
    """A module in a room: four input registers, nothing that is kept."""

    slug = "senseair"
    known_faults = OF_MEASURING - {*(Fault.LOW_BATTERY, Fault.OUT_OF_RANGE)}
    known_acts: ClassVar[frozenset[Act]] = frozenset()
    refresh_seconds = 2.0

    def __init__(self, model: str, serial: str, chance: Random) -> None:
        super().__init__(name=f"Senseair {model}", serial=serial, chance=chance)
        self.device = MODELS[model]
        self.sensors = {
            CO2: Sensor(Behaviour(level=640.0, noise=1.5, drift=0.8, low=400.0, high=5000.0))
        }

    @property
    def state(self) -> str:
        return "ready"

    @property
    def status(self) -> int:
        """§2, IR1."""
        fatal = FATAL_ERROR if Fault.SENSOR_DEFECT in self.faults else 0
        return fatal | (NOT_DESCRIBED if Fault.WRONG_STATUS in self.faults else 0)

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        """§2: a status that is not zero takes the value."""
        return {CO2: None if self.status else NUMBER.shown(self.sensors[CO2].value)}

    def do(self, act: Act, text: str) -> None:
        """Nothing can be done to it."""

    def answers_to(self, device: int) -> bool:
        return device in {self.device, ANY}

    def register(self, function: int, address: int) -> int | None:
        """§2: IR1 to IR4. What the two in the middle hold is not described; zero is ours."""
        shown = self.display.current.value(CO2)
        # Beside an error a number still stands there, and means nothing.
        number = NUMBER.shown(self.sensors[CO2].value) if shown is None else shown
        registers = (self.status if shown is None else 0, 0, 0, int(number))
        if function != INPUT or address >= len(registers):
            return None
        return registers[address]
