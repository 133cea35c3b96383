"""What an instrument has shown: the truth that tests compare with."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from firmware_sims.kit.quantities import UNITS, Quantity

KEPT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One displayed set of values; a value is None when the display shows dashes."""

    counter: int
    at: datetime
    values: tuple[tuple[Quantity, Decimal | None], ...]
    units: Mapping[Quantity, str] = field(default_factory=lambda: UNITS)

    def value(self, quantity: Quantity) -> Decimal | None:
        """Return what is shown for a quantity; None when nothing is."""
        return dict(self.values).get(quantity)

    def as_json(self) -> dict[str, dict[str, str | None]]:
        """Return the values as the control API says them."""
        return {
            quantity.value: {
                "value": None if value is None else f"{value:f}",
                "unit": self.units[quantity],
            }
            for quantity, value in self.values
        }


class Display:
    """The last displayed sets, counted from 1 without gaps."""

    def __init__(self, units: Mapping[Quantity, str] = UNITS) -> None:
        self._units = units
        self._shown: deque[Shown] = deque(maxlen=KEPT)
        self._counter = 0

    def show(self, values: Mapping[Quantity, Decimal | None], at: datetime) -> None:
        """Display new values."""
        self._counter += 1
        shown = tuple(values.items())
        self._shown.append(Shown(counter=self._counter, at=at, values=shown, units=self._units))

    @property
    def current(self) -> Shown:
        """What the display shows now; nothing before the first set."""
        if self._shown:
            return self._shown[-1]
        return Shown(counter=0, at=datetime.fromtimestamp(0, UTC), values=())

    def last(self, count: int) -> tuple[Shown, ...]:
        """Return the last `count` sets, oldest first."""
        return tuple(self._shown)[-count:] if count > 0 else ()
