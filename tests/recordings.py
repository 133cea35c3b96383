"""Load recorded exchanges."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from agent.cli.recorded import read as link_event
from agent.cli.recorded import written as recorded
from contract.instrument import Grade
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.kit.link import LinkEvent

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
    key: bytes | None = None

    def __str__(self) -> str:
        return f"{self.slug}/{self.name}"

    @property
    def data(self) -> bytes:
        """Every byte that came, whatever it came over."""
        return b"".join(written[1] for each in self.events if (written := recorded(each)))


def _reading(table: dict[str, Any]) -> Reading:
    return Reading(
        Quantity(table["quantity"]),
        Decimal(table["value"]) if "value" in table else None,
        Unit(table["unit"]),
        Status(table.get("status", "ok")),
        substance=table.get("substance"),
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
        key=bytes.fromhex(table["bind_key"]) if "bind_key" in table else None,
    )


ALL = tuple(load(path) for path in sorted(FOLDER.glob("*/*.toml")))
