"""The statements that write many rows at once."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.wire.down import Outcome
from gateway.adapters.store.tables import awaited, capture, chain, event, poison
from gateway.ports.chance import Chance
from gateway.ports.inbox import Proven, Refusal
from gateway.usecases.settling import Key, Reach, Settlement

POISON_BYTES = 2048
POISON_ROWS = 10_000
"""More kinds of poison than this are counted in the metrics only: a flood must not fill the disk."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Whose rows are written, and when."""

    tenant: str
    at: str
    chance: Chance


@dataclass(frozen=True, slots=True)
class Poison:
    """A refusal and its SHA-256."""

    refusal: Refusal
    sha256: str


def when(moment: datetime) -> str:
    """Return a time as the store keeps it: UTC, microseconds, text that sorts."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


async def insert_missing(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert the rows whose key is not there yet."""
    if rows:
        await connection.execute(_INSERTS[connection.dialect.name, table.name], list(rows))


async def insert_event(
    connection: AsyncConnection, stamp: Stamp, type_: str, subject: str | None, document: object
) -> str:
    """Write an event, not yet numbered, and return its id."""
    [row] = _events(stamp, [(type_, subject, document)])
    await insert_missing(connection, event, [row])
    return str(row["id"])


def _events(
    stamp: Stamp, events: Sequence[tuple[str, str | None, object]]
) -> list[dict[str, Any]]:
    # The time first: events of one process are numbered in the order they happened.
    return [
        {
            "tenant": stamp.tenant,
            "id": stamp.chance(16).hex(),
            "cursor": None,
            "at": stamp.at,
            "type": type_,
            "subject": subject,
            "document": json.dumps(document, ensure_ascii=False),
        }
        for type_, subject, document in events
    ]


async def insert_captures(
    connection: AsyncConnection, stamp: Stamp, settlement: Settlement
) -> None:
    """Insert the new captures in the order of their keys, with one event for each intervention and agent."""
    if not settlement.new:
        return
    groups: dict[tuple[str, str | None, str], list[Key]] = {}
    for key in sorted(settlement.new):
        one = settlement.new[key]
        outcome = settlement.settled[key].outcome
        kind = "quarantined" if outcome is Outcome.QUARANTINED else "attached"
        groups.setdefault((kind, one.intervention, key[0]), []).append(key)
    announced = [
        (f"releve.captures.{kind}.v1", intervention, {"agent": agent, "count": len(keys)})
        for (kind, intervention, agent), keys in groups.items()
    ]
    events = _events(stamp, announced)
    await insert_missing(connection, event, events)
    rows = [
        _capture_row(stamp, settlement, key, announcing["id"], position)
        for announcing, keys in zip(events, groups.values(), strict=True)
        for position, key in enumerate(keys)
    ]
    await insert_missing(connection, capture, rows)
    await insert_missing(connection, awaited, _awaited_rows(stamp, settlement.new.values()))


def _capture_row(
    stamp: Stamp, settlement: Settlement, key: Key, announcing: str, position: int
) -> dict[str, Any]:
    one, settled = settlement.new[key], settlement.settled[key]
    return {
        "tenant": stamp.tenant,
        "agent": key[0],
        "epoch": key[1],
        "seq": key[2],
        "link_hash": key[3],
        "link": one.text,
        "sig": one.sig,
        "key_id": one.key,
        "statement": one.statement,
        "kind": one.kind,
        "intervention": one.intervention,
        "report": one.report,
        "received_at": stamp.at,
        "outcome": settled.outcome.value,
        "reason": settled.reason,
        "event": announcing,
        "position": position,
    }


def _awaited_rows(stamp: Stamp, new: Collection[Proven]) -> list[dict[str, Any]]:
    return [
        {
            "tenant": stamp.tenant,
            "agent": one.link.agent,
            "epoch": place.epoch,
            "seq": place.seq,
            "intervention": one.intervention,
        }
        for one in new
        if one.fault is None
        for place in one.awaited
    ]


async def update_chains(
    connection: AsyncConnection, tenant: str, at: str, reaches: Mapping[tuple[str, str], Reach]
) -> None:
    """Write how far epochs are held now."""
    rows = [
        {
            "t": tenant,
            "a": agent,
            "e": epoch,
            "top": reach.top,
            "contiguous": reach.contiguous,
            "at": at,
        }
        for (agent, epoch), reach in reaches.items()
    ]
    if rows:
        await connection.execute(_UPDATE_CHAIN, rows)


async def insert_poison(
    connection: AsyncConnection, tenant: str, at: str, found: Sequence[Poison]
) -> None:
    """Keep what was refused, once each, with the number of times it came."""
    held = await connection.scalar(
        select(func.count()).select_from(poison).where(poison.c.tenant == tenant)
    )
    room = POISON_ROWS - (held or 0)
    rows = [
        {
            "tenant": tenant,
            "sha256": each.sha256,
            "topic": each.refusal.topic.replace("\0", "?")[:1024],
            "agent": each.refusal.agent,
            "head": each.refusal.body[:POISON_BYTES],
            "size": len(each.refusal.body),
            "reason": each.refusal.reason,
            "received_at": at,
            "times": 1,
        }
        for each in found[: max(room, 0)]
    ]
    if rows:
        await connection.execute(_POISON[connection.dialect.name], rows)


_INSERTS = {
    (name, table.name): dialect.insert(table).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
    for table in (awaited, capture, chain, event)
}
_POISON = {
    name: dialect.insert(poison).on_conflict_do_update(
        index_elements=["tenant", "sha256", "reason"], set_={"times": poison.c.times + 1}
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_UPDATE_CHAIN = (
    update(chain)
    .where(
        chain.c.tenant == bindparam("t"),
        chain.c.agent == bindparam("a"),
        chain.c.epoch == bindparam("e"),
    )
    .values(top=bindparam("top"), contiguous=bindparam("contiguous"), at=bindparam("at"))
)
