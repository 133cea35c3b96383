"""Numbers as the wire writes them, and as an instrument displayed them."""

import math
import re
import struct
from decimal import Decimal

PATTERN = r"-?(0|[1-9]\d*)(\.\d+)?"
MAX_DIGITS = 28

_NUMBER = re.compile(PATTERN, re.ASCII)
_FLOAT32 = struct.Struct("<f")
_SMALLEST_NORMAL = 2.0**-126


class NumberError(ValueError):
    """A text is not a number as the wire writes one."""


def parse(text: object) -> Decimal:
    """Return the number that ``text`` writes, its digits kept; raises NumberError."""
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise NumberError(f"{text!r} is not a number written as text, such as '20.8'")
    if _digits(text) > MAX_DIGITS:
        raise NumberError(f"more than {MAX_DIGITS} digits")
    return Decimal(text)


def write(value: Decimal) -> str:
    """Return ``value`` in the wire's form: no exponent, digits kept, no negative zero."""
    text = f"{value:f}"
    return text.removeprefix("-") if value.is_zero() else text


def from_float32(value: float) -> Decimal | None:
    """Return the shortest decimal that round-trips as the same float32.

    None when it is no number, infinite, or a denormal: instruments use those for "no value". None too when the wire
    has no room for its digits.
    """
    if not math.isfinite(value) or 0 < abs(value) < _SMALLEST_NORMAL:
        return None
    for digits in (6, 7, 8, 9):
        text = f"{value:.{digits}g}"
        if _FLOAT32.unpack(_FLOAT32.pack(float(text)))[0] == value:
            break
    shortest = write(Decimal(text))
    return Decimal(shortest) if _digits(shortest) <= MAX_DIGITS else None


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)
