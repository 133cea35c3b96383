"""A cloned card, a restored backup: nothing lost, forks flagged. The agent's store and the gateway's are real."""

import json
import shutil
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from agent.adapters.store import captures as agent_captures
from agent.usecases.downlink import Downlink
from agent.usecases.forwarder import Forwarder
from agent.usecases.receipts import Close
from contract.signing import KeyRecord, VerifyingKey
from contract.topics import AgentTopics
from gateway.adapters.store.engine import Database
from gateway.adapters.store.migrate import migrate
from tests.agent.conftest import AGENT_KEY, opened
from tests.agent.making import note
from tests.fakes.clock import FakeClock
from tests.fakes.uplink import FakeUplink
from tests.gateway.edge import Edge
from tests.gateway.world import GATEWAY, TENANT, World

AGENT = "van-7"
JOB = "job-1"
TOPICS = AgentTopics(TENANT, AGENT)


class Enrolled(Edge):
    """The agent as the gateway knows it: its name and its key."""

    @property
    def record(self) -> KeyRecord:
        return KeyRecord(AGENT, AGENT_KEY.public)


@pytest.fixture
async def gateway(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'gateway.db'}")
    await migrate(database)
    yield await World(database).furnished(Enrolled(AGENT), jobs=[JOB])
    await database.close()


class Copy:
    """One copy of the agent: its store, and a broker that hands every message to the gateway."""

    def __init__(self, store, gateway, online):
        self.store, self.gateway, self.online = store, gateway, online
        online.append(self)
        self.clock, self.uplink = FakeClock(), FakeUplink()
        self.forwarder = Forwarder(
            store=store.captures,
            uplink=self.uplink,
            topics=TOPICS,
            key_id=AGENT_KEY.id,
            clock=self.clock,
            chance=lambda: 0.5,
        )
        self.downlink = Downlink(
            topics=TOPICS,
            keys={GATEWAY.id: VerifyingKey(GATEWAY.public)},
            captures=store.captures,
            work=store.records,
            commands=store.records,
            clock=self.clock,
            settled=lambda: None,
            respond=lambda _: None,
            orders={},
        )

    async def save(self, *texts):
        for text in texts:
            await self.store.captures.append(JOB, [note(text, JOB)])
        return list(texts)

    async def exchange(self):
        """Send what waits and take the receipts in, until nothing moves any more."""
        for _ in range(6):
            self.clock.pass_by(100)
            await self.forwarder.send_due()
            messages = [(topic, payload) for topic, payload, _ in self.uplink.published]
            self.uplink.published.clear()
            before = len(self.gateway.line.sent)
            await self.gateway.deliver(*messages)
            for topic, payload, _, _ in self.gateway.line.sent[before:]:
                # All copies have one name, so each hears the receipts of the others.
                for copy in self.online:
                    await copy.downlink.handle(topic, payload.encode())


@asynccontextmanager
async def copy_of(path, gateway, online):
    async with opened(path) as store:
        yield Copy(store, gateway, online)
    online.pop()


def duplicate(path, name):
    """Copy a store with what its log holds, as an image of the card would."""
    target = path.with_name(name)
    for suffix in ("", "-wal"):
        source = path.with_name(path.name + suffix)
        if source.exists():
            shutil.copy(source, target.with_name(target.name + suffix))
    return target


async def attached(gateway):
    rows = await gateway.rows(
        "SELECT statement FROM capture WHERE outcome IN ('attached', 'forked')"
    )
    return sorted(json.loads(statement)["text"] for (statement,) in rows)


async def live_through(tmp_path, gateway):
    """Clone a running agent and use both copies, then restore an older copy; return what was shown as saved."""
    path, shown, online = tmp_path / "agent.db", [], []
    async with copy_of(path, gateway, online) as original:
        shown += await original.save("before 1", "before 2")
        await original.exchange()
        backup = duplicate(path, "backup.db")
        shown += await original.save("after the backup 1", "after the backup 2")
        clone = duplicate(path, "clone.db")
        async with copy_of(clone, gateway, online) as twin:
            for number in range(4):
                shown += await original.save(f"original {number}")
                shown += await twin.save(f"twin {number}")
                if number % 2:
                    await original.exchange()
                    await twin.exchange()
            await original.exchange()
            await twin.exchange()
    async with copy_of(backup, gateway, online) as restored:
        shown += await restored.save("restored 1", "restored 2")
        await restored.exchange()
        shown += await restored.save("restored 3")
        await restored.exchange()
        left = await restored.store.captures.depth()
    return shown, left


async def test_clones_and_restored_copies_lose_nothing_and_are_flagged(tmp_path, gateway):
    shown, left = await live_through(tmp_path, gateway)

    assert sorted(shown) == await attached(gateway)
    assert 0 == left
    [[forked]] = await gateway.rows("SELECT count(*) FROM capture WHERE outcome = 'forked'")
    assert forked > 0
    [[epochs]] = await gateway.rows("SELECT count(DISTINCT epoch) FROM capture")
    assert epochs >= 3


async def test_control_without_the_hash_comparison_captures_are_lost(
    tmp_path, gateway, monkeypatch
):
    monkeypatch.setattr(agent_captures, "decide", lambda range_, _: Close(range_))
    shown, _ = await live_through(tmp_path, gateway)

    assert set(shown) - set(await attached(gateway))


async def test_two_copies_at_once_can_go_on_for_ever(tmp_path, gateway):
    path, shown, online = tmp_path / "agent.db", [], []
    async with AsyncExitStack() as stack:
        original = await stack.enter_async_context(copy_of(path, gateway, online))
        shown += await original.save("first")
        twin = await stack.enter_async_context(
            copy_of(duplicate(path, "twin.db"), gateway, online)
        )
        for number in range(8):
            shown += await original.save(f"o{number}")
            shown += await twin.save(f"t{number}")
            await original.exchange()
            await twin.exchange()
        depths = [await each.store.captures.depth() for each in (original, twin)]

    assert [0, 0] == depths
    assert sorted(shown) == await attached(gateway)
