"""The formulas that a form may name."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from contract.calculations import combustion
from contract.calculations.ambient_monoxide import SENTENCES, Ambient, ambient
from contract.calculations.attestation import ATTESTATION
from contract.calculations.commissioning import COMMISSIONING
from contract.calculations.formula import Choice, Formula, Given, Number, codes
from contract.calculations.fuels import Fuel
from contract.calculations.refrigerant_formulas import REFRIGERANTS
from contract.calculations.tightness_formulas import TIGHTNESS
from contract.quantity import Quantity
from contract.unit import Unit

FUEL = codes(Fuel)
OXYGEN = Number(Unit.PERCENT, (Quantity.OXYGEN,))
CARBON_DIOXIDE = Number(Unit.PERCENT, (Quantity.CARBON_DIOXIDE,))
CARBON_MONOXIDE = Number(Unit.PPM, (Quantity.CARBON_MONOXIDE,))
AMBIENT = Number(Unit.PPM, (Quantity.CARBON_MONOXIDE_AMBIENT,))
FLUE_GAS = Number(Unit.CELSIUS, (Quantity.FLUE_GAS_TEMPERATURE,))
AIR = Number(Unit.CELSIUS, (Quantity.COMBUSTION_AIR_TEMPERATURE, Quantity.TEMPERATURE))
LOSS = Number(Unit.PERCENT, (Quantity.FLUE_GAS_LOSS_NET,))
EFFICIENCY = Number(Unit.PERCENT, (Quantity.EFFICIENCY_NET,))
_FLUE: Final[Mapping[str, Number | Choice]] = {
    "fuel": FUEL,
    "flue_gas_temperature": FLUE_GAS,
    "air_temperature": AIR,
    "oxygen": OXYGEN,
}


def _loss(given: Given) -> Decimal:
    return combustion.flue_gas_loss(
        given.constants(),
        given.choice("fuel", Fuel),
        given.number("flue_gas_temperature"),
        given.number("air_temperature"),
        given.number("oxygen"),
    )


def _carbon_dioxide(given: Given) -> Decimal:
    fuels = given.constants()
    if "carbon_dioxide_max" in given.values:
        most = given.number("carbon_dioxide_max")
    else:
        most = combustion.constants(fuels, given.choice("fuel", Fuel)).carbon_dioxide_max
    return combustion.carbon_dioxide(fuels, most, given.number("oxygen"))


def _at_reference(given: Given) -> Decimal:
    return combustion.at_reference_oxygen(
        given.constants(),
        given.number("carbon_monoxide"),
        given.number("oxygen"),
        given.number("reference_oxygen"),
    )


def _condensing(given: Given) -> Decimal:
    return combustion.condensing_efficiency(
        given.constants(),
        given.choice("fuel", Fuel),
        given.number("flue_gas_temperature"),
        given.number("air_temperature"),
        given.number("oxygen"),
    )


COMBUSTION = (
    Formula(
        name="carbon_dioxide",
        title="CO2 from O2 and the CO2 maximum of the fuel, which the instrument may state",
        inputs={"fuel": FUEL, "oxygen": OXYGEN, "carbon_dioxide_max": Number(said="%")},
        optional=frozenset({"carbon_dioxide_max"}),
        output=CARBON_DIOXIDE,
        calculate=_carbon_dioxide,
        constants=True,
    ),
    Formula(
        name="excess_air_ratio",
        title="λ from O2",
        inputs={"oxygen": OXYGEN},
        output=Number(Unit.ONE, (Quantity.EXCESS_AIR_RATIO,)),
        calculate=lambda given: combustion.excess_air_ratio(
            given.constants(), given.number("oxygen")
        ),
        constants=True,
    ),
    Formula(
        name="excess_air",
        title="Excess air from O2",
        inputs={"oxygen": OXYGEN},
        output=Number(said="%"),
        calculate=lambda given: combustion.excess_air(given.constants(), given.number("oxygen")),
        constants=True,
    ),
    Formula(
        name="carbon_monoxide_undiluted",
        title="CO without the excess air",
        inputs={"carbon_monoxide": CARBON_MONOXIDE, "oxygen": OXYGEN},
        output=Number(Unit.PPM, (Quantity.CARBON_MONOXIDE_UNDILUTED,)),
        calculate=lambda given: combustion.undiluted(
            given.constants(), given.number("carbon_monoxide"), given.number("oxygen")
        ),
        constants=True,
    ),
    Formula(
        name="carbon_monoxide_at_reference",
        title="CO at a reference O2",
        inputs={
            "carbon_monoxide": CARBON_MONOXIDE,
            "oxygen": OXYGEN,
            "reference_oxygen": Number(said="%"),
        },
        output=Number(said="[ppm]"),
        calculate=_at_reference,
        constants=True,
    ),
    Formula(
        name="carbon_monoxide_ratio",
        title="CO/CO2",
        inputs={"carbon_monoxide": CARBON_MONOXIDE, "carbon_dioxide": CARBON_DIOXIDE},
        output=Number(said="1"),
        calculate=lambda given: combustion.monoxide_ratio(
            given.number("carbon_monoxide"), given.number("carbon_dioxide")
        ),
    ),
    Formula(
        name="flue_gas_loss",
        title="Siegert's loss, without condensing",
        inputs=_FLUE,
        output=LOSS,
        calculate=_loss,
        constants=True,
    ),
    Formula(
        name="combustion_efficiency",
        title="100 % less Siegert's loss, without condensing",
        inputs=_FLUE,
        output=EFFICIENCY,
        calculate=lambda given: combustion.efficiency(_loss(given)),
        constants=True,
    ),
    Formula(
        name="condensing_efficiency",
        title="The same with Bacharach's step for condensing",
        inputs=_FLUE,
        output=EFFICIENCY,
        calculate=_condensing,
        constants=True,
    ),
    Formula(
        name="ambient_carbon_monoxide_class",
        title="What the arrêté du 15 septembre 2009 calls the CO in the room",
        inputs={"carbon_monoxide_ambient": AMBIENT},
        output=codes(Ambient),
        calculate=lambda given: ambient(given.number("carbon_monoxide_ambient")),
    ),
    Formula(
        name="ambient_carbon_monoxide_sentence",
        title="The sentence that the arrêté prescribes for it, in French",
        inputs={"carbon_monoxide_ambient": AMBIENT},
        output=Choice(),
        calculate=lambda given: SENTENCES[ambient(given.number("carbon_monoxide_ambient"))],
    ),
)


FORMULAS: Final[Mapping[str, Formula]] = {
    each.name: each
    for each in (*COMBUSTION, *TIGHTNESS, *REFRIGERANTS, *COMMISSIONING, *ATTESTATION)
}
"""By name."""
