"""The float32 of the wire, by hand: nearest value, four bytes, shortest decimal."""

import math
from decimal import Decimal

MANTISSA_BITS = 23
EXPONENT_BIAS = 127
QUIET_NAN = bytes((0x00, 0x00, 0xC0, 0x7F))
"""Not a number, least significant byte first."""


def to_bits(number: float) -> int:
    """Return the 32 bits of the float32 nearest to `number` (ties to even)."""
    sign = 1 if math.copysign(1.0, number) < 0 else 0
    size = abs(number)
    if size == 0.0:
        return sign << 31
    _, exponent = math.frexp(size)
    # Below the smallest normal number the step no longer shrinks.
    exponent = max(exponent, 2 - EXPONENT_BIAS)
    steps = round(math.ldexp(size, MANTISSA_BITS + 1 - exponent))
    # `steps` carries the hidden bit: adding it raises the exponent by one, as it must.
    bits = ((exponent + EXPONENT_BIAS - 2) << MANTISSA_BITS) + steps
    if bits >= 0x7F800000:
        msg = f"{number} is out of the range of a float32"
        raise ValueError(msg)
    return sign << 31 | bits


def nearest(number: float) -> float:
    """Return the float32 nearest to `number`, as a double."""
    return from_bits(to_bits(number))


def from_bits(bits: int) -> float:
    """Return what 32 bits mean; only finite values are known here."""
    exponent = bits >> MANTISSA_BITS & 0xFF
    fraction = bits & (1 << MANTISSA_BITS) - 1
    if exponent:
        fraction += 1 << MANTISSA_BITS
    else:
        exponent = 1
    size = math.ldexp(fraction, exponent - EXPONENT_BIAS - MANTISSA_BITS)
    return -size if bits >> 31 else size


def to_bytes(number: float) -> bytes:
    """Return the float32 nearest to `number`, least significant byte first."""
    bits = to_bits(number)
    return bytes((bits & 255, bits >> 8 & 255, bits >> 16 & 255, bits >> 24))


def from_bytes(wire: bytes) -> float:
    """Return the value of four bytes, least significant byte first."""
    return from_bits(wire[0] | wire[1] << 8 | wire[2] << 16 | wire[3] << 24)


def shortest(number: float) -> Decimal:
    """Return the shortest decimal that reads back as the float32 nearest to `number`."""
    goal = to_bits(number)
    candidates = (f"{nearest(number):.{digits}g}" for digits in range(1, 10))
    # Nine digits always tell two float32 apart.
    plain = next(Decimal(text) for text in candidates if _reads_as(text, goal))
    return Decimal(f"{plain:f}") if plain else Decimal(0)


def _reads_as(text: str, bits: int) -> bool:
    try:
        return to_bits(float(text)) == bits
    except ValueError:
        return False  # in few digits the largest numbers round up beyond the range
