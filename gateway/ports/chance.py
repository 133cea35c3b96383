"""Time and chance, as arguments."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Tells the time, with its zone."""

Chance = Callable[[int], bytes]
"""Gives that many random bytes."""
