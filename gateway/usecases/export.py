"""An intervention's captures as a file that anybody can verify: CloudEvents, one a line."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from contract.signing import KeyRecord
from contract.wire.down import Head
from contract.wire.event import (
    MAX_CAPTURES,
    Captures,
    CapturesEvent,
    Key,
    KeyEvent,
    SealedType,
    SignedCapture,
)
from gateway.ports.archive import Archive, Stored
from gateway.ports.chance import Chance, Clock
from gateway.usecases.receipts import Sealer

MAX_LINE_BYTES = 200_000
"""Of statements in one line, so that with its links a line stays within what the wire allows."""
_LINK_BYTES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """Writes exports, and seals their ends with the gateway's key."""

    sealer: Sealer
    archive: Archive
    clock: Clock
    chance: Chance

    async def lines(self, intervention: str) -> AsyncIterator[str]:
        """Yield the lines: keys, the gateway's first; captures in chain order; a sealed head for each epoch.

        Captures of other interventions come with their link alone, so that the chain stays whole.
        """
        now = self.clock()
        captures = await self.archive.of_intervention(intervention)
        spans = _spans(captures)
        async for line in self._keys(spans, now):
            yield line
        heads: list[Head] = []
        for (agent, epoch), (first, last) in spans.items():
            end: Stored | None = None
            waiting: list[Stored] = []
            size = 0
            async for each in self.archive.between(agent, epoch, first, last):
                end = each
                more = _size(each, intervention)
                if waiting and _full(waiting, each, size + more):
                    yield self._event(waiting, intervention, now)
                    waiting, size = [], 0
                waiting.append(each)
                size += more
            if end is not None:
                yield self._event(waiting, intervention, now)
                heads.append(
                    Head(agent=agent, epoch=epoch, first=first, last=last, link=end.hash, at=now)
                )
        for head in heads:
            yield self.sealer.sealed(SealedType.HEAD, head, self.chance(16).hex(), now)

    async def _keys(
        self, spans: dict[tuple[str, str], tuple[int, int]], now: datetime
    ) -> AsyncIterator[str]:
        ids: set[str] = set()
        for (agent, epoch), (first, last) in spans.items():
            async for each in self.archive.between(agent, epoch, first, last):
                ids.add(each.key)
        records = [
            KeyRecord("gateway", self.sealer.key.public),
            *await self.archive.keys(sorted(ids)),
        ]
        for record in records:
            yield KeyEvent(
                id=self.chance(16).hex(),
                source=f"/releve/{self.sealer.tenant}/gateway",
                time=now,
                data=Key.of(record),
            ).to_json()

    def _event(self, captures: Sequence[Stored], intervention: str, now: datetime) -> str:
        first, last = captures[0], captures[-1]
        return CapturesEvent(
            id=f"{first.epoch}/{first.seq}-{last.seq}",
            source=f"/releve/{self.sealer.tenant}/{first.agent}",
            time=now,
            data=Captures(
                key=first.key, captures=tuple(_evidence(each, intervention) for each in captures)
            ),
        ).to_json()


def _spans(captures: Sequence[Stored]) -> dict[tuple[str, str], tuple[int, int]]:
    spans: dict[tuple[str, str], tuple[int, int]] = {}
    for each in captures:
        first, last = spans.get((each.agent, each.epoch), (each.seq, each.seq))
        spans[each.agent, each.epoch] = (min(first, each.seq), max(last, each.seq))
    return spans


def _full(captures: Sequence[Stored], another: Stored, size: int) -> bool:
    return len(captures) == MAX_CAPTURES or captures[0].key != another.key or size > MAX_LINE_BYTES


def _size(capture: Stored, intervention: str) -> int:
    own = capture.statement if capture.intervention == intervention else None
    return _LINK_BYTES + len((own or "").encode())


def _evidence(capture: Stored, intervention: str) -> SignedCapture:
    own = capture.intervention == intervention
    return SignedCapture(
        link=capture.link, sig=capture.sig, statement=capture.statement if own else None
    )
