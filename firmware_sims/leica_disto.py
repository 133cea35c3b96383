"""A simulated Leica DISTO D2, written from docs/protocols/leica-disto.md alone."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import ClassVar

from firmware_sims.kit import float32
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.gatt import GattCharacteristic, GattService
from firmware_sims.kit.instrument import Instrument, static_address
from firmware_sims.kit.physics import Behaviour, Sensor
from firmware_sims.kit.quantities import Quantity

UUID = "3ab101{}-f831-4395-b29d-570977d5bf94"
SERVICE, DISTANCE, UNIT, COMMANDS, MODEL = (
    UUID.format(last) for last in ("00", "01", "02", "09", "0c")
)

METRES = bytes(2)
"""The codes of units are not decoded; this one, for a display in metres, is ours."""


class LaserMeter(Instrument):
    """A distance meter: measures when its button is pressed, or all the time once that is toggled.

    When a real one sends is not stated; that it sends each measured distance is ours.
    """

    slug = "leica-disto"
    known_faults: ClassVar[frozenset[Fault]] = frozenset(
        (
            Fault.LINK_LOSS,
            Fault.SILENCE,
            Fault.DELAY,
            Fault.DUPLICATE,
            Fault.SENSOR_DEFECT,
        )
    )
    known_acts: ClassVar[frozenset[Act]] = frozenset(
        (Act.PRESS_BUTTON, Act.TOGGLE_MEASUREMENT, Act.DROP_LINK)
    )
    refresh_seconds = 1.0

    def __init__(self, serial: str, chance: Random) -> None:
        super().__init__(name=f"DISTO {serial}", serial=serial, chance=chance)
        self.sensors = {Quantity.DISTANCE: Sensor(Behaviour(level=2.347, noise=0.0005, low=0.05))}
        self.unit_code = METRES
        self._continuous = False
        self._measured: Decimal | None = None

    @property
    def address(self) -> str:
        return static_address(self.slug, self.serial)

    @property
    def state(self) -> str:
        return "measuring" if self._continuous else "ready"

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        """Return the distance that was measured last; nothing before the first, or without a reflection."""
        defect = Fault.SENSOR_DEFECT in self.faults
        return {Quantity.DISTANCE: None if defect else self._measured}

    def set_values(self, values: Mapping[Quantity, Decimal]) -> None:
        """Move the physics there, and measure; whoever listens hears of it at the next measurement."""
        for quantity, value in values.items():
            self.sensors[quantity].move_to(float(value))
        self._measure()
        self.show()

    def do(self, act: Act, text: str) -> None:
        if act is Act.PRESS_BUTTON:
            self._measure()
            self.show()
            self.outgoing.extend(self._said())
        elif act is Act.TOGGLE_MEASUREMENT:
            self._continuous = not self._continuous

    def show(self) -> None:
        """Display, with a new distance where one is measured all the time."""
        if self._continuous:
            self._measure()
        super().show()

    def _measure(self) -> None:
        self._measured = float32.shortest(self.sensors[Quantity.DISTANCE].value)

    def said_unasked(self) -> tuple[bytes, ...]:
        return self._said() if self._continuous else ()

    def _said(self) -> tuple[bytes, ...]:
        """§2: the displayed distance. How a failed measurement looks is not known: nothing is said."""
        shown = self.display.current.value(Quantity.DISTANCE)
        if shown is None or Fault.SILENCE in self.faults:
            return ()
        return (float32.to_bytes(float(shown)),)

    def services(self) -> tuple[GattService, ...]:
        """§2, without the four unknown bytes. What a command does is not described: it does nothing."""
        return (
            GattService(
                uuid=SERVICE,
                characteristics=(
                    GattCharacteristic(uuid=DISTANCE, indicate=True),
                    GattCharacteristic(uuid=UNIT, read=lambda: self.unit_code),
                    GattCharacteristic(uuid=COMMANDS, write=lambda _: None),
                    GattCharacteristic(uuid=MODEL, read=lambda: b"DISTO D2"),
                ),
            ),
        )
