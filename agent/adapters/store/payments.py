"""The payment journal in the store."""

import asyncio
import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import aiosqlite
from pydantic import TypeAdapter

from agent.adapters.store.captures import SqliteCaptureStore
from agent.adapters.store.database import Database, Job, ResultT
from agent.adapters.store.reserve import Reserve
from agent.ports import StoreFullError
from agent.usecases.payments.attempt import Attempt, Effect
from agent.usecases.payments.events import Answer, Event
from agent.usecases.payments.journal import (
    Happened,
    JournalConflictError,
    NoRoomError,
    Orphan,
    PairedTerminal,
    Recording,
)
from contract.wire.captured import Technician

_ATTEMPT: TypeAdapter[Attempt] = TypeAdapter(Attempt)
_ORPHAN: TypeAdapter[Orphan] = TypeAdapter(Orphan)
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
BEGUN = '{"event": "begun"}'
_OPEN = "state IN ('created', 'sending', 'sent', 'pending', 'unknown')"


class SqlitePayments:
    """PaymentJournal, OrphanRecords and TerminalRecords in one SQLite file."""

    def __init__(
        self, database: Database, captures: SqliteCaptureStore, reserve: Reserve | None
    ) -> None:
        """``reserve`` is room for the end of payments; without it a full disk refuses that too."""
        self._database = database
        self._captures = captures
        self._reserve = reserve

    async def open(self, attempt: Attempt) -> Attempt:
        if self._reserve is not None and not await asyncio.to_thread(self._reserve.hold):
            raise NoRoomError

        async def job(connection: aiosqlite.Connection) -> Attempt:
            found = await _attempts(connection, "key = ?", attempt.key)
            if found:
                return found[0]
            taken = f"{_OPEN} AND (terminal = ? OR intervention = ?)"
            if others := await _attempts(
                connection, taken, attempt.terminal.name, attempt.intervention
            ):
                raise JournalConflictError(others[0].id)
            await connection.execute(
                "INSERT INTO payment (id, key, intervention, terminal, state, begun, document)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    attempt.id,
                    attempt.key,
                    attempt.intervention,
                    attempt.terminal.name,
                    attempt.state,
                    attempt.begun.isoformat(),
                    _written(attempt),
                ),
            )
            await _happened(connection, attempt, attempt.begun, BEGUN)
            return attempt

        return await self._database.write(job)

    async def record(self, recording: Recording) -> Attempt:
        async def job(connection: aiosqlite.Connection) -> Attempt:
            before, after = recording.before, recording.after
            if recording.capture is not None:
                saved = await self._captures.append_in(
                    connection, after.intervention, recording.capture
                )
                after = replace(after, captured=saved.place)
            await _compare(connection, before)
            if after != before:
                await connection.execute(
                    "UPDATE payment SET state = ?, document = ? WHERE id = ?",
                    (after.state, _written(after), after.id),
                )
            await _happened(connection, after, recording.at, _event(recording.event))
            if Effect.ORPHAN in recording.effects and isinstance(recording.event, Answer):
                await _keep_orphan(connection, recording, recording.event)
            return after

        return await self._written_down(job)

    async def _written_down(self, job: Job[ResultT]) -> ResultT:
        try:
            return await self._database.write(job)
        except StoreFullError:
            if self._reserve is None:
                raise
            await asyncio.to_thread(self._reserve.give)
            return await self._database.write(job)

    async def attempt(self, id: str) -> Attempt | None:
        found = _read(await self._database.read("SELECT document FROM payment WHERE id = ?", id))
        return found[0] if found else None

    async def attempts(
        self, intervention: str | None = None, *, only_open: bool = False
    ) -> list[Attempt]:
        if only_open:
            rows = await self._database.read(
                f"SELECT document FROM payment WHERE {_OPEN} ORDER BY rowid"  # noqa: S608 - a constant condition
            )
        elif intervention is None:
            rows = await self._database.read("SELECT document FROM payment ORDER BY rowid")
        else:
            rows = await self._database.read(
                "SELECT document FROM payment WHERE intervention = ? ORDER BY rowid", intervention
            )
        return _read(rows)

    async def history(self, attempt: str) -> list[Happened]:
        rows = await self._database.read(
            "SELECT at, event, state FROM payment_event WHERE payment = ? ORDER BY n", attempt
        )
        return [
            Happened(
                datetime.fromisoformat(row["at"]), json.loads(row["event"])["event"], row["state"]
            )
            for row in rows
        ]

    async def orphans(self) -> list[Orphan]:
        rows = await self._database.read("SELECT n, document, seen FROM payment_orphan ORDER BY n")
        return [
            replace(
                _ORPHAN.validate_json(row["document"]),
                n=row["n"],
                seen_by=Technician.model_validate_json(row["seen"]) if row["seen"] else None,
            )
            for row in rows
        ]

    async def look_at(self, n: int, by: Technician) -> bool:
        return await self._execute(
            "UPDATE payment_orphan SET seen = ? WHERE n = ? AND seen IS NULL", by.to_json(), n
        )

    async def terminals(self) -> list[PairedTerminal]:
        rows = await self._database.read("SELECT document FROM terminal ORDER BY name")
        return [PairedTerminal.model_validate_json(row["document"]) for row in rows]

    async def keep_terminal(self, terminal: PairedTerminal) -> None:
        await self._execute(
            "INSERT OR REPLACE INTO terminal (name, document) VALUES (?, ?)",
            terminal.name,
            terminal.to_json(),
        )

    async def drop_terminal(self, name: str) -> bool:
        return await self._execute("DELETE FROM terminal WHERE name = ?", name)

    async def may_refund(self, technician: str) -> bool:
        rows = await self._database.read("SELECT refunds FROM technician WHERE id = ?", technician)
        return bool(rows and rows[0]["refunds"])

    async def _execute(self, sql: str, *parameters: object) -> bool:
        async def job(connection: aiosqlite.Connection) -> bool:
            return (await connection.execute(sql, parameters)).rowcount > 0

        return await self._database.write(job)


