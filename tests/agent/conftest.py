"""A real store, a clock in hand, and a link that obeys the test."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.adapters.store.captures import SqliteCaptureStore
from agent.adapters.store.database import Database
from agent.adapters.store.payments import SqlitePayments
from agent.adapters.store.records import SqliteRecords
from agent.adapters.store.reserve import Reserve
from contract.signing import SigningKey
from tests.fakes.clock import FakeClock

AGENT = "van-7"
AGENT_KEY = SigningKey.from_seed(b"a" * 32)


@dataclass(frozen=True)
class OpenStore:
    database: Database
    captures: SqliteCaptureStore
    records: SqliteRecords
    payments: SqlitePayments


@asynccontextmanager
async def opened(path: Path, key: SigningKey = AGENT_KEY) -> AsyncGenerator[OpenStore]:
    database = Database(path)
    captures = SqliteCaptureStore(database, AGENT, key)
    async with database.open(), asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(database.run())
        await captures.open_head()
        payments = SqlitePayments(
            database, captures, Reserve(path.parent / "payments.reserve", 1000)
        )
        yield OpenStore(database, captures, SqliteRecords(database), payments)
        writer.cancel()


@pytest.fixture
async def store(tmp_path):
    async with opened(tmp_path / "agent.db") as open_store:
        yield open_store


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
