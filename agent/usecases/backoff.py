"""How long to wait before trying again."""

from collections.abc import Callable


def jittered(attempt: int, *, first: float, most: float, chance: Callable[[], float]) -> float:
    """Return seconds to wait after ``attempt`` failures: doubling from ``first`` to ``most``, half of it by chance.

    ``chance`` returns a number from 0 to 1.
    """
    whole: float = min(most, first * 2 ** min(attempt, 16))
    return whole / 2 + whole / 2 * chance()
