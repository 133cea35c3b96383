"""Our simulators that sense pressure on a line."""

from decimal import Decimal

from firmware_sims.ateq_f6 import MODELS as TESTERS
from firmware_sims.ateq_f6 import LeakTester
from firmware_sims.keller import MODELS as ADAPTERS
from firmware_sims.keller import AbsoluteTransmitter, GaugeTransmitter
from firmware_sims.kit.entry import Entry, SetUp
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.quantities import Quantity

DEFECT = SetUp(faults=frozenset({Fault.SENSOR_DEFECT}))

PRESSURE: tuple[Entry, ...] = (
    Entry(
        slug=GaugeTransmitter.slug,
        title="KELLER transmitter, gauge pressure",
        links=("pty", "tcp"),
        models=tuple(ADAPTERS),
        serial="480001",
        serial_is_number=True,
        make=GaugeTransmitter,
        setups={
            "system-empty": SetUp(values={Quantity.GAUGE_PRESSURE: Decimal("0.05")}),
            "sensor-fault": DEFECT,
        },
    ),
    Entry(
        slug=AbsoluteTransmitter.slug,
        title="KELLER transmitter, absolute pressure",
        links=("pty", "tcp"),
        models=tuple(ADAPTERS),
        serial="480002",
        serial_is_number=True,
        make=AbsoluteTransmitter,
        setups={
            "high-up": SetUp(values={Quantity.ABSOLUTE_PRESSURE: Decimal("0.8345")}),
            "sensor-fault": DEFECT,
        },
    ),
    Entry(
        slug=LeakTester.slug,
        title="ATEQ F6 leak tester",
        links=("pty",),
        models=tuple(TESTERS),
        serial="6201",
        make=LeakTester,
        setups={
            "tight": SetUp(values={Quantity.PRESSURE_DROP: Decimal("0.4")}),
            "leaking-installation": SetUp(values={Quantity.PRESSURE_DROP: Decimal("41.7")}),
            "pressure-error": DEFECT,
        },
    ),
)
