"""Flue gas of a boiler, as any analyser senses it."""

from firmware_sims.kit.physics import Behaviour
from firmware_sims.kit.quantities import Quantity

PHYSICS: dict[Quantity, Behaviour] = {
    Quantity.OXYGEN: Behaviour(level=5.2, noise=0.03, drift=0.01, low=0.0, high=21.0),
    Quantity.CARBON_DIOXIDE: Behaviour(level=8.95, noise=0.02, drift=0.005, low=0.0),
    Quantity.CARBON_MONOXIDE: Behaviour(level=24.0, noise=0.6, drift=0.2, low=0.0),
    Quantity.CARBON_MONOXIDE_UNDILUTED: Behaviour(level=32.0, noise=0.7, drift=0.2, low=0.0),
    Quantity.NITRIC_OXIDE: Behaviour(level=31.0, noise=0.5, drift=0.1, low=0.0),
    Quantity.FLUE_GAS_TEMPERATURE: Behaviour(level=118.4, noise=0.1, drift=0.05),
    Quantity.COMBUSTION_AIR_TEMPERATURE: Behaviour(level=20.6, noise=0.05, drift=0.01),
    Quantity.DEW_POINT: Behaviour(level=52.3, noise=0.05, drift=0.01),
    Quantity.DRAUGHT: Behaviour(level=-12.4, noise=0.3, drift=0.1),
    Quantity.EXCESS_AIR_RATIO: Behaviour(level=1.33, noise=0.005, drift=0.001, low=1.0),
    Quantity.FLUE_GAS_LOSS_NET: Behaviour(level=5.1, noise=0.02, drift=0.005, low=0.0),
    Quantity.EFFICIENCY_NET: Behaviour(level=94.9, noise=0.02, drift=0.005, high=120.0),
}

ROOM: dict[Quantity, Behaviour] = {
    Quantity.CARBON_MONOXIDE_AMBIENT: Behaviour(level=3.0, noise=0.2, drift=0.05, low=0.0),
}
"""What an analyser that can senses of the air of the room."""

NEEDS_OXYGEN = frozenset(
    (
        Quantity.OXYGEN,
        Quantity.CARBON_DIOXIDE,
        Quantity.CARBON_MONOXIDE_UNDILUTED,
        Quantity.EXCESS_AIR_RATIO,
        Quantity.FLUE_GAS_LOSS_NET,
        Quantity.EFFICIENCY_NET,
    )
)
"""What has no value when the oxygen cell gives none."""
