"""ATEQ F620 and others of the F6 series, leak testers.

Facts and their sources: docs/protocols/ateq-f6.md
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from contract import number
from contract.instrument import Grade, InstrumentClass
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.kit.description import Instrument, LineSettings, ModbusLink
from drivers.kit.dialogue import InstrumentEvent, ReadingsReceived, Unmapped
from drivers.kit.link import ReadRegisters
from drivers.kit.modbus_frame import rounds
from drivers.kit.polling import RegisterPolling

BLOCK = ReadRegisters("holding", 0x0030, 13)
FRAME = struct.Struct("<5H4i")
"""Each register has its low byte first, and of two registers the low one comes first: together, little-endian."""
ACTIVE = frozenset({4, 5, 6})
TEST = 6
FINISHED = frozenset({65535, 65525})
PASS, FAIL, ALARM, PRESSURE_ERROR = 0x0001, 0x0002 | 0x0004, 0x0008, 0x0010

PRESSURES: Mapping[int, Unit] = {
    6000: Unit.PASCAL,
    11000: Unit.BAR,
    12000: Unit.KILOPASCAL,
    13000: Unit.PSI,
    14000: Unit.MILLIBAR,
    15000: Unit.MEGAPASCAL,
}
NAMES: Mapping[int, str] = {
    0: "cm3/s",
    1000: "cm3/min",
    2000: "cm3/h",
    3000: "mm3/s",
    7000: "Pa (HR)",
    8000: "Pa/s",
    9000: "Pa/s (HR)",
    46000: "in3/s",
    50000: "mL/s",
    51000: "mL/min",
    52000: "mL/h",
}


STATED_AGAIN = 20
"""Polls, half a second each, in which a result is stated; after that it might be taken for that of another place."""
NOTHING = Reading(Quantity.PRESSURE_DROP, None, Unit.PASCAL, Status.NOT_MEASURED)


class Cycles:
    """Follows the tester through its cycles: what it shows before one was seen to run is the result of an older one."""

    def __init__(self) -> None:
        self._running = False
        self._tested: tuple[int, int] | None = None
        """Pressure and its unit, as they were last in the test itself."""
        self._fresh = 0
        """How often the result may still be stated."""

    def missed(self) -> None:
        """Forget the cycle: what happened meanwhile was not seen, and the next result may be of another."""
        self._running, self._tested, self._fresh = False, None, 0

    def parse(self, blocks: Sequence[bytes]) -> Iterator[InstrumentEvent]:
        """Yield the result when a cycle ends and for some seconds after, for a person to take it; else no value."""
        [block] = blocks
        _, _, _, status, step, pressure, pressure_unit, leak, leak_unit = FRAME.unpack(block)
        if step in ACTIVE:
            self._running, self._fresh = True, 0
            if step == TEST:
                self._tested = pressure, pressure_unit
        elif step in FINISHED and self._running:
            self._running, self._fresh = False, STATED_AGAIN
        if self._fresh:
            self._fresh -= 1
            yield from self._result(status, leak, leak_unit)
        else:
            self._tested = self._tested if self._running else None
            yield ReadingsReceived((NOTHING,))

    def _result(self, status: int, leak: int, unit: int) -> Iterator[InstrumentEvent]:
        if self._tested is not None:
            # Gauge or absolute is not published: it fills no field.
            yield Unmapped(f"test pressure {_shown(*self._tested)}")
        yield Unmapped(f"verdict: {VERDICTS.get(status, 'not known')}")
        if unit not in PRESSURES:
            # A flow is of a gas, and which one is tested with is not said.
            yield Unmapped(f"leak {_shown(leak, unit)}")
            return
        yield ReadingsReceived((_drop(status, leak, PRESSURES[unit]),))


VERDICTS: Mapping[int, str] = {PASS: "pass", 0x0002: "fail", 0x0004: "fail", FAIL: "fail"}


def _drop(status: int, leak: int, unit: Unit) -> Reading:
    wrong = _why_refused(status, leak)
    if wrong is not None:
        return Reading(Quantity.PRESSURE_DROP, None, unit, Status.ERROR, detail=wrong)
    return Reading(Quantity.PRESSURE_DROP, _thousandths(leak), unit)


def _why_refused(status: int, leak: int) -> str | None:
    if status & ALARM:
        return "alarm"
    if status & PRESSURE_ERROR:
        return "pressure error"
    if status not in VERDICTS:
        return f"status {status:04x}: not known"
    if leak < 0:
        return "a negative leak: which way it goes is not published"
    return None


def _thousandths(raw: int) -> Decimal:
    return Decimal(raw).scaleb(-3)


def _shown(raw: int, unit: int) -> str:
    name = PRESSURES.get(unit) or NAMES.get(unit, f"unit {unit}")
    return f"{number.write(_thousandths(raw))} {name}"


def converse() -> RegisterPolling:
    """Return a conversation that reads twice a second and writes nothing: a person starts the cycles."""
    cycles = Cycles()
    return RegisterPolling(BLOCK, parse=cycles.parse, every=0.5, missed=cycles.missed)


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Read recorded answers."""
    return rounds(data, (BLOCK,), Cycles().parse)


ATEQ_F6 = Instrument(
    slug="ateq-f6",
    vendor="ATEQ",
    model="F6 series",
    kind=InstrumentClass.LEAK_TESTER,
    grade=Grade.SYNTHETIC,
    quantities=frozenset({Quantity.PRESSURE_DROP}),
    links=(ModbusLink(converse=converse, line=LineSettings(parity="even"), device=255),),
    decode=decode,
)
