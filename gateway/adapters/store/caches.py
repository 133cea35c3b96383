"""What agents last said, and the commands they were given."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.wire.down import Command, Response
from gateway.adapters.store.engine import Database
from gateway.adapters.store.tables import agent, agent_state, command, instrument
from gateway.adapters.store.writing import Stamp, insert_event, when
from gateway.ports.chance import Chance, Clock
from gateway.ports.fleet import IssuedCommand, Said


class SqlCaches:
    """Implements the port Caches on one tenant of the database."""

    def __init__(self, database: Database, tenant: str, clock: Clock, chance: Chance) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock
        self._chance = chance

    async def keep(self, said: Sequence[Said]) -> None:
        """Keep the newest; what comes from an agent nobody enrolled is not kept."""

        async def work(connection: AsyncConnection) -> None:
            names = await connection.execute(
                select(agent.c.name).where(
                    agent.c.tenant == self._tenant,
                    agent.c.name.in_(sorted({each.agent for each in said})),
                )
            )
            enrolled = set(names.scalars())
            stamp = Stamp(self._tenant, when(self._clock()), self._chance)
            # What the broker retains comes again at every connection, and to every replica.
            news = [
                each
                for each in said
                if each.agent in enrolled and await self._is_news(connection, each)
            ]
            for each in news:
                await self._keep_one(connection, stamp.at, each)
            for name in sorted({each.agent for each in news}):
                await insert_event(
                    connection, stamp, "releve.agent.state.v1", None, {"agent": name}
                )

        await self._database.write(work)

    async def _is_news(self, connection: AsyncConnection, said: Said) -> bool:
        if said.instrument is None:
            held = select(agent_state.c.document).where(
                agent_state.c.tenant == self._tenant, agent_state.c.agent == said.agent
            )
        else:
            held = select(instrument.c[said.leaf or "state"]).where(
                instrument.c.tenant == self._tenant,
                instrument.c.agent == said.agent,
                instrument.c.id == said.instrument,
            )
        return said.document != await connection.scalar(held)

    async def _keep_one(self, connection: AsyncConnection, at: str, said: Said) -> None:
        own = {"tenant": self._tenant, "agent": said.agent}
        if said.instrument is None:
            if said.document is not None:
                values = {"document": said.document, "at": at}
                await self._put(connection, agent_state, own, values)
        elif said.leaf is not None:
            own["id"] = said.instrument
            await self._put(connection, instrument, own, {said.leaf: said.document, "at": at})

    async def _put(
        self,
        connection: AsyncConnection,
        table: Table,
        own: dict[str, str],
        values: dict[str, Any],
    ) -> None:
        dialect = sqlite if self._database.sqlite else postgresql
        await connection.execute(
            dialect.insert(table)
            .values({**own, **values})
            .on_conflict_do_update(index_elements=list(own), set_=values)
        )

    async def issue(self, issued: Command) -> None:
        """Write a command down before it is sent."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                command.insert().values(
                    tenant=self._tenant,
                    id=issued.id,
                    agent=issued.agent,
                    name=issued.name.value,
                    issued=when(issued.issued),
                    expires=when(issued.expires),
                )
            )

        await self._database.write(work)

    async def answer(self, response: Response) -> bool:
        """Keep the first answer to a command; False when there is no such open command."""

        async def work(connection: AsyncConnection) -> bool:
            answered = await connection.execute(
                update(command)
                .where(
                    command.c.tenant == self._tenant,
                    command.c.id == response.command,
                    command.c.agent == response.agent,
                    command.c.outcome.is_(None),
                )
                .values(
                    outcome=response.outcome.value,
                    detail=response.detail,
                    answered_at=when(self._clock()),
                )
            )
            if answered.rowcount == 0:
                return False
            stamp = Stamp(self._tenant, when(self._clock()), self._chance)
            document = {
                "agent": response.agent,
                "command": response.command,
                "outcome": response.outcome.value,
            }
            await insert_event(connection, stamp, "releve.agent.response.v1", None, document)
            return True

        return await self._database.write(work)

    async def commands(self, agent: str, limit: int) -> Sequence[IssuedCommand]:
        """Return the newest commands given to an agent."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(command)
                .where(command.c.tenant == self._tenant, command.c.agent == agent)
                .order_by(command.c.issued.desc(), command.c.id)
                .limit(limit)
            )
            return [
                IssuedCommand(
                    id=row.id,
                    agent=row.agent,
                    name=row.name,
                    issued=row.issued,
                    expires=row.expires,
                    outcome=row.outcome,
                    detail=row.detail,
                    answered_at=row.answered_at,
                )
                for row in rows
            ]
