"""The form versions."""

from sqlalchemy import literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.forms.form import Form
from contract.wire.intervention import FormReference
from gateway.adapters.store.engine import Database
from gateway.adapters.store.paging import decode, encode, page
from gateway.adapters.store.tables import form
from gateway.adapters.store.writing import when
from gateway.ports.chance import Clock
from gateway.ports.office import AbsentError, ConflictError, Kept, Page


class SqlShelf:
    """Implements the port Shelf on one tenant of the database."""

    def __init__(self, database: Database, tenant: str, clock: Clock) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock

    async def keep(self, new: Form) -> Kept:
        """Keep a form version; raises ConflictError when it is held with another content."""

        async def work(connection: AsyncConnection) -> Kept:
            try:
                held = await held_form(
                    connection, self._tenant, FormReference(id=new.id, version=new.version)
                )
            except AbsentError:
                await connection.execute(
                    form.insert().values(
                        tenant=self._tenant,
                        id=new.id,
                        version=new.version,
                        document=new.to_json(),
                        created_at=when(self._clock()),
                    )
                )
                return Kept.NEW
            if held.to_json() != new.to_json():
                raise ConflictError(
                    f"version {new.version} of form {new.id} is held with another content"
                )
            return Kept.SAME

        return await self._database.write(work)

    async def form(self, reference: FormReference) -> Form:
        """Return one; raises AbsentError."""
        async with self._database.reading() as connection:
            return await held_form(connection, self._tenant, reference)

    async def forms(self, cursor: str | None, limit: int) -> Page[Form]:
        """Return form versions, by id and version."""
        wanted = (
            select(form)
            .where(form.c.tenant == self._tenant)
            .order_by(form.c.id, form.c.version)
            .limit(limit + 1)
        )
        if cursor:
            name, version = decode(cursor, str, int)
            wanted = wanted.where(
                tuple_(form.c.id, form.c.version) > tuple_(literal(name), literal(version))
            )
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
        found = page(rows, limit, lambda row: encode(row.id, row.version))
        return Page([Form.model_validate_json(row.document) for row in found.items], found.next)


async def held_form(connection: AsyncConnection, tenant: str, reference: FormReference) -> Form:
    """Return a form version; raises AbsentError."""
    text = await connection.scalar(
        select(form.c.document).where(
            form.c.tenant == tenant,
            form.c.id == reference.id,
            form.c.version == reference.version,
        )
    )
    if text is None:
        raise AbsentError(f"there is no version {reference.version} of form {reference.id}")
    return Form.model_validate_json(text)
