"""Send what waits, until the gateway's receipt says it arrived."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from agent.ports import CaptureStore, Clock, NotConnectedError, Saved, Uplink
from agent.usecases.backoff import jittered
from contract.topics import AgentTopics
from contract.wire.event import MAX_BYTES, MAX_CAPTURES, Captures, CapturesEvent, SignedCapture

WINDOW = 4 * MAX_CAPTURES
"""Captures on their way at once."""
RESEND_FIRST = 5.0
RESEND_MOST = 60.0
HURRY_AFTER = 0.3
_ENVELOPE = 1000
"""Bytes kept free for what surrounds the captures of a message."""

Position = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Flight:
    left: float
    due: float
    attempt: int


def signed(capture: Saved) -> SignedCapture:
    """Return the evidence of a capture as it travels."""
    return SignedCapture(link=str(capture.link), sig=capture.sig, statement=capture.text)


def batches(captures: Iterable[Saved]) -> Iterator[list[Saved]]:
    """Cut captures into messages: one epoch each, and no more than the wire allows."""
    batch: list[Saved] = []
    size = _ENVELOPE
    for capture in captures:
        own = len(signed(capture).to_json().encode()) + 1
        full = len(batch) == MAX_CAPTURES or size + own > MAX_BYTES
        if batch and (full or capture.link.epoch != batch[0].link.epoch):
            yield batch
            batch, size = [], _ENVELOPE
        batch.append(capture)
        size += own
    if batch:
        yield batch


class Forwarder:
    """Watches the outbox. A row leaves it by a receipt alone; silence means sending again, socket or no socket."""

    def __init__(
        self,
        *,
        store: CaptureStore,
        uplink: Uplink,
        topics: AgentTopics,
        key_id: str,
        clock: Clock,
        chance: Callable[[], float],
    ) -> None:
        self._store = store
        self._uplink = uplink
        self._topics = topics
        self._key_id = key_id
        self._clock = clock
        self._chance = chance
        self._flights: dict[Position, _Flight] = {}
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look at the outbox now: something was saved, or settled."""
        self._wake.set()

    def connected(self) -> None:
        """Send everything that waits again: what was on its way may have died with the old connection."""
        self._flights.clear()
        self._wake.set()

    def hurry(self) -> None:
        """Send again now what has waited for a receipt for a while: the gateway has just come back."""
        now = self._clock.elapsed()
        for position, flight in self._flights.items():
            if now - flight.left > HURRY_AFTER:
                self._flights[position] = replace(flight, due=now)
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            pause = await self.send_due()
            self._wake.clear()
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def send_due(self) -> float | None:
        """Send what is due; return the seconds until more is, None when nothing waits."""
        waiting = await self._store.unsent(WINDOW)
        self._forget_settled(waiting)
        if not self._uplink.connected:
            return None
        now = self._clock.elapsed()
        due = [each for each in waiting if self._due(each) <= now]
        try:
            for batch in batches(due):
                self._publish(batch)
        except NotConnectedError:
            return None
        return min((flight.due - now for flight in self._flights.values()), default=None)

    def _due(self, capture: Saved) -> float:
        flight = self._flights.get(_position(capture))
        return flight.due if flight else 0.0

    def _forget_settled(self, waiting: list[Saved]) -> None:
        positions = {_position(each) for each in waiting}
        for settled in self._flights.keys() - positions:
            del self._flights[settled]

    def _publish(self, batch: list[Saved]) -> None:
        first, last = batch[0].link, batch[-1].link
        event = CapturesEvent(
            id=f"{first.epoch}/{first.seq}-{last.seq}",
            source=f"/releve/{self._topics.tenant}/{self._topics.agent}",
            time=self._clock.now(),
            data=Captures(key=self._key_id, captures=tuple(signed(each) for each in batch)),
        )
        self._uplink.publish(self._topics.captures, event.to_json().encode())
        for capture in batch:
            self._take_off(_position(capture))

    def _take_off(self, position: Position) -> None:
        before = self._flights.get(position)
        attempt = before.attempt + 1 if before else 0
        pause = jittered(attempt, first=RESEND_FIRST, most=RESEND_MOST, chance=self._chance)
        now = self._clock.elapsed()
        self._flights[position] = _Flight(now, now + pause, attempt)


def _position(capture: Saved) -> Position:
    return capture.link.epoch, capture.link.seq
