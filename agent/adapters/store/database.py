"""One writer, one reader, numbered migrations."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from agent.ports import StoreFullError, StoreRefusedError

ResultT = TypeVar("ResultT")
Job = Callable[[aiosqlite.Connection], Awaitable[ResultT]]

WAITING_JOBS = 1000
ENDED = "the agent is stopping: nothing was saved"
FULL = "the disk is full: free some space and try again; nothing was saved"


class StoreDamagedError(Exception):
    """The file cannot be trusted. It is left as it is: nothing is replaced in silence."""


class Database:
    """Jobs are run one after the other, each in one transaction, by one task that nothing cancels in between."""

    def __init__(self, path: Path, *, synchronous: str = "FULL") -> None:
        self._path = path
        self._synchronous = synchronous
        self._jobs: asyncio.Queue[tuple[Job[Any], asyncio.Future[Any]]] = asyncio.Queue(
            WAITING_JOBS
        )
        self._reader: aiosqlite.Connection | None = None
        self._ended = False

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Open the file, bring it to the newest schema, and close it at the end; raises StoreDamagedError.

        ``write`` needs ``run`` in a task of the caller's.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        async with self._connection() as writer, self._connection() as reader:
            await _check(writer, self._path)
            await _migrate(writer, self._path)
            self._reader = reader
            self._writer = writer
            try:
                yield
            finally:
                self._refuse_the_rest()
                self._reader = None

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[aiosqlite.Connection]:
        try:
            connection = await aiosqlite.connect(self._path, isolation_level=None, timeout=10)
        except sqlite3.OperationalError as error:
            raise _damaged(self._path, error) from error
        try:
            await self._prepare(connection)
            yield connection
        finally:
            await connection.close()

    async def _prepare(self, connection: aiosqlite.Connection) -> None:
        try:
            await connection.execute("PRAGMA journal_mode=WAL")
            await connection.execute(f"PRAGMA synchronous={self._synchronous}")
            await connection.execute("PRAGMA foreign_keys=ON")
        except sqlite3.DatabaseError as error:
            raise _damaged(self._path, error) from error

    async def run(self) -> None:
        """Carry out jobs until cancelled; the one under way is brought to its end, those that wait are refused."""
        try:
            while True:
                await self._carry_out(*await self._jobs.get())
        finally:
            self._refuse_the_rest()

    def _refuse_the_rest(self) -> None:
        self._ended = True
        while not self._jobs.empty():
            _, done = self._jobs.get_nowait()
            if not done.done():
                done.set_exception(StoreRefusedError(ENDED))

    async def _carry_out(self, job: Job[Any], done: asyncio.Future[Any]) -> None:
        work = asyncio.ensure_future(_transaction(self._writer, job))
        try:
            await asyncio.wait([work])
        finally:
            # A transaction cut in two could be on disk and be told as refused.
            await asyncio.wait([work])
            error = work.exception()
            if not done.done():
                done.set_result(work.result()) if error is None else done.set_exception(error)

    async def write(self, job: Job[ResultT]) -> ResultT:
        """Run ``job`` in one transaction; it is on disk when this returns.

        A caller that is cancelled leaves the job to its end. Raises StoreRefusedError when nothing was saved.
        """
        if self._ended:
            raise StoreRefusedError(ENDED)
        done: asyncio.Future[ResultT] = asyncio.get_running_loop().create_future()
        await self._jobs.put((job, done))
        if self._ended:
            raise StoreRefusedError(ENDED)
        return await asyncio.shield(done)

    async def read(self, sql: str, *parameters: object) -> list[sqlite3.Row]:
        """Return the rows of a query; it sees what is committed, and only that."""
        if self._reader is None:
            raise RuntimeError("the store is not open")
        self._reader.row_factory = sqlite3.Row
        return list(await self._reader.execute_fetchall(sql, parameters))


async def _transaction(connection: aiosqlite.Connection, job: Job[ResultT]) -> ResultT:
    try:
        await connection.execute("BEGIN IMMEDIATE")
        try:
            result = await job(connection)
            await connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                await connection.execute("ROLLBACK")
            raise
    except sqlite3.DatabaseError as error:
        # Python's own complaints about a statement carry no code.
        full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        if full:
            raise StoreFullError(FULL) from error
        raise StoreRefusedError(f"{error}: nothing was saved") from error
    except OverflowError as error:
        raise StoreRefusedError(f"a number is too large: {error}; nothing was saved") from error
    return result


async def _check(connection: aiosqlite.Connection, path: Path) -> None:
    try:
        [row] = await connection.execute_fetchall("PRAGMA quick_check(1)")
    except sqlite3.DatabaseError as error:
        raise _damaged(path, error) from error
    if row[0] != "ok":
        raise _damaged(path, row[0])


def _damaged(path: Path, why: object) -> StoreDamagedError:
    return StoreDamagedError(f"{path}: {why}; keep the file and restore a copy")


async def _migrate(connection: aiosqlite.Connection, path: Path) -> None:
    schemas = resources.files("agent.adapters.store")
    [(version,)] = await connection.execute_fetchall("PRAGMA user_version")
    if version and not (schemas / f"schema_{version:04}.sql").is_file():
        raise StoreDamagedError(f"{path} was written by a newer version: install that one")
    while (script := schemas / f"schema_{version + 1:04}.sql").is_file():
        version += 1
        # user_version is part of the transaction: a cut in between leaves the old schema whole.
        sql = script.read_text()
        await connection.executescript(
            f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version={version};\nCOMMIT;"
        )
