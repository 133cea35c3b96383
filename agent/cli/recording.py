"""Write down what an instrument said, as a test fixture."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, pairwise

from agent.cli import recorded
from agent.ports import Link, Sighting
from contract import number
from contract.reading import Reading
from contract.words import counted
from drivers.kit.dialogue import FrameRejected, IdentityStated, InstrumentEvent, ReadingsReceived
from drivers.kit.link import LinkEvent, Request

MAX_EVENTS = 500


@dataclass(frozen=True, slots=True)
class _Kept:
    """What came over the link: how it came, in TOML, and its bytes."""

    head: str
    data: bytes


class Recorder:
    """Keeps the link's events and the readings they became; serial and address are scrubbed when it is written."""

    def __init__(self, slug: str, *, synthetic: bool) -> None:
        self._slug = slug
        self._source = "synthetic" if synthetic else "recording"
        self._medium = "ble"
        self._secrets: set[bytes] = set()
        self._events: list[_Kept] = []
        self._readings: list[Reading] = []
        self._rejected = 0
        self._said_serial = False
        """The instrument said its serial in its own frames, which a change would damage."""
        self._full = False

    def begin(self, sighting: Sighting) -> None:
        """Take note of whose identifiers must not be written."""
        self._medium = sighting.medium
        identity = sighting.identity
        self._secrets = {each.encode() for each in (identity.serial, identity.address) if each}

    def heard(self, event: LinkEvent) -> None:
        """Keep what came over the link."""
        written = recorded.written(event)
        if written is None:
            return
        kept = _Kept(*written)
        self._full = len(self._events) >= MAX_EVENTS
        if not self._full:
            self._events.append(kept)

    def said(self, event: InstrumentEvent) -> None:
        """Keep what it became."""
        if self._full:
            return
        if isinstance(event, ReadingsReceived):
            self._readings.extend(event.readings)
        if isinstance(event, IdentityStated) and event.serial is not None:
            self._said_serial = event.serial.encode() not in self._secrets
        self._rejected += isinstance(event, FrameRejected)

    @property
    def empty(self) -> bool:
        """Tell whether nothing was heard."""
        return not self._events

    def scrubbed(self) -> str:
        """Return which identifiers are left out."""
        if self._said_serial:
            return "address scrubbed, its serial number is in the frames"
        return "serial and address scrubbed"

    def summary(self) -> str:
        """Return how much there is."""
        return f"{counted(len(self._events), 'event')}, {counted(len(self._readings), 'reading')}"

    def toml(self) -> str:
        """Return the recording."""
        head = (
            f'slug = "{self._slug}"\n'
            f'source = "{self._source}"\n'
            f'medium = "{self._medium}"\n'
            f'reference = "releve record; {self.scrubbed()}"\n'
        )
        if self._rejected:
            head += f"rejected = {self._rejected}\n"
        events = [
            f'\n[[event]]\n{each.head}\ndata = "{data.hex(" ")}"\n'
            for each, data in zip(self._events, self._scrubbed(), strict=True)
        ]
        return head + "".join(events) + "".join(_reading(each) for each in self._readings)

    def _scrubbed(self) -> list[bytes]:
        """Return the bytes of the events without the secrets, also where one is cut in two between events."""
        joined = b"".join(each.data for each in self._events)
        for secret in self._secrets:
            # A number cannot begin with a zero.
            joined = joined.replace(secret, b"9" * len(secret))
        ends = list(accumulate(len(each.data) for each in self._events))
        return [joined[start:end] for start, end in pairwise([0, *ends])]


def _reading(reading: Reading) -> str:
    optional = {
        "value": None if reading.value is None else number.write(reading.value),
        "substance": reading.substance,
        "detail": reading.detail,
    }
    return (
        "\n[[reading]]  # compare with the screen\n"
        f'quantity = "{reading.quantity}"\nunit = "{reading.unit}"\nstatus = "{reading.status}"\n'
        # A string of JSON is one of TOML too.
        + "".join(
            f"{key} = {json.dumps(text, ensure_ascii=False)}\n"
            for key, text in optional.items()
            if text
        )
    )


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
