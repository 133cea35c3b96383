"""What the French boiler attestation puts beside its references, as formulas that a form may name."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from contract.calculations import nitrogen_oxides, solid_fuel
from contract.calculations.boiler import (
    Energy,
    Evaluated,
    How,
    Technology,
    evaluated_efficiency,
    reference_efficiency,
)
from contract.calculations.errors import CalculationError
from contract.calculations.formula import Flag, Formula, Given, Kind, Number, codes
from contract.calculations.fuels import Fuel
from contract.calculations.nitrogen_oxides import Burner
from contract.calculations.solid_fuel import Beside, Feed, Generation
from contract.words import Words

POWER = Number(said="kW")
PERCENT = Number(said="%")
OXIDES = Number(said="mg/(kW.h)")
PARTICLES = Number(said="mg/m3")

_WOOD: Final[Mapping[str, Kind]] = {"feed": codes(Feed), "generation": codes(Generation)}


_BOILER: Final[Mapping[str, Kind]] = {
    "energy": codes(Energy),
    "technology": codes(Technology),
    "year": Number(said="a"),
    "power": POWER,
    "line_year": Number(said="a"),
    "line_power": POWER,
}
_UNSURE: Final = frozenset({"year", "power", "line_year", "line_power"})
"""Where the table has no line for a boiler, or its plate says nothing: the line that the technician chose."""

ENERGIES: Final[Mapping[Fuel, Energy]] = {
    Fuel.NATURAL_GAS: Energy.GAS,
    Fuel.LIQUEFIED_PETROLEUM_GAS: Energy.GAS,
    Fuel.PROPANE: Energy.GAS,
    Fuel.TOWN_GAS: Energy.GAS,
    Fuel.CITY_GAS: Energy.GAS,
    Fuel.LIGHT_OIL: Energy.OIL,
}


def _energy(given: Given) -> str:
    fuel = given.choice("fuel", Fuel)
    if fuel not in ENERGIES:
        raise CalculationError(
            Words("the tables for gas and oil do not speak of {fuel}", fuel=Words(fuel))
        )
    return ENERGIES[fuel]


def _efficiency(given: Given) -> Evaluated:
    return evaluated_efficiency(
        given.choice("energy", Energy),
        given.choice("technology", Technology),
        given.whole(_said(given, "line_year", "year")),
        given.number(_said(given, "line_power", "power")),
    )


def _said(given: Given, *names: str) -> str:
    """Return the first of the inputs that somebody said."""
    found = next((each for each in names if each in given.values), None)
    if found is None:
        raise CalculationError(
            Words("year or power is not said: say it, or choose the nearest line of the table")
        )
    return found


def _oxides(given: Given) -> Decimal:
    burner = given.choice("burner", Burner)
    if "power" not in given.values and not nitrogen_oxides.depends_on_power(burner):
        return nitrogen_oxides.evaluated(burner, nitrogen_oxides.LARGE_FROM)
    return nitrogen_oxides.evaluated(burner, given.number(_said(given, "power")))


def _of_wood(
    table: Callable[[Feed, Generation], Beside], side: Callable[[Beside], Decimal]
) -> Callable[[Given], Decimal]:
    return lambda given: side(
        table(given.choice("feed", Feed), given.choice("generation", Generation))
    )


def _wood(
    what: str, title: str, output: Number, table: Callable[[Feed, Generation], Beside]
) -> tuple[Formula, Formula]:
    return (
        Formula(
            name=f"evaluated_{what}_of_wood",
            title=f"{title} of a boiler for wood, by the table of annexe 2 or 3",
            inputs=_WOOD,
            output=output,
            calculate=_of_wood(table, lambda beside: beside.evaluated),
        ),
        Formula(
            name=f"reference_{what}_of_wood",
            title=f"Its reference: {title.lower()}",
            inputs=_WOOD,
            output=output,
            calculate=_of_wood(table, lambda beside: beside.reference),
        ),
    )


ATTESTATION = (
    Formula(
        name="evaluated_efficiency",
        title="Efficiency of a gas or oil boiler by the table of annexe 2, by its own line or by the one chosen",
        inputs=_BOILER,
        optional=_UNSURE,
        output=PERCENT,
        calculate=lambda given: _efficiency(given).value,
    ),
    Formula(
        name="evaluated_efficiency_how",
        title="Whether the table prints that efficiency, or its formula gives it",
        inputs=_BOILER,
        optional=_UNSURE,
        output=codes(How),
        calculate=lambda given: _efficiency(given).how,
    ),
    Formula(
        name="boiler_energy",
        title="What the tables call a fuel",
        inputs={"fuel": codes(Fuel)},
        output=codes(Energy),
        calculate=_energy,
    ),
    Formula(
        name="reference_efficiency",
        title="Its reference: a condensing boiler of the same power",
        inputs={"energy": codes(Energy), "power": POWER, "line_power": POWER},
        optional=frozenset({"power", "line_power"}),
        output=PERCENT,
        calculate=lambda given: (
            reference_efficiency(
                given.choice("energy", Energy), given.number(_said(given, "power", "line_power"))
            ).value
        ),
    ),
    Formula(
        name="evaluated_nitrogen_oxides",
        title="NOx of a gas or oil boiler by the table of annexe 3",
        inputs={"burner": codes(Burner), "power": POWER},
        output=OXIDES,
        optional=frozenset({"power"}),
        calculate=_oxides,
    ),
    Formula(
        name="evaluated_nitrogen_oxides_below",
        title="Whether the table prints less than that",
        inputs={"burner": codes(Burner)},
        output=Flag(),
        calculate=lambda given: nitrogen_oxides.below(given.choice("burner", Burner)),
    ),
    Formula(
        name="reference_nitrogen_oxides",
        title="Its reference",
        inputs={"burner": codes(Burner)},
        output=OXIDES,
        calculate=lambda given: nitrogen_oxides.reference(given.choice("burner", Burner)),
    ),
    *_wood("efficiency", "Efficiency", PERCENT, solid_fuel.efficiency),
    *_wood("dust", "Dust", PARTICLES, solid_fuel.dust),
    *_wood("compounds", "Volatile organic compounds", PARTICLES, solid_fuel.compounds),
)
