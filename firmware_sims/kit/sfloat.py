"""SFLOAT of IEEE 11073: a power of ten in four bits, a mantissa in twelve, both two's complement."""

from decimal import Decimal

NOT_A_NUMBER = bytes((0xFF, 0x07))
LARGEST_MANTISSA = 0x7FD
"""Those above it, and their negatives, are special values."""
LARGEST_POWER = 7


class Sfloat:
    """A number of at most `decimals` places; a large one has fewer digits than it was sensed with."""

    def __init__(self, decimals: int = 0) -> None:
        self._decimals = decimals

    def shown(self, value: float) -> Decimal:
        """Return the nearest number that can be said, in steps as small as there can be."""
        exact = Decimal(str(value))
        for power in range(-self._decimals, LARGEST_POWER + 1):
            mantissa = round(exact.scaleb(-power))
            if abs(mantissa) <= LARGEST_MANTISSA:
                return Decimal(mantissa).scaleb(power)
        return Decimal(LARGEST_MANTISSA).scaleb(LARGEST_POWER).copy_sign(exact)

    def wire(self, shown: Decimal) -> bytes:
        """Return the two bytes, least significant first: the places are those that are shown."""
        power = shown.as_tuple().exponent
        if not isinstance(power, int):
            return NOT_A_NUMBER
        mantissa = int(shown.scaleb(-power))
        return ((power & 0xF) << 12 | mantissa & 0xFFF).to_bytes(2, "little")
