"""Formulas of what a tightness test says: how the pressure moved, and whether a drop is permitted.

The rules and their sources stand in ``tightness``.
"""

from decimal import Decimal
from enum import StrEnum

from contract.calculations import tightness
from contract.calculations.formula import Formula, Given, Number, codes
from contract.calculations.tightness import PressureTest, UkGas
from contract.quantity import Quantity
from contract.unit import Unit

_GAUGE = (Quantity.GAUGE_PRESSURE, Quantity.DIFFERENTIAL_PRESSURE)
_PIPE = Number(Unit.HECTOPASCAL, _GAUGE)
_DROP = Number(Unit.MILLIBAR, (Quantity.PRESSURE_DROP,))


class Movement(StrEnum):
    """How a pressure moved while it was watched, compared as it was read."""

    STEADY = "steady"
    DROP = "drop"
    RISE = "rise"


class Permission(StrEnum):
    """Whether a drop is one that a rule permits."""

    PERMITTED = "permitted"
    EXCEEDED = "exceeded"


def movement(start: Decimal, end: Decimal) -> Movement:
    """Return how a pressure moved; the smallest difference is one."""
    if end < start:
        return Movement.DROP
    return Movement.RISE if end > start else Movement.STEADY


def permission(drop: Decimal, permitted: Decimal) -> Permission:
    """Return whether a drop is permitted; one just as large as the rule says is."""
    return Permission.PERMITTED if drop <= permitted else Permission.EXCEEDED


def _uk(given: Given) -> Permission:
    permitted = tightness.uk_permitted_drop(given.choice("gas", UkGas), given.number("volume"))
    return permission(given.number("drop"), permitted)


def _leak_rate(given: Given) -> Decimal:
    return tightness.leak_rate(
        PressureTest(
            volume=given.number("volume"),
            hours=given.number("duration"),
            barometric=given.number("barometric_pressure"),
            start=given.number("start_pressure"),
            end=given.number("end_pressure"),
            operating=given.number("operating_pressure"),
            gas_factor=given.number("gas_factor"),
        )
    )


VERDICTS = (
    Formula(
        name="leak_rate_with_factor",
        title="Leak rate by DVGW G 624, with the gas factor of another medium than that of the service",
        inputs={
            "volume": Number(said="L"),
            "duration": Number(Unit.HOUR, (Quantity.DURATION,)),
            "barometric_pressure": Number(Unit.HECTOPASCAL, (Quantity.ABSOLUTE_PRESSURE,)),
            "start_pressure": _PIPE,
            "end_pressure": _PIPE,
            "operating_pressure": _PIPE,
            "gas_factor": Number(said="1"),
        },
        output=Number(Unit.LITRE_PER_HOUR, (Quantity.LEAK_RATE,)),
        calculate=_leak_rate,
    ),
    Formula(
        name="pressure_drop",
        title="Drop of a pressure; negative where it rose",
        inputs={"start_pressure": _PIPE, "end_pressure": _PIPE},
        output=_DROP,
        calculate=lambda given: given.number("start_pressure") - given.number("end_pressure"),
    ),
    Formula(
        name="pressure_movement",
        title="How a pressure moved while it was watched, to the last digit that was read",
        inputs={"start_pressure": _PIPE, "end_pressure": _PIPE},
        output=codes(Movement),
        calculate=lambda given: movement(
            given.number("start_pressure"), given.number("end_pressure")
        ),
    ),
    Formula(
        name="uk_tightness",
        title="Whether a drop is within that permitted by IGEM/UP/1B edition 4",
        inputs={"gas": codes(UkGas), "volume": Number(said="m3"), "drop": _DROP},
        output=codes(Permission),
        calculate=_uk,
    ),
)
