"""Our simulators, one line or a few each."""

from decimal import Decimal

from firmware_sims.entries_in_the_hand import IN_THE_HAND
from firmware_sims.entries_of_combustion import COMBUSTION
from firmware_sims.entries_of_pressure import PRESSURE
from firmware_sims.entries_of_rooms import ROOMS
from firmware_sims.entries_of_scanners import SCANNERS
from firmware_sims.kit.entry import Entry, SetUp
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.quantities import Quantity
from firmware_sims.testo_smart_probe import SmartProbe
from firmware_sims.testo_smart_probe_models import MODELS

ENTRIES: tuple[Entry, ...] = (
    *COMBUSTION,
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
    *SCANNERS,
    *IN_THE_HAND,
    *ROOMS,
    *PRESSURE,
)
