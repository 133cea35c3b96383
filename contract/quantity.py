"""What is measured, and which kinds of unit can state it.

A code is never reused or redefined. It says what a unit cannot: %vol and %LEL are one unit and two quantities.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto


class Quantity(StrEnum):
    """Kinds of quantity the product knows; a driver binds bytes to one, a form field binds to one."""

    OXYGEN = "oxygen"
    CARBON_DIOXIDE = "carbon_dioxide"
    CARBON_DIOXIDE_AMBIENT = "carbon_dioxide_ambient"
    CARBON_MONOXIDE = "carbon_monoxide"
    CARBON_MONOXIDE_UNDILUTED = "carbon_monoxide_undiluted"
    """CO corrected to 0 % oxygen."""
    CARBON_MONOXIDE_AMBIENT = "carbon_monoxide_ambient"
    NITRIC_OXIDE = "nitric_oxide"
    NITROGEN_DIOXIDE = "nitrogen_dioxide"
    NITROGEN_OXIDES = "nitrogen_oxides"
    SULPHUR_DIOXIDE = "sulphur_dioxide"
    FLUE_GAS_TEMPERATURE = "flue_gas_temperature"
    COMBUSTION_AIR_TEMPERATURE = "combustion_air_temperature"
    DEW_POINT = "dew_point"
    DRAUGHT = "draught"
    DIFFERENTIAL_PRESSURE = "differential_pressure"
    GAUGE_PRESSURE = "gauge_pressure"
    ABSOLUTE_PRESSURE = "absolute_pressure"
    PRESSURE_DROP = "pressure_drop"
    EXCESS_AIR_RATIO = "excess_air_ratio"
    FLUE_GAS_LOSS_NET = "flue_gas_loss_net"
    FLUE_GAS_LOSS_GROSS = "flue_gas_loss_gross"
    EFFICIENCY_NET = "efficiency_net"
    EFFICIENCY_GROSS = "efficiency_gross"
    TEMPERATURE = "temperature"
    TEMPERATURE_DIFFERENCE = "temperature_difference"
    """A difference of two temperatures (superheat, subcooling): 1 K is 1 °C of difference, never 274.15."""
    SURFACE_TEMPERATURE = "surface_temperature"
    LINE_TEMPERATURE = "line_temperature"
    RELATIVE_HUMIDITY = "relative_humidity"
    AIR_VELOCITY = "air_velocity"
    VOLUME_FLOW_RATE = "volume_flow_rate"
    BATTERY_LEVEL = "battery_level"
    CONCENTRATION = "concentration"
    """Of the gas named by the reading's ``substance``."""
    LEAK_RATE = "leak_rate"
    """Of the gas named by the reading's ``substance``."""
    LOWER_EXPLOSIVE_LIMIT_FRACTION = "lower_explosive_limit_fraction"
    """Share of the lower explosive limit, never a share of the volume."""
    MASS = "mass"
    DURATION = "duration"
    DISTANCE = "distance"
    SMOKE_NUMBER = "smoke_number"


class Dimension(Enum):
    """Groups of units that convert into each other."""

    VOLUME_FRACTION = auto()
    EXPLOSIVE_FRACTION = auto()
    PERCENTAGE = auto()
    """Shares that are not volumes: efficiency, loss, humidity, battery."""
    NUMBER = auto()
    MASS_CONCENTRATION = auto()
    MASS_PER_ENERGY = auto()
    PRESSURE = auto()
    TEMPERATURE = auto()
    TEMPERATURE_DIFFERENCE = auto()
    VELOCITY = auto()
    VOLUME_FLOW = auto()
    MASS_FLOW = auto()
    THROUGHPUT = auto()
    """Pressure times volume flow, as tracer leak detectors state a leak."""
    MASS = auto()
    DURATION = auto()
    LENGTH = auto()


_GAS = (Dimension.VOLUME_FRACTION, Dimension.MASS_CONCENTRATION)
_EMISSION = (*_GAS, Dimension.MASS_PER_ENERGY)
_SHARE = (Dimension.PERCENTAGE,)
_PRESSURE = (Dimension.PRESSURE,)
_TEMPERATURE = (Dimension.TEMPERATURE,)

DIMENSIONS: Mapping[Quantity, tuple[Dimension, ...]] = {
    Quantity.OXYGEN: (Dimension.VOLUME_FRACTION,),
    Quantity.CARBON_DIOXIDE: _GAS,
    Quantity.CARBON_DIOXIDE_AMBIENT: _GAS,
    Quantity.CARBON_MONOXIDE: _EMISSION,
    Quantity.CARBON_MONOXIDE_UNDILUTED: _EMISSION,
    Quantity.CARBON_MONOXIDE_AMBIENT: _GAS,
    Quantity.NITRIC_OXIDE: _EMISSION,
    Quantity.NITROGEN_DIOXIDE: _EMISSION,
    Quantity.NITROGEN_OXIDES: _EMISSION,
    Quantity.SULPHUR_DIOXIDE: _EMISSION,
    Quantity.FLUE_GAS_TEMPERATURE: _TEMPERATURE,
    Quantity.COMBUSTION_AIR_TEMPERATURE: _TEMPERATURE,
    Quantity.DEW_POINT: _TEMPERATURE,
    Quantity.DRAUGHT: _PRESSURE,
    Quantity.DIFFERENTIAL_PRESSURE: _PRESSURE,
    Quantity.GAUGE_PRESSURE: _PRESSURE,
    Quantity.ABSOLUTE_PRESSURE: _PRESSURE,
    Quantity.PRESSURE_DROP: _PRESSURE,
    Quantity.EXCESS_AIR_RATIO: (Dimension.NUMBER,),
    Quantity.FLUE_GAS_LOSS_NET: _SHARE,
    Quantity.FLUE_GAS_LOSS_GROSS: _SHARE,
    Quantity.EFFICIENCY_NET: _SHARE,
    Quantity.EFFICIENCY_GROSS: _SHARE,
    Quantity.TEMPERATURE: _TEMPERATURE,
    Quantity.TEMPERATURE_DIFFERENCE: (Dimension.TEMPERATURE_DIFFERENCE,),
    Quantity.SURFACE_TEMPERATURE: _TEMPERATURE,
    Quantity.LINE_TEMPERATURE: _TEMPERATURE,
    Quantity.RELATIVE_HUMIDITY: _SHARE,
    Quantity.AIR_VELOCITY: (Dimension.VELOCITY,),
    Quantity.VOLUME_FLOW_RATE: (Dimension.VOLUME_FLOW,),
    Quantity.BATTERY_LEVEL: _SHARE,
    Quantity.CONCENTRATION: _GAS,
    Quantity.LEAK_RATE: (Dimension.MASS_FLOW, Dimension.THROUGHPUT, Dimension.VOLUME_FLOW),
    Quantity.LOWER_EXPLOSIVE_LIMIT_FRACTION: (Dimension.EXPLOSIVE_FRACTION,),
    Quantity.MASS: (Dimension.MASS,),
    Quantity.DURATION: (Dimension.DURATION,),
    Quantity.DISTANCE: (Dimension.LENGTH,),
    Quantity.SMOKE_NUMBER: (Dimension.NUMBER,),
}

NEEDS_SUBSTANCE = frozenset({Quantity.CONCENTRATION, Quantity.LEAK_RATE})
"""Quantities that mean nothing without the name of a gas."""
