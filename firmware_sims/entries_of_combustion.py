"""Our simulators of flue gas analysers."""

from decimal import Decimal

from firmware_sims.kit.entry import Entry, SetUp
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.quantities import Quantity
from firmware_sims.testo_300 import FlueGasAnalyser
from firmware_sims.testo_330 import MODELS as BLOCKS
from firmware_sims.testo_330 import Analyser1, Analyser2
from firmware_sims.testo_350 import Analyser350

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

COMBUSTION: tuple[Entry, ...] = (
    Entry(
        slug=FlueGasAnalyser.slug,
        title="testo 300 combustion analyser",
        links=("ble", "http"),
        serial="61349163",
        make=lambda _, serial, chance: FlueGasAnalyser(serial, chance),
        setups=FLUE_GAS,
    ),
    Entry(
        slug=Analyser1.slug,
        title="testo 330-1 LL combustion analyser, a line in the place of Bluetooth Classic",
        links=("pty", "tcp"),
        models=tuple(BLOCKS),
        serial="2330114",
        make=Analyser1,
        setups=FLUE_GAS,
    ),
    Entry(
        slug=Analyser2.slug,
        title="testo 330-2 LL combustion analyser, a line in the place of Bluetooth Classic",
        links=("pty", "tcp"),
        models=tuple(BLOCKS),
        serial="2330271",
        serial_is_number=True,
        make=Analyser2,
        setups=FLUE_GAS,
    ),
    Entry(
        slug=Analyser350.slug,
        title="testo 350 combustion analyser, a TCP port in the place of USB",
        links=("tcp",),
        serial="61525036",
        serial_is_number=True,
        make=lambda _, serial, chance: Analyser350(serial, chance),
        setups=FLUE_GAS,
    ),
)