def _written(attempt: Attempt) -> str:
    return _ATTEMPT.dump_json(attempt, exclude_none=True).decode()


def _event(event: Event) -> str:
    said = json.loads(_EVENT.dump_json(event, exclude_none=True))
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(event).__name__).lower()
    return json.dumps({"event": name, **said}, ensure_ascii=False)


def _read(rows: Iterable[sqlite3.Row]) -> list[Attempt]:
    return [_ATTEMPT.validate_json(row[0]) for row in rows]


async def _attempts(
    connection: aiosqlite.Connection, where: str, *parameters: object
) -> list[Attempt]:
    return _read(
        await connection.execute_fetchall(
            f"SELECT document FROM payment WHERE {where} ORDER BY rowid",  # noqa: S608 - constant conditions
            parameters,
        )
    )


async def _compare(connection: aiosqlite.Connection, before: Attempt) -> None:
    """Raise JournalConflictError when the attempt is not as it was thought to be."""
    if await _attempts(connection, "id = ?", before.id) != [before]:
        raise JournalConflictError(before.id)


async def _happened(
    connection: aiosqlite.Connection, attempt: Attempt, at: datetime, event: str
) -> None:
    await connection.execute(
        "INSERT INTO payment_event (payment, at, event, state) VALUES (?, ?, ?, ?)",
        (attempt.id, at.isoformat(), event, attempt.state),
    )


async def _keep_orphan(
    connection: aiosqlite.Connection, recording: Recording, answer: Answer
) -> None:
    orphan = Orphan(
        n=0,
        terminal=recording.before.terminal.name,
        at=recording.at,
        attempt=recording.before.id,
        misfit=answer.misfit,
        stated=answer.stated,
    )
    await connection.execute(
        "INSERT INTO payment_orphan (document) VALUES (?)",
        (_ORPHAN.dump_json(orphan).decode(),),
    )
