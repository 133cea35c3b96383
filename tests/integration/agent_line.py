"""An agent's line in this process – store, forwarder, downlink – and an office at the other end of a real broker."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from agent.adapters.looking import Instruments, Looking
from agent.settings import Settings
from agent.stored import Store, key_of, store_of
from agent.wiring import Agent
from contract import chain
from contract.wire.event import CapturesEvent
from contract.wire.status import AgentStateEvent
from drivers.catalog import BUILT_IN
from firmware_sims.broken_wire import BrokenWire, WireOrder
from tests.agent.making import GATEWAY_KEY, TOPICS, note, receipt

TOPIC = TOPICS.captures


async def until(holds: Callable[[], Any], within: float = 5.0) -> None:
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


class Office:
    """Hears everything of one agent at the broker; gives receipts if told."""

    def __init__(self, port: int, *, receipts: bool = True) -> None:
        self.receipts = receipts
        self.heard: list[tuple[str, bytes, bool]] = []
        self.events: list[CapturesEvent] = []
        self._ready = threading.Event()
        self._client = Client(
            CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, client_id="office"
        )
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda *_: self._client.subscribe(
            f"{TOPICS.base}/#", options=SubscribeOptions(qos=1, noLocal=True)
        )
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    async def __aenter__(self) -> "Office":
        await asyncio.to_thread(self._ready.wait, 5)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self.heard.append((message.topic, message.payload, message.retain))
        if message.topic == TOPIC:
            event = CapturesEvent.model_validate_json(message.payload)
            self.events.append(event)
            if self.receipts:
                self.publish(
                    TOPICS.receipt, receipt(*(_Link(each) for each in event.data.captures))
                )

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain)

    @property
    def sequences(self) -> list[int]:
        return [int(each.link.split()[3]) for event in self.events for each in event.data.captures]

    def state(self) -> bool | None:
        """Return whether the agent is said to be online, None when nothing is said."""
        said = [payload for topic, payload, _ in self.heard if topic == TOPICS.state and payload]
        return AgentStateEvent.model_validate_json(said[-1]).data.online if said else None


class _Link:
    """A capture as the receipt's maker wants it."""

    def __init__(self, capture: Any) -> None:
        self.link = chain.parse(capture.link)


class Line:
    """An agent joined as it is run, at a broker behind a wire that breaks when told."""

    def __init__(self, agent: Agent, store: Store, wire: BrokenWire, tasks: Any) -> None:
        self.agent = agent
        self.store = store
        self.wire = wire
        self.uplink = agent._uplink
        self.spawn = tasks

    def break_(self, **wanted: Any) -> None:
        self.wire.obey(WireOrder(**wanted))

    async def take(self, number: int = 1) -> None:
        """Save captures as a route does."""
        await self.store.captures.append("i-1", [note(str(each)) for each in range(number)])
        self.agent._saved("i-1")

    async def up(self, within: float = 5.0) -> None:
        await until(lambda: self.uplink.connected, within)

    async def delivered(self, within: float = 5.0) -> None:
        """Wait until every capture has its receipt."""
        async with asyncio.timeout(within):
            while await self.store.captures.depth():  # noqa: ASYNC110 - what is waited for tells nobody
                await asyncio.sleep(0.02)


@asynccontextmanager
async def line(folder: Path, broker_port: int) -> AsyncGenerator[Line]:
    """Run an agent without instruments at a broker, through a wire."""
    wire = BrokenWire(("127.0.0.1", broker_port))
    server = await asyncio.start_server(wire.converse, "127.0.0.1", 0)
    settings = Settings(
        name="van-7",
        data=folder / "agent",
        gateway_keys=(GATEWAY_KEY.public,),
        broker_port=server.sockets[0].getsockname()[1],
        ble=False,
    )
    key = key_of(settings)
    store = store_of(settings, key)
    running: list[asyncio.Task[None]] = []
    async with store.database.open(), asyncio.TaskGroup() as tasks:

        def spawn(work: Any) -> asyncio.Task[None]:
            running.append(tasks.create_task(work))
            return running[-1]

        spawn(store.database.run())
        await store.captures.open_head()
        agent = Agent(settings, key, store, Instruments(BUILT_IN, Looking([]), {}), spawn)
        for each in agent.loops():
            spawn(each)
        try:
            yield Line(agent, store, wire, spawn)
        finally:
            wire.obey(WireOrder(blackhole=False, delay=0, down=True))
            for each in reversed(running):
                each.cancel()
    await gone(wire, server)


async def gone(wire: BrokenWire, server: asyncio.Server) -> None:
    """End a wire; what was just accepted, too, is closed in the loop's next rounds."""
    wire.obey(WireOrder(down=True))
    await asyncio.sleep(0.05)
    server.close()
    await until(lambda: not wire.state.open)
    await asyncio.sleep(0.05)
