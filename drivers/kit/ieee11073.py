"""Decimal floating point of IEEE 11073-20601: a signed mantissa and a signed power of ten, as Bluetooth carries them.

Sources: HL7/phd, MderFLOATsandSFLOATs.md (the numbers); Wireshark and Nordic headers (the special values of SFLOAT).
"""

from collections.abc import Mapping
from decimal import Decimal

from drivers.kit.errors import FrameError

SFLOAT_SPECIALS: Mapping[int, str] = {
    0x07FF: "NaN",
    0x0800: "NRes",
    0x07FE: "+INFINITY",
    0x0802: "-INFINITY",
    0x0801: "reserved",
}
"""Raw values that are no number, and what each is called."""

# No source of ours lists these: they are those of SFLOAT, at the same ends of a mantissa of 24 bits.
FLOAT_SPECIALS: Mapping[int, str] = {
    0x007FFFFF: "NaN",
    0x00800000: "NRes",
    0x007FFFFE: "+INFINITY",
    0x00800002: "-INFINITY",
    0x00800001: "reserved",
}


def sfloat(data: bytes) -> Decimal | str:
    """Return the number in two bytes, its digits kept, or the name of a special value; raises FrameError."""
    return _read(data, 12, 4, SFLOAT_SPECIALS)


def float32(data: bytes) -> Decimal | str:
    """Return the number in four bytes, its digits kept, or the name of a special value; raises FrameError."""
    return _read(data, 24, 8, FLOAT_SPECIALS)


def _read(data: bytes, mantissa: int, exponent: int, specials: Mapping[int, str]) -> Decimal | str:
    if len(data) * 8 != mantissa + exponent:
        raise FrameError(
            f"{len(data)} bytes where the number has {(mantissa + exponent) // 8}", data
        )
    raw = int.from_bytes(data, "little")
    if raw in specials:
        return specials[raw]
    return Decimal(_signed(raw, mantissa)).scaleb(_signed(raw >> mantissa, exponent))


def _signed(raw: int, bits: int) -> int:
    """Return the low ``bits`` of ``raw`` as a two's complement: a power of ten can be negative too."""
    low, sign = raw & (1 << bits) - 1, 1 << bits - 1
    return (low ^ sign) - sign
