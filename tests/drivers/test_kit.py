"""The parts a driver is made of."""

from decimal import Decimal

import pytest

from contract.quantity import Quantity
from contract.reading import Status
from contract.unit import Unit
from drivers.kit.crc import crc16_modbus
from drivers.kit.errors import FrameError
from drivers.kit.framing import LineFraming
from drivers.kit.layout import Field, Layout

OXYGEN = Field(
    format=">H",
    quantity=Quantity.OXYGEN,
    unit=Unit.PERCENT,
    scale=Decimal("0.1"),
    marks={0xFFFF: Status.NOT_MEASURED},
)
FLUE = Field(offset=2, format="<f", quantity=Quantity.FLUE_GAS_TEMPERATURE, unit=Unit.CELSIUS)


def test_the_check_value_is_the_published_one():
    assert 0x4B37 == crc16_modbus(b"123456789")


def test_a_layout_reads_each_field_with_the_digits_of_its_scale():
    oxygen, flue = Layout(OXYGEN, FLUE).parse(bytes.fromhex("0640 0000c842"))

    assert ("160.0", Status.OK) == (str(oxygen.value), oxygen.status)
    assert Decimal(100) == flue.value


def test_what_is_absent_is_missing_and_never_zero():
    absent, defect = Layout(OXYGEN, FLUE).parse(bytes.fromhex("ffff 0000c07f"))

    assert (None, Status.NOT_MEASURED) == (absent.value, absent.status)
    assert (None, Status.ERROR) == (defect.value, defect.status)


@pytest.mark.parametrize("size", range(6))
def test_a_body_that_is_too_short_is_refused(size):
    with pytest.raises(FrameError, match="needs 6"):
        list(Layout(OXYGEN, FLUE).parse(bytes(size)))


def test_lines_end_with_either_mark_and_empty_ones_are_skipped():
    framing, buffer = LineFraming(), bytearray(b"\r\na\r\nb\nc\rrest")
    lines = [framing.take(buffer) for _ in range(4)]

    assert [b"a", b"b", b"c", None] == lines
    assert b"rest" == buffer


def test_a_line_without_an_end_does_not_grow_for_ever():
    framing, buffer = LineFraming(max_line=8), bytearray(b"x" * 9)

    assert framing.take(buffer) is None
    assert b"" == buffer
