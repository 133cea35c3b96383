"""Inside the agent: a notification to the live view, a capture to the disk."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from agent.adapters.clock import SystemClock
from agent.adapters.store.captures import SqliteCaptureStore
from agent.adapters.store.database import Database
from agent.ports import Build
from agent.usecases.session import converse
from bench.decode import FRAME
from bench.result import Result, latency
from contract.signing import SigningKey
from contract.wire.captured import ClockQuality, ClockReading, Technician
from contract.wire.statement import Note
from drivers.kit.dialogue import ReadingsReceived
from drivers.kit.link import LinkEvent, Notified, Request, Subscribe, Subscribed
from drivers.probe.testo_smart_probe.dialogue import NOTIFY, SmartProbeDialogue

NOTIFICATIONS = 2000
CAPTURES = 1000


class _Pipe:
    """A link without a radio: what is notified is delivered."""

    deliver: Callable[[LinkEvent], None]

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        self.deliver = deliver

    async def carry_out(self, request: Request) -> LinkEvent | None:
        return Subscribed(request.uuid) if isinstance(request, Subscribe) else None

    async def close(self) -> None:
        pass


async def _notifications() -> list[float]:
    link, spent = _Pipe(), list[float]()
    talk = converse(link, SmartProbeDialogue(), asyncio.Queue(), silence=None, opened=lambda: None)
    heard = asyncio.ensure_future(anext(talk))
    for _ in range(NOTIFICATIONS):
        await asyncio.sleep(0)
        began = time.perf_counter()
        # As captured: a frame comes in two pieces.
        link.deliver(Notified(NOTIFY, FRAME[:20]))
        link.deliver(Notified(NOTIFY, FRAME[20:]))
        event = await heard
        spent.append(time.perf_counter() - began)
        if not isinstance(event, ReadingsReceived):
            raise TypeError(f"{event} where readings were expected")
        heard = asyncio.ensure_future(anext(talk))
    heard.cancel()
    return spent


def note(number: int) -> Note:
    """Return a statement of the size of a short note."""
    return Note(
        salt=secrets.token_hex(16),
        intervention="bench",
        by=Technician(id="amira", name="Amira Benali"),
        at=datetime.now(UTC),
        clock=ClockReading(boot="b", uptime=Decimal(1), quality=ClockQuality.SYNCED),
        text=f"note {number}",
    )


def writing(number: int) -> Build:
    """Return what builds a note, wherever it will stand."""
    return lambda _: note(number)


async def _captures(folder: Path) -> list[float]:
    database = Database(folder / "agent.db")
    store = SqliteCaptureStore(database, "bench", SigningKey.from_seed(secrets.token_bytes(32)))
    spent: list[float] = []
    async with database.open(), asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(database.run())
        await store.open_head()
        for number in range(CAPTURES):
            began = time.perf_counter()
            await store.append("bench", [writing(number)])
            spent.append(time.perf_counter() - began)
        writer.cancel()
    return spent


def measure() -> list[Result]:
    """Measure both on an idle loop."""
    SystemClock().reading()
    with tempfile.TemporaryDirectory() as folder:
        durable = asyncio.run(_captures(Path(folder)))
    return [
        *latency("notification to live", asyncio.run(_notifications()), most_p99=20),
        *latency("capture to durable", durable),
    ]
