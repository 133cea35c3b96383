"""Our simulators, one line or a few each."""

from decimal import Decimal

from firmware_sims.entries_in_the_hand import IN_THE_HAND
from firmware_sims.entries_of_rooms import ROOMS
from firmware_sims.kit.entry import Entry, SetUp
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.quantities import Quantity
from firmware_sims.line_scanner import LineScanner
from firmware_sims.testo_300 import FlueGasAnalyser
from firmware_sims.testo_smart_probe import SmartProbe
from firmware_sims.testo_smart_probe_models import MODELS

FLUE_GAS = {
    "boiler-at-steady-state": SetUp(),
    "air-leak": SetUp(
        values={
            Quantity.OXYGEN: Decimal("14.8"),
            Quantity.CARBON_DIOXIDE: Decimal("3.48"),
            Quantity.EXCESS_AIR_RATIO: Decimal("3.39"),
            Quantity.DRAUGHT: Decimal("-2.1"),
        }
    ),
    "co-alarm": SetUp(
        values={
            Quantity.OXYGEN: Decimal("1.1"),
            Quantity.CARBON_MONOXIDE: Decimal(2350),
            Quantity.CARBON_MONOXIDE_UNDILUTED: Decimal(2480),
        }
    ),
    "probe-missing": SetUp(faults=frozenset({Fault.SENSOR_DEFECT})),
}
"""Situations at a boiler; values that an instrument does not sense are left out."""

ENTRIES: tuple[Entry, ...] = (
    Entry(
        slug=FlueGasAnalyser.slug,
        title="testo 300 combustion analyser",
        links=("ble", "http"),
        serial="61349163",
        make=lambda _, serial, chance: FlueGasAnalyser(serial, chance),
        setups=FLUE_GAS,
    ),
    Entry(
        slug=SmartProbe.slug,
        title="testo Smart Probe",
        links=("ble",),
        models=tuple(MODELS),
        serial="46512997",
        make=SmartProbe,
        setups={
            "leaking-installation": SetUp(
                values={Quantity.DIFFERENTIAL_PRESSURE: Decimal("4980.25")}
            ),
            "probe-missing": SetUp(faults=frozenset({Fault.SENSOR_DEFECT})),
            "low-battery": SetUp(faults=frozenset({Fault.LOW_BATTERY})),
        },
    ),
    Entry(
        slug=LineScanner.slug,
        title="barcode scanner, a code a line",
        links=("pty", "tcp"),
        serial="1001",
        make=lambda _, serial, chance: LineScanner(serial, chance),
    ),
    *IN_THE_HAND,
    *ROOMS,
)
