"""What agents are told, and that it is told again."""

import asyncio
import json

from contract.signing import VerifyingKey
from contract.wire import down
from contract.wire.down import Assignment
from contract.wire.event import SealedEvent, unseal
from tests.gateway.edge import Edge, job
from tests.gateway.world import GATEWAY, World


async def told(world: World, agent: str | None) -> list[str]:
    """Return the topics of what is published when somebody asks for it again."""
    before = len(world.line.sent)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(world.dispatch.run())
        world.dispatch.want(agent)
        await asyncio.sleep(0.2)
        running.cancel()
    return [topic for topic, _, _, _ in world.line.sent[before:]]


async def test_forms_go_before_the_assignment_that_needs_them(small_world: World) -> None:
    await small_world.furnished(Edge())

    assert [
        "releve/v1/main/van-7/form/boiler/1",
        "releve/v1/main/van-7/intervention/job-1",
    ] == await told(small_world, None)


async def test_an_assignment_is_retained_for_ever_and_sealed_for_its_agent(
    small_world: World,
) -> None:
    await small_world.furnished(Edge())
    await told(small_world, None)

    _, payload, retain, expires = small_world.line.sent[-1]

    event = SealedEvent.model_validate_json(payload)
    statement = unseal(event, "van-7", {GATEWAY.id: VerifyingKey(GATEWAY.public)})
    assert (True, None) == (retain, expires)
    assert job() == down.parse(Assignment, statement, "van-7").intervention


async def test_only_the_agent_asked_for_is_told_again(small_world: World) -> None:
    await small_world.furnished(Edge(), Edge("van-8"))

    assert ["releve/v1/main/van-7/intervention/job-1"] == await told(small_world, "van-7")
    assert '\\"withdrawn\\":true' in small_world.line.sent[-1][1]


async def test_what_is_complete_is_told_no_more(small_world: World) -> None:
    agent = Edge()
    await small_world.furnished(agent, jobs=["job-1", "job-2"])
    await small_world.send(agent, [agent.transition("close")])

    assert "releve/v1/main/van-7/intervention/job-1" not in await told(small_world, None)


async def test_what_could_not_be_sent_now_is_sent_when_asked_again(small_world: World) -> None:
    await small_world.furnished(Edge())
    small_world.line.connected = False
    await small_world.dispatch.intervention("job-1")
    small_world.line.connected = True

    assert 2 == len(await told(small_world, None))
    assert (
        1
        == json.loads(
            SealedEvent.model_validate_json(small_world.line.sent[-1][1]).data.statement
        )["revision"]
    )
