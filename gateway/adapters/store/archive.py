"""Reading captures and the quarantine."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, tuple_, union_all

from contract.signing import KeyRecord
from contract.wire.down import Outcome
from gateway.adapters.store.engine import Database
from gateway.adapters.store.paging import decode, encode, page
from gateway.adapters.store.tables import IS_QUARANTINED, capture, event, key, poison
from gateway.ports.archive import Poison, Stored
from gateway.ports.office import Page

READ_AT_ONCE = 500
_PLACE = (capture.c.agent, capture.c.epoch, capture.c.seq, capture.c.link_hash)


class SqlArchive:
    """Implements the ports Archive, Recent and Quarantine on one tenant of the database."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    async def captures(self, cursor: str | None, limit: int) -> Page[Stored]:
        """Return captures in the order of the events that announced them."""
        after = decode(cursor, int, int) if cursor else [0, 0]
        wanted = (
            select(capture, event.c.cursor)
            .join(event, event.c.id == capture.c.event)
            .where(
                capture.c.tenant == self._tenant,
                event.c.tenant == self._tenant,
                event.c.cursor.is_not(None),
                tuple_(event.c.cursor, capture.c.position)
                > tuple_(literal(after[0]), literal(after[1])),
            )
            .order_by(event.c.cursor, capture.c.position)
            .limit(limit + 1)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        found = page(rows, limit, lambda row: encode(row.cursor, row.position))
        return Page([stored(row) for row in found.items], found.next)

    async def newest(self, limit: int) -> Sequence[Stored]:
        """Return the captures that arrived last, newest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(capture)
                .join(event, event.c.id == capture.c.event)
                .where(capture.c.tenant == self._tenant, event.c.cursor.is_not(None))
                .order_by(event.c.cursor.desc(), capture.c.position.desc())
                .limit(limit)
            )
            return [stored(row) for row in rows]

    async def of_intervention(self, intervention: str) -> Sequence[Stored]:
        """Return those of an intervention, in the order of their places."""
        return await self._all(capture.c.intervention == intervention)

    async def of_event(self, event: str) -> Sequence[Stored]:
        """Return those that one event announced."""
        return await self._all(capture.c.event == event)

    async def _all(self, condition: ColumnElement[bool]) -> Sequence[Stored]:
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(capture)
                .where(capture.c.tenant == self._tenant, condition)
                .order_by(*_PLACE)
            )
            return [stored(row) for row in rows]

    async def between(
        self, agent: str, epoch: str, first: int, last: int
    ) -> AsyncIterator[Stored]:
        """Yield those of one epoch in chain order, whatever intervention they belong to."""
        after: tuple[int, str] = (first, "")
        while True:
            wanted = (
                select(capture)
                .where(
                    capture.c.tenant == self._tenant,
                    capture.c.agent == agent,
                    capture.c.epoch == epoch,
                    capture.c.seq <= last,
                    tuple_(capture.c.seq, capture.c.link_hash)
                    > tuple_(literal(after[0]), literal(after[1])),
                )
                .order_by(capture.c.seq, capture.c.link_hash)
                .limit(READ_AT_ONCE)
            )
            async with self._database.reading() as connection:
                rows = [stored(row) for row in await connection.execute(wanted)]
            for row in rows:
                yield row
            if len(rows) < READ_AT_ONCE:
                return
            after = (rows[-1].seq, rows[-1].hash)

    async def keys(self, ids: Sequence[str]) -> Sequence[KeyRecord]:
        """Return key records by id."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(key.c.owner, key.c.public)
                .where(key.c.tenant == self._tenant, key.c.id.in_(ids))
                .order_by(key.c.id)
            )
            return [KeyRecord(row.owner, row.public) for row in rows]

    async def quarantined(self, cursor: str | None, limit: int) -> Page[Stored | Poison]:
        """Return what was quarantined or refused, newest first."""
        before = decode(cursor, str, str) if cursor else None
        async with self._database.reading() as connection:
            rows = (await connection.execute(self._places(before, limit))).all()
            shown = page(rows, limit, lambda row: encode(row.at, row.mark))
            hashes = [row.mark[1:65] for row in shown.items]
            captures = await connection.execute(
                select(capture).where(
                    capture.c.tenant == self._tenant,
                    IS_QUARANTINED,
                    capture.c.link_hash.in_(hashes),
                )
            )
            poisons = await connection.execute(
                select(poison).where(poison.c.tenant == self._tenant, poison.c.sha256.in_(hashes))
            )
            found: dict[str, Stored | Poison] = {
                "c" + row.link_hash: stored(row) for row in captures
            }
            found.update({"p" + row.sha256 + row.reason: _poison(row) for row in poisons})
        return Page([found[row.mark] for row in shown.items if row.mark in found], shown.next)

    def _places(self, before: list[str | int] | None, limit: int) -> Select[Any]:
        both = union_all(
            select(
                capture.c.received_at.label("at"),
                (literal("c") + capture.c.link_hash).label("mark"),
            ).where(capture.c.tenant == self._tenant, IS_QUARANTINED),
            select(
                poison.c.received_at.label("at"),
                (literal("p") + poison.c.sha256 + poison.c.reason).label("mark"),
            ).where(poison.c.tenant == self._tenant),
        ).subquery()
        wanted = select(both).order_by(both.c.at.desc(), both.c.mark.desc()).limit(limit + 1)
        if before is None:
            return wanted
        return wanted.where(
            tuple_(both.c.at, both.c.mark) < tuple_(literal(before[0]), literal(before[1]))
        )


def stored(row: Any) -> Stored:
    """Make a record of a row."""
    return Stored(
        agent=row.agent,
        epoch=row.epoch,
        seq=row.seq,
        hash=row.link_hash,
        link=row.link,
        sig=row.sig,
        key=row.key_id,
        statement=row.statement,
        kind=row.kind,
        intervention=row.intervention,
        report=row.report,
        received_at=row.received_at,
        outcome=Outcome(row.outcome),
        reason=row.reason,
    )


def _poison(row: Any) -> Poison:
    return Poison(
        sha256=row.sha256,
        topic=row.topic,
        agent=row.agent,
        head=row.head,
        size=row.size,
        reason=row.reason,
        received_at=row.received_at,
        times=row.times,
    )
