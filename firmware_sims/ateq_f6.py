"""A simulated ATEQ F6 leak tester, written from docs/protocols/ateq-f6.md alone."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import ClassVar

from firmware_sims.kit.faults import OF_MEASURING, Act, Fault
from firmware_sims.kit.fixed import Fixed
from firmware_sims.kit.instrument import ControlError
from firmware_sims.kit.modbus import HOLDING, ModbusDevice
from firmware_sims.kit.physics import Behaviour, Sensor
from firmware_sims.kit.quantities import Quantity

FIRST = 0x30
LEAK = Quantity.PRESSURE_DROP
THOUSANDTHS = Fixed(4, decimals=3, signed=True)
MILLIBAR, PASCAL = 14000, 6000
PASS, FAIL, PRESSURE_ERROR = 0x0001, 0x0002, 0x0010
NOT_DESCRIBED = 0x8020
REJECTED_ABOVE = 10.0
"""Of the part under test, in Pa; ours, as are the times."""
STEPS = ((4, 3.0), (5, 3.0), (6, 4.0))
REST_SECONDS = 20.0


MODELS = {"usual": 65535, "other-firmware": 65525}
"""§2: the step that says finished; the names are ours."""


class LeakTester(ModbusDevice):
    """A tester that fills, settles and tests; its result stays until the next cycle begins.

    A value that is set is sensed at once, and becomes a result at the end of the next test.
    """

    slug = "ateq-f6"
    known_faults: ClassVar[frozenset[Fault]] = OF_MEASURING - {
        *(Fault.LOW_BATTERY, Fault.OUT_OF_RANGE)
    }
    known_acts: ClassVar[frozenset[Act]] = frozenset((Act.TOGGLE_MEASUREMENT,))
    refresh_seconds = 1.0
    device = 0xFF

    def __init__(self, model: str, serial: str, chance: Random) -> None:
        super().__init__(name=f"ATEQ F6 {serial}", serial=serial, chance=chance)
        self.finished = MODELS[model]
        self.by_itself = True
        """Whether a cycle begins after each rest, or by hand alone."""
        self.sensors = {LEAK: Sensor(Behaviour(level=1.2, noise=0.05))}
        self.pressure = Sensor(Behaviour(level=250.0, noise=0.02))
        self.result: Decimal | None = None
        """Of the last cycle that ended."""
        self._at = len(STEPS)
        self._left = 0.0

    @property
    def running(self) -> bool:
        return self._at < len(STEPS)

    @property
    def state(self) -> str:
        if self.running:
            return f"step {STEPS[self._at][0]}"
        return "ready" if self.result is None else "finished"

    @property
    def status(self) -> int:
        """§2. What stands there before the first result, and during a cycle, is not stated: zero."""
        if self.result is None or self.running:
            return 0
        if Fault.SENSOR_DEFECT in self.faults:
            return PRESSURE_ERROR
        if Fault.WRONG_STATUS in self.faults:
            return NOT_DESCRIBED
        return FAIL if self.result > Decimal(REJECTED_ABOVE) else PASS

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        """§3: the leak of a finished cycle, unless its status takes it."""
        return {LEAK: self.result if self.status in {PASS, FAIL} else None}

    def do(self, act: Act, text: str) -> None:
        """Press start; raise `ControlError` while a cycle runs."""
        if self.running:
            raise ControlError("act", act, frozenset(("nothing while a cycle runs",)))
        self._left = 0.0
        self._begin(0)

    def process(self, dt: float, now: datetime) -> None:
        """Let `dt` seconds pass; a held display holds the cycle too."""
        super().process(dt, now)
        self.pressure.process(max(dt, 0.0), self.chance)
        if self.hold:
            return
        self._left -= dt
        while self._left <= 0 and (self.running or self.by_itself):
            self._begin((self._at + 1) % (len(STEPS) + 1))

    def _begin(self, at: int) -> None:
        self._at = at
        self._left = (STEPS[at][1] if self.running else REST_SECONDS) + min(self._left, 0.0)
        if not self.running:
            self.result = THOUSANDTHS.shown(self.sensors[LEAK].value)
        self.show()

    def register(self, function: int, address: int) -> int | None:
        """§2: each register has its low byte first; program 1."""
        said = self._block()
        at = 2 * (address - FIRST)
        if function != HOLDING or not 0 <= at < len(said):
            return None
        return said[at] << 8 | said[at + 1]

    def _block(self) -> bytes:
        shown = self.display.current.value(LEAK)
        # An older result stays there while a cycle runs; the same beside an error is ours.
        leak = self.result if shown is None else shown
        step = STEPS[self._at][0] if self.running else self.finished
        waiting = 0 if self.running or self.result is None else 1
        words = (0, waiting, 0, self.status, step)
        numbers = (
            (THOUSANDTHS.shown(self.pressure.value), MILLIBAR),
            (leak or Decimal(0), PASCAL),
        )
        return b"".join(each.to_bytes(2, "little") for each in words) + b"".join(
            THOUSANDTHS.wire(number) + unit.to_bytes(4, "little") for number, unit in numbers
        )
