"""Deriving an intervention's stage again, under its lock."""

from collections.abc import Callable

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.wire.base import Place
from contract.wire.down import Outcome
from contract.wire.intervention import Intervention, Stage
from contract.wire.statement import Kind, StatementError, Transition, parse
from gateway.adapters.store.tables import awaited, capture, chain, intervention
from gateway.adapters.store.writing import Stamp, insert_event
from gateway.usecases.stage import Office, Step, derive


async def advance(connection: AsyncConnection, stamp: Stamp, id: str) -> Stage | None:
    """Derive and write the stage; None when there is no such intervention."""
    row = (
        await connection.execute(
            select(intervention)
            .where(intervention.c.tenant == stamp.tenant, intervention.c.id == id)
            .with_for_update()
        )
    ).one_or_none()
    if row is None:
        return None
    steps = await _steps(connection, stamp.tenant, id)
    held = await _held(connection, stamp.tenant, steps)
    document = Intervention.model_validate_json(row.document)
    office = Office(
        planned=document.starts is not None,
        assigned=row.agent is not None,
        cancelled=row.cancelled,
    )
    stage = derive(office, steps, held)
    if stage in {Stage.COMPLETED, Stage.CANCELLED}:
        await connection.execute(
            delete(awaited).where(awaited.c.tenant == stamp.tenant, awaited.c.intervention == id)
        )
    if stage != row.stage:
        await _write(connection, stamp, id, Stage(row.stage), stage)
    return stage


async def _write(
    connection: AsyncConnection, stamp: Stamp, id: str, before: Stage, stage: Stage
) -> None:
    await connection.execute(
        update(intervention)
        .where(intervention.c.tenant == stamp.tenant, intervention.c.id == id)
        .values(stage=stage.value)
    )
    document = {"intervention": id, "stage": stage.value, "before": before.value}
    await insert_event(connection, stamp, "releve.intervention.stage.v1", id, document)


async def _steps(connection: AsyncConnection, tenant: str, id: str) -> list[Step]:
    rows = await connection.execute(
        select(
            capture.c.agent,
            capture.c.epoch,
            capture.c.seq,
            capture.c.link_hash,
            capture.c.statement,
        ).where(
            capture.c.tenant == tenant,
            capture.c.intervention == id,
            capture.c.kind == Kind.TRANSITION.value,
            capture.c.outcome != Outcome.QUARANTINED.value,
            capture.c.statement.is_not(None),
        )
    )
    steps: list[Step] = []
    for agent, epoch, seq, link, text in rows:
        step = _step(agent, epoch, seq, link, text)
        if step is not None:
            steps.append(step)
    return steps


def _step(agent: str, epoch: str, seq: int, link: str, text: str) -> Step | None:
    try:
        statement = parse(text)
    except StatementError:
        return None
    if not isinstance(statement, Transition):
        return None
    return Step(
        agent=agent,
        epoch=epoch,
        seq=seq,
        link=link,
        at=statement.at,
        action=statement.action,
        awaited=(*statement.up_to, Place(epoch=epoch, seq=seq)),
    )


async def _held(
    connection: AsyncConnection, tenant: str, steps: list[Step]
) -> Callable[[str, Place], bool]:
    epochs = sorted({(step.agent, place.epoch) for step in steps for place in step.awaited})
    reach: dict[tuple[str, str], int] = {}
    if epochs:
        rows = await connection.execute(
            select(chain.c.agent, chain.c.epoch, chain.c.contiguous).where(
                chain.c.tenant == tenant, tuple_(chain.c.agent, chain.c.epoch).in_(epochs)
            )
        )
        reach = {(agent, epoch): contiguous for agent, epoch, contiguous in rows}
    return lambda agent, place: place.seq <= reach.get((agent, place.epoch), 0)
