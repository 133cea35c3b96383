"""Numbers with a fixed point in a few bytes, least significant byte first."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Fixed:
    """A whole number of steps; a step is one at the last of `decimals` places."""

    size: int
    decimals: int = 0
    signed: bool = False

    def shown(self, value: float) -> Decimal:
        """Return the nearest number that can be said, with all its places.

        The ends of the range, which often stand for no value, are never said.
        """
        top = (1 << 8 * self.size - 1) - 1 if self.signed else (1 << 8 * self.size) - 2
        steps = round(Decimal(str(value)).scaleb(self.decimals))
        return Decimal(min(max(steps, -top if self.signed else 0), top)).scaleb(-self.decimals)

    def wire(self, shown: Decimal) -> bytes:
        """Return the bytes of what is shown."""
        steps = int(shown.scaleb(self.decimals))
        return (steps % (1 << 8 * self.size)).to_bytes(self.size, "little")
