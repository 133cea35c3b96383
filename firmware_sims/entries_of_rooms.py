"""Our simulators that sense the air of a room, or what stands in it."""

from decimal import Decimal

from firmware_sims import bthome
from firmware_sims.ble_environmental_sensing import MODELS as ROOM_SENSORS
from firmware_sims.ble_environmental_sensing import RoomSensor
from firmware_sims.bthome_objects import MODELS as BTHOME_SENSORS
from firmware_sims.kit.entry import Entry, SetUp
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.quantities import Quantity
from firmware_sims.senseair import MODELS as MODULES
from firmware_sims.senseair import CarbonDioxideModule
from firmware_sims.winsen_mhz19 import RoomModule

STUFFY = SetUp(
    values={
        Quantity.CARBON_DIOXIDE_AMBIENT: Decimal(2140),
        Quantity.TEMPERATURE: Decimal("26.5"),
        Quantity.RELATIVE_HUMIDITY: Decimal("68.2"),
    }
)
DEFECT = SetUp(faults=frozenset({Fault.SENSOR_DEFECT}))
LOW_BATTERY = SetUp(faults=frozenset({Fault.LOW_BATTERY}))

ROOMS: tuple[Entry, ...] = (
    Entry(
        slug=CarbonDioxideModule.slug,
        title="Senseair K30 or S8, carbon dioxide in rooms",
        links=("pty",),
        models=tuple(MODULES),
        serial="3001",
        make=CarbonDioxideModule,
        setups={"stuffy-room": STUFFY, "sensor-fault": DEFECT},
    ),
    Entry(
        slug=RoomModule.slug,
        title="Winsen MH-Z19, carbon dioxide in rooms",
        links=("pty", "tcp"),
        serial="1901",
        make=lambda _, serial, chance: RoomModule(serial, chance),
        setups={"stuffy-room": STUFFY},
    ),
    Entry(
        slug=RoomSensor.slug,
        title="environmental sensor of the Bluetooth SIG's service",
        links=("ble",),
        models=tuple(ROOM_SENSORS),
        serial="181001",
        make=RoomSensor,
        setups={
            "stuffy-room": STUFFY,
            "gas-leak": SetUp(values={Quantity.CONCENTRATION: Decimal(5000000)}),
            "sensor-fault": DEFECT,
            "low-battery": LOW_BATTERY,
        },
    ),
    Entry(
        slug=bthome.BTHomeSensor.slug,
        title="BTHome sensor, advertising only",
        links=("ble",),
        models=tuple(BTHOME_SENSORS),
        serial="254001",
        make=bthome.sensor,
        setups={"stuffy-room": STUFFY, "sensor-fault": DEFECT, "low-battery": LOW_BATTERY},
    ),
)
