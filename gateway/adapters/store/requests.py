"""The requests of form engines, in the store: whichever replica is asked knows how they stand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Update, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.wire.down import Command, Progress
from contract.wire.request import ENDED, RequestProgress
from gateway.adapters.store.engine import Database
from gateway.adapters.store.tables import capture_request as request
from gateway.adapters.store.writing import when
from gateway.ports.office import AbsentError
from gateway.ports.requests import Requested

KEPT_FOR = timedelta(days=30)
"""A request can be asked about that long after it expired; the next one that comes forgets it."""


class SqlRequests:
    """Implements the port Requests on one tenant of the database."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    async def keep(self, new: Requested, most: int) -> bool:
        """Write a request down before it is sent; False where so many wait for its agent already."""
        command = new.command
        insert = request.insert().values(
            tenant=self._tenant,
            id=command.id,
            agent=command.agent,
            key_name=new.key,
            command=command.to_json(),
            expires=when(command.expires),
            number=new.number,
            progress=new.progress.to_json(),
            heard_at=None,
        )
        old = delete(request).where(
            request.c.tenant == self._tenant, request.c.expires < when(command.issued - KEPT_FOR)
        )
        waiting = select(func.count()).where(*self._unheard(command.agent, command.issued))

        async def work(connection: AsyncConnection) -> bool:
            if not self._database.sqlite:
                # One at a time for an agent: what is counted is what there is.
                turn = func.pg_advisory_xact_lock(func.hashtext(f"{self._tenant}/{command.agent}"))
                await connection.execute(select(turn))
            await connection.execute(old)
            if (await connection.scalar(waiting) or 0) >= most:
                return False
            await connection.execute(insert)
            return True

        return await self._database.write(work)

    def _unheard(self, agent: str | None, at: datetime) -> list[ColumnElement[bool]]:
        found = [
            request.c.tenant == self._tenant,
            request.c.number == 0,
            request.c.expires > when(at),
        ]
        return found if agent is None else [*found, request.c.agent == agent]

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

        async def work(connection: AsyncConnection) -> bool:
            held = await self._held(connection, progress.command)
            if held is None or held.command.agent != progress.agent:
                return False
            if held.progress.state in ENDED or held.number >= progress.number:
                return False
            values = {
                "number": progress.number,
                "progress": progress.progress.to_json(),
                "heard_at": when(at),
            }
            await connection.execute(self._of(progress.command).values(values))
            return True

        return await self._database.write(work)

    async def end(self, ended: Requested) -> bool:
        """Keep that a request is over, unless the agent said something meanwhile: then False."""

        async def work(connection: AsyncConnection) -> bool:
            held = await self._held(connection, ended.command.id)
            if held is None or held.number != ended.number or held.progress.state in ENDED:
                return False
            values = {"progress": ended.progress.to_json()}
            await connection.execute(self._of(ended.command.id).values(values))
            return True

        return await self._database.write(work)

    def _of(self, id: str) -> Update:
        return update(request).where(request.c.tenant == self._tenant, request.c.id == id)

    async def _held(self, connection: AsyncConnection, id: str) -> Requested | None:
        wanted = select(request).where(request.c.tenant == self._tenant, request.c.id == id)
        row = (await connection.execute(wanted.with_for_update())).first()
        return None if row is None else _requested(row)

    async def unheard(self, agent: str | None, at: datetime) -> Sequence[Command]:
        """Return the commands not yet expired that an agent, or any, has said nothing to."""
        wanted = select(request.c.command, request.c.progress).where(*self._unheard(agent, at))
        async with self._database.reading() as connection:
            rows = list(await connection.execute(wanted.order_by(request.c.expires)))
        open_ = [
            each
            for each in rows
            if RequestProgress.model_validate_json(each.progress).state not in ENDED
        ]
        return [Command.model_validate_json(each.command) for each in open_]


def _requested(row: Row[Any]) -> Requested:
    return Requested(
        command=Command.model_validate_json(row.command),
        key=row.key_name,
        progress=RequestProgress.model_validate_json(row.progress),
        number=row.number,
        heard_at=None if row.heard_at is None else datetime.fromisoformat(row.heard_at),
    )
