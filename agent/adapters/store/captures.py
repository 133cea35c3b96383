"""The chain and the outbox in the store."""

import secrets
import sqlite3
from collections.abc import Iterable, Sequence

import aiosqlite

from agent.adapters.store.database import Database
from agent.ports import Build, Placing, Saved, Settled
from agent.usecases.receipts import Close, Decision, Mismatch, decide, is_ahead, shows_fork
from contract import chain
from contract.chain import Link
from contract.signing import SigningKey
from contract.wire.base import Place
from contract.wire.down import Outcome, Receipt

_COLUMNS = "link, sig, statement, outcome, reason"


class SqliteCaptureStore:
    """A CaptureStore in one SQLite file. Every link is signed at commit."""

    def __init__(self, database: Database, agent: str, key: SigningKey) -> None:
        self._database = database
        self._agent = agent
        self._key = key

    async def open_head(self) -> None:
        """Make the head of a new store."""

        async def job(connection: aiosqlite.Connection) -> None:
            [(heads,)] = await connection.execute_fetchall("SELECT count(*) FROM head")
            if not heads:
                await _new_epoch(connection)

        await self._database.write(job)

    async def append(self, intervention: str, builds: Sequence[Build]) -> list[Saved]:
        async def job(connection: aiosqlite.Connection) -> list[Saved]:
            return [await self.append_in(connection, intervention, build) for build in builds]

        return await self._database.write(job)

    async def append_in(
        self, connection: aiosqlite.Connection, intervention: str, build: Build
    ) -> Saved:
        """Save a capture as a part of somebody else's transaction."""
        epoch, seq, previous = await _head(connection)
        place = Place(epoch=epoch, seq=seq + 1)
        earlier = await _last_places(connection, intervention)
        text = build(Placing(place, earlier)).to_json()
        link = Link(self._agent, place.epoch, place.seq, previous, chain.digest(text))
        sig = self._key.sign(str(link))
        await connection.execute(
            "INSERT INTO capture (epoch, seq, link, hash, sig, statement, intervention)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (epoch, place.seq, str(link), link.hash, sig, text, intervention),
        )
        await connection.execute("UPDATE head SET seq = ?, link = ?", (place.seq, link.hash))
        return Saved(link, sig, text)

    async def unsent(self, limit: int) -> list[Saved]:
        return _saved(
            await self._database.read(
                f"SELECT {_COLUMNS} FROM capture WHERE outcome IS NULL ORDER BY n LIMIT ?",  # noqa: S608 - constant columns
                limit,
            )
        )

    async def depth(self) -> int:
        [(waiting,)] = await self._database.read(
            "SELECT count(*) FROM capture WHERE outcome IS NULL"
        )
        return int(waiting)

    async def of_intervention(self, intervention: str) -> list[Saved]:
        return _saved(
            await self._database.read(
                f"SELECT {_COLUMNS} FROM capture WHERE intervention = ? ORDER BY n",  # noqa: S608 - constant columns
                intervention,
            )
        )

    async def everything(self) -> list[Saved]:
        """Return the whole store, oldest first."""
        return _saved(await self._database.read(f"SELECT {_COLUMNS} FROM capture ORDER BY n"))  # noqa: S608 - constant columns

    async def settle(self, receipt: Receipt) -> Settled:
        async def job(connection: aiosqlite.Connection) -> Settled:
            epoch, seq, _ = await _head(connection)
            head = Place(epoch=epoch, seq=seq)
            decisions = [
                decide(each, await _hash_at(connection, each.epoch, each.last))
                for each in receipt.ranges
            ]
            closed = sum([await _close(connection, each) for each in decisions])
            leave = is_ahead(receipt.head, head) or any(
                shows_fork(each, head) for each in decisions
            )
            if leave:
                await _new_epoch(connection)
            mismatched = sum(isinstance(each, Mismatch) for each in decisions)
            return Settled(closed, mismatched, leave)

        return await self._database.write(job)


async def _head(connection: aiosqlite.Connection) -> tuple[str, int, str]:
    [(epoch, seq, link)] = await connection.execute_fetchall("SELECT epoch, seq, link FROM head")
    return epoch, seq, link


async def _new_epoch(connection: aiosqlite.Connection) -> None:
    await connection.execute(
        "INSERT INTO head (id, epoch, seq, link) VALUES (1, ?, 0, ?)"
        " ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, seq = 0, link = excluded.link",
        (secrets.token_hex(16), chain.FIRST),
    )


async def _last_places(connection: aiosqlite.Connection, intervention: str) -> tuple[Place, ...]:
    rows = await connection.execute_fetchall(
        "SELECT epoch, max(seq) FROM capture WHERE intervention = ? GROUP BY epoch ORDER BY min(n)",
        (intervention,),
    )
    return tuple(Place(epoch=epoch, seq=seq) for epoch, seq in rows)


async def _hash_at(connection: aiosqlite.Connection, epoch: str, seq: int) -> str | None:
    rows = list(
        await connection.execute_fetchall(
            "SELECT hash FROM capture WHERE epoch = ? AND seq = ?", (epoch, seq)
        )
    )
    return rows[0][0] if rows else None


async def _close(connection: aiosqlite.Connection, decision: Decision) -> int:
    if not isinstance(decision, Close):
        return 0
    range_ = decision.range
    cursor = await connection.execute(
        "UPDATE capture SET outcome = ?, reason = ?"
        " WHERE epoch = ? AND seq BETWEEN ? AND ? AND outcome IS NULL",
        (range_.outcome, range_.reason, range_.epoch, range_.first, range_.last),
    )
    return cursor.rowcount


def _saved(rows: Iterable[sqlite3.Row]) -> list[Saved]:
    return [
        Saved(
            chain.parse(row["link"]),
            row["sig"],
            row["statement"],
            Outcome(row["outcome"]) if row["outcome"] else None,
            row["reason"],
        )
        for row in rows
    ]
