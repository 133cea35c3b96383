"""What the testo 330 and 350 have in common: their list of values, docs/protocols/testo-330.md §5 and §6."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random
from typing import ClassVar

from firmware_sims.flue_gas import NEEDS_OXYGEN, PHYSICS, ROOM
from firmware_sims.kit import float32
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.physics import Sensor
from firmware_sims.kit.quantities import Quantity
from firmware_sims.kit.wired import Framed, WiredInstrument

CELSIUS, ONE, PERCENT, PPM, PASCAL = 1, 22, 130, 131, 137
"""§6. Of the three codes for percent this is the one that the page shows beside a value."""


@dataclass(frozen=True, slots=True)
class Row:
    """How a quantity stands in the list."""

    ident: int
    unit: int
    decimals: int


ROWS: dict[Quantity, Row] = {
    Quantity.FLUE_GAS_TEMPERATURE: Row(0x00000101, CELSIUS, 1),
    Quantity.COMBUSTION_AIR_TEMPERATURE: Row(0x00000102, CELSIUS, 1),
    Quantity.OXYGEN: Row(0x00000901, PERCENT, 1),
    Quantity.CARBON_MONOXIDE: Row(0x00000902, PPM, 0),
    Quantity.CARBON_DIOXIDE: Row(0x00000909, PERCENT, 2),
    Quantity.NITRIC_OXIDE: Row(0x00000906, PPM, 0),
    Quantity.CARBON_MONOXIDE_UNDILUTED: Row(0x00000904, PPM, 0),
    Quantity.DEW_POINT: Row(0x00000109, CELSIUS, 1),
    Quantity.DRAUGHT: Row(0x00000301, PASCAL, 1),
    Quantity.EXCESS_AIR_RATIO: Row(0x00021282, ONE, 2),
    Quantity.FLUE_GAS_LOSS_NET: Row(0x00020B01, PERCENT, 1),
    Quantity.EFFICIENCY_NET: Row(0x00020B03, PERCENT, 1),
    Quantity.CARBON_MONOXIDE_AMBIENT: Row(0x00000903, PPM, 0),
}
"""The first six in the order of the page, with its decimals; the order of the others is ours."""

_NOT_AS_THERE = {Quantity.OXYGEN, Quantity.CARBON_MONOXIDE_AMBIENT}

ROWS_OF_350: dict[Quantity, Row] = {
    Quantity.OXYGEN: replace(ROWS[Quantity.OXYGEN], decimals=2),
    **{each: row for each, row in ROWS.items() if each not in _NOT_AS_THERE},
}
"""As captured: twelve, the first is oxygen with two decimals."""

EXTERNAL, OVER_RANGE, UNDER_RANGE, SENSOR_DEFECT, EMPTY = 0x80, 0x81, 0x82, 0x84, 0x85
CONNECTOR = b"\x01"
UNDILUTED = float32.to_bytes(1.0)


class ListedAnalyser(WiredInstrument):
    """An analyser on a boiler: measures from the start, shows new values each second."""

    known_acts: ClassVar[frozenset[Act]] = frozenset((Act.TOGGLE_MEASUREMENT,))
    refresh_seconds = 1.0
    rows: Mapping[Quantity, Row] = ROWS
    application: ClassVar[int]
    """§5: in front of the list."""
    with_connector: ClassVar[bool]

    def __init__(self, *, name: str, serial: str, chance: Random) -> None:
        super().__init__(name=name, serial=serial, chance=chance)
        self.sensors = {each: Sensor((PHYSICS | ROOM)[each]) for each in self.rows}
        self.measuring = True
        self.fuel = 106
        """§6: natural gas H."""
        self.defective = Quantity.OXYGEN
        """What the fault of a sensor strikes."""
        self.requests = Framed()

    @property
    def state(self) -> str:
        return "measuring" if self.measuring else "stopped"

    def do(self, act: Act, text: str) -> None:
        """Press the start and stop key. That the values are empty when stopped is ours."""
        self.measuring = not self.measuring
        self.show()

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        return {
            each: self._rounded(each) if self.code(each) is None else None for each in self.rows
        }

    def _rounded(self, quantity: Quantity) -> Decimal:
        step = Decimal(1).scaleb(-self.rows[quantity].decimals)
        sensed = Decimal(repr(self.sensors[quantity].value))
        shown = sensed.quantize(step, ROUND_HALF_EVEN)
        return abs(shown) if shown.is_zero() else shown

    def code(self, quantity: Quantity) -> int | None:
        """§5: what stands in place of a value now; None when the value does."""
        if not self.measuring:
            return EMPTY
        if Fault.SENSOR_DEFECT in self.faults:
            if quantity is self.defective:
                return SENSOR_DEFECT
            if self.defective is Quantity.OXYGEN and quantity in NEEDS_OXYGEN:
                return EMPTY
        if Fault.WRONG_STATUS in self.faults:
            return EXTERNAL
        return self._beyond(quantity)

    def _beyond(self, quantity: Quantity) -> int | None:
        sensed, how = self.sensors[quantity].value, self.sensors[quantity].behaviour
        forced = Fault.OUT_OF_RANGE in self.faults and quantity is self.defective
        if sensed > how.high or forced:
            return OVER_RANGE
        return UNDER_RANGE if sensed < how.low else None

    def values(self) -> bytes:
        """§5: what is displayed now, as the list; statistic 0 is all that the page shows."""
        head = self.application.to_bytes(2, "little") + bytes((0, len(self.rows)))
        return head + b"".join(self._record(each, row) for each, row in self.rows.items())

    def _record(self, quantity: Quantity, row: Row) -> bytes:
        shown = self.display.current.value(quantity)
        if shown is None:
            value = (self.code(quantity) or EMPTY).to_bytes(4, "little")
        else:
            value = float32.to_bytes(float(shown))
        resolution = -row.decimals & 0xFF
        return (
            (CONNECTOR if self.with_connector else b"")
            + row.ident.to_bytes(4, "little")
            + value
            + row.unit.to_bytes(2, "little")
            + bytes((resolution,))
            + UNDILUTED
        )

    def number(self) -> bytes:
        """Return the serial number as it is said."""
        return int(self.serial).to_bytes(4, "little")
