"""Interventions, and whom they are given to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, literal, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.wire.base import Place
from contract.wire.down import Outcome
from contract.wire.intervention import Intervention, Stage
from gateway.adapters.store import stages
from gateway.adapters.store.engine import Database
from gateway.adapters.store.paging import decode, encode, page
from gateway.adapters.store.shelf import held_form
from gateway.adapters.store.tables import (
    agent,
    assignment,
    awaited,
    capture,
    intervention,
    key,
)
from gateway.adapters.store.writing import Stamp, insert_event, when
from gateway.ports.chance import Chance, Clock
from gateway.ports.inbox import NEVER_ASSIGNED, UNKNOWN_INTERVENTION
from gateway.ports.office import (
    AbsentError,
    Awaited,
    ConflictError,
    Job,
    Kept,
    Page,
)

FINAL = frozenset({Stage.COMPLETED, Stage.VALIDATED, Stage.CANCELLED})


class SqlOffice:
    """Implements the port Office on one tenant of the database."""

    def __init__(self, database: Database, tenant: str, clock: Clock, chance: Chance) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock
        self._chance = chance

    def _stamp(self) -> Stamp:
        return Stamp(self._tenant, when(self._clock()), self._chance)

    async def create(self, new: Intervention) -> Kept:
        """Keep a new intervention; raises ConflictError when its id is taken by another, AbsentError for a form."""

        async def work(connection: AsyncConnection) -> Kept:
            text = new.to_json()
            held = await connection.scalar(
                select(intervention.c.document).where(
                    intervention.c.tenant == self._tenant, intervention.c.id == new.id
                )
            )
            if held is not None:
                if held != text:
                    raise ConflictError(f"intervention {new.id} is held with another content")
                return Kept.SAME
            for report in new.reports:
                await held_form(connection, self._tenant, report.form)
            await self._insert(connection, new, text)
            return Kept.NEW

        return await self._database.write(work)

    async def _insert(self, connection: AsyncConnection, new: Intervention, text: str) -> None:
        stamp = self._stamp()
        stage = Stage.PLANNED if new.starts is not None else Stage.CREATED
        row = {
            "tenant": self._tenant,
            "id": new.id,
            "document": text,
            "stage": stage.value,
            "agent": None,
            "revision": 0,
            "cancelled": False,
            "created_at": stamp.at,
        }
        await connection.execute(intervention.insert().values(row))
        document = {"intervention": new.id, "stage": stage.value}
        await insert_event(connection, stamp, "releve.intervention.created.v1", new.id, document)

    async def job(self, id: str) -> Job:
        """Return one; raises AbsentError."""
        async with self._database.reading() as connection:
            return await self._job(connection, id)

    async def _job(self, connection: AsyncConnection, id: str, *, lock: bool = False) -> Job:
        wanted = select(intervention).where(
            intervention.c.tenant == self._tenant, intervention.c.id == id
        )
        if lock:
            wanted = wanted.with_for_update()
        row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            raise AbsentError(f"there is no intervention {id}")
        places = await connection.execute(
            select(awaited.c.agent, awaited.c.epoch, awaited.c.seq)
            .where(awaited.c.tenant == self._tenant, awaited.c.intervention == id)
            .order_by(awaited.c.agent, awaited.c.epoch, awaited.c.seq)
        )
        return _job(row, tuple(Awaited(a, Place(epoch=e, seq=s)) for a, e, s in places))

    async def jobs(self, cursor: str | None, limit: int) -> Page[Job]:
        """Return interventions, the newest first."""
        wanted = (
            select(intervention)
            .where(intervention.c.tenant == self._tenant)
            .order_by(intervention.c.created_at.desc(), intervention.c.id.desc())
            .limit(limit + 1)
        )
        if cursor:
            at, last = decode(cursor, str, str)
            wanted = wanted.where(
                tuple_(intervention.c.created_at, intervention.c.id)
                < tuple_(literal(at), literal(last))
            )
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        found = page(rows, limit, lambda row: encode(row.created_at, row.id))
        return Page([_job(row) for row in found.items], found.next)

    async def assign(self, id: str, name: str) -> Job:
        """Give it to an agent; raises AbsentError, ConflictError."""

        async def work(connection: AsyncConnection) -> Job:
            job = await self._job(connection, id, lock=True)
            if job.agent == name:
                return job
            if job.stage in FINAL:
                raise ConflictError(
                    f"intervention {id} is {job.stage.value}: it is not given again"
                )
            await self._must_be_enrolled(connection, name)
            revision = job.revision + 1
            if job.agent is not None:
                await self._order(connection, id, job.agent, revision, withdrawn=True)
            await self._order(connection, id, name, revision, withdrawn=False)
            await self._change(connection, id, agent=name, revision=revision)
            await self._release(connection, id, name)
            stamp = self._stamp()
            await insert_event(
                connection,
                stamp,
                "releve.intervention.assigned.v1",
                id,
                {"intervention": id, "agent": name, "before": job.agent, "revision": revision},
            )
            await stages.advance(connection, stamp, id)
            return await self._job(connection, id)

        return await self._database.write(work)

    async def cancel(self, id: str) -> Job:
        """Cancel it; raises AbsentError, ConflictError."""

        async def work(connection: AsyncConnection) -> Job:
            job = await self._job(connection, id, lock=True)
            if job.stage is Stage.CANCELLED:
                return job
            if job.stage in FINAL:
                raise ConflictError(f"intervention {id} is {job.stage.value}: it is not cancelled")
            revision = job.revision + 1
            if job.agent is not None:
                await self._order(connection, id, job.agent, revision, withdrawn=True)
            await self._change(connection, id, cancelled=True, revision=revision)
            await stages.advance(connection, self._stamp(), id)
            return await self._job(connection, id)

        return await self._database.write(work)

    async def _must_be_enrolled(self, connection: AsyncConnection, name: str) -> None:
        found = await connection.scalar(
            select(func.count())
            .select_from(
                agent.join(key, (key.c.tenant == agent.c.tenant) & (key.c.owner == agent.c.name))
            )
            .where(
                agent.c.tenant == self._tenant, agent.c.name == name, key.c.revoked_at.is_(None)
            )
        )
        if not found:
            raise AbsentError(f"there is no enrolled agent {name}")

    async def _order(
        self, connection: AsyncConnection, id: str, name: str, revision: int, *, withdrawn: bool
    ) -> None:
        dialect = sqlite if self._database.sqlite else postgresql
        values = {"revision": revision, "withdrawn": withdrawn, "at": when(self._clock())}
        row = {"tenant": self._tenant, "intervention": id, "agent": name, **values}
        await connection.execute(
            dialect.insert(assignment)
            .values(row)
            .on_conflict_do_update(index_elements=["tenant", "intervention", "agent"], set_=values)
        )

    async def _change(self, connection: AsyncConnection, id: str, **values: Any) -> None:
        await connection.execute(
            update(intervention)
            .where(intervention.c.tenant == self._tenant, intervention.c.id == id)
            .values(**values)
        )

    async def _release(self, connection: AsyncConnection, id: str, name: str) -> None:
        """Attach what this agent delivered before the office knew that the intervention is its own."""
        await connection.execute(
            update(capture)
            .where(
                capture.c.tenant == self._tenant,
                capture.c.intervention == id,
                capture.c.agent == name,
                capture.c.outcome == Outcome.QUARANTINED.value,
                capture.c.reason.in_([UNKNOWN_INTERVENTION.format(id), NEVER_ASSIGNED.format(id)]),
            )
            .values(outcome=Outcome.ATTACHED.value, reason=None)
        )


def _job(row: Any, places: Sequence[Awaited] = ()) -> Job:
    return Job(
        intervention=Intervention.model_validate_json(row.document),
        stage=Stage(row.stage),
        agent=row.agent,
        revision=row.revision,
        created_at=row.created_at,
        awaited=tuple(places),
    )
