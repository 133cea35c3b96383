"""The agent's records in the store."""

import aiosqlite

from agent.adapters.store.database import Database
from agent.usecases.records import Pairing
from contract.forms.form import Form
from contract.wire.captured import Technician
from contract.wire.down import Assignment, Command, CommandOutcome


class SqliteRecords:
    """TechnicianRecords, PairingRecords, WorkRecords and CommandRecords in one SQLite file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def technicians(self) -> list[Technician]:
        rows = await self._database.read("SELECT id, name FROM technician ORDER BY name")
        return [Technician(id=row["id"], name=row["name"]) for row in rows]

    async def pin_hash(self, technician: str) -> str | None:
        rows = await self._database.read("SELECT pin FROM technician WHERE id = ?", technician)
        return rows[0]["pin"] if rows else None

    async def keep_technician(
        self, technician: Technician, pin_hash: str, *, refunds: bool | None = None
    ) -> None:
        await self._execute(
            "INSERT INTO technician (id, name, pin, refunds) VALUES (?1, ?2, ?3, coalesce(?4, 0))"
            " ON CONFLICT (id) DO UPDATE SET name = ?2, pin = ?3, refunds = coalesce(?4, refunds)",
            technician.id,
            technician.name,
            pin_hash,
            None if refunds is None else int(refunds),
        )

    async def pairings(self) -> list[Pairing]:
        rows = await self._database.read("SELECT document FROM pairing ORDER BY instrument")
        return [Pairing.model_validate_json(row["document"]) for row in rows]

    async def keep_pairing(self, pairing: Pairing) -> None:
        await self._execute(
            "INSERT OR REPLACE INTO pairing (instrument, document) VALUES (?, ?)",
            pairing.instrument,
            pairing.to_json(),
        )

    async def drop_pairing(self, instrument: str) -> bool:
        return await self._execute("DELETE FROM pairing WHERE instrument = ?", instrument) > 0

    async def assignments(self) -> list[Assignment]:
        rows = await self._database.read("SELECT document FROM assignment ORDER BY intervention")
        return [Assignment.model_validate_json(row["document"]) for row in rows]

    async def keep_assignment(self, assignment: Assignment) -> bool:
        changed = await self._execute(
            "INSERT INTO assignment (intervention, revision, document) VALUES (?, ?, ?)"
            " ON CONFLICT (intervention) DO UPDATE"
            " SET revision = excluded.revision, document = excluded.document"
            " WHERE excluded.revision > revision",
            assignment.intervention.id,
            assignment.revision,
            assignment.to_json(),
        )
        return changed > 0

    async def form(self, form: str, version: int) -> Form | None:
        rows = await self._database.read(
            "SELECT document FROM form WHERE id = ? AND version = ?", form, version
        )
        return Form.model_validate_json(rows[0]["document"]) if rows else None

    async def keep_form(self, form: Form) -> bool:
        document = form.to_json()
        await self._execute(
            "INSERT INTO form (id, version, document) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            form.id,
            form.version,
            document,
        )
        kept = await self.form(form.id, form.version)
        return kept == form

    async def take_on(self, command: Command) -> bool:
        changed = await self._execute(
            "INSERT INTO command (id, document) VALUES (?, ?) ON CONFLICT DO NOTHING",
            command.id,
            command.to_json(),
        )
        return changed > 0

    async def end(self, command: str, outcome: CommandOutcome, detail: str | None) -> None:
        await self._execute(
            "UPDATE command SET outcome = ?, detail = ? WHERE id = ?", outcome, detail, command
        )

    async def _execute(self, sql: str, *parameters: object) -> int:
        async def job(connection: aiosqlite.Connection) -> int:
            cursor = await connection.execute(sql, parameters)
            return cursor.rowcount

        return await self._database.write(job)
