"""The gateway's process: everything put together, one task group, a clean stop."""

import asyncio
import gc
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog

from contract.signing import SigningKey
from gateway.adapters.broker import Broker
from gateway.adapters.connection import BrokerAddress
from gateway.adapters.keyfile import load_key
from gateway.adapters.metrics import Metrics
from gateway.adapters.official_pdf import OfficialPdfs
from gateway.adapters.serving import Serving, Tls, address, listen
from gateway.adapters.store.archive import SqlArchive
from gateway.adapters.store.caches import SqlCaches
from gateway.adapters.store.engine import Database
from gateway.adapters.store.feed import SqlFeed
from gateway.adapters.store.fleet import SqlRegistry
from gateway.adapters.store.inbox import SqlInbox
from gateway.adapters.store.keys import SqlApiKeys
from gateway.adapters.store.migrate import made, migrate
from gateway.adapters.store.office import SqlOffice
from gateway.adapters.store.orders import SqlOrders
from gateway.adapters.store.requests import SqlRequests
from gateway.adapters.store.shelf import SqlShelf
from gateway.adapters.typesetting.typesetter import Typst
from gateway.api.app import create_app, create_forms_app
from gateway.api.guard import loopback_names
from gateway.api.services import Papers, Services
from gateway.settings import Settings
from gateway.usecases.dispatch import Dispatch
from gateway.usecases.export import Exporter
from gateway.usecases.intake import Intake, Surroundings
from gateway.usecases.keys import Keyring
from gateway.usecases.mediation import Mediation
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
    forms: str | None = None
    """Where form engines, and readers of reports, have a door of their own."""


def now() -> datetime:
    """Return the wall clock's time."""
    return datetime.now(UTC)


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
    with ExitStack() as sockets:
        office = sockets.enter_context(listen(settings.host, settings.port))
        forms = _listen_for_forms(settings, sockets)
        url = address(settings.host, office)
        forms_url = None if forms is None else _forms_url(settings, forms)

        def ready() -> None:
            announce(Ready(url, key.public, created, forms_url))

        try:
            parts = _assemble(settings, key, database, _papers(settings, forms_url or url))
            await _run(parts, _doors(settings, parts.services, office, forms), stop, ready)
        finally:
            await database.close()


def _listen_for_forms(settings: Settings, sockets: ExitStack) -> socket.socket | None:
    if settings.forms_host is None:
        return None
    return sockets.enter_context(listen(settings.forms_host, settings.forms_port, named="forms_"))


def _forms_url(settings: Settings, forms: socket.socket) -> str:
    return address(settings.forms_host or "", forms, secured=settings.tls is not None)


def _doors(
    settings: Settings, services: Services, office: socket.socket, forms: socket.socket | None
) -> Sequence[Serving]:
    """Return the office's door, and that of form engines and readers of reports, where they have one of their own."""
    names = settings.public_hosts | set(settings.hosts)
    port = int(office.getsockname()[1])
    doors = [Serving(create_app(services, loopback_names(port) | names), office)]
    if forms is not None:
        port = int(forms.getsockname()[1])
        names |= loopback_names(port) | {f"{settings.forms_host}:{port}"}
        tls = None if settings.tls is None else Tls(*settings.tls)
        doors.append(Serving(create_forms_app(services, names), forms, tls))
    return doors


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


def _papers(settings: Settings, url: str) -> Papers:
    return Papers(
        typesetter=Typst(),
        public_url=settings.public_url or url,
        zone=ZoneInfo(settings.time_zone),
    )


def _assemble(settings: Settings, key: SigningKey, database: Database, papers: Papers) -> Parts:
    tenant, metrics = settings.tenant, Metrics()
    sealer = Sealer(key, tenant)
    inbox = SqlInbox(database, tenant, now, os.urandom)
    caches = SqlCaches(database, tenant, now, os.urandom)
    archive = SqlArchive(database, tenant)
    requests = SqlRequests(database, tenant)
    office = SqlOffice(database, tenant, now, os.urandom)
    shelf = SqlShelf(database, tenant, now)
    sequencer = Sequencer(SqlFeed(database, tenant), asyncio.sleep)
    broker = _broker(settings, metrics, lambda: dispatch.want(None))
    dispatch = Dispatch(
        sealer=sealer,
        down=broker,
        orders=SqlOrders(database, tenant),
        requests=requests,
        caches=caches,
        clock=now,
        chance=os.urandom,
        pause=asyncio.sleep,
    )
    uplink = Uplink(
        tenant=tenant,
        caches=caches,
        inbox=inbox,
        requests=requests,
        meter=metrics,
        clock=now,
        online=dispatch.want,
    )
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
        office=office,
        shelf=shelf,
        registry=SqlRegistry(database, tenant, now, os.urandom),
        caches=caches,
        archive=archive,
        recent=archive,
        quarantine=archive,
        feed=SqlFeed(database, tenant),
        dispatch=dispatch,
        exporter=Exporter(sealer=sealer, archive=archive, clock=now, chance=os.urandom),
        papers=papers,
        official=OfficialPdfs(settings.official_forms),
        mediation=Mediation(
            office=office,
            shelf=shelf,
            requests=requests,
            caches=caches,
            dispatch=dispatch,
            clock=now,
            chance=os.urandom,
        ),
        keyring=Keyring(SqlApiKeys(database, tenant, now), now, os.urandom),
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
    parts: Parts, doors: Sequence[Serving], stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    async with asyncio.TaskGroup() as group:
        serving = [group.create_task(each.run_here()) for each in doors]
        line = [
            group.create_task(each.run())
            for each in (parts.broker, parts.intake, parts.dispatch, parts.sequencer)
        ]
        # What lives as long as the process is never garbage: collections need not look at it.
        gc.freeze()
        gc.set_threshold(GARBAGE_AFTER)
        for door, running in zip(doors, serving, strict=True):
            await door.ready(running)
        ready()
        await stop.wait()
        log.info("stopping")
        # The broker first, so that nothing more is sent to us that we could not acknowledge.
        for task in line:
            task.cancel()
        parts.sequencer.close()
        for door in doors:
            door.should_exit = True
        await asyncio.wait([*serving, *line], timeout=PART_WITHIN)
