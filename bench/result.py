"""One line of the table."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A figure, the bare bound it is held against, and the aim."""

    name: str
    value: float
    unit: str
    bound: float | None = None
    """The same work, done as bare as Python allows, in the same run."""
    aim: str = ""
    met: bool | None = None
    remark: str = ""

    @property
    def ratio(self) -> float | None:
        return None if not self.bound else self.value / self.bound


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def latency(name: str, seconds: Sequence[float], *, most_p99: float | None = None) -> list[Result]:
    """Return p50 and p99 in milliseconds; ``most_p99`` is the aim."""
    p50, p99 = (percentile(seconds, share) * 1000 for share in (0.5, 0.99))
    aim = "" if most_p99 is None else f"≤ {most_p99:g} ms"
    met = None if most_p99 is None else p99 <= most_p99
    return [
        Result(f"{name}, p50", round(p50, 3), "ms"),
        Result(f"{name}, p99", round(p99, 3), "ms", aim=aim, met=met),
    ]
