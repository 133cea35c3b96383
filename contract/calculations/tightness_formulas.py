"""Formulas of tightness tests: leak rates, how a pressure moved, and whether a drop is permitted.

The rules and their sources stand in ``tightness``.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from contract.calculations import tightness
from contract.calculations.formula import Formula, Given, Kind, Number, codes
from contract.calculations.tightness import PressureTest, UkGas, Usability
from contract.quantity import Quantity
from contract.unit import Unit

_GAUGE = (Quantity.GAUGE_PRESSURE, Quantity.DIFFERENTIAL_PRESSURE)
_PIPE = Number(Unit.HECTOPASCAL, _GAUGE)
_TEMPERATURES = (
    Quantity.TEMPERATURE,
    Quantity.SURFACE_TEMPERATURE,
    Quantity.LINE_TEMPERATURE,
)
_LEAK = Number(Unit.LITRE_PER_HOUR, (Quantity.LEAK_RATE,))
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


_TEST: Mapping[str, Kind] = {
    "volume": Number(said="L"),
    "duration": Number(Unit.HOUR, (Quantity.DURATION,)),
    "barometric_pressure": Number(Unit.HECTOPASCAL, (Quantity.ABSOLUTE_PRESSURE,)),
    "start_pressure": _PIPE,
    "end_pressure": _PIPE,
    "operating_pressure": _PIPE,
}


def _leak_rate(given: Given, gas_factor: Decimal) -> Decimal:
    return tightness.leak_rate(
        PressureTest(
            volume=given.number("volume"),
            hours=given.number("duration"),
            barometric=given.number("barometric_pressure"),
            start=given.number("start_pressure"),
            end=given.number("end_pressure"),
            operating=given.number("operating_pressure"),
            gas_factor=gas_factor,
        )
    )


TIGHTNESS = (
    Formula(
        name="leak_rate",
        title="Leak rate by DVGW G 624, the medium of the test being that of the service",
        inputs=_TEST,
        output=_LEAK,
        calculate=lambda given: _leak_rate(given, Decimal(1)),
    ),
    Formula(
        name="dvgw_usability",
        title="What the DVGW allows with a leak",
        inputs={"leak_rate": _LEAK},
        output=codes(Usability),
        calculate=lambda given: tightness.usability(given.number("leak_rate")),
    ),
    Formula(
        name="uk_permitted_drop",
        title="Permitted drop by IGEM/UP/1B edition 4",
        inputs={"gas": codes(UkGas), "volume": Number(said="m3")},
        output=Number(Unit.MILLIBAR, (Quantity.PRESSURE_DROP,)),
        calculate=lambda given: tightness.uk_permitted_drop(
            given.choice("gas", UkGas), given.number("volume")
        ),
    ),
    Formula(
        name="compensated_pressure",
        title="Absolute pressure expected after the temperature changed",
        inputs={
            "start_pressure": Number(Unit.BAR, (Quantity.ABSOLUTE_PRESSURE,)),
            "start_temperature": Number(Unit.KELVIN, _TEMPERATURES),
            "end_temperature": Number(Unit.KELVIN, _TEMPERATURES),
        },
        output=Number(Unit.BAR, (Quantity.ABSOLUTE_PRESSURE,)),
        calculate=lambda given: tightness.compensated(
            given.number("start_pressure"),
            given.number("start_temperature"),
            given.number("end_temperature"),
        ),
    ),
    Formula(
        name="leak_rate_with_factor",
        title="Leak rate by DVGW G 624, with the gas factor of another medium than that of the service",
        inputs={**_TEST, "gas_factor": Number(said="1")},
        output=_LEAK,
        calculate=lambda given: _leak_rate(given, given.number("gas_factor")),
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
