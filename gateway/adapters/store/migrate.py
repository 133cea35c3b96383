"""Bringing the database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.adapters.store.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x52656C65766531
"""Any fixed number: one process at a time migrates."""


async def made(database: Database) -> bool:
    """Tell whether a gateway has made its tables there; makes nothing, not even SQLite's file."""
    if _file_is_missing(database):
        return False
    async with database.reading() as connection:
        return await connection.run_sync(lambda plain: inspect(plain).has_table("agent"))


def _file_is_missing(database: Database) -> bool:
    # Connecting would make it.
    return database.sqlite and not Path(database.engine.url.database or "").is_file()


async def migrate(database: Database) -> None:
    """Run the migrations that are missing, in one transaction, one process at a time."""

    async def work(connection: AsyncConnection) -> None:
        # SQLite's lock is BEGIN IMMEDIATE itself.
        if not database.sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(_upgrade)

    await database.write(work)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
