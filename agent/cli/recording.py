"""Write down what an instrument said, as a test fixture."""

from collections.abc import Callable

from agent.ports import Link, Sighting
from contract import number
from contract.reading import Reading
from drivers.kit.dialogue import InstrumentEvent, ReadingsReceived
from drivers.kit.link import (
    CharacteristicRead,
    HttpAnswered,
    LinkEvent,
    Notified,
    Received,
    Request,
)

MAX_EVENTS = 500


class Recorder:
    """Keeps the link's events and the readings they became; serial and address are scrubbed when it is written."""

    def __init__(self, slug: str, *, synthetic: bool) -> None:
        self._slug = slug
        self._source = "synthetic" if synthetic else "recording"
        self._medium = "ble"
        self._secrets: set[bytes] = set()
        self._events: list[str] = []
        self._readings: list[Reading] = []

    def begin(self, sighting: Sighting) -> None:
        """Take note of whose identifiers must not be written."""
        self._medium = sighting.medium
        identity = sighting.identity
        self._secrets = {each.encode() for each in (identity.serial, identity.address) if each}

    def heard(self, event: LinkEvent) -> None:
        """Keep what came over the link."""
        if len(self._events) < MAX_EVENTS and (kept := self._kept(event)) is not None:
            self._events.append(kept)

    def said(self, event: InstrumentEvent) -> None:
        """Keep what it became."""
        if isinstance(event, ReadingsReceived) and len(self._events) < MAX_EVENTS:
            self._readings.extend(event.readings)

    @property
    def empty(self) -> bool:
        """Tell whether nothing was heard."""
        return not self._events

    def summary(self) -> str:
        """Return how much there is."""
        return f"{len(self._events)} events, {len(self._readings)} readings"

    def toml(self) -> str:
        """Return the recording."""
        head = (
            f'slug = "{self._slug}"\n'
            f'source = "{self._source}"\n'
            f'medium = "{self._medium}"\n'
            'reference = "releve record; serial and address scrubbed"\n'
        )
        readings = [
            "\n[[reading]]  # compare with the screen\n"
            f'quantity = "{each.quantity}"\n'
            + (f'value = "{number.write(each.value)}"\n' if each.value is not None else "")
            + f'unit = "{each.unit}"\nstatus = "{each.status}"\n'
            for each in self._readings
        ]
        return head + "".join(self._events) + "".join(readings)

    def _kept(self, event: LinkEvent) -> str | None:
        match event:
            case Notified(uuid=uuid, data=data):
                return f'\n[[event]]\nnotified = "{uuid}"\ndata = "{self._hex(data)}"\n'
            case CharacteristicRead(uuid=uuid, data=data):
                return f'\n[[event]]\nread = "{uuid}"\ndata = "{self._hex(data)}"\n'
            case Received(data=data):
                return f'\n[[event]]\nreceived = true\ndata = "{self._hex(data)}"\n'
            case HttpAnswered(path=path, status=status, body=body):
                return f'\n[[event]]\nhttp = "{path}"\nstatus = {status}\ndata = "{self._hex(body)}"\n'
            case _:
                return None

    def _hex(self, data: bytes) -> str:
        # A serial that a piece of a document cuts in two would escape: the pieces are large and few.
        for secret in self._secrets:
            data = data.replace(secret, b"0" * len(secret))
        return data.hex(" ")


class RecordedLink:
    """A Link that lets a recorder hear what comes."""

    def __init__(self, link: Link, recorder: Recorder) -> None:
        self._link = link
        self._recorder = recorder

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        def delivering(event: LinkEvent) -> None:
            self._recorder.heard(event)
            deliver(event)

        await self._link.open(delivering, lost)

    async def carry_out(self, request: Request) -> LinkEvent | None:
        event = await self._link.carry_out(request)
        if event is not None:
            self._recorder.heard(event)
        return event

    async def close(self) -> None:
        await self._link.close()
