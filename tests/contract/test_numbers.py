"""Numbers are text with their digits."""

import json
import math
import struct
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contract import number
from contract.quantity import Quantity
from contract.reading import Reading, ReadingError, Status
from contract.unit import Unit


@pytest.mark.parametrize("text", ["0", "-0.5", "20.80", "7482", "1" * 28, "0." + "1" * 27])
def test_a_number_keeps_its_digits(text):
    assert text == number.write(number.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01",
        ".5",
        "5.",
        "+5",
        "1e3",
        "NaN",
        "Infinity",
        " 5",
        "5 ",
        "٣",
        "1,5",
        "--1",
        "1" * 29,
        5,
        5.0,
        None,
        True,
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(number.NumberError):
        number.parse(text)


def test_zero_has_no_sign():
    assert "0.0" == number.write(Decimal("-0.0"))


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("00d0e945", "7482"),
        ("a2c9b842", "92.393814"),
        ("cb4d9e41", "19.787985"),
        ("0000c842", "100"),
        ("00000000", "0"),
    ],
)
def test_a_float32_becomes_its_shortest_decimal(bits, text):
    [value] = struct.unpack("<f", bytes.fromhex(bits))

    assert text == str(number.from_float32(value))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False, allow_subnormal=False))
def test_the_shortest_decimal_round_trips_and_nothing_shorter_does(value):
    decimal = number.from_float32(value)
    assume(decimal is not None)
    assert struct.pack("<f", float(decimal)) == struct.pack("<f", value + 0.0) or value == 0
    digits = len(decimal.normalize().as_tuple().digits)
    if digits > 1:
        shorter = float(f"{value:.{digits - 1}g}")
        assert abs(shorter) > 3.4028234e38 or struct.pack("<f", shorter) != struct.pack(
            "<f", value
        )


@given(st.floats(-1e9, 1e9, width=32, allow_nan=False, allow_subnormal=False))
def test_what_an_instrument_can_state_is_a_value(value):
    assert number.from_float32(value) is not None or abs(value) < 1e-15


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e-45, -1.1e-38])
def test_no_value_is_none_and_never_zero(value):
    assert number.from_float32(value) is None


@pytest.mark.parametrize(
    ("value", "unit", "status", "substance"),
    [
        (Decimal(5), Unit.PASCAL, Status.OK, None),
        (None, Unit.PERCENT, Status.OK, None),
        (Decimal(5), Unit.PERCENT, Status.NOT_MEASURED, None),
        (Decimal(5), Unit.PERCENT, Status.ERROR, None),
        (Decimal(5), Unit.PERCENT, Status.OK, "R32"),
    ],
)
def test_a_reading_that_contradicts_itself_is_refused(value, unit, status, substance):
    with pytest.raises(ReadingError):
        Reading(Quantity.OXYGEN, value, unit, status, substance)


def test_a_leak_rate_needs_its_substance():
    with pytest.raises(ReadingError, match="substance"):
        Reading(Quantity.LEAK_RATE, Decimal(3), Unit.GRAM_PER_YEAR)


def test_quantity_codes_are_never_taken_back():
    pinned = json.loads(
        (Path(__file__).parents[1] / "fixtures/wire/v1/quantities.json").read_text()
    )

    assert set(pinned) <= {each.value for each in Quantity}
