"""The database engine: SQLite in a file by default, PostgreSQL by the URL."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from gateway.ports.inbox import StoreUnavailableError

BUSY_SECONDS = 10
ATTEMPTS = 5
RETRY_SECONDS = 0.05
_WRITING = "releve_writing"

Result = TypeVar("Result")


class StoreUrlError(ValueError):
    """A database URL is not one the gateway can use."""


class Database:
    """Connections, and transactions that are tried again when the database asks for it."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.sqlite = self.engine.dialect.name == "sqlite"
        # SQLite has one writer at a time: waiting here is fair, waiting in its busy handler is not.
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """Give a connection in a transaction that only reads; raises StoreUnavailableError."""
        try:
            async with self.engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            if _may_pass(error):
                raise StoreUnavailableError(str(error.orig)) from error
            raise

    async def write(
        self, work: Callable[[AsyncConnection], Awaitable[Result]], attempts: int = ATTEMPTS
    ) -> Result:
        """Run ``work`` in one transaction, again after a conflict; raises StoreUnavailableError."""
        for attempt in range(1, attempts + 1):
            try:
                return await self._write_once(work)
            except DBAPIError as error:
                if not _may_pass(error):
                    raise
                if attempt == attempts:
                    raise StoreUnavailableError(str(error.orig)) from error
                await asyncio.sleep(RETRY_SECONDS * attempt)
        raise AssertionError("the last attempt returns or raises")

    async def _write_once(self, work: Callable[[AsyncConnection], Awaitable[Result]]) -> Result:
        if not self.sqlite:
            async with self.engine.begin() as connection:
                return await work(connection)
        async with self._writer, self.engine.connect() as plain:
            connection = await plain.execution_options(**{_WRITING: True})
            async with connection.begin():
                return await work(connection)

    async def close(self) -> None:
        await self.engine.dispose()


def _engine(url: str) -> AsyncEngine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreUrlError("the database URL cannot be read") from error
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+psycopg",
        "postgres": "postgresql+psycopg",
    }
    driver = drivers.get(parsed.get_backend_name())
    if driver is None:
        raise StoreUrlError("the database URL starts with sqlite:// or postgresql://")
    parsed = parsed.set(drivername=driver)
    if driver == "postgresql+psycopg":
        return create_async_engine(parsed, pool_size=8, pool_pre_ping=True)
    engine = create_async_engine(parsed, pool_size=8, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine.sync_engine, "connect", _on_connect)
    event.listen(engine.sync_engine, "begin", _on_begin)
    return engine


def _on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver opens no transaction of its own: _on_begin says which kind.
    setattr(connection, "isolation_level", None)  # noqa: B010 - the interface does not declare it
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    options: dict[str, Any] = dict(connection.get_execution_options())
    # A transaction that reads and later writes cannot wait for another writer: it says so at once.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITING) else "BEGIN")


def _may_pass(error: DBAPIError) -> bool:
    # Both drivers keep OperationalError for what lies outside the data: a lock, a deadlock,
    # a serialization failure, a full disk, a server that is away.
    return isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
