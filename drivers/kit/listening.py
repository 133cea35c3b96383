"""A conversation in which the instrument speaks to everybody, and nothing is ever asked."""

from collections.abc import Callable, Iterable

from drivers.kit.dialogue import InstrumentEvent
from drivers.kit.link import AdvertisementSeen, LinkEvent
from drivers.kit.talk import Talk


class AdvertisementListening(Talk):
    """Reads advertisements."""

    def __init__(self, parse: Callable[[AdvertisementSeen], Iterable[InstrumentEvent]]) -> None:
        super().__init__(None)
        self._parse = parse

    def connection_made(self, now: float) -> None:
        """Nothing is said first."""

    def timer_fired(self, now: float) -> None:
        """No timer is ever set."""

    def receive(self, event: LinkEvent, now: float) -> None:
        """Take an advertisement in."""
        if isinstance(event, AdvertisementSeen):
            self._tell(lambda: self._parse(event))
