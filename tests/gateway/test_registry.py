"""Whose key is whose."""

import pytest

from contract.signing import KeyRecord
from gateway.ports.office import AbsentError, ConflictError
from tests.gateway.edge import Edge
from tests.gateway.world import World


async def test_enrolling_the_same_key_again_changes_nothing(world: World) -> None:
    agent = Edge()

    await world.registry.enrol(agent.record)
    await world.registry.enrol(agent.record)

    assert [agent.key.id] == [
        each.record.id for each in (await world.registry.agent("van-7")).keys
    ]


async def test_a_key_belongs_to_one_agent(world: World) -> None:
    await world.registry.enrol(Edge().record)

    with pytest.raises(ConflictError, match="that of agent van-7"):
        await world.registry.enrol(KeyRecord("van-8", Edge().key.public))


async def test_an_agent_has_one_key_at_a_time_and_a_revoked_one_never_comes_back(
    world: World,
) -> None:
    old, new = Edge(), KeyRecord("van-7", Edge("another").key.public)
    await world.registry.enrol(old.record)
    with pytest.raises(ConflictError, match="revoke it first"):
        await world.registry.enrol(new)
    await world.registry.revoke("van-7")

    await world.registry.enrol(new)

    with pytest.raises(ConflictError, match="was revoked"):
        await world.registry.enrol(old.record)


async def test_nobody_is_revoked_who_is_not_there(world: World) -> None:
    with pytest.raises(AbsentError, match="no agent van-9"):
        await world.registry.revoke("van-9")
