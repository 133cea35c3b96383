"""An instrument on Bluetooth Low Energy: characteristics over a connection, or advertisements."""

import re
from collections.abc import Callable, Iterator, Sequence

from contract.instrument import InstrumentIdentity
from drivers.generic.binary import field
from drivers.generic.model import Advertisement, Ble
from drivers.kit.description import BleLink, BroadcastLink
from drivers.kit.dialogue import InstrumentEvent, ReadingsReceived
from drivers.kit.errors import FrameError
from drivers.kit.layout import Layout
from drivers.kit.link import AdvertisementSeen
from drivers.kit.listening import AdvertisementListening
from drivers.kit.polling import CharacteristicPolling
from drivers.kit.uuid import whole

Identify = Callable[[str | None], InstrumentIdentity]
"""From a serial, where the name states one."""

_SERIAL = r"(?P<serial>[0-9A-Za-z._-]{1,64})"


def _name(pattern: str) -> re.Pattern[str]:
    """Return what a local name must match: ``{serial}`` stands for the serial, ``*`` for anything."""
    pieces = re.split(r"(\{serial\}|\*)", pattern)
    known = {"{serial}": _SERIAL, "*": ".{0,64}"}
    return re.compile("".join(known.get(each) or re.escape(each) for each in pieces))


def _named(
    pattern: re.Pattern[str] | None, seen: AdvertisementSeen, who: Identify
) -> InstrumentIdentity | None:
    if pattern is None:
        return who(None)
    match = pattern.fullmatch(seen.local_name)
    return None if match is None else who(match.groupdict().get("serial"))


class Characteristics:
    """Reads the characteristics that a file names."""

    def __init__(self, said: Ble, who: Identify) -> None:
        self._said = said
        self._who = who
        self._name = None if said.local_name is None else _name(said.local_name)
        self._service = None if said.service is None else whole(said.service)
        wanted = dict.fromkeys(whole(each.characteristic) for each in said.value)
        self._layouts = {
            uuid: Layout(
                *(
                    field(each, each.offset)
                    for each in said.value
                    if whole(each.characteristic) == uuid
                )
            )
            for uuid in wanted
        }

    def link(self) -> BleLink:
        """Return how to speak with it."""
        return BleLink(identify=self.identify, converse=self._converse)

    def _converse(self) -> CharacteristicPolling:
        uuids = tuple(self._layouts)
        if self._said.notify:
            return CharacteristicPolling(self.parse, subscribe=uuids)
        return CharacteristicPolling(self.parse, poll=uuids, every=self._said.every)

    def identify(self, seen: AdvertisementSeen) -> InstrumentIdentity | None:
        """Return who advertises."""
        if self._service is not None and self._service not in seen.service_uuids:
            return None
        return _named(self._name, seen, self._who)

    def parse(self, uuid: str, data: bytes) -> Iterator[InstrumentEvent]:
        """Yield the readings of one characteristic."""
        layout = self._layouts.get(uuid)
        if layout is not None:
            yield ReadingsReceived(tuple(layout.parse(data)))

    def decode(self, data: bytes) -> Iterator[InstrumentEvent]:
        """Read the recorded value of the first characteristic."""
        return self.parse(next(iter(self._layouts)), data)


class Advertised:
    """Reads the advertisements that a file describes."""

    def __init__(self, said: Advertisement, who: Identify) -> None:
        self._said = said
        self._who = who
        self._name = None if said.local_name is None else _name(said.local_name)
        self._layout = Layout(*(field(each, each.offset) for each in said.value))

    def link(self) -> BroadcastLink:
        """Return how to listen to it."""
        return BroadcastLink(
            identify=self.identify, converse=lambda _: AdvertisementListening(self._heard)
        )

    def identify(self, seen: AdvertisementSeen) -> InstrumentIdentity | None:
        """Return who advertises."""
        return None if self._data(seen) is None else _named(self._name, seen, self._who)

    def _data(self, seen: AdvertisementSeen) -> bytes | None:
        if self._said.service_data is not None:
            return seen.service_data.get(whole(self._said.service_data))
        return seen.manufacturer_data.get(self._said.manufacturer_data or 0)

    def _heard(self, seen: AdvertisementSeen) -> Sequence[InstrumentEvent]:
        data = self._data(seen)
        return [] if data is None else list(self.decode_strictly(data))

    def decode_strictly(self, data: bytes) -> Iterator[InstrumentEvent]:
        """Yield the readings in the data; raises FrameError for another length."""
        if len(data) != self._said.length:
            raise FrameError(f"{len(data)} bytes where there are {self._said.length}", data)
        yield ReadingsReceived(tuple(self._layout.parse(data)))
