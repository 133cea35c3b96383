"""Databases for the gateway's tests: SQLite in a file, and a PostgreSQL of our own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.adapters.store.engine import Database
from gateway.adapters.store.migrate import migrate
from tests.gateway.world import World
from tests.system_parts import require

POSTGRES_OPTIONS = "-c listen_addresses='' -c fsync=off -c max_connections=40 -k {socket}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server on a socket in a directory of its own, as nobody when we are root."""
    initdb = require("initdb", because="the store's tests on PostgreSQL")
    pg_ctl = initdb.with_name("pg_ctl")
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    command: list[str] = []
    if os.geteuid() == 0:
        runuser = require("runuser", because="PostgreSQL refuses to run as root")
        nobody = pwd.getpwnam("nobody")
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        command = [str(runuser), "-u", "nobody", "--"]

    def run(*arguments: str | Path) -> None:
        subprocess.run(
            [*command, *map(str, arguments)],
            check=True,
            cwd=home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    data = home / "data"
    try:
        run(initdb, "--no-sync", "-A", "trust", "-U", "releve", "-D", data)
        options = POSTGRES_OPTIONS.format(socket=home)
        run(pg_ctl, "-D", data, "-l", home / "log", "-o", options, "-w", "start")
        try:
            yield f"postgresql://releve@/postgres?host={home}"
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home)


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Return the URL of an empty database, of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gateway.db'}"
        return
    server: str = request.getfixturevalue("postgres")
    database = Database(server)
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await database.close()
    yield server


@pytest.fixture
async def world(url: str) -> AsyncIterator[World]:
    """Return a gateway without broker, on either database."""
    database = Database(url)
    await migrate(database)
    yield World(database)
    await database.close()


@pytest.fixture
async def small_world(tmp_path: Path) -> AsyncIterator[World]:
    """Return a gateway without broker, on SQLite only."""
    database = Database(f"sqlite:///{tmp_path / 'gateway.db'}")
    await migrate(database)
    yield World(database)
    await database.close()
