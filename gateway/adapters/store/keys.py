"""The keys of programs. Of a secret only its SHA-256 is kept: it is random, and long enough not to be guessed."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.exc import IntegrityError

from gateway.adapters.store.engine import Database
from gateway.adapters.store.tables import api_key
from gateway.adapters.store.writing import when
from gateway.ports.chance import Clock
from gateway.ports.office import AbsentError, ConflictError
from gateway.ports.requests import ApiKey


class SqlApiKeys:
    """Implements the port ApiKeys on one tenant of the database."""

    def __init__(self, database: Database, tenant: str, clock: Clock) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock

    async def add(self, key: ApiKey, digest: str) -> None:
        """Keep a key by the SHA-256 of its secret; raises ConflictError when the name is taken."""
        insert = api_key.insert().values(
            tenant=self._tenant,
            name=key.name,
            digest=digest,
            origins=json.dumps(key.origins),
            created_at=key.created_at,
            revoked_at=None,
        )
        try:
            await self._database.write(lambda connection: connection.execute(insert))
        except IntegrityError as error:
            raise ConflictError(
                f"there was a key {key.name} before: choose another name"
            ) from error

    async def revoke(self, name: str) -> None:
        """Let a key open nothing more; raises AbsentError."""
        revoking = (
            update(api_key)
            .where(
                api_key.c.tenant == self._tenant,
                api_key.c.name == name,
                api_key.c.revoked_at.is_(None),
            )
            .values(revoked_at=when(self._clock()))
        )
        done = await self._database.write(lambda connection: connection.execute(revoking))
        if done.rowcount == 0:
            raise AbsentError(f"there is no key {name} that opens anything")

    async def keys(self) -> Sequence[ApiKey]:
        """Return all, the oldest first."""
        wanted = (
            select(api_key)
            .where(api_key.c.tenant == self._tenant)
            .order_by(api_key.c.created_at, api_key.c.name)
        )
        async with self._database.reading() as connection:
            return [_key(row) for row in await connection.execute(wanted)]

    async def found(self, digest: str) -> ApiKey | None:
        """Return the key of that secret, None for one that is not known or was revoked."""
        wanted = select(api_key).where(
            api_key.c.tenant == self._tenant,
            api_key.c.digest == digest,
            api_key.c.revoked_at.is_(None),
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).first()
        return None if row is None else _key(row)


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        name=row.name,
        origins=tuple(json.loads(row.origins)),
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
