"""What a check found."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """What was to hold, whether it did, and what was seen."""

    name: str
    held: bool
    seen: str


@dataclass(slots=True)
class Outcome:
    """What the check found."""

    steps: list[Step] = field(default_factory=list[Step])
    fields: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    seconds: float = 0.0
    """Of the steps alone."""
    setup_seconds: float = 0.0
    """Before them, until all processes ran and the work was planned."""

    @property
    def held(self) -> bool:
        return bool(self.steps) and all(step.held for step in self.steps)
