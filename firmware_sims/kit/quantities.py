"""What the instruments measure, and in which unit they show it."""

from enum import StrEnum


class Quantity(StrEnum):
    """Quantity codes, as the control API says them."""

    OXYGEN = "oxygen"
    CARBON_MONOXIDE = "carbon_monoxide"
    CARBON_MONOXIDE_UNDILUTED = "carbon_monoxide_undiluted"
    CARBON_DIOXIDE = "carbon_dioxide"
    NITRIC_OXIDE = "nitric_oxide"
    FLUE_GAS_TEMPERATURE = "flue_gas_temperature"
    COMBUSTION_AIR_TEMPERATURE = "combustion_air_temperature"
    DEW_POINT = "dew_point"
    DRAUGHT = "draught"
    EXCESS_AIR_RATIO = "excess_air_ratio"
    FLUE_GAS_LOSS_NET = "flue_gas_loss_net"
    EFFICIENCY_NET = "efficiency_net"
    DIFFERENTIAL_PRESSURE = "differential_pressure"
    LINE_TEMPERATURE = "line_temperature"
    TEMPERATURE = "temperature"
    AIR_VELOCITY = "air_velocity"
    SURFACE_TEMPERATURE = "surface_temperature"
    BATTERY_LEVEL = "battery_level"
    CARBON_DIOXIDE_AMBIENT = "carbon_dioxide_ambient"
    CARBON_MONOXIDE_AMBIENT = "carbon_monoxide_ambient"
    RELATIVE_HUMIDITY = "relative_humidity"
    ABSOLUTE_PRESSURE = "absolute_pressure"
    CONCENTRATION = "concentration"
    MASS = "mass"
    DISTANCE = "distance"
    SECOND_TEMPERATURE = "second_temperature"
    """Of a second sensor; the code is ours, as are the next two."""
    VOLTAGE = "voltage"
    GAS_VOLUME = "gas_volume"
    GAUGE_PRESSURE = "gauge_pressure"
    PRESSURE_DROP = "pressure_drop"


PERCENT = "%"
PPM = "[ppm]"
PPB = "[ppb]"
CELSIUS = "Cel"
PASCAL = "Pa"
HECTOPASCAL = "hPa"
BAR = "bar"
METRE_PER_SECOND = "m/s"
KILOGRAM = "kg"
METRE = "m"
CUBIC_METRE = "m3"
VOLT = "V"
ONE = "1"

UNITS: dict[Quantity, str] = {
    Quantity.OXYGEN: PERCENT,
    Quantity.CARBON_MONOXIDE: PPM,
    Quantity.CARBON_MONOXIDE_UNDILUTED: PPM,
    Quantity.CARBON_DIOXIDE: PERCENT,
    Quantity.NITRIC_OXIDE: PPM,
    Quantity.FLUE_GAS_TEMPERATURE: CELSIUS,
    Quantity.COMBUSTION_AIR_TEMPERATURE: CELSIUS,
    Quantity.DEW_POINT: CELSIUS,
    Quantity.DRAUGHT: PASCAL,
    Quantity.EXCESS_AIR_RATIO: ONE,
    Quantity.FLUE_GAS_LOSS_NET: PERCENT,
    Quantity.EFFICIENCY_NET: PERCENT,
    Quantity.DIFFERENTIAL_PRESSURE: PASCAL,
    Quantity.LINE_TEMPERATURE: CELSIUS,
    Quantity.TEMPERATURE: CELSIUS,
    Quantity.AIR_VELOCITY: METRE_PER_SECOND,
    Quantity.SURFACE_TEMPERATURE: CELSIUS,
    Quantity.BATTERY_LEVEL: PERCENT,
    Quantity.CARBON_DIOXIDE_AMBIENT: PPM,
    Quantity.CARBON_MONOXIDE_AMBIENT: PPM,
    Quantity.RELATIVE_HUMIDITY: PERCENT,
    Quantity.ABSOLUTE_PRESSURE: PASCAL,
    Quantity.CONCENTRATION: PPB,
    Quantity.MASS: KILOGRAM,
    Quantity.DISTANCE: METRE,
    Quantity.SECOND_TEMPERATURE: CELSIUS,
    Quantity.VOLTAGE: VOLT,
    Quantity.GAS_VOLUME: CUBIC_METRE,
    Quantity.GAUGE_PRESSURE: PASCAL,
    Quantity.PRESSURE_DROP: PASCAL,
}
"""UCUM codes; an instrument may have another for a quantity."""
