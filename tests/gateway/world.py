"""A gateway without broker or server: the real use cases and store, and a line held in hand."""

import asyncio
import hashlib
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import text

from contract.signing import SigningKey, VerifyingKey
from contract.wire import down
from contract.wire.down import Receipt
from contract.wire.event import SealedEvent, SignedCapture, unseal
from gateway.adapters.metrics import Metrics
from gateway.adapters.official_pdf import OfficialPdfs
from gateway.adapters.store.archive import SqlArchive
from gateway.adapters.store.caches import SqlCaches
from gateway.adapters.store.engine import Database
from gateway.adapters.store.feed import SqlFeed
from gateway.adapters.store.fleet import SqlRegistry
from gateway.adapters.store.inbox import SqlInbox
from gateway.adapters.store.keys import SqlApiKeys
from gateway.adapters.store.office import SqlOffice
from gateway.adapters.store.orders import SqlOrders
from gateway.adapters.store.requests import SqlRequests
from gateway.adapters.store.shelf import SqlShelf
from gateway.adapters.typesetting.typesetter import Typst
from gateway.api.app import create_app
from gateway.api.guard import loopback_names
from gateway.api.services import Papers, Services
from gateway.ports.line import Received
from gateway.usecases.dispatch import Dispatch
from gateway.usecases.export import Exporter
from gateway.usecases.intake import Intake, Surroundings
from gateway.usecases.keys import Keyring
from gateway.usecases.mediation import Mediation
from gateway.usecases.receipts import Sealer
from gateway.usecases.sequencer import Sequencer
from gateway.usecases.uplink import Uplink
from tests.gateway.edge import FORM, Edge, job

TENANT = "main"
GATEWAY = SigningKey.from_seed(b"g" * 32)
BASE = "http://127.0.0.1:7400"


class HandLine:
    """Stands for the broker: what a test delivers is received, what is sent is kept."""

    def __init__(self) -> None:
        self.waits: deque[Received] = deque()
        self.acknowledged: list[Received] = []
        self.sent: list[tuple[str, str, bool, timedelta | None]] = []
        self.connected = True

    async def waiting(self) -> None:
        """Do nothing: tests take in what they delivered."""

    def pop(self) -> Received | None:
        return self.waits.popleft() if self.waits else None

    def acknowledge(self, received: Received) -> None:
        self.acknowledged.append(received)

    def publish(
        self,
        topic: str,
        payload: str,
        *,
        retain: bool = False,
        expires_after: timedelta | None = None,
    ) -> bool:
        if self.connected:
            self.sent.append((topic, payload, retain, expires_after))
        return self.connected


