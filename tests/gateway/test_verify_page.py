"""The page a paper leads to: it recomputes from what is kept, sees every tampering, tells no more than the paper."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from contract.signing import SigningKey
from gateway.usecases import proof
from tests.gateway.edge import Edge
from tests.gateway.papers import PDF, captures, got, visited
from tests.gateway.reading_pdf import codes
from tests.gateway.world import GATEWAY, TENANT, World

JSON = "/v1/verify/job-1.r1"
PAGE = "/verify/job-1.r1"
CODE = proof.code(GATEWAY, TENANT, "job-1", "r1")


@pytest.fixture
async def paper(small_world: World) -> World:
    agent = Edge()
    await visited(small_world, agent)
    others = json.loads((await got(small_world, "/v1/interventions/job-1")).text)["intervention"]
    async with small_world.client() as client:
        await client.post("/v1/interventions", json={**others, "id": "job-2"})
    await small_world.office.assign("job-2", agent.name)
    before = agent.note("secret", intervention="job-2")
    own = captures(agent)
    between = agent.note("secret", intervention="job-2")
    last = agent.entry("Joint contrôlé", "empty")
    await small_world.send(agent, [before, *own, between, last])
    return small_world


async def change(world: World, statement: str) -> None:
    async with world.database.engine.begin() as connection:
        found = await connection.execute(text(statement))
        assert found.rowcount == 1


async def verified(world: World, path: str = JSON) -> dict[str, Any]:
    answer = await got(world, path)
    assert 200 == answer.status_code
    found: dict[str, Any] = answer.json()
    return found


async def test_what_nobody_touched_holds(paper: World) -> None:
    found = await verified(paper)

    assert ("holds", []) == (found["verdict"], found["faults"])
    assert (6, 8) == (len(found["captures"]), found["links"])
    assert {"holds"} == {each for one in found["captures"] for each in one["checks"].values()}
    assert {Edge().key.id: "van-7", GATEWAY.id: "gateway"} == {
        each["id"]: each["owner"] for each in found["keys"]
    }


TAMPERINGS = {
    "a byte of a statement": (
        "UPDATE capture SET statement = replace(statement, '6.25', '5.25') WHERE seq = 3",
        3,
        {"statement"},
    ),
    "a link": (
        "UPDATE capture SET link = replace(link, 'releve1 van-7', 'releve1 van-8') WHERE seq = 4",
        4,
        {"signature", "chain"},
    ),
    "the hash of a statement, in its link": (
        "UPDATE capture SET link = substr(link, 1, 119) || '0000' || substr(link, 124) WHERE seq = 3",
        3,
        {"signature"},
    ),
    "a signature": (
        "UPDATE capture SET sig = 'AAAA' || substr(sig, 5) WHERE seq = 5",
        5,
        {"signature"},
    ),
    "another's key": ("UPDATE key SET owner = 'van-8' WHERE owner = 'van-7'", 3, {"signature"}),
    "a row in the middle": ("DELETE FROM capture WHERE seq = 4", 5, {"chain"}),
    "a row of another intervention": ("DELETE FROM capture WHERE seq = 8", 9, {"chain"}),
    "a place": ("UPDATE capture SET seq = 99 WHERE seq = 4", 99, {"chain"}),
    "another report": ("UPDATE capture SET report = 'r1' WHERE seq = 2", 2, {"statement"}),
}


@pytest.mark.parametrize(
    ("statement", "seq", "aspects"), TAMPERINGS.values(), ids=TAMPERINGS.keys()
)
async def test_every_tampering_with_what_is_kept_shows(
    paper: World, statement: str, seq: int, aspects: set[str]
) -> None:
    await change(paper, statement)

    found, page = await verified(paper), (await got(paper, PAGE)).text

    assert "fails" == found["verdict"]
    assert found["faults"]
    [one] = [each for each in found["captures"] if each["seq"] == seq]
    assert aspects <= {name for name, check in one["checks"].items() if check == "fails"}
    assert "Ce rapport ne tient pas." in page
    assert "Ce rapport tient." not in page


async def test_a_signature_that_reads_as_none_is_a_failure_not_an_error(paper: World) -> None:
    await change(paper, "UPDATE capture SET sig = 'x' WHERE seq = 3")

    found = await verified(paper)

    assert "fails" == found["verdict"]
    assert 200 == (await got(paper, PAGE)).status_code


async def test_a_fork_does_not_hold_and_is_named(small_world: World) -> None:
    agent = Edge()
    await visited(small_world, agent)
    clone = agent.twin()
    await small_world.send(agent, captures(agent))
    await small_world.send(clone, [clone.entry("autre", "empty")])

    found = await verified(small_world)

    assert "fails" == found["verdict"]
    assert "forked" in {each["outcome"] for each in found["captures"]}
    assert "fourche" in (await got(small_world, PAGE)).text


async def test_an_erased_statement_is_said_so_and_the_chain_still_holds(paper: World) -> None:
    await change(paper, "UPDATE capture SET statement = NULL WHERE seq = 4")

    found, page = await verified(paper), (await got(paper, PAGE)).text

    [one] = [each for each in found["captures"] if each["seq"] == 4]
    assert "holds" == found["verdict"]
    assert {"statement": "erased", "signature": "holds", "chain": "holds"} == one["checks"]
    assert "effacée" in page


async def test_a_report_without_captures_has_nothing_to_verify(small_world: World) -> None:
    await visited(small_world)

    found, page = await verified(small_world), (await got(small_world, PAGE)).text

    assert ("nothing", []) == (found["verdict"], found["captures"])
    assert "rien à vérifier" in page


async def test_values_are_told_to_whoever_has_the_paper_alone(paper: World) -> None:
    [url] = codes((await got(paper, PDF)).content)
    open_, shut = (await got(paper, url)).text, (await got(paper, f"{PAGE}?code={'0' * 16}")).text

    assert (None, "6.3") == (
        (await verified(paper))["fields"],
        (await verified(paper, f"{JSON}?code={CODE}"))["fields"][1]["value"],
    )
    for each in ("6,3", "Filtre changé", "gaz naturel"):
        assert each in open_
        assert each not in shut
    assert "Les valeurs ne sont montrées" in shut


def test_the_code_is_another_for_every_report_and_every_gateway() -> None:
    other = SigningKey.from_seed(b"h" * 32)
    codes_ = {
        CODE,
        proof.code(GATEWAY, TENANT, "job-1", "r2"),
        proof.code(GATEWAY, TENANT, "job-2", "r1"),
        proof.code(GATEWAY, "other", "job-1", "r1"),
        proof.code(other, TENANT, "job-1", "r1"),
    }

    assert 5 == len(codes_)


async def test_the_page_tells_nothing_of_people_and_leads_nowhere_else(paper: World) -> None:
    [url] = codes((await got(paper, PDF)).content)

    page = (await got(paper, url)).text

    for each in ("Martin", "Tilleuls", "Léa", "secret", "/interventions", "/agents", "<script"):
        assert each not in page


async def test_it_says_whether_anything_changed_since_it_was_printed(paper: World) -> None:
    [url] = codes((await got(paper, PDF)).content)
    same = (await got(paper, url)).text
    later = Edge(epoch="b" * 32)
    await paper.send(later, [later.entry("Joint changé", "empty")])

    other = (await got(paper, url)).text

    assert "Rien n’a changé depuis l’impression" in same
    assert "Rien n’a changé depuis l’impression" not in other
    assert "Le rapport montre autre chose" in other
    assert "Ce rapport tient." in other


async def test_what_was_cut_off_the_end_shows_against_the_paper(paper: World) -> None:
    [url] = codes((await got(paper, PDF)).content)
    await change(paper, "DELETE FROM capture WHERE seq = 9")

    found = await verified(paper, url.replace("/verify/", "/v1/verify/"))

    assert ("holds", False) == (found["verdict"], found["same_as_paper"])


async def test_the_page_speaks_the_readers_language_and_keeps_the_code(paper: World) -> None:
    [url] = codes((await got(paper, PDF)).content)

    page = (await got(paper, url, **{"accept-language": "en"})).text

    assert "This report holds." in page
    assert f"{PAGE}?lang=fr&amp;paper=" in page
    assert f"&amp;code={CODE}" in page
    assert "6.3" in page


@pytest.mark.parametrize("path", [f"{PAGE}2", "/verify/job-9.r1", "/v1/verify/job-1.r2"])
async def test_a_report_that_is_not_there_is_a_problem(paper: World, path: str) -> None:
    answer = await got(paper, path)

    assert 404 == answer.status_code
    assert "application/problem+json" == answer.headers["content-type"]


@pytest.mark.parametrize("query", ["paper=x", "paper=" + "g" * 16, "code=" + "x" * 65])
async def test_a_code_that_can_be_none_is_refused(paper: World, query: str) -> None:
    assert 422 == (await got(paper, f"{PAGE}?{query}")).status_code


async def test_nothing_that_a_person_typed_is_read_as_html(small_world: World) -> None:
    agent = Edge()
    await visited(small_world, agent)
    await small_world.send(agent, captures(agent, remark="<script>alert(1)</script>"))

    answer: httpx.Response = await got(small_world, f"{PAGE}?code={CODE}")

    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
