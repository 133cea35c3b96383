"""What a BTHome sensor can tell, and which of it ours do; docs/protocols/bthome.md §2 and §3."""

from dataclasses import dataclass

from firmware_sims.kit.fixed import Fixed
from firmware_sims.kit.physics import Behaviour
from firmware_sims.kit.quantities import Quantity

VERSION_2, ENCRYPTED, ADDRESSED = 0x40, 0x01, 0x02
PACKET_ID, BATTERY = 0x00, 0x01


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """§3: a quantity behind its id."""

    quantity: Quantity
    number: Fixed
    behaviour: Behaviour


OBJECTS: dict[int, Object] = {
    BATTERY: Object(
        quantity=Quantity.BATTERY_LEVEL,
        number=Fixed(1),
        behaviour=Behaviour(level=87.0, trend=-0.0005, low=0.0, high=100.0),
    ),
    0x02: Object(
        quantity=Quantity.TEMPERATURE,
        number=Fixed(2, 2, signed=True),
        behaviour=Behaviour(level=20.8, noise=0.02, drift=0.01, low=-40.0, high=85.0),
    ),
    0x03: Object(
        quantity=Quantity.RELATIVE_HUMIDITY,
        number=Fixed(2, 2),
        behaviour=Behaviour(level=51.0, noise=0.1, drift=0.05, low=0.0, high=100.0),
    ),
    0x04: Object(
        quantity=Quantity.ABSOLUTE_PRESSURE,
        number=Fixed(3, 2),
        behaviour=Behaviour(level=1009.4, noise=0.02, drift=0.01, low=300.0, high=1100.0),
    ),
    0x06: Object(
        quantity=Quantity.MASS,
        number=Fixed(2, 2),
        behaviour=Behaviour(level=26.4, noise=0.01, low=0.0, high=180.0),
    ),
    0x0C: Object(
        quantity=Quantity.VOLTAGE,
        number=Fixed(2, 3),
        behaviour=Behaviour(level=2.98, noise=0.002, trend=-0.000001, low=1.8, high=3.3),
    ),
    0x12: Object(
        quantity=Quantity.CARBON_DIOXIDE_AMBIENT,
        number=Fixed(2),
        behaviour=Behaviour(level=810.0, noise=2.0, drift=1.0, low=400.0, high=5000.0),
    ),
    0x4B: Object(
        quantity=Quantity.GAS_VOLUME,
        number=Fixed(3, 3),
        behaviour=Behaviour(level=1346.067, trend=0.0002, low=0.0, high=16777.0),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A sensor by what it advertises."""

    information: int
    """§2: the first byte."""
    objects: tuple[int, ...]
    """Ids, lowest first. Twenty-four bytes of service data fit into an advertisement."""


MODELS: dict[str, Model] = {
    "plain": Model(
        information=VERSION_2, objects=(PACKET_ID, BATTERY, 0x02, 0x03, 0x04, 0x0C, 0x12)
    ),
    # Its counter is that of the encryption.
    "encrypted": Model(
        information=VERSION_2 | ENCRYPTED, objects=(BATTERY, 0x02, 0x03, 0x04, 0x12)
    ),
    "addressed": Model(
        information=VERSION_2 | ADDRESSED, objects=(PACKET_ID, BATTERY, 0x02, 0x03, 0x04, 0x12)
    ),
    "scale": Model(information=VERSION_2, objects=(PACKET_ID, BATTERY, 0x06)),
    "gas-meter": Model(information=VERSION_2, objects=(PACKET_ID, BATTERY, 0x4B)),
}
