"""Load recorded exchanges."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from agent.cli.replaying import link_event
from contract.instrument import Grade
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.kit.link import HttpAnswered, LinkEvent

FOLDER = Path(__file__).parent / "fixtures" / "recordings"


@dataclass(frozen=True)
class Recording:
    """What came over the link of an instrument, and what its screen showed at that moment."""

    slug: str
    name: str
    source: Grade
    medium: str
    events: tuple[LinkEvent, ...]
    readings: tuple[Reading, ...]
    rejected: int

    def __str__(self) -> str:
        return f"{self.slug}/{self.name}"

    @property
    def data(self) -> bytes:
        return b"".join(
            each.data if not isinstance(each, HttpAnswered) else each.body for each in self.events
        )


def _reading(table: dict[str, Any]) -> Reading:
    return Reading(
        Quantity(table["quantity"]),
        Decimal(table["value"]) if "value" in table else None,
        Unit(table["unit"]),
        Status(table.get("status", "ok")),
        detail=table.get("detail"),
    )


def load(path: Path) -> Recording:
    table = tomllib.loads(path.read_text())
    return Recording(
        slug=table["slug"],
        name=path.stem,
        source=Grade(table["source"]),
        medium=table["medium"],
        events=tuple(link_event(each) for each in table["event"]),
        readings=tuple(_reading(each) for each in table.get("reading", [])),
        rejected=table.get("rejected", 0),
    )


ALL = tuple(load(path) for path in sorted(FOLDER.glob("*/*.toml")))
