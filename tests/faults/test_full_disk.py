"""A disk that is really full: the capture is refused, nothing saved is lost, and space is all it takes to go on."""

import pytest

from agent.ports import StoreRefusedError
from tests.agent.conftest import opened
from tests.agent.making import note

TRIES = 20_000


async def save_until_refused(store, saved):
    for _ in range(TRIES):
        try:
            saved += await store.captures.append("i-1", [note("x" * 500)])
        except StoreRefusedError as refused:
            return str(refused)
    return pytest.fail("the disk never became full")


@pytest.mark.timeout(60)
async def test_a_full_disk_refuses_and_space_is_all_it_takes_to_go_on(small_disk):
    ballast = small_disk / "photos"
    ballast.write_bytes(bytes(1_000_000))
    saved = []
    async with opened(small_disk / "agent.db") as store:
        reason = await save_until_refused(store, saved)
        assert "disk is full" in reason
        assert [each.place for each in saved] == [
            each.place for each in await store.captures.of_intervention("i-1")
        ]

        ballast.unlink()
        saved += await store.captures.append("i-1", [note("after")])
    async with opened(small_disk / "agent.db") as again:
        assert [each.text for each in saved] == [
            each.text for each in await again.captures.of_intervention("i-1")
        ]
