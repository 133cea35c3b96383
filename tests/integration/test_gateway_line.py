"""The line between broker and database: acknowledged after the commit, and only where it came from.

The broker is a script, so that it stops and cuts exactly where the test says.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from gateway.adapters.broker import Broker
from gateway.adapters.connection import BrokerAddress
from gateway.adapters.store.engine import Database
from gateway.adapters.store.migrate import migrate
from gateway.ports.inbox import Committed, Examined
from gateway.ports.line import Received
from gateway.usecases.intake import Intake
from tests.gateway.edge import Edge
from tests.gateway.scripted import ScriptedBroker
from tests.gateway.world import World

pytestmark = [pytest.mark.integration, pytest.mark.timeout(40)]
LONG_ENOUGH = 0.4
"""Seconds after which an acknowledgement that was going to be sent has arrived."""


class Gated:
    """Lets no commit through until told."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = asyncio.Event()
        self.reached = asyncio.Event()
        commit = world.inbox.commit

        async def gated(messages: Collection[Examined]) -> Committed:
            self.reached.set()
            await self.open.wait()
            return await commit(messages)

        monkeypatch.setattr(world.inbox, "commit", gated)


class Running:
    """A real line and a real intake, in this process."""

    def __init__(self, world: World, broker: ScriptedBroker) -> None:
        self.world = world
        self.connections = 0
        self.line = Broker(
            BrokerAddress(host="127.0.0.1", port=broker.port, tenant="main", client_id="test"),
            meter=world.metrics,
            fraction=lambda: 0.0,
            pause=lambda _: asyncio.sleep(0.05),
            elapsed=asyncio.get_running_loop().time,
            on_connected=self._connected,
        )
        surroundings = world.intake._with
        object.__setattr__(surroundings, "line", self.line)
        object.__setattr__(surroundings, "down", self.line)
        self.intake = Intake(surroundings)

    def _connected(self) -> None:
        self.connections += 1


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    database = Database(f"sqlite:///{tmp_path / 'gateway.db'}")
    await migrate(database)
    yield World(database)
    await database.close()


@pytest.fixture
async def broker() -> AsyncIterator[ScriptedBroker]:
    async with ScriptedBroker() as broker:
        yield broker


@pytest.fixture
async def running(world: World, broker: ScriptedBroker) -> AsyncIterator[Running]:
    running = Running(world, broker)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each.run()) for each in (running.line, running.intake)]
        yield running
        for each in tasks:
            each.cancel()


async def eventually(holds: Callable[[], Any], within: float = 10.0) -> None:
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


async def test_nothing_is_acknowledged_before_its_commit(
    world: World, broker: ScriptedBroker, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = Edge()
    await world.furnished(agent)
    gate = Gated(world, monkeypatch)
    client = await broker.client(1)
    client.deliver(agent.topic, agent.message(agent.notes(1)), 7)
    await gate.reached.wait()
    await asyncio.sleep(LONG_ENOUGH)
    before = list(client.acknowledged)

    gate.open.set()

    await eventually(lambda: client.acknowledged)
    assert [] == before
    assert [7] == client.acknowledged
    assert [(1, "attached")] == await world.outcomes()


async def test_with_the_acknowledgement_on_arrival_it_would_be(
    world: World, broker: ScriptedBroker, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same, acknowledging when a message is taken from the queue."""
    agent = Edge()
    await world.furnished(agent)
    gate = Gated(world, monkeypatch)
    pop = running.line.pop

    def hasty() -> Received | None:
        received = pop()
        if received is not None:
            running.line.acknowledge(received)
        return received

    monkeypatch.setattr(running.line, "pop", hasty)
    client = await broker.client(1)
    client.deliver(agent.topic, agent.message(agent.notes(1)), 7)
    await gate.reached.wait()
    await asyncio.sleep(LONG_ENOUGH)

    assert [7] == client.acknowledged
    assert [] == await world.outcomes()
    gate.open.set()


async def test_acknowledgements_go_in_the_order_of_arrival(
    world: World, broker: ScriptedBroker, running: Running
) -> None:
    agent = Edge()
    await world.furnished(agent)
    client = await broker.client(1)
    mids = [5, 3, 9, 4, 8]
    for mid in mids:
        client.deliver(agent.topic, agent.message(agent.notes(1)), mid)

    await eventually(lambda: len(client.acknowledged) == len(mids))
    assert mids == client.acknowledged


@pytest.mark.parametrize("protected", [True, False])
async def test_a_message_of_a_lost_connection_is_not_acknowledged_on_the_next(
    world: World,
    broker: ScriptedBroker,
    running: Running,
    monkeypatch: pytest.MonkeyPatch,
    protected: bool,
) -> None:
    """On the next connection the same id belongs to another message, which is not committed yet.

    The control acknowledges by id alone, and so tells the broker to forget what nobody holds.
    """
    agent = Edge()
    await world.furnished(agent)
    first, second = agent.notes(2)
    gate = Gated(world, monkeypatch)
    if not protected:
        acknowledge = running.line.acknowledge

        def by_id_alone(received: Received) -> None:
            object.__setattr__(received, "generation", running.line._generation)
            acknowledge(received)

        monkeypatch.setattr(running.line, "acknowledge", by_id_alone)
    old = await broker.client(1)
    old.deliver(agent.topic, agent.message([first]), 1)
    await gate.reached.wait()
    old.cut()
    new = await broker.client(2)
    await eventually(lambda: running.connections == 2)
    second_gate = Gated(world, monkeypatch)
    new.deliver(agent.topic, agent.message([second]), 1)

    gate.open.set()
    await second_gate.reached.wait()
    await asyncio.sleep(LONG_ENOUGH)
    early = list(new.acknowledged)
    held = await world.outcomes()
    second_gate.open.set()

    assert ([] if protected else [1]) == early
    assert [(1, "attached")] == held
    await eventually(lambda: new.acknowledged[len(early) :])


async def test_receipts_leave_after_the_commit(
    world: World, broker: ScriptedBroker, running: Running
) -> None:
    agent = Edge()
    await world.furnished(agent)
    client = await broker.client(1)
    client.deliver(agent.topic, agent.message(agent.notes(3)), 1)

    await eventually(lambda: client.published)
    assert ["releve/v1/main/van-7/receipt"] == client.published


async def test_a_line_that_breaks_again_and_again_comes_back_each_time(
    world: World, broker: ScriptedBroker, running: Running
) -> None:
    agent = Edge()
    await world.furnished(agent)
    for number in range(1, 6):
        client = await broker.client(number)
        await eventually(lambda number=number: running.connections == number)
        client.deliver(agent.topic, agent.message(agent.notes(2)), number)
        await eventually(lambda client=client: client.acknowledged)
        client.cut()
        await eventually(lambda: not running.line.connected)

    await broker.client(6)
    assert 10 == len(await world.outcomes())


async def test_a_topic_that_is_no_text_is_taken_away(
    world: World, broker: ScriptedBroker, running: Running
) -> None:
    client = await broker.client(1)
    body = b"\x00\x03\xff\xfe\xfd" + b"\x00\x05" + b"\0" + b"x"
    client.writer.write(b"\x32" + bytes([len(body)]) + body)

    await eventually(lambda: client.acknowledged)
    assert [5] == client.acknowledged
