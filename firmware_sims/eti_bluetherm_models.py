"""The thermometers that speak BlueTherm LE; docs/protocols/eti-bluetherm.md §2 and §4."""

from dataclasses import dataclass

from firmware_sims.kit.physics import Behaviour

DETACHABLE, FIXED, INFRARED = 1, 2, 3
"""Kinds of sensors. Which product has which is stated for the ThermaQ Blue alone; the others are ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A thermometer of the family."""

    product: str
    """As its name has it, behind the serial."""
    kind: int
    behaviour: Behaviour
    second: Behaviour | None = None
    """Of the second sensor; None where it is disabled."""


WATER = Behaviour(level=58.3, noise=0.02, drift=0.01, low=-200.0, high=1300.0)
AIR = Behaviour(level=21.6, noise=0.02, drift=0.005, low=-200.0, high=1300.0)
FOOD = Behaviour(level=4.2, noise=0.05, drift=0.02, low=-50.0, high=300.0)
SURFACE = Behaviour(level=38.5, noise=0.2, drift=0.05, low=-50.0, high=350.0)

MODELS: dict[str, Model] = {
    "ThermaQBlue": Model(product="ThermaQ Blue", kind=DETACHABLE, behaviour=WATER),
    "ThermaQBlueTwoProbes": Model(
        product="ThermaQ Blue", kind=DETACHABLE, behaviour=WATER, second=AIR
    ),
    "BlueThermOne": Model(product="BlueTherm One", kind=DETACHABLE, behaviour=WATER),
    "ThermapenBlue": Model(product="ThermapenBlue", kind=FIXED, behaviour=FOOD),
    "RayTempBlue": Model(product="RayTemp Blue", kind=INFRARED, behaviour=SURFACE),
    "TempTestBlue": Model(product="TempTest Blue", kind=FIXED, behaviour=FOOD),
}
