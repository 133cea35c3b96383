"""What the numbers in a value record stand for. Protocol page, §5 and §6."""

from collections.abc import Mapping

from contract.quantity import Quantity
from contract.reading import Status
from contract.unit import Unit
from contract.words import Words

QUANTITIES: Mapping[int, Quantity] = {
    0x00000101: Quantity.FLUE_GAS_TEMPERATURE,
    0x00000102: Quantity.COMBUSTION_AIR_TEMPERATURE,
    0x00000109: Quantity.DEW_POINT,
    0x00000301: Quantity.DRAUGHT,
    0x00000302: Quantity.DIFFERENTIAL_PRESSURE,
    0x00000303: Quantity.ABSOLUTE_PRESSURE,
    0x00000901: Quantity.OXYGEN,
    0x00000902: Quantity.CARBON_MONOXIDE,
    0x00000903: Quantity.CARBON_MONOXIDE_AMBIENT,
    0x00000914: Quantity.CARBON_MONOXIDE_AMBIENT,
    0x00000904: Quantity.CARBON_MONOXIDE_UNDILUTED,
    0x00000906: Quantity.NITRIC_OXIDE,
    0x00000907: Quantity.NITROGEN_DIOXIDE,
    0x00000908: Quantity.SULPHUR_DIOXIDE,
    0x00000909: Quantity.CARBON_DIOXIDE,
    0x00000911: Quantity.CARBON_DIOXIDE,
    0x0000090F: Quantity.CARBON_DIOXIDE_AMBIENT,
    0x00020915: Quantity.NITROGEN_OXIDES,
    0x00020B01: Quantity.FLUE_GAS_LOSS_NET,
    0x00020B02: Quantity.FLUE_GAS_LOSS_GROSS,
    0x00020B03: Quantity.EFFICIENCY_NET,
    0x00020B04: Quantity.EFFICIENCY_GROSS,
    0x00021282: Quantity.EXCESS_AIR_RATIO,
    0x83021B01: Quantity.SMOKE_NUMBER,
}
"""By ident. B01 and B03 are without condensation, B02 and B04 with it, whatever the French labels on the screen say."""

NAMES: Mapping[int, str] = {
    0x00000103: "instrument temperature",
    0x00000905: "H2",
    0x0000090C: "O2 reference",
    0x0000090D: "CO2 maximum",
    0x00000910: "O2 of the air supply",
    0x00020A02: "mass of CO",
    0x00020A15: "mass of NOx",
    0x00021280: "poison index",
    0x00021281: "excess air",
    0x00021283: "CO/CO2 ratio",
    0x80011B01: "smoke number 1",
    0x81011B01: "smoke number 2",
    0x82011B01: "smoke number 3",
    0x80051B02: "oil deposits",
    0x80011903: "boiler power",
}
"""Idents that a source names, and no quantity of ours takes in."""

UNITS: Mapping[int, Unit] = {
    1: Unit.CELSIUS,
    2: Unit.FAHRENHEIT,
    155: Unit.KELVIN,
    3: Unit.PERCENT,
    4: Unit.PERCENT,
    130: Unit.PERCENT,
    22: Unit.ONE,
    23: Unit.MILLIBAR,
    24: Unit.HECTOPASCAL,
    133: Unit.BAR,
    137: Unit.PASCAL,
    131: Unit.PPM,
    167: Unit.PPM,
    136: Unit.MILLIGRAM_PER_KILOWATT_HOUR,
    139: Unit.MILLIGRAM_PER_CUBIC_METRE,
    168: Unit.MILLIGRAM_PER_CUBIC_METRE,
}

ERRORS: Mapping[int, tuple[Status, str | None]] = {
    0x80: (Status.ERROR, "external error"),
    0x81: (Status.ABOVE_RANGE, None),
    0x82: (Status.BELOW_RANGE, None),
    0x83: (Status.ERROR, "out of range"),
    0x84: (Status.ERROR, "sensor defect"),
    0x85: (Status.NOT_MEASURED, None),
    0x8A: (Status.NOT_MEASURED, None),
}
"""Codes in the place of a value. 83 does not say on which side of the range; 8A is a sensor that wakes up."""

FUELS: Mapping[int, Words] = {
    100: Words("light oil"),
    103: Words("heavy oil"),
    104: Words("natural gas"),
    105: Words("natural gas"),
    106: Words("natural gas H"),
    107: Words("LPG"),
    108: Words("butane"),
    116: Words("wood, 15 % water"),
    117: Words("wood, 30 % water"),
    118: Words("wood, 45 % water"),
    119: Words("wood, 60 % water"),
    121: Words("pellets"),
    125: Words("propane"),
    126: Words("biomass"),
    127: Words("kerosene"),
    130: Words("pellets"),
    2000: Words("methane"),
    2001: Words("light oil"),
    2006: Words("propane"),
    2007: Words("butane"),
    2011: Words("pellets"),
    4013: Words("G20"),
    4014: Words("G25"),
    4015: Words("G30"),
}
