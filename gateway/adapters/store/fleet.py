"""Agents: their keys, their caches, their commands."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import func, literal, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.signing import KeyRecord
from contract.wire.base import WireModel
from contract.wire.status import AgentState, InstrumentDescriptor, InstrumentState
from gateway.adapters.store.engine import Database
from gateway.adapters.store.paging import decode, encode, page
from gateway.adapters.store.tables import agent, agent_state, chain, instrument, key
from gateway.adapters.store.writing import Stamp, insert_event, when
from gateway.ports.chance import Chance, Clock
from gateway.ports.fleet import Agent, InstrumentCache, Key
from gateway.ports.office import AbsentError, ConflictError, Page

Cached = TypeVar("Cached", bound=WireModel)


class SqlRegistry:
    """Implements the port Registry on one tenant of the database."""

    def __init__(self, database: Database, tenant: str, clock: Clock, chance: Chance) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock
        self._chance = chance

    async def enrol(self, record: KeyRecord) -> None:
        """Register an agent's key, again without effect; raises ConflictError."""

        async def work(connection: AsyncConnection) -> None:
            keys = await self._keys(connection, [record.owner], also=record.id)
            if _already(record, keys):
                return
            dialect = sqlite if self._database.sqlite else postgresql
            stamp = Stamp(self._tenant, when(self._clock()), self._chance)
            await connection.execute(
                dialect.insert(agent)
                .values(tenant=self._tenant, name=record.owner, enrolled_at=stamp.at)
                .on_conflict_do_nothing()
            )
            await connection.execute(
                key.insert().values(
                    tenant=self._tenant,
                    id=record.id,
                    owner=record.owner,
                    public=record.public,
                    registered_at=stamp.at,
                    revoked_at=None,
                )
            )
            document = {"agent": record.owner, "key": record.id}
            await insert_event(connection, stamp, "releve.agent.enrolled.v1", None, document)

        await self._database.write(work)

    async def revoke(self, name: str) -> int:
        """Revoke all keys of an agent and return how many; raises AbsentError."""

        async def work(connection: AsyncConnection) -> int:
            await self._agent(connection, name)
            stamp = Stamp(self._tenant, when(self._clock()), self._chance)
            revoked = await connection.execute(
                update(key)
                .where(
                    key.c.tenant == self._tenant, key.c.owner == name, key.c.revoked_at.is_(None)
                )
                .values(revoked_at=stamp.at)
            )
            document = {"agent": name}
            await insert_event(connection, stamp, "releve.agent.revoked.v1", None, document)
            return revoked.rowcount

        return await self._database.write(work)

    async def agents(self, cursor: str | None, limit: int) -> Page[Agent]:
        """Return agents by name."""
        wanted = (
            select(agent.c.name)
            .where(agent.c.tenant == self._tenant)
            .order_by(agent.c.name)
            .limit(limit + 1)
        )
        if cursor:
            wanted = wanted.where(agent.c.name > decode(cursor, str)[0])
        async with self._database.reading() as connection:
            names = (await connection.execute(wanted)).scalars().all()
            shown = page(names, limit, encode)
            return Page(await self._read(connection, shown.items), shown.next)

    async def agent(self, name: str) -> Agent:
        """Return one; raises AbsentError."""
        async with self._database.reading() as connection:
            return await self._agent(connection, name)

    async def _agent(self, connection: AsyncConnection, name: str) -> Agent:
        found = await self._read(connection, [name])
        if not found:
            raise AbsentError(f"there is no agent {name}")
        return found[0]

    async def _read(self, connection: AsyncConnection, names: Sequence[str]) -> list[Agent]:
        rows = await connection.execute(
            select(agent.c.name, agent.c.enrolled_at, agent_state.c.document, agent_state.c.at)
            .join(
                agent_state,
                (agent_state.c.tenant == agent.c.tenant) & (agent_state.c.agent == agent.c.name),
                isouter=True,
            )
            .where(agent.c.tenant == self._tenant, agent.c.name.in_(names))
            .order_by(agent.c.name)
        )
        keys = await self._keys(connection, names)
        last = await connection.execute(
            select(chain.c.agent, func.max(chain.c.at).label("at"))
            .where(chain.c.tenant == self._tenant, chain.c.agent.in_(names))
            .group_by(chain.c.agent)
        )
        captured = {row.agent: row.at for row in last}
        return [
            Agent(
                name=name,
                enrolled_at=enrolled_at,
                keys=tuple(each for each in keys if each.record.owner == name),
                state=_parsed(AgentState, document),
                state_at=at,
                captured_at=captured.get(name),
            )
            for name, enrolled_at, document, at in rows
        ]

    async def _keys(
        self, connection: AsyncConnection, names: Iterable[str], also: str = ""
    ) -> list[Key]:
        rows = await connection.execute(
            select(key)
            .where(key.c.tenant == self._tenant, key.c.owner.in_(names) | (key.c.id == also))
            .order_by(key.c.registered_at, key.c.id)
        )
        return [
            Key(
                record=KeyRecord(row.owner, row.public),
                registered_at=row.registered_at,
                revoked_at=row.revoked_at,
            )
            for row in rows
        ]

    async def instruments(
        self, cursor: str | None, limit: int, agent: str | None = None
    ) -> Page[InstrumentCache]:
        """Return what agents last said of their instruments."""
        wanted = (
            select(instrument)
            .where(instrument.c.tenant == self._tenant)
            .order_by(instrument.c.agent, instrument.c.id)
            .limit(limit + 1)
        )
        if agent is not None:
            wanted = wanted.where(instrument.c.agent == agent)
        if cursor:
            name, last = decode(cursor, str, str)
            wanted = wanted.where(
                tuple_(instrument.c.agent, instrument.c.id) > tuple_(literal(name), literal(last))
            )
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        found = page(rows, limit, lambda row: encode(row.agent, row.id))
        return Page([_instrument(row) for row in found.items], found.next)


def _already(record: KeyRecord, keys: Sequence[Key]) -> bool:
    for held in keys:
        if held.record.id == record.id:
            if held.record.owner != record.owner:
                raise ConflictError(
                    f"this key is that of agent {held.record.owner}: each has its own"
                )
            if held.revoked_at is not None:
                raise ConflictError("this key was revoked: make a new one on the agent")
            return True
    if any(held.revoked_at is None for held in keys):
        raise ConflictError(
            f"agent {record.owner} has another key: revoke it first, or choose another name"
        )
    return False


def _parsed(model: type[Cached], document: str | None) -> Cached | None:
    return model.model_validate_json(document) if document is not None else None


def _instrument(row: Any) -> InstrumentCache:
    return InstrumentCache(
        agent=row.agent,
        id=row.id,
        descriptor=_parsed(InstrumentDescriptor, row.descriptor),
        state=_parsed(InstrumentState, row.state),
        at=row.at,
    )
