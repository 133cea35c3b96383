"""Decimal floating point as Bluetooth carries it: every published vector."""

import pytest

from drivers.kit.errors import FrameError
from drivers.kit.ieee11073 import float32, sfloat


def on_air(raw: int, size: int) -> bytes:
    return raw.to_bytes(size, "little")


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (0x0002, "2"),
        (0xF014, "2.0"),
        (0xE0C8, "2.00"),
        (0x1002, "20"),
        (0x2002, "200"),
        (0x04D2, "1234"),
        (0x0B2E, "-1234"),
    ],
)
def test_a_short_float_keeps_its_digits_and_both_signs(raw, number):
    """F014: the power of ten is −1; read without its sign it would be 15."""
    assert number == f"{sfloat(on_air(raw, 2)):f}"


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (0x00000002, "2"),
        (0xFF000014, "2.0"),
        (0xFE0000C8, "2.00"),
        (0x01000002, "20"),
        (0x02000002, "200"),
        (0x000004D2, "1234"),
        (0x00FFFB2E, "-1234"),
        (0xFF00016C, "36.4"),
    ],
)
def test_a_float_keeps_its_digits_and_both_signs(raw, number):
    assert number == f"{float32(on_air(raw, 4)):f}"


def test_the_low_byte_comes_first_on_air():
    assert "36.4" == f"{float32(bytes.fromhex('6c 01 00 ff')):f}"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (0x07FF, "NaN"),
        (0x0800, "NRes"),
        (0x07FE, "+INFINITY"),
        (0x0802, "-INFINITY"),
        (0x0801, "reserved"),
    ],
)
def test_what_is_no_number_has_a_name(raw, name):
    assert name == sfloat(on_air(raw, 2))


@pytest.mark.parametrize("raw", [0x7FFFFF, 0x800000, 0x7FFFFE, 0x800002, 0x800001])
def test_a_float_at_the_ends_of_its_mantissa_is_no_number(raw):
    assert isinstance(float32(on_air(raw, 4)), str)


@pytest.mark.parametrize("size", [0, 1, 3])
def test_another_length_is_refused(size):
    with pytest.raises(FrameError, match="has 2"):
        sfloat(bytes(size))
    with pytest.raises(FrameError, match="has 4"):
        float32(bytes(size))
