"""An export stands on its own: the contract's offline verifier accepts it, and sees every tampering."""

import json
from typing import Any

import pytest

from contract.verify import Report, Verifier
from tests.gateway.edge import Edge
from tests.gateway.world import GATEWAY, World


async def exported(world: World) -> list[str]:
    async with world.client() as client:
        answer = await client.get("/v1/interventions/job-1/captures?format=export")
    return answer.text.removesuffix("\n").split("\n")


def verified(lines: list[str]) -> Report:
    return Verifier().check(lines)


@pytest.fixture
async def lines(small_world: World) -> list[str]:
    agent = Edge()
    await small_world.furnished(agent, jobs=["job-1", "job-2"])
    await small_world.send(
        agent,
        [
            agent.note("before", intervention="job-2"),
            agent.transition("start"),
            agent.measurement(),
            agent.note("secret", intervention="job-2"),
            agent.entry("fin"),
            agent.note("after", intervention="job-2"),
        ],
    )
    return await exported(small_world)


async def test_an_export_holds(lines: list[str]) -> None:
    report = verified(lines)

    assert [] == report.findings
    assert (4, 3) == (report.captures, report.statements)
    assert GATEWAY.id == json.loads(lines[0])["data"]["id"]


async def test_captures_of_other_interventions_come_with_their_link_alone(
    lines: list[str],
) -> None:
    assert "secret" not in "".join(lines)
    assert "before" not in "".join(lines)


def change(lines: list[str], how: str) -> list[str]:
    found = [json.loads(each) for each in lines]
    [captures] = [
        each["data"]["captures"] for each in found if each["type"].endswith("captures.v1")
    ]
    match how:
        case "drop":
            captures.pop(1)
        case "drop the last":
            captures.pop()
        case "swap":
            captures[0], captures[1] = captures[1], captures[0]
        case "alter":
            captures[1]["statement"] = captures[1]["statement"].replace("5.2", "4.2")
        case "repeat":
            captures.append(captures[-1])
        case _:
            found.pop()
    return [json.dumps(each) for each in found]


@pytest.mark.parametrize("how", ["drop", "drop the last", "swap", "alter", "repeat", "behead"])
async def test_every_tampering_shows(lines: list[str], how: str) -> None:
    assert verified(change(lines, how)).findings


async def test_every_epoch_has_its_own_head_and_long_chains_their_lines(world: World) -> None:
    agent, later = Edge(), Edge(epoch="b" * 32)
    await world.furnished(agent)
    for start in range(0, 700, 100):
        await world.send(agent, [agent.note(f"{start} {n}") for n in range(100)])
    for _ in range(3):
        await world.send(later, [later.note("x" * 9_000) for _ in range(10)])

    found = await exported(world)

    types = [json.loads(each)["type"] for each in found]
    assert [] == verified(found).findings
    assert 2 == types.count("releve.head.v1")
    assert max(len(each.encode()) for each in found) < 256_000


async def test_a_capture_that_is_missing_here_shows_in_the_export(world: World) -> None:
    agent = Edge()
    await world.furnished(agent)
    first, _, third = agent.notes(3)
    await world.send(agent, [first, third])

    findings: list[Any] = verified(await exported(world)).findings

    assert findings
