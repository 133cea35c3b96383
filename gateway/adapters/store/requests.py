"""The requests of form engines, in the store: whichever replica is asked knows how they stand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.wire.down import Command, Progress
from contract.wire.request import RequestProgress
from gateway.adapters.store.engine import Database
from gateway.adapters.store.tables import capture_request as request
from gateway.adapters.store.writing import when
from gateway.ports.office import AbsentError
from gateway.ports.requests import Requested

KEPT_FOR = timedelta(days=30)
"""After its end a request can be asked about that long; the captures are kept for good."""


class SqlRequests:
    """Implements the port Requests on one tenant of the database."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    async def keep(self, new: Requested) -> None:
        """Write a request down before it is sent."""
        insert = request.insert().values(
            tenant=self._tenant,
            id=new.command.id,
            agent=new.command.agent,
            key_name=new.key,
            command=new.command.to_json(),
            expires=when(new.command.expires),
            number=new.number,
            progress=new.progress.to_json(),
            heard_at=None,
        )
        old = delete(request).where(
            request.c.tenant == self._tenant,
            request.c.expires < when(new.command.issued - KEPT_FOR),
        )

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(old)
            await connection.execute(insert)

        await self._database.write(work)

    async def one(self, id: str) -> Requested:
        """Return one; raises AbsentError."""
        wanted = select(request).where(request.c.tenant == self._tenant, request.c.id == id)
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).first()
        if row is None:
            raise AbsentError(f"there is no request {id}")
        return _requested(row)

    async def follow(self, progress: Progress, at: datetime) -> bool:
        """Keep the agent's word if it is later than what is held; False when no open request of its is meant."""
        following = (
            update(request)
            .where(
                request.c.tenant == self._tenant,
                request.c.id == progress.command,
                request.c.agent == progress.agent,
                request.c.number < progress.number,
            )
            .values(
                number=progress.number,
                progress=progress.progress.to_json(),
                heard_at=when(at),
            )
        )
        done = await self._database.write(lambda connection: connection.execute(following))
        return done.rowcount > 0

    async def unheard(self, agent: str | None, at: datetime) -> Sequence[Command]:
        """Return the commands not yet expired that an agent, or any, has said nothing to."""
        wanted = select(request.c.command).where(
            request.c.tenant == self._tenant,
            request.c.number == 0,
            request.c.expires > when(at),
        )
        if agent is not None:
            wanted = wanted.where(request.c.agent == agent)
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted.order_by(request.c.expires))
            return [Command.model_validate_json(each) for each in rows.scalars()]


def _requested(row: Row[Any]) -> Requested:
    return Requested(
        command=Command.model_validate_json(row.command),
        key=row.key_name,
        progress=RequestProgress.model_validate_json(row.progress),
        number=row.number,
        heard_at=None if row.heard_at is None else datetime.fromisoformat(row.heard_at),
    )
