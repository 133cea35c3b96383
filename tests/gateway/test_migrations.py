"""The schema: what the migrations make is what the code expects."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from gateway.adapters.store.engine import Database
from gateway.adapters.store.migrate import made, migrate
from gateway.adapters.store.tables import metadata
from gateway.ports.inbox import StoreUnavailableError


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_migrating_makes_the_tables_the_code_knows(url: str) -> None:
    database = Database(url)
    await migrate(database)
    async with database.engine.connect() as connection:
        found = await connection.run_sync(differences)
    await database.close()

    assert [] == found


async def test_a_database_is_a_gateways_once_it_has_been_migrated(url: str) -> None:
    database = Database(url)

    before = await made(database)
    await migrate(database)
    after = await made(database)
    await database.close()

    assert (False, True) == (before, after)


async def test_several_replicas_may_start_at_once(url: str) -> None:
    replicas = [Database(url) for _ in range(3)]

    await asyncio.gather(*(migrate(each) for each in replicas))

    async with replicas[0].engine.connect() as connection:
        versions = (await connection.execute(text("SELECT * FROM alembic_version"))).all()
    for each in replicas:
        await each.close()
    assert 1 == len(versions)


async def test_a_database_that_is_away_is_said_to_be_so() -> None:
    database = Database("postgresql://nobody@/nowhere?host=/nonexistent")

    with pytest.raises(StoreUnavailableError):
        async with database.reading():
            pass
    with pytest.raises(StoreUnavailableError):
        await database.write(lambda connection: connection.run_sync(differences), attempts=1)
    await database.close()


def test_every_table_has_the_tenant() -> None:
    assert all("tenant" in table.c for table in metadata.tables.values())
