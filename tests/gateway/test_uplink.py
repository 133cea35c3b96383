"""What agents say besides captures: kept for the pages; forged answers refused."""

from datetime import UTC, datetime

import pytest

from contract.signing import SigningKey
from contract.wire.down import CommandName, CommandOutcome, Response
from contract.wire.event import SealedEvent, SealedType, seal
from tests.gateway.edge import Edge
from tests.gateway.said import DESCRIPTOR, DESCRIPTOR_TOPIC, event, state
from tests.gateway.world import World

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


async def test_the_newest_state_of_an_agent_is_kept(world: World) -> None:
    await world.furnished(Edge())

    await world.deliver(state(online=True, outbox=3), state(online=True, outbox=1))

    agent = await world.registry.agent("van-7")
    assert agent.state is not None
    assert (True, 1) == (agent.state.online, agent.state.outbox)


async def test_an_agent_that_comes_online_is_noticed_once(world: World) -> None:
    await world.furnished(Edge())

    for online in (True, True, False, True):
        await world.deliver(state(online=online))

    assert ["van-7", "van-7"] == world.online


async def test_what_the_broker_tells_again_is_no_news(world: World) -> None:
    await world.furnished(Edge())
    for _ in range(3):
        await world.deliver(state(online=True, outbox=3))

    assert [(1,)] == await world.rows(
        "SELECT count(*) FROM event WHERE type = 'releve.agent.state.v1'"
    )


async def test_instruments_are_kept_and_taken_back(world: World) -> None:
    await world.furnished(Edge())
    descriptor = event("releve.instrument.descriptor.v1", DESCRIPTOR)
    live = event("releve.instrument.state.v1", {"id": DESCRIPTOR["id"], "connected": True})

    await world.deliver((DESCRIPTOR_TOPIC, descriptor))
    await world.deliver((DESCRIPTOR_TOPIC.replace("descriptor", "state"), live))
    [kept] = (await world.registry.instruments(None, 10)).items
    await world.deliver((DESCRIPTOR_TOPIC, b""))
    [bare] = (await world.registry.instruments(None, 10)).items

    assert kept.descriptor is not None
    assert kept.state is not None
    assert ("12345678", True) == (kept.descriptor.serial, kept.state.connected)
    assert bare.descriptor is None


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("releve/v1/main/van-7/state", b"\xff"),
        ("releve/v1/main/van-7/state", b"[]"),
        ("releve/v1/main/van-7/state", b""),
        ("releve/v1/main/van-7/state", state(online="yes")[1]),
        ("releve/v1/main/van-7/state", b" " * 70_000 + state(online=True)[1]),
        ("releve/v1/main/stranger/state", state(online=True)[1]),
        ("releve/v1/main/van-7/instrument//descriptor", event("x", DESCRIPTOR)),
        (DESCRIPTOR_TOPIC, event("releve.instrument.descriptor.v1", {"id": "x"})),
        ("releve/v1/main/van-7/instrument/" + "x" * 300 + "/state", b""),
        ("releve/v1/other/van-7/state", state(online=True)[1]),
        ("\0", b"\0"),
    ],
)
async def test_what_makes_no_sense_is_acknowledged_and_not_kept(
    world: World, topic: str, payload: bytes
) -> None:
    await world.furnished(Edge())

    await world.deliver((topic, payload))

    assert 1 == len(world.line.acknowledged)
    assert [] == await world.rows("SELECT agent FROM agent_state")
    assert [] == await world.rows("SELECT id FROM instrument WHERE descriptor IS NOT NULL")


def response(
    command: str,
    *,
    key: SigningKey,
    agent: str = "van-7",
    type_: SealedType = SealedType.RESPONSE,
    sealed_for: str = "van-7",
) -> tuple[str, bytes]:
    said = Response(
        agent=agent, command=command, outcome=CommandOutcome.DONE, detail="2 \0 seen", at=NOW
    )
    sealed = SealedEvent(
        id="1",
        source="/releve/main/van-7",
        time=NOW,
        type=type_,
        data=seal(key, type_, sealed_for, said.to_json()),
    )
    return "releve/v1/main/van-7/response", sealed.to_json().encode()


async def outcome(world: World) -> str | None:
    [command] = await world.caches.commands("van-7", 10)
    return command.outcome


async def test_the_answer_to_a_command_is_kept(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    command = await world.dispatch.command("van-7", CommandName.RESCAN)

    await world.deliver(response(command.id, key=agent.key))

    [kept] = await world.caches.commands("van-7", 10)
    assert ("done", "2 ? seen") == (kept.outcome, kept.detail)


async def test_a_forged_answer_is_refused(world: World) -> None:
    agent, other = Edge(), Edge("van-8")
    await world.furnished(agent, other)
    command = await world.dispatch.command("van-7", CommandName.RESCAN)

    await world.deliver(
        response(command.id, key=other.key),
        response(command.id, key=agent.key, agent="van-8"),
        response(command.id, key=agent.key, sealed_for="van-8"),
        response(command.id, key=agent.key, type_=SealedType.COMMAND),
        response("never-given", key=agent.key),
        ("releve/v1/main/van-7/response", b"{}"),
    )

    assert await outcome(world) is None
    assert b"releve_gateway_forged_total 6.0" in world.metrics.exposition()


async def test_a_revoked_agent_answers_nothing(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    command = await world.dispatch.command("van-7", CommandName.RESCAN)
    await world.registry.revoke("van-7")

    await world.deliver(response(command.id, key=agent.key))

    assert await outcome(world) is None
