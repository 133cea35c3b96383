"""What every request must satisfy before anybody reads it."""

from collections.abc import AsyncIterator

import pytest

from tests.gateway.edge import Edge
from tests.gateway.world import World

ORIGIN = "http://127.0.0.1:7400"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7400", 200),
        ("localhost:7400", 200),
        ("LOCALHOST:7400", 200),
        ("[::1]:7400", 200),
        ("127.0.0.1", 421),
        ("127.0.0.1:80", 421),
        ("evil.example:7400", 421),
        ("", 421),
    ],
)
async def test_only_names_it_was_told_to_serve_are_answered(
    small_world: World, host: str, status: int
) -> None:
    async with small_world.client(host=host) as client:
        answer = await client.get("/healthz")

    assert status == answer.status_code


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"origin": ORIGIN}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "http://127.0.0.1:7401"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
    ],
)
async def test_a_foreign_page_may_not_write(
    small_world: World, headers: dict[str, str], allowed: bool
) -> None:
    await small_world.furnished(Edge())
    async with small_world.client(**headers) as client:
        read = await client.get("/v1/interventions")
        written = await client.post("/v1/interventions/job-1/cancel")

    assert (200, 200 if allowed else 403) == (read.status_code, written.status_code)


async def test_a_body_that_is_too_large_is_refused_however_it_is_sent(
    small_world: World,
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b" " * 50_000

    async with small_world.client() as client:
        announced = await client.post("/v1/forms", content=b" " * 1_500_000)
        streamed = await client.post("/v1/forms", content=pieces())

    assert [413, 413] == [announced.status_code, streamed.status_code]
    assert "application/problem+json" == streamed.headers["content-type"]


async def test_pages_run_no_script_but_their_own(small_world: World) -> None:
    async with small_world.client() as client:
        answer = await client.get("/")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
