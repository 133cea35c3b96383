"""What a simulator is to those who start it: a name, links, and ways to begin."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from firmware_sims.kit.faults import Fault
from firmware_sims.kit.instrument import Instrument
from firmware_sims.kit.quantities import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """A situation to begin in: what is sensed, and what is wrong."""

    values: Mapping[Quantity, Decimal] = field(default_factory=dict[Quantity, Decimal])
    faults: frozenset[Fault] = frozenset()


def begun(instrument: Instrument, setup: SetUp) -> Instrument:
    """Bring an instrument into a situation; values of sensors it does not have are left out."""
    known = {each: value for each, value in setup.values.items() if each in instrument.sensors}
    if known:
        instrument.set_values(known)
    for fault in sorted(setup.faults):
        instrument.set_fault(fault, on=True)
    return instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A simulator: `make(model, serial, chance)` builds one instrument."""

    slug: str
    title: str
    links: tuple[str, ...]
    """Of ble, http, pty and tcp; the first is the usual one."""
    models: tuple[str, ...] = ()
    serial: str
    """Of the instrument that is made when none is named."""
    serial_is_number: bool = False
    """On the wire it is a number of 32 bits."""
    make: Callable[[str, str, Random], Instrument]
    setups: Mapping[str, SetUp] = field(default_factory=dict[str, SetUp])
