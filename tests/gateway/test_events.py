"""Events: numbered after their commit, resumed without loss."""

import asyncio
import json
from typing import Any

import pytest

from gateway.adapters.store import writing
from gateway.api.events import events
from tests.gateway.edge import Edge
from tests.gateway.world import World


async def numbered(world: World) -> None:
    while await world.feed.number():
        pass


async def test_every_change_has_an_event_with_a_cursor_of_its_own(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    await world.send(agent, [agent.transition("start"), agent.capture("bad")])

    await numbered(world)

    found = await world.feed.after(0, 100)
    assert list(range(1, len(found) + 1)) == [each.cursor for each in found]
    assert {
        "releve.agent.enrolled.v1",
        "releve.intervention.created.v1",
        "releve.intervention.assigned.v1",
        "releve.intervention.stage.v1",
        "releve.captures.attached.v1",
        "releve.captures.quarantined.v1",
    } == {each.type for each in found}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_transaction_that_commits_late_is_skipped_by_nobody(world: World) -> None:
    """The early event waits uncommitted while a later one is written, numbered and read.

    SQLite has one writer at a time: nothing commits late there.
    """
    stamp = writing.Stamp("main", "2026-01-01T00:00:00.000000Z", lambda size: b"e" * size)
    async with world.database.engine.connect() as slow:
        await writing.insert_event(slow, stamp, "early", None, {})
        await world.furnished(Edge())
        await numbered(world)
        read = await world.feed.after(0, 100)
        await slow.commit()

    await numbered(world)

    assert ["early"] == [each.type for each in await world.feed.after(read[-1].cursor, 100)]


async def test_two_sequencers_give_every_cursor_once(world: World) -> None:
    other = World(world.database, "other")
    agent = Edge()
    await world.furnished(agent)

    async def numbering(each: World) -> None:
        for _ in range(20):
            await each.feed.number()
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        group.create_task(numbering(world))
        group.create_task(numbering(other))
        for _ in range(20):
            await world.send(agent, agent.notes(1))
    await numbered(world)

    cursors = [each.cursor for each in await world.feed.after(0, 1000)]
    assert list(range(1, len(cursors) + 1)) == cursors


async def test_captures_are_listed_in_the_order_of_their_events(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    await world.send(agent, agent.notes(3))
    unnumbered = await world.archive.captures(None, 10)
    await numbered(world)

    listed = await world.archive.captures(None, 10)

    assert [] == unnumbered.items
    assert [1, 2, 3] == [each.seq for each in listed.items]


async def stream(world: World, start: int | None, number: int) -> list[Any]:
    """Return the first events that a follower of the stream gets."""
    found: list[Any] = []
    async with asyncio.timeout(5):
        async for each in events(world.services(), start):
            found.append(each)
            if len(found) == number + 1:
                break
    return found[1:]


async def test_a_stream_resumes_after_the_last_event_it_was_given(small_world: World) -> None:
    agent = Edge()
    await small_world.furnished(agent)
    await small_world.send(agent, agent.notes(1))
    await numbered(small_world)
    first = await stream(small_world, 0, 2)
    await small_world.send(agent, agent.notes(1))
    await numbered(small_world)

    resumed = await stream(small_world, int(first[-1].id), 3)

    assert ["1", "2", "3", "4", "5"] == [each.id for each in [*first, *resumed]]


async def test_a_stream_carries_captures_with_their_evidence(small_world: World) -> None:
    agent = Edge()
    await small_world.furnished(agent)
    capture = agent.note()
    await small_world.send(agent, [capture])
    await numbered(small_world)

    last = (await stream(small_world, 0, 5))[-1]

    assert "releve.captures.attached.v1" == last.event
    [shown] = last.data["data"]["captures"]
    assert (capture.link, capture.statement) == (
        shown["evidence"]["link"],
        shown["evidence"]["statement"],
    )
    json.dumps(last.data)


async def test_a_follower_is_woken_by_what_is_numbered_later(small_world: World) -> None:
    await numbered(await small_world.furnished())
    async with asyncio.TaskGroup() as group:
        sequencing = group.create_task(small_world.sequencer.run())
        following = group.create_task(stream(small_world, None, 1))
        await asyncio.sleep(0.05)
        await small_world.registry.enrol(Edge().record)
        small_world.sequencer.wake()
        [found] = await following
        sequencing.cancel()

    assert "releve.agent.enrolled.v1" == found.event


async def test_a_stream_ends_when_the_gateway_stops(small_world: World) -> None:
    small_world.sequencer.close()

    assert [] == await stream(small_world, None, 1)


@pytest.mark.parametrize("value", ["x", "-1", "9" * 30, "²"])
async def test_a_cursor_that_is_none_is_a_problem(small_world: World, value: str) -> None:
    async with small_world.client() as client:
        answer = await client.get("/v1/events", headers={"last-event-id": value.encode()})

    assert 422 == answer.status_code
