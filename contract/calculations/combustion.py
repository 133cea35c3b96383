"""What follows from the analysis of a flue gas. Concentrations in percent of dry gas, temperatures in degrees Celsius.

Sources: testo 330-1 LL manual, p. 54 (Siegert); Bacharach Fyrite manual, appendix A (excess air, condensing step);
Kane KM940 manual, p. 33 (correction to a reference oxygen). Nothing is rounded here.
"""

from decimal import Decimal

from contract.calculations.errors import CalculationError
from contract.calculations.fuels import Fuel, FuelConstants, FuelSet
from contract.words import Words

PPM_IN_PERCENT = 10_000
OXYGEN_LOWERS = Decimal("1.2")
"""Degrees Celsius by which each percent of oxygen lowers the temperature of the condensing step."""


def constants(fuels: FuelSet, fuel: Fuel) -> FuelConstants:
    """Return what a set says of a fuel; raises CalculationError when it says nothing."""
    found = fuels.fuels.get(fuel)
    if found is None:
        raise CalculationError(
            Words(
                "the constants of {set} have no {fuel}: choose others",
                set=fuels.name,
                fuel=Words(fuel),
            )
        )
    return found


def carbon_dioxide(fuels: FuelSet, carbon_dioxide_max: Decimal, oxygen: Decimal) -> Decimal:
    """Return carbon dioxide calculated from oxygen.

    An instrument that states the maximum of its fuel is believed: sets and instruments differ (11.8, 11.9).
    """
    return carbon_dioxide_max * _not_air(fuels, oxygen) / fuels.oxygen_in_air


def excess_air_ratio(fuels: FuelSet, oxygen: Decimal) -> Decimal:
    """Return λ, the air supplied over the air needed."""
    return fuels.oxygen_in_air / _not_air(fuels, oxygen)


def excess_air(fuels: FuelSet, oxygen: Decimal) -> Decimal:
    """Return the air supplied beyond the air needed, in percent of the air needed."""
    return (excess_air_ratio(fuels, oxygen) - 1) * 100


def at_reference_oxygen(
    fuels: FuelSet, concentration: Decimal, oxygen: Decimal, reference: Decimal
) -> Decimal:
    """Return a concentration as it would be with the reference oxygen, in its own unit; 0 % is undiluted."""
    if not 0 <= reference < fuels.oxygen_in_air:
        raise CalculationError(
            Words(
                "{reference} % cannot be a reference oxygen: give 0 up to {air} %",
                reference=reference,
                air=fuels.oxygen_in_air,
            )
        )
    return concentration * (fuels.oxygen_in_air - reference) / _not_air(fuels, oxygen)


def undiluted(fuels: FuelSet, concentration: Decimal, oxygen: Decimal) -> Decimal:
    """Return a concentration without the excess air, in its own unit."""
    return at_reference_oxygen(fuels, concentration, oxygen, Decimal(0))


def monoxide_ratio(carbon_monoxide_ppm: Decimal, carbon_dioxide: Decimal) -> Decimal:
    """Return CO/CO2, of carbon monoxide in ppm and carbon dioxide in percent; refused at 1 % of that or less."""
    if carbon_dioxide <= 1:
        raise CalculationError(
            Words("with 1 % of carbon dioxide or less the ratio says nothing: look at the probe")
        )
    return carbon_monoxide_ppm / (carbon_dioxide * PPM_IN_PERCENT)


def flue_gas_loss(
    fuels: FuelSet, fuel: Fuel, flue_gas: Decimal, air: Decimal, oxygen: Decimal
) -> Decimal:
    """Return Siegert's loss by the heat of the flue gas, in percent of the net calorific value, without condensing."""
    of_fuel = constants(fuels, fuel)
    return (flue_gas - air) * (of_fuel.a2 / _not_air(fuels, oxygen) + of_fuel.b)


def flue_gas_loss_from_carbon_dioxide(
    fuels: FuelSet, fuel: Fuel, flue_gas: Decimal, air: Decimal, carbon_dioxide: Decimal
) -> Decimal:
    """Return the same from carbon dioxide: A1 is A2 times its maximum, over the oxygen of air."""
    of_fuel = constants(fuels, fuel)
    if carbon_dioxide <= 0:
        raise CalculationError(
            Words("there is no carbon dioxide: the sample is air, look at the probe")
        )
    a1 = of_fuel.a2 * of_fuel.carbon_dioxide_max / fuels.oxygen_in_air
    return (flue_gas - air) * (a1 / carbon_dioxide + of_fuel.b)


def efficiency(loss: Decimal) -> Decimal:
    """Return the combustion efficiency, in percent of the net calorific value.

    It is never the efficiency that the French attestation calls *évalué*: that comes from a table.
    """
    return 100 - loss


def condensing_efficiency(
    fuels: FuelSet, fuel: Fuel, flue_gas: Decimal, air: Decimal, oxygen: Decimal
) -> Decimal:
    """Return the efficiency with the step that Bacharach publishes for flue gas below its dew point."""
    step = constants(fuels, fuel).condensing
    if step is None:
        raise CalculationError(
            Words(
                "{set} publishes no gain by condensing for {fuel}: take it from the instrument",
                set=fuels.name,
                fuel=Words(fuel),
            )
        )
    dry = efficiency(flue_gas_loss(fuels, fuel, flue_gas, air, oxygen))
    condenses = flue_gas < step.below - OXYGEN_LOWERS * oxygen
    return dry + step.gain if condenses else dry


def _not_air(fuels: FuelSet, oxygen: Decimal) -> Decimal:
    """Return how far oxygen lies below that of air; raises CalculationError for a sample that is air."""
    if not 0 <= oxygen < fuels.oxygen_in_air:
        raise CalculationError(
            Words(
                "{oxygen} % of oxygen is no flue gas: it lies from 0 to below {air} %; look at the probe",
                oxygen=oxygen,
                air=fuels.oxygen_in_air,
            )
        )
    return fuels.oxygen_in_air - oxygen