class Ticking:
    """A clock that moves on by a second each time it is read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Counting:
    """Chance that repeats itself from run to run."""

    def __init__(self, seed: str = "") -> None:
        self.number = 0
        self.seed = seed

    def __call__(self, size: int) -> bytes:
        self.number += 1
        return hashlib.sha256(f"{self.seed}{self.number}".encode()).digest()[:size]


class World:
    """One replica of the gateway; several may share a database."""

    def __init__(self, database: Database, seed: str = "") -> None:
        self.database = database
        self.line = HandLine()
        self.clock = Ticking()
        self.metrics = Metrics()
        chance = Counting(seed)
        self.inbox = SqlInbox(database, TENANT, self.clock, chance)
        self.office = SqlOffice(database, TENANT, self.clock, chance)
        self.shelf = SqlShelf(database, TENANT, self.clock)
        self.registry = SqlRegistry(database, TENANT, self.clock, chance)
        self.caches = SqlCaches(database, TENANT, self.clock, chance)
        self.archive = SqlArchive(database, TENANT)
        self.requests = SqlRequests(database, TENANT)
        self.keyring = Keyring(SqlApiKeys(database, TENANT, self.clock), self.clock, chance)
        self.feed = SqlFeed(database, TENANT)
        self.sequencer = Sequencer(self.feed, asyncio.sleep)
        sealer = Sealer(GATEWAY, TENANT)
        self.dispatch = Dispatch(
            sealer=sealer,
            down=self.line,
            orders=SqlOrders(database, TENANT),
            requests=self.requests,
            caches=self.caches,
            clock=self.clock,
            chance=chance,
            pause=asyncio.sleep,
        )
        self.mediation = Mediation(
            office=self.office,
            shelf=self.shelf,
            requests=self.requests,
            caches=self.caches,
            dispatch=self.dispatch,
            clock=self.clock,
            chance=chance,
        )
        self.official_forms: Path | None = None
        self.online: list[str] = []
        self.uplink = Uplink(
            tenant=TENANT,
            caches=self.caches,
            inbox=self.inbox,
            requests=self.requests,
            meter=self.metrics,
            clock=self.clock,
            online=self.online.append,
        )
        self.intake = Intake(
            Surroundings(
                tenant=TENANT,
                sealer=sealer,
                line=self.line,
                down=self.line,
                inbox=self.inbox,
                meter=self.metrics,
                clock=self.clock,
                elapsed=lambda: 0.0,
                chance=chance,
                pause=asyncio.sleep,
                other=self.uplink.take,
                committed=self.sequencer.wake,
            )
        )
        self.exporter = Exporter(
            sealer=sealer, archive=self.archive, clock=self.clock, chance=chance
        )

    async def furnished(self, *agents: Edge, jobs: Sequence[str] = ("job-1",)) -> "World":
        """Enrol agents, and give them the jobs one after the other: the last one keeps them."""
        await self.shelf.keep(FORM)
        for agent in agents:
            await self.registry.enrol(agent.record)
        for each in jobs:
            await self.office.create(job(each))
            for agent in agents:
                await self.office.assign(each, agent.name)
        return self

    async def deliver(self, *messages: tuple[str, bytes]) -> list[Receipt]:
        """Let messages arrive, take them all in, and return the receipts they were answered with."""
        before = len(self.line.sent)
        for index, (topic, payload) in enumerate(messages):
            self.line.waits.append(Received(topic, payload, mid=index + 1, qos=1))
        while self.line.waits:
            await self.intake.take()
        return self.receipts(before)

    async def send(self, agent: Edge, captures: Sequence[SignedCapture]) -> list[Receipt]:
        """Let one message of an agent arrive."""
        return await self.deliver((agent.topic, agent.message(captures)))

    def receipts(self, since: int = 0) -> list[Receipt]:
        """Return the receipts sent, each checked with the gateway's key."""
        found: list[Receipt] = []
        for topic, payload, _, _ in self.line.sent[since:]:
            if topic.endswith("/receipt"):
                agent = topic.split("/")[3]
                event = SealedEvent.model_validate_json(payload)
                statement = unseal(event, agent, {GATEWAY.id: VerifyingKey(GATEWAY.public)})
                found.append(down.parse(Receipt, statement, agent))
        return found

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        async with self.database.reading() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async def outcomes(self) -> list[tuple[Any, ...]]:
        """Return place and outcome of every capture held."""
        return await self.rows("SELECT seq, outcome FROM capture ORDER BY seq, link_hash")

    async def stage(self, id: str = "job-1") -> str:
        return (await self.office.job(id)).stage.value

    def services(self) -> Services:
        return Services(
            tenant=TENANT,
            key=GATEWAY,
            office=self.office,
            shelf=self.shelf,
            registry=self.registry,
            caches=self.caches,
            archive=self.archive,
            recent=self.archive,
            quarantine=self.archive,
            feed=self.feed,
            dispatch=self.dispatch,
            exporter=self.exporter,
            official=OfficialPdfs(self.official_forms),
            papers=Papers(typesetter=Typst(), public_url=BASE, zone=ZoneInfo("Europe/Paris")),
            mediation=self.mediation,
            keyring=self.keyring,
            sequencer=self.sequencer,
            down=self.line,
            store_answers=lambda: self.intake.store_answers,
            metrics=self.metrics.exposition,
        )

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Return a client of the API, without a socket."""
        app = create_app(self.services(), loopback_names(7400))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers)
