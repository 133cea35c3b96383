"""What a sensor senses: a level, a slow drift around it, noise on top."""

import math
from dataclasses import dataclass
from random import Random

DRIFT_MEMORY = 60.0
"""Seconds after which a drift has mostly returned to the level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How a sensed value moves: all numbers in the unit of the value."""

    level: float
    noise: float = 0.0
    drift: float = 0.0
    """Standard deviation gained in one second."""
    trend: float = 0.0
    """Change of the level in one second."""
    low: float = -math.inf
    high: float = math.inf


class Sensor:
    """One sensed value. Just set, it is exactly what was set until the next `process`."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.level = behaviour.level
        self.value = behaviour.level
        self._drift = 0.0

    def move_to(self, value: float) -> None:
        """Be at `value` at once, and stay around it."""
        self.level = self.value = value
        self._drift = 0.0

    def process(self, dt: float, chance: Random) -> None:
        """Let `dt` seconds pass."""
        how = self.behaviour
        self.level = self._bounded(self.level + how.trend * dt)
        self._drift *= math.exp(-dt / DRIFT_MEMORY)
        self._drift += chance.gauss(0.0, how.drift * math.sqrt(dt))
        self.value = self._bounded(self.level + self._drift + chance.gauss(0.0, how.noise))

    def _bounded(self, value: float) -> float:
        # A level set outside the sensor's range by hand is kept.
        low = min(self.behaviour.low, self.level)
        high = max(self.behaviour.high, self.level)
        return min(max(value, low), high)
