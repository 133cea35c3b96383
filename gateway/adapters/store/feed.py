"""The events, and the sequencer's numbering."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.adapters.store.engine import Database
from gateway.adapters.store.tables import counter, event
from gateway.ports.feed import Event

NUMBERED_AT_ONCE = 1000
_COUNTER = "event"


class SqlFeed:
    """Implements the port Feed on one tenant of the database."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant
        self._unnumbered = (event.c.tenant == tenant) & event.c.cursor.is_(None)

    async def number(self) -> int:
        """Give the next cursors to the committed events that have none; return how many there were."""
        async with self._database.reading() as connection:
            if (
                await connection.scalar(select(event.c.id).where(self._unnumbered).limit(1))
                is None
            ):
                return 0
        return await self._database.write(self._number)

    async def _number(self, connection: AsyncConnection) -> int:
        # The counter's row lock makes the replicas' sequencers one: what it numbers is
        # committed, and gets numbers above all that were given before.
        last = await self._lock_counter(connection)
        rows = await connection.execute(
            select(event.c.id)
            .where(self._unnumbered)
            .order_by(event.c.at, event.c.id)
            .limit(NUMBERED_AT_ONCE)
        )
        numbered = [
            {"key": one, "number": last + index}
            for index, one in enumerate(rows.scalars(), start=1)
        ]
        if numbered:
            await connection.execute(
                update(event)
                .where(event.c.id == bindparam("key"))
                .values(cursor=bindparam("number")),
                numbered,
            )
            await connection.execute(
                update(counter)
                .where(counter.c.tenant == self._tenant, counter.c.name == _COUNTER)
                .values(value=last + len(numbered))
            )
        return len(numbered)

    async def _lock_counter(self, connection: AsyncConnection) -> int:
        dialect = sqlite if self._database.sqlite else postgresql
        row = {"tenant": self._tenant, "name": _COUNTER, "value": 0}
        await connection.execute(dialect.insert(counter).values(row).on_conflict_do_nothing())
        value = await connection.scalar(
            select(counter.c.value)
            .where(counter.c.tenant == self._tenant, counter.c.name == _COUNTER)
            .with_for_update()
        )
        return int(value or 0)

    async def after(self, cursor: int, limit: int) -> Sequence[Event]:
        """Return the events after a cursor, in order."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(event)
                .where(event.c.tenant == self._tenant, event.c.cursor > cursor)
                .order_by(event.c.cursor)
                .limit(limit)
            )
            return [_event(row) for row in rows]

    async def newest(self) -> int:
        """Return the highest cursor, 0 when there is none."""
        async with self._database.reading() as connection:
            value = await connection.scalar(
                select(func.max(event.c.cursor)).where(event.c.tenant == self._tenant)
            )
            return int(value or 0)


def _event(row: Any) -> Event:
    return Event(
        cursor=row.cursor,
        id=row.id,
        at=row.at,
        type=row.type,
        subject=row.subject,
        document=json.loads(row.document),
    )
