"""The customer in front of a terminal."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Habit(StrEnum):
    """What the customer does."""

    PAYS = "pays"
    REFUSES = "refuses"
    """The bank declines."""
    ABANDONS = "abandons"
    """The red key."""
    WRONG_PIN = "wrong_pin"
    """Until the card declines."""
    PAYS_PARTLY = "pays_partly"
    """Less than was asked for is authorised."""
    SLOW = "slow"
    """Pays, after a long time."""


USUAL_SECONDS, SLOW_SECONDS = 0.3, 30.0
USUAL_PERCENT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What the customer does, and how long it takes in the terminal's own time."""

    habit: Habit = Habit.PAYS
    seconds: float | None = None
    """None: what is usual for the habit."""
    percent: int = USUAL_PERCENT
    """Of the amount, where only a part is paid."""

    @property
    def takes(self) -> float:
        """The seconds from the request to the decision."""
        if self.seconds is not None:
            return self.seconds
        return SLOW_SECONDS if self.habit is Habit.SLOW else USUAL_SECONDS

    def part(self, amount: int) -> int:
        """Return what is paid of an amount."""
        if self.habit is not Habit.PAYS_PARTLY:
            return amount
        return max(1, amount * self.percent // 100)

    def as_json(self) -> dict[str, Any]:
        return {"does": self.habit.value, "seconds": self.takes, "percent": self.percent}
