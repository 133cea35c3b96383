"""Captures are attached exactly once, on SQLite and on PostgreSQL alike."""

import asyncio
import random
from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from contract import chain
from contract.wire.down import Outcome, Range
from contract.wire.event import SignedCapture
from gateway.adapters.store import inbox as store_inbox
from gateway.adapters.store.inbox import SqlInbox
from gateway.ports.inbox import Examined, StoreUnavailableError
from gateway.usecases.settling import settle
from tests.gateway.edge import Edge
from tests.gateway.world import World


def spans(ranges: tuple[Range, ...]) -> list[tuple[int, int, str]]:
    return [(each.first, each.last, each.outcome.value) for each in ranges]


async def test_a_message_is_attached_and_answered_with_the_hash_of_its_last_link(
    world: World,
) -> None:
    agent = Edge()
    await world.furnished(agent)
    captures = agent.notes(5)

    [receipt] = await world.send(agent, captures)

    assert [(seq, "attached") for seq in range(1, 6)] == await world.outcomes()
    assert [(1, 5, "attached")] == spans(receipt.ranges)
    assert chain.digest(captures[-1].link) == receipt.ranges[0].link
    assert receipt.head is not None
    assert (agent.epoch, 5) == (receipt.head.epoch, receipt.head.seq)


async def test_repeats_are_absorbed_and_answered_again(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    captures = agent.notes(6)
    message = (agent.topic, agent.message(captures[:4]))
    overlapping = (agent.topic, agent.message(captures[2:]))

    receipts = await world.deliver(message, message, overlapping, message)
    again = await world.deliver(message)

    assert [(seq, "attached") for seq in range(1, 7)] == await world.outcomes()
    assert [(1, 6, "attached")] == spans(receipts[0].ranges)
    assert [(1, 4, "attached")] == spans(again[0].ranges)


async def test_whatever_the_order_and_however_often_everything_is_held_once(world: World) -> None:
    chance = random.Random(7)
    agents = [Edge(f"van-{number}", f"{number}" * 32) for number in range(3)]
    await world.furnished(*agents)
    messages: list[tuple[str, bytes]] = []
    for agent in agents:
        captures = agent.notes(40)
        for start in range(0, 40, 4):
            messages += [(agent.topic, agent.message(captures[start : start + 4]))] * 3
    chance.shuffle(messages)

    for start in range(0, len(messages), 10):
        await world.deliver(*messages[start : start + 10])

    assert [(120, 120)] == await world.rows(
        "SELECT count(*), count(DISTINCT agent || epoch || seq) FROM capture"
    )
    assert [(40, 40)] * 3 == await world.rows("SELECT top, contiguous FROM chain")


async def test_two_replicas_at_once_hold_everything_once(world: World) -> None:
    other = World(world.database, "other")
    agent = Edge()
    await world.furnished(agent)
    captures = agent.notes(60)
    messages = [
        (agent.topic, agent.message(captures[start : start + 5])) for start in range(0, 60, 5)
    ]

    async def both(each: World, order: list[tuple[str, bytes]]) -> None:
        for message in order:
            await each.deliver(message)

    async with asyncio.TaskGroup() as group:
        group.create_task(both(world, messages))
        group.create_task(both(other, messages[::-1]))

    assert [(seq, "attached") for seq in range(1, 61)] == await world.outcomes()
    assert [(60, 60)] == await world.rows("SELECT top, contiguous FROM chain")


async def test_two_replicas_that_meet_the_two_sides_of_a_fork_at_once_find_it(
    world: World,
) -> None:
    other = World(world.database, "other")
    agent = Edge()
    await world.furnished(agent)
    await world.send(agent, agent.notes(2))
    clone = agent.twin()

    await asyncio.gather(
        world.send(agent, [agent.note("mine")]), other.send(clone, [clone.note("theirs")])
    )

    held = await world.outcomes()
    assert [(3, "forked"), (3, "forked")] == held[2:]


async def test_a_fork_is_kept_on_both_sides_flagged_and_answered(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    await world.send(agent, agent.notes(2))
    clone = agent.twin()
    mine, theirs = agent.note("mine"), clone.note("theirs")
    await world.send(agent, [mine])

    [receipt] = await world.send(clone, [theirs])
    [again] = await world.send(agent, [mine])

    assert [(3, 3, "forked")] == spans(receipt.ranges)
    assert [(3, 3, "forked")] == spans(again.ranges)
    assert [(1, "attached"), (2, "attached"), (3, "forked"), (3, "forked")] == (
        await world.outcomes()
    )


async def test_with_the_hash_comparison_off_one_side_of_the_fork_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: places alone decide, as they would without the link hash."""
    monkeypatch.setattr(
        store_inbox,
        "settle",
        lambda captures, held: settle([replace(each, hash="0" * 64) for each in captures], held),
    )
    agent = Edge()
    await world.furnished(agent)
    clone = agent.twin()
    await world.send(agent, [agent.note("mine")])

    await world.send(clone, [clone.note("theirs")])

    assert [(1, "attached")] == await world.outcomes()


async def test_one_message_that_no_store_can_hold_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = Edge()
    await world.furnished(agent)
    captures = agent.notes(3)
    take = SqlInbox._take

    async def failing(self: SqlInbox, connection, proven, refused, tally) -> None:  # type: ignore[no-untyped-def]
        await take(self, connection, proven, refused, tally)
        if any(each.link.seq == 2 for each in proven):
            raise DBAPIError("INSERT", {}, ValueError("cannot be held"))

    monkeypatch.setattr(SqlInbox, "_take", failing)

    receipts = await world.deliver(
        *((agent.topic, agent.message([capture])) for capture in captures)
    )

    assert [(1, "attached"), (3, "attached")] == await world.outcomes()
    assert [(1, 1, "attached"), (3, 3, "attached")] == spans(receipts[0].ranges)
    assert [("message: the store cannot hold it",)] == await world.rows(
        "SELECT reason FROM poison"
    )
    assert 3 == len(world.line.acknowledged)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\xff\xfe", "message: is not JSON"),
        (b'{"specversion":"1.0"}', "id: is required"),
        (b"\0" * 50, "message: is not JSON"),
        (b"", "message: is not JSON"),
    ],
)
async def test_poison_among_good_messages_is_kept_acknowledged_and_never_answered(
    world: World, payload: bytes, reason: str
) -> None:
    agent = Edge()
    await world.furnished(agent)
    first, second = agent.notes(2)

    receipts = await world.deliver(
        (agent.topic, agent.message([first])),
        (agent.topic, payload),
        (agent.topic, payload),
        (agent.topic, agent.message([second])),
    )

    assert [(1, 2, "attached")] == spans(receipts[0].ranges)
    assert [1, 2, 3, 4] == [each.mid for each in world.line.acknowledged]
    [(kept, times, head)] = await world.rows("SELECT reason, times, head FROM poison")
    assert reason in kept
    assert (2, payload) == (times, bytes(head))


@pytest.mark.parametrize("text", ['"\0"', "\ud7ff\u2028 no json", "{" * 400, "[" * 60_000])
async def test_a_proven_capture_that_cannot_be_read_is_quarantined_and_answered(
    world: World, text: str
) -> None:
    agent = Edge()
    await world.furnished(agent)

    [receipt] = await world.send(agent, [agent.note(), agent.capture(text), agent.note()])

    assert [(1, 1, "attached"), (2, 2, "quarantined"), (3, 3, "attached")] == spans(receipt.ranges)
    assert receipt.ranges[1].reason


async def test_nothing_unproven_is_answered(world: World) -> None:
    agent, stranger = Edge(), Edge("stranger")
    await world.furnished(agent)
    forged = agent.note()
    forged = SignedCapture(
        link=forged.link, sig=stranger.key.sign(forged.link), statement=forged.statement
    )

    receipts = await world.deliver(
        (agent.topic, agent.message([forged])),
        (stranger.topic, stranger.message(stranger.notes(1))),
    )

    assert [] == receipts
    assert [] == await world.outcomes()
    assert [(2,)] == await world.rows("SELECT count(*) FROM poison")


async def test_what_came_before_the_enrolment_attaches_when_it_comes_again(world: World) -> None:
    agent, new = Edge(), Edge("van-8")
    await world.furnished(agent)
    captures = new.notes(2)
    before = await world.send(new, captures)
    await world.furnished(new)

    [receipt] = await world.send(new, captures)

    assert [] == before
    assert [(1, 2, "attached")] == spans(receipt.ranges)


async def test_a_revoked_agent_attaches_nothing_more(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    await world.send(agent, agent.notes(1))
    await world.registry.revoke(agent.name)

    receipts = await world.send(agent, agent.notes(1))

    assert [] == receipts
    assert [(1, "attached")] == await world.outcomes()


@pytest.mark.parametrize(
    ("intervention", "reason"),
    [
        ("job-9", "intervention job-9 is not known here"),
        ("job-2", "intervention job-2 was never given to this agent"),
    ],
)
async def test_a_capture_for_no_intervention_of_its_agent_is_quarantined_and_answered(
    world: World, intervention: str, reason: str
) -> None:
    agent, other = Edge(), Edge("van-8")
    await world.furnished(agent)
    await world.furnished(other, jobs=["job-2"])

    [receipt] = await world.send(agent, [agent.note(intervention=intervention)])

    assert [(1, 1, "quarantined")] == spans(receipt.ranges)
    assert reason == receipt.ranges[0].reason


async def test_it_attaches_once_the_intervention_is_given_to_the_agent(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    await world.send(agent, [agent.transition("start", intervention="job-2")])

    await world.furnished(agent, jobs=["job-2"])

    assert [(1, "attached")] == await world.outcomes()
    assert "started" == await world.stage("job-2")


async def test_captures_of_the_agent_that_had_it_before_still_attach(world: World) -> None:
    first, second = Edge(), Edge("van-8")
    await world.furnished(first, second)

    [receipt] = await world.send(first, first.notes(1))

    assert [(1, 1, "attached")] == spans(receipt.ranges)


async def test_an_intervention_completes_when_the_last_capture_up_to_the_close_is_held(
    world: World,
) -> None:
    agent = Edge()
    await world.furnished(agent)
    start, first, second = agent.transition("start"), agent.note(), agent.note()
    close = agent.transition("close", up_to=[{"epoch": agent.epoch, "seq": 3}])

    stages = ["assigned"]
    for capture in (close, second, start, first):
        await world.send(agent, [capture])
        stages.append(await world.stage())

    assert ["assigned", "closing", "closing", "closing", "completed"] == stages
    assert [] == await world.rows("SELECT * FROM awaited")


async def test_it_waits_for_captures_of_other_interventions_and_other_epochs_too(
    world: World,
) -> None:
    old, new = Edge(), Edge(epoch="b" * 32)
    await world.furnished(old, jobs=["job-1", "job-2"])
    strange, close = (
        old.note(intervention="job-2"),
        new.transition("close", up_to=[{"epoch": old.epoch, "seq": 1}]),
    )
    await world.send(new, [close])
    before = await world.stage()

    await world.send(old, [strange])

    assert ("closing", "completed") == (before, await world.stage())


async def test_a_quarantined_capture_lets_the_close_complete(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)

    await world.send(agent, [agent.capture("no json"), agent.transition("close")])

    assert "completed" == await world.stage()


async def test_two_replicas_that_take_the_close_and_the_last_capture_at_once_complete_it(
    world: World,
) -> None:
    other = World(world.database, "other")
    agents = [Edge(f"van-{number}", f"{number}" * 32) for number in range(4)]
    for number, agent in enumerate(agents):
        await world.furnished(agent, jobs=[f"job-{number}"])
        note = agent.note(intervention=f"job-{number}")
        close = agent.transition("close", intervention=f"job-{number}")
        await asyncio.gather(world.send(agent, [close]), other.send(agent, [note]))

    assert ["completed"] * 4 == [await world.stage(f"job-{number}") for number in range(4)]


async def test_an_outage_of_the_store_is_waited_out_and_nothing_acknowledged_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = Edge()
    await world.furnished(agent)
    commit = SqlInbox.commit
    acknowledged: list[int] = []

    async def away(self: SqlInbox, messages: list[Examined]) -> object:
        acknowledged.append(len(world.line.acknowledged))
        if len(acknowledged) < 3:
            raise StoreUnavailableError("away")
        return await commit(self, messages)

    monkeypatch.setattr(SqlInbox, "commit", away)

    [receipt] = await world.send(agent, agent.notes(1))

    assert [0, 0, 0] == acknowledged
    assert [(1, 1, Outcome.ATTACHED.value)] == spans(receipt.ranges)


async def test_a_second_process_sees_an_enrolment_and_a_revocation(world: World) -> None:
    agent, other = Edge(), World(world.database, "other")
    await world.furnished(agent)
    await other.send(agent, agent.notes(1))
    await world.registry.revoke(agent.name)

    receipts = await other.send(agent, agent.notes(1))

    assert [] == receipts
