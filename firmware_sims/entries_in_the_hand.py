"""Our simulators that a technician holds: thermometers, a distance meter."""

from decimal import Decimal

from firmware_sims.eti_bluetherm import Thermometer
from firmware_sims.eti_bluetherm_models import MODELS
from firmware_sims.kit.entry import Entry, SetUp
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.quantities import Quantity
from firmware_sims.leica_disto import LaserMeter

DEFECT = SetUp(faults=frozenset({Fault.SENSOR_DEFECT}))

IN_THE_HAND: tuple[Entry, ...] = (
    Entry(
        slug=Thermometer.slug,
        title="ETI thermometer, BlueTherm LE",
        links=("ble",),
        models=tuple(MODELS),
        serial="23146558",
        make=Thermometer,
        setups={
            "cold-store": SetUp(values={Quantity.TEMPERATURE: Decimal("-18.4")}),
            "probe-missing": DEFECT,
            "low-battery": SetUp(faults=frozenset({Fault.LOW_BATTERY})),
        },
    ),
    Entry(
        slug=LaserMeter.slug,
        title="Leica DISTO D2 distance meter",
        links=("ble",),
        serial="2001",
        make=lambda _, serial, chance: LaserMeter(serial, chance),
        setups={
            "long-wall": SetUp(values={Quantity.DISTANCE: Decimal("12.345")}),
            "no-reflection": DEFECT,
        },
    ),
)
