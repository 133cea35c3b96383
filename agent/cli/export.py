"""The agent's captures as an export that `releve verify` reads."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import groupby

from agent.ports import Saved
from agent.settings import Settings
from agent.stored import Store, key_of, store_of
from agent.usecases.forwarder import batches, signed
from contract.signing import KeyRecord, SigningKey
from contract.wire.down import Head
from contract.wire.event import (
    Captures,
    CapturesEvent,
    Key,
    KeyEvent,
    SealedEvent,
    SealedType,
    seal,
)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Store]:
    """Yield the store of an agent, open for one command."""
    store = store_of(settings, key_of(settings))
    async with store.database.open(), asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(store.database.run())
        yield store
        writer.cancel()


async def export_lines(settings: Settings) -> list[str]:
    """Return the lines of an export: the key, the captures, and a signed head for each epoch."""
    key = key_of(settings)
    async with opened(settings) as store:
        captures = await store.captures.everything()
    return list(_lines(settings, key, captures, datetime.now(UTC)))


def _lines(
    settings: Settings, key: SigningKey, captures: list[Saved], now: datetime
) -> Iterator[str]:
    source = f"/releve/{settings.tenant}/{settings.name}"
    record = KeyRecord(settings.name, key.public)
    yield KeyEvent(id=key.id, source=source, time=now, data=Key.of(record)).to_json()
    for batch in batches(captures):
        first, last = batch[0].link, batch[-1].link
        yield CapturesEvent(
            id=f"{first.epoch}/{first.seq}-{last.seq}",
            source=source,
            time=now,
            data=Captures(key=key.id, captures=tuple(signed(each) for each in batch)),
        ).to_json()
    for epoch, rows in groupby(captures, key=lambda each: each.link.epoch):
        links = [each.link for each in rows]
        head = Head(
            agent=settings.name,
            epoch=epoch,
            first=links[0].seq,
            last=links[-1].seq,
            link=links[-1].hash,
            at=now,
        )
        yield SealedEvent(
            id=f"{epoch}/head",
            source=source,
            time=now,
            type=SealedType.HEAD,
            data=seal(key, SealedType.HEAD, settings.name, head.to_json()),
        ).to_json()
