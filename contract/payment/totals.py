"""What a terminal says it did since its day began."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """Of one kind of card."""

    name: str
    count: int
    minor_units: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Receipts from the first to the last, both counted; how refunds count, terminals do not say."""

    first: str
    last: str
    currency: str
    groups: tuple[GroupTotal, ...]

    @property
    def count(self) -> int:
        """How many, of all kinds."""
        return sum(each.count for each in self.groups)

    @property
    def minor_units(self) -> int:
        """How much, of all kinds."""
        return sum(each.minor_units for each in self.groups)

    def covers(self, receipt: str) -> bool:
        """Whether a receipt is one of these; numbers begin anew after 9999."""
        if not receipt.isdecimal():
            return False
        first, last, number = int(self.first), int(self.last), int(receipt)
        return first <= number <= last if first <= last else number >= first or number <= last
