"""Whether a condensing boiler may be left running in the United Kingdom where its maker gives no figure.

Source: HHIC, as co-gassafety.co.uk and centralheating.co.uk (Benchmark) quote it: CO of 350 ppm at most and CO/CO2 of
0.0040 at most, the ratio with four decimals. What the maker says overrides it.
"""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from contract.calculations import combustion
from contract.calculations.formula import Formula, Number, codes
from contract.quantity import Quantity
from contract.unit import Unit


class Commissioning(StrEnum):
    """What the check says."""

    PASSES = "passes"
    FAILS = "fails"


MOST_MONOXIDE: Final = Decimal(350)
MOST_RATIO: Final = Decimal("0.0040")


def uk_commissioning(carbon_monoxide_ppm: Decimal, carbon_dioxide: Decimal) -> Commissioning:
    """Return whether flue gas passes; the ratio is compared with the four decimals that it is stated with."""
    ratio = combustion.monoxide_ratio(carbon_monoxide_ppm, carbon_dioxide)
    stated = ratio.quantize(MOST_RATIO, rounding=ROUND_HALF_UP)
    within = stated <= MOST_RATIO and carbon_monoxide_ppm <= MOST_MONOXIDE
    return Commissioning.PASSES if within else Commissioning.FAILS


COMMISSIONING = (
    Formula(
        name="uk_commissioning",
        title="Whether CO and CO/CO2 of a condensing boiler pass where its maker gives no figure",
        inputs={
            "carbon_monoxide": Number(Unit.PPM, (Quantity.CARBON_MONOXIDE,)),
            "carbon_dioxide": Number(Unit.PERCENT, (Quantity.CARBON_DIOXIDE,)),
        },
        output=codes(Commissioning),
        calculate=lambda given: uk_commissioning(
            given.number("carbon_monoxide"), given.number("carbon_dioxide")
        ),
    ),
)
