"""Receipts: what closes the rows of an agent's outbox. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from contract.signing import SigningKey
from contract.topics import AgentTopics
from contract.wire.base import Place
from contract.wire.down import Down, Range, Receipt
from contract.wire.event import SealedEvent, SealedType, seal
from gateway.ports.inbox import Committed, Examined, Proven, Settled

MAX_RANGES = 1024


def ranges(captures: Iterable[tuple[Proven, Settled]]) -> list[Range]:
    """Join captures of one epoch into ranges: chained, gap-free, of one outcome and reason."""
    found: list[Range] = []
    first: tuple[Proven, Settled] | None = None
    last: tuple[Proven, Settled] | None = None
    for each in captures:
        if first is None or last is None or not _continues(last, each):
            if first is not None and last is not None:
                found.append(_range(first[0], *last))
            first = each
        last = each
    if first is not None and last is not None:
        found.append(_range(first[0], *last))
    return found


def _continues(last: tuple[Proven, Settled], each: tuple[Proven, Settled]) -> bool:
    return (
        each[0].link.seq == last[0].link.seq + 1
        and each[0].link.previous == last[0].hash
        and each[1].outcome is last[1].outcome
        and each[1].reason == last[1].reason
    )


def _range(first: Proven, last: Proven, settled: Settled) -> Range:
    return Range(
        epoch=last.link.epoch,
        first=first.link.seq,
        last=last.link.seq,
        link=last.hash,
        outcome=settled.outcome,
        reason=settled.reason,
    )


def receipts(
    messages: Iterable[Examined], committed: Committed, at: datetime, ids: Callable[[], str]
) -> Iterable[Receipt]:
    """Yield a receipt for every epoch of every agent in these messages."""
    groups: dict[tuple[str, str], dict[tuple[str, str, int, str], tuple[Proven, Settled]]] = {}
    for message in messages:
        for capture in message.proven:
            key = capture.key_of_place
            settled = committed.settled.get(key)
            if settled is not None:
                groups.setdefault(key[:2], {}).setdefault(key, (capture, settled))
    for (agent, epoch), captures in groups.items():
        found = ranges(captures.values())
        for start in range(0, len(found), MAX_RANGES):
            yield Receipt(
                agent=agent,
                id=ids(),
                at=at,
                ranges=tuple(found[start : start + MAX_RANGES]),
                head=_head(committed.heads, agent, epoch),
            )


def _head(heads: Mapping[tuple[str, str], Place], agent: str, epoch: str) -> Place | None:
    return heads.get((agent, epoch))


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals what the gateway says to agents."""

    key: SigningKey
    tenant: str

    def sealed(self, type_: SealedType, message: Down, id: str, at: datetime) -> str:
        """Return the JSON of a sealed event."""
        return SealedEvent(
            id=id,
            source=f"/releve/{self.tenant}/gateway",
            time=at,
            type=type_,
            data=seal(self.key, type_, message.agent, message.to_json()),
        ).to_json()


def receipt_topic(tenant: str, agent: str) -> str:
    """Return where an agent listens for receipts."""
    return AgentTopics(tenant, agent).receipt
