"""The testo Smart Probes by model; docs/protocols/testo-smart-probe.md §2 and §4."""

from dataclasses import dataclass

from firmware_sims.kit.physics import Behaviour
from firmware_sims.kit.quantities import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measurement a model sends."""

    name: str
    quantity: Quantity
    behaviour: Behaviour
    status: int = 0
    """§4: recorded for T549i and T115i only; on others a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A probe of the family."""

    measured: tuple[Measured, ...]
    settable: str | None = None
    """The property that `set property` knows."""
    named_with_serial: bool = True
    serial_text: bytes | None = None
    """What Device Information says instead of the serial."""
    idles: bool = False


MODELS: dict[str, Model] = {
    "T549i": Model(
        measured=(
            Measured(
                name="DifferentialPressure",
                quantity=Quantity.DIFFERENTIAL_PRESSURE,
                behaviour=Behaviour(level=-4100.0, noise=0.4, drift=0.05),
            ),
        ),
        settable="ZeroPressure",
    ),
    "T115i": Model(
        measured=(
            Measured(
                name="LineTemperature",
                quantity=Quantity.LINE_TEMPERATURE,
                behaviour=Behaviour(level=52.0, noise=0.03, drift=0.02, low=-40.0, high=150.0),
                status=1,
            ),
        ),
    ),
    "T405i": Model(
        measured=(
            Measured(
                name="Temperature",
                quantity=Quantity.TEMPERATURE,
                behaviour=Behaviour(level=21.5, noise=0.05, drift=0.01),
            ),
            Measured(
                name="Velocity",
                quantity=Quantity.AIR_VELOCITY,
                behaviour=Behaviour(level=1.2, noise=0.05, drift=0.02, low=0.0, high=30.0),
            ),
        ),
        serial_text=b"Serial Number",
    ),
    "T805i": Model(
        measured=(
            Measured(
                name="SurfaceTemperature",
                quantity=Quantity.SURFACE_TEMPERATURE,
                behaviour=Behaviour(level=44.0, noise=0.1, drift=0.02),
            ),
        ),
        settable="MaterialEmission",
        named_with_serial=False,
        idles=True,
    ),
}
