"""From the agent to the gateway: captures attached per second, and from the disk to attached."""

import asyncio
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from agent.adapters.clock import SystemClock
from agent.adapters.mqtt import Broker as BrokerAddress
from agent.adapters.mqtt import MqttUplink, Will
from agent.adapters.store.captures import SqliteCaptureStore
from agent.adapters.store.database import Database
from agent.usecases import presence
from agent.usecases.forwarder import Forwarder
from bench.edge import note, writing
from bench.result import Result, latency
from contract import chain
from contract.chain import Link
from contract.signing import SigningKey, VerifyingKey
from contract.topics import AgentTopics
from contract.wire import down
from contract.wire.down import Receipt
from contract.wire.event import Captures, CapturesEvent, SealedEvent, SignedCapture, unseal
from firmware_sims.demo.broker import Broker
from firmware_sims.demo.children import Children, command, releve
from firmware_sims.demo.http import Api, waited

AGENT = "bench"
TOPICS = AgentTopics("main", AGENT)
SINGLES, BATCHES, PER_BATCH = 6000, 600, 50
ONE_BY_ONE = 200
ATTACHED_WITHIN = 120.0


class Line:
    """A broker, a gateway that knows one agent, and the means to fill both."""

    def __init__(self, children: Children) -> None:
        self._children = children
        self._key = SigningKey.from_seed(secrets.token_bytes(32))
        self.broker: Broker

    def set_up(self, port: int) -> None:
        """Start broker and gateway."""
        self.broker = Broker(self._children, port)
        self.broker.start()
        flags = ("--data", str(self._children.folder / "gateway"), "--broker-port", str(port))
        child = self._children.start("gateway", releve("gateway", *flags, "--port", "0", "--json"))
        ready = child.ready()
        self.gateway = Api(ready["gateway"])
        self._gateway_key = VerifyingKey(ready["key"])
        command("gateway", *flags, "enrol", AGENT, "--key", self._key.public, "--json")
        self.gateway.post("/v1/interventions", {"id": "bench", "title": "bench"})
        self.gateway.post("/v1/interventions/bench/assign", {"agent": AGENT})

    def messages(self, count: int, size: int) -> bytes:
        """Return ``count`` messages of ``size`` captures each, one a line, of an epoch of their own."""
        captures = self._chained(count * size)
        lines: list[str] = []
        for number in range(count):
            some = tuple(next(captures) for _ in range(size))
            event = CapturesEvent(
                id=str(number),
                source=f"/releve/main/{AGENT}",
                time=datetime.now(UTC),
                data=Captures(key=self._key.id, captures=some),
            )
            lines.append(event.to_json())
        return "\n".join(lines).encode()

    def _chained(self, count: int) -> Iterator[SignedCapture]:
        epoch, previous = secrets.token_hex(16), chain.FIRST
        for seq in range(1, count + 1):
            text = note(seq).to_json()
            link = Link(AGENT, epoch, seq, previous, chain.digest(text))
            previous = link.hash
            yield SignedCapture(link=str(link), sig=self._key.sign(str(link)), statement=text)

    def attached(self) -> int:
        """Return how many captures the gateway has attached."""
        for line in self.gateway.text("/metrics").splitlines():
            if line.startswith("releve_gateway_attached_total "):
                return int(float(line.rsplit(" ", 1)[1]))
        return 0

    def through_gateway(self, messages: bytes, captures: int) -> float:
        """Return captures attached per second."""
        before = self.attached()
        began = time.perf_counter()
        publisher = self._publish(messages, TOPICS.captures)
        waited("all attached", lambda: self.attached() - before >= captures, ATTACHED_WITHIN)
        spent = time.perf_counter() - began
        publisher.wait()
        return captures / spent

    def through_bare(self, messages: bytes, captures: int) -> float:
        """Return captures per second for the bare subscriber, on the same broker and payloads."""
        topic = f"bare/{secrets.token_hex(4)}"
        file = str(self._children.folder / f"{topic[5:]}.db")
        arguments = [str(self.broker.port), topic, file, str(messages.count(b"\n") + 1)]
        bare = subprocess.Popen(
            [sys.executable, "-m", "bench.bare_subscriber", *arguments],
            stdout=subprocess.PIPE,
            text=True,
        )
        if bare.stdout is None or bare.stdout.readline().strip() != "READY":
            raise RuntimeError("the bare subscriber did not start")
        began = time.perf_counter()
        publisher = self._publish(messages, topic)
        if bare.stdout.readline().strip() != "DONE":
            raise RuntimeError("the bare subscriber did not end")
        spent = time.perf_counter() - began
        bare.wait()
        publisher.wait()
        return captures / spent

    def _publish(self, messages: bytes, topic: str) -> "subprocess.Popen[bytes]":
        file = self._children.folder / "messages"
        file.write_bytes(messages)
        arguments = [str(self.broker.port), topic, str(file)]
        return subprocess.Popen([sys.executable, "-m", "bench.publisher", *arguments])

    async def one_by_one(self) -> list[float]:
        """Return, for captures taken one after the other, the time from the disk to the receipt."""
        database = Database(self._children.folder / "agent.db")
        store = SqliteCaptureStore(database, AGENT, self._key)
        clock, receipts = SystemClock(), asyncio.Queue[Receipt]()

        async def receive(topic: str, payload: bytes) -> None:
            if topic == TOPICS.receipt:
                event = SealedEvent.model_validate_json(payload)
                keys = {self._gateway_key.id: self._gateway_key}
                receipt = down.parse(Receipt, unseal(event, AGENT, keys), AGENT)
                await store.settle(receipt)
                receipts.put_nowait(receipt)

        connected = asyncio.Event()
        uplink = MqttUplink(
            BrokerAddress("127.0.0.1", self.broker.port, AGENT),
            Will(TOPICS.state, presence.will(TOPICS, clock.now())),
            TOPICS.down(),
            receive,
            connected=connected.set,
            lost=lambda: None,
            chance=lambda: 0.5,
        )
        forwarder = Forwarder(
            store=store,
            uplink=uplink,
            topics=TOPICS,
            key_id=self._key.id,
            clock=clock,
            chance=lambda: 0.5,
        )
        spent: list[float] = []
        async with database.open(), asyncio.TaskGroup() as tasks:
            loops = [database.run(), uplink.run(), uplink.run_inbox(), forwarder.run()]
            running = [tasks.create_task(each) for each in loops]
            await store.open_head()
            await connected.wait()
            for number in range(ONE_BY_ONE):
                await store.append("bench", [writing(number)])
                began = time.perf_counter()
                forwarder.wake()
                await receipts.get()
                spent.append(time.perf_counter() - began)
            for task in running:
                task.cancel()
        return spent


def measure(children: Children, port: int) -> list[Result]:
    """Measure the whole line."""
    line = Line(children)
    line.set_up(port)
    results = latency("durable to attached, receipt back", asyncio.run(line.one_by_one()))
    for name, count, size, aim in (
        ("attached, one a message", SINGLES, 1, 0.5),
        (f"attached, {PER_BATCH} a message", BATCHES, PER_BATCH, 0.25),
    ):
        messages = line.messages(count, size)
        bound = line.through_bare(messages, count * size)
        value = line.through_gateway(line.messages(count, size), count * size)
        results.append(
            Result(
                name,
                round(value),
                "captures/s",
                bound=round(bound),
                aim=f"≥ {aim} of the bound" + (", ≥ 8000/s" if size > 1 else ""),
                met=value >= aim * bound and (size == 1 or value >= 8000),
            )
        )
    line.gateway.close()
    return results
