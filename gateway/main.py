"""The gateway's process: everything put together, one task group, a clean stop."""

import asyncio
import contextlib
import gc
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
import uvicorn

from contract.signing import SigningKey
from gateway.adapters.broker import Broker
from gateway.adapters.connection import BrokerAddress
from gateway.adapters.keyfile import load_key
from gateway.adapters.metrics import Metrics
from gateway.adapters.store.archive import SqlArchive
from gateway.adapters.store.caches import SqlCaches
from gateway.adapters.store.engine import Database
from gateway.adapters.store.feed import SqlFeed
from gateway.adapters.store.fleet import SqlRegistry
from gateway.adapters.store.inbox import SqlInbox
from gateway.adapters.store.migrate import made, migrate
from gateway.adapters.store.office import SqlOffice
from gateway.adapters.store.orders import SqlOrders
from gateway.adapters.store.shelf import SqlShelf
from gateway.api.app import create_app
from gateway.api.guard import loopback_names
from gateway.api.services import Services
from gateway.settings import Settings
from gateway.usecases.dispatch import Dispatch
from gateway.usecases.export import Exporter
from gateway.usecases.intake import Intake, Surroundings
from gateway.usecases.receipts import Sealer
from gateway.usecases.sequencer import Sequencer
from gateway.usecases.uplink import Uplink

PART_WITHIN = 5.0
GARBAGE_AFTER = 20_000
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """What is told once the gateway serves."""

    url: str
    key: str
    created: bool
    """Whether this gateway, or a part of it, was made just now."""


def now() -> datetime:
    """Return the wall clock's time."""
    return datetime.now(UTC)


class _Server(uvicorn.Server):
    """Leaves signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The running parts."""

    broker: Broker
    intake: Intake
    dispatch: Dispatch
    sequencer: Sequencer
    services: Services


async def lacking(settings: Settings) -> str | None:
    """Return what no gateway has made yet where the settings say, None when one has; makes nothing."""
    if not settings.key_path.exists():
        return f"there is no key file {settings.key_path.absolute()}"
    database = Database(settings.database_url)
    try:
        return None if await made(database) else "the database is missing or empty"
    finally:
        await database.close()


async def open_store(settings: Settings) -> Database:
    """Return the database, brought to the newest schema."""
    if settings.database is None:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database_url)
    await migrate(database)
    return database


async def serve(settings: Settings, announce: Callable[[Ready], None]) -> None:
    """Run until SIGINT or SIGTERM; ``announce`` is called once the API answers."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    created = await lacking(settings) is not None
    key = load_key(settings.key_path, os.urandom)
    database = await open_store(settings)
    listening = _listen(settings)

    def ready(url: str) -> None:
        announce(Ready(url, key.public, created))

    try:
        parts = _assemble(settings, key, database)
        await _run(settings, parts, listening, stop, ready)
    finally:
        listening.close()
        await database.close()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        where = f"host {settings.host}, port {settings.port}"
        raise OSError(f"{where}: {error.strerror}; choose another") from error
    return listening


def _broker(settings: Settings, meter: Metrics, on_connected: Callable[[], None]) -> Broker:
    password = settings.broker_password
    address = BrokerAddress(
        host=settings.broker_host,
        port=settings.broker_port,
        tenant=settings.tenant,
        client_id=f"releve-gateway-{settings.tenant}-{os.urandom(6).hex()}",
        username=settings.broker_username,
        password=password.get_secret_value() if password is not None else None,
    )
    return Broker(
        address,
        meter=meter,
        fraction=random.SystemRandom().random,
        pause=asyncio.sleep,
        elapsed=time.monotonic,
        on_connected=on_connected,
    )


def _assemble(settings: Settings, key: SigningKey, database: Database) -> Parts:
    tenant, metrics = settings.tenant, Metrics()
    sealer = Sealer(key, tenant)
    inbox = SqlInbox(database, tenant, now, os.urandom)
    caches = SqlCaches(database, tenant, now, os.urandom)
    archive = SqlArchive(database, tenant)
    sequencer = Sequencer(SqlFeed(database, tenant), asyncio.sleep)
    broker = _broker(settings, metrics, lambda: dispatch.want(None))
    dispatch = Dispatch(
        sealer=sealer,
        down=broker,
        orders=SqlOrders(database, tenant),
        caches=caches,
        clock=now,
        chance=os.urandom,
        pause=asyncio.sleep,
    )
    uplink = Uplink(tenant, caches, inbox, metrics, dispatch.want)
    intake = Intake(
        Surroundings(
            tenant=tenant,
            sealer=sealer,
            line=broker,
            down=broker,
            inbox=inbox,
            meter=metrics,
            clock=now,
            elapsed=time.monotonic,
            chance=os.urandom,
            pause=asyncio.sleep,
            other=uplink.take,
            committed=sequencer.wake,
        )
    )
    services = Services(
        tenant=tenant,
        key=key,
        office=SqlOffice(database, tenant, now, os.urandom),
        shelf=SqlShelf(database, tenant, now),
        registry=SqlRegistry(database, tenant, now, os.urandom),
        caches=caches,
        archive=archive,
        recent=archive,
        quarantine=archive,
        feed=SqlFeed(database, tenant),
        dispatch=dispatch,
        exporter=Exporter(sealer=sealer, archive=archive, clock=now, chance=os.urandom),
        sequencer=sequencer,
        down=broker,
        store_answers=lambda: intake.store_answers,
        metrics=metrics.exposition,
    )
    return Parts(
        broker=broker,
        intake=intake,
        dispatch=dispatch,
        sequencer=sequencer,
        services=services,
    )


async def _run(
    settings: Settings,
    parts: Parts,
    listening: socket.socket,
    stop: asyncio.Event,
    ready: Callable[[str], None],
) -> None:
    port = int(listening.getsockname()[1])
    hosts = loopback_names(port) | set(settings.hosts)
    config: dict[str, Any] = {"log_config": None, "access_log": False, "lifespan": "off"}
    server = _Server(
        uvicorn.Config(create_app(parts.services, hosts), timeout_graceful_shutdown=2, **config)
    )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    async with asyncio.TaskGroup() as group:
        api = group.create_task(server.serve(sockets=[listening]))
        line = [
            group.create_task(each.run())
            for each in (parts.broker, parts.intake, parts.dispatch, parts.sequencer)
        ]
        # What lives as long as the process is never garbage: collections need not look at it.
        gc.freeze()
        gc.set_threshold(GARBAGE_AFTER)
        while not (server.started or api.done()):  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.01)
        ready(f"http://{host}:{port}")
        await stop.wait()
        log.info("stopping")
        # The broker first, so that nothing more is sent to us that we could not acknowledge.
        for each in line:
            each.cancel()
        parts.sequencer.close()
        server.should_exit = True
        await asyncio.wait([api, *line], timeout=PART_WITHIN)
