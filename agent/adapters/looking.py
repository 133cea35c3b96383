"""All the places where instruments are looked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.adapters.places import PlaceWatcher
from agent.ports import Watcher
from agent.usecases.payments.terminals import Terminal
from contract.instrument import InstrumentIdentity
from contract.wire.down import Command
from drivers.catalog import Catalogue


@dataclass(frozen=True, slots=True)
class Looking:
    """Watchers, taken together."""

    watchers: list[Watcher]

    def rescan(self) -> None:
        """Look again, everywhere."""
        for each in self.watchers:
            each.rescan()

    def absent(self) -> list[InstrumentIdentity]:
        """Return what the settings put somewhere, and nothing is there."""
        places = [each for each in self.watchers if isinstance(each, PlaceWatcher)]
        return [identity for each in places for identity in each.absent()]

    async def ordered(self, _: Command) -> str:
        """Look again because the office wants it; return what it is told."""
        self.rescan()
        return f"looking on {len(self.watchers)} media"


@dataclass(frozen=True, slots=True)
class Instruments:
    """What instruments there are, and where they are looked for."""

    catalogue: Catalogue
    looking: Looking
    terminals: Mapping[str, Terminal]
    """Payment terminals, by name."""
