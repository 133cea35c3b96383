"""Tell the gateway how the agent and its instruments are: retained caches, said again at every connection."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TypedDict

from agent.ports import CaptureStore, Clock, NotConnectedError, Uplink
from agent.usecases.drafting import Drafter
from agent.usecases.live import LiveValues
from agent.usecases.records import Pairing
from contract.quantity import Quantity
from contract.topics import AgentTopics
from contract.wire.captured import Technician
from contract.wire.event import Event
from contract.wire.status import (
    AgentState,
    AgentStateEvent,
    InstrumentDescriptor,
    InstrumentDescriptorEvent,
    InstrumentState,
    InstrumentStateEvent,
)
from drivers.catalog import Catalogue

STATE_EVERY = 15.0
"""Seconds."""


def will(topics: AgentTopics, now: datetime) -> bytes:
    """Return what the broker says when the agent is lost."""
    event = AgentStateEvent(
        id="offline", source=_source(topics), time=now, data=AgentState(online=False)
    )
    return event.to_json().encode()


def _source(topics: AgentTopics) -> str:
    return f"/releve/{topics.tenant}/{topics.agent}"


class _Attributes(TypedDict):
    id: str
    source: str
    time: datetime


class Presence:
    """Publishes the caches. Without a connection nothing is said: the next one says it all."""

    def __init__(
        self,
        *,
        topics: AgentTopics,
        uplink: Uplink,
        captures: CaptureStore,
        live: LiveValues,
        drafter: Drafter,
        catalogue: Catalogue,
        clock: Clock,
        version: str,
        signed_in: Callable[[], Technician | None],
        paired: Callable[[], list[Pairing]],
        new_id: Callable[[], str],
    ) -> None:
        self._new_id = new_id
        self._topics = topics
        self._uplink = uplink
        self._captures = captures
        self._live = live
        self._drafter = drafter
        self._catalogue = catalogue
        self._clock = clock
        self._version = version
        self._signed_in = signed_in
        self._paired = paired
        self._said: set[str] = set()
        """Instruments spoken of, and not taken back."""

    async def run(self) -> None:
        """Say how the agent is, again and again, until cancelled."""
        while True:
            await self.say_state()
            await asyncio.sleep(STATE_EVERY)

    async def say_all(self) -> None:
        """Say everything."""
        await self.say_state()
        for gone in self._said - {each.instrument for each in self._paired()}:
            self.forget_instrument(gone)
        for pairing in self._paired():
            self.say_instrument(pairing)

    async def say_state(self) -> None:
        """Say how the agent is."""
        state = AgentState(
            online=True,
            version=self._version,
            clock=self._clock.reading(),
            outbox=await self._captures.depth(),
            signed_in=self._signed_in(),
        )
        self._say(self._topics.state, AgentStateEvent(**self._attributes(), data=state))

    def say_instrument(self, pairing: Pairing) -> None:
        """Say what an instrument is and how it is."""
        self._said.add(pairing.instrument)
        live = self._live.of(pairing.instrument)
        heard = live.latest.get((Quantity.BATTERY_LEVEL, None))
        state = InstrumentState(
            id=pairing.instrument,
            connected=live.connected,
            reason=live.reason,
            zeroed=self._drafter.zeroed(pairing, self._drafter.stated(pairing)),
            battery=heard.reading.value if heard else None,
        )
        descriptor = InstrumentDescriptor(
            id=pairing.instrument,
            slug=pairing.slug,
            vendor=pairing.vendor,
            model=pairing.model,
            serial=self._drafter.serial(pairing),
            address=pairing.address,
            firmware=pairing.firmware,
            role=pairing.role,
            grade=pairing.grade,
            quantities=tuple(sorted(self._catalogue[pairing.slug].quantities)),
            calibration=self._drafter.calibrated(pairing),
            paired_by=pairing.paired_by,
            paired_at=pairing.paired_at,
        )
        self._say(
            self._topics.instrument(pairing.instrument, "descriptor"),
            InstrumentDescriptorEvent(**self._attributes(), data=descriptor),
        )
        self._say(
            self._topics.instrument(pairing.instrument, "state"),
            InstrumentStateEvent(**self._attributes(), data=state),
        )

    def forget_instrument(self, instrument: str) -> None:
        """Take back what was said of an instrument that is no longer paired, at the next connection if need be."""
        if instrument not in self._said or not self._uplink.connected:
            return
        for leaf in ("descriptor", "state"):
            self._publish(self._topics.instrument(instrument, leaf), b"")
        self._said.discard(instrument)

    def _attributes(self) -> _Attributes:
        return _Attributes(id=self._new_id(), source=_source(self._topics), time=self._clock.now())

    def _say(self, topic: str, event: Event) -> None:
        self._publish(topic, event.to_json().encode())

    def _publish(self, topic: str, payload: bytes) -> None:
        with suppress(NotConnectedError):
            self._uplink.publish(topic, payload, retain=True)
