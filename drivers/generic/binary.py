"""From what a file says of bytes to the kit's layout."""

from collections.abc import Sequence

from drivers.generic.model import BinaryValue, RegisterValue, Type, decimal
from drivers.kit.layout import Field

_CODES = {
    Type.U8: "B",
    Type.S8: "b",
    Type.U16: "H",
    Type.S16: "h",
    Type.U32: "I",
    Type.S32: "i",
    Type.F32: "f",
}


def field(value: BinaryValue, offset: int) -> Field:
    """Return where a value stands in bytes."""
    sign = ">" if value.byte_order == "big" else "<"
    swapped = isinstance(value, RegisterValue) and value.word_order not in {None, value.byte_order}
    return Field(
        offset=offset,
        format=sign + _CODES[value.type],
        quantity=value.quantity,
        unit=value.unit,
        substance=value.substance,
        scale=decimal(value.scale),
        plus=decimal(value.plus),
        marks=value.marks(),
        words_swapped=swapped,
    )


def registers(value: RegisterValue) -> int:
    """Return how many registers a value takes."""
    return 1 if value.word_order is None else 2


def runs(addresses: Sequence[int], most: int = 125) -> list[range]:
    """Return the addresses as runs without a gap, none longer than one Modbus answer can hold."""
    found: list[range] = []
    for each in sorted(set(addresses)):
        if found and each == found[-1].stop and len(found[-1]) < most:
            found[-1] = range(found[-1].start, each + 1)
        else:
            found.append(range(each, each + 1))
    return found
