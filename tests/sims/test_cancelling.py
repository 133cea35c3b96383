"""A cancellation that came in the moment of a result is heeded all the same."""

import asyncio
import sys

import pytest

from firmware_sims.cancelling import heed_cancellation


async def cancelled_at_the_moment_of_its_result(*, heeds: bool) -> bool:
    """Tell whether a task that waits as bumble does ends as cancelled."""
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def wait() -> None:
        await asyncio.wait_for(answer, 5)
        if heeds:
            heed_cancellation()

    task = asyncio.ensure_future(wait())
    await asyncio.sleep(0)
    answer.set_result(None)
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()


async def test_it_is_heeded():
    assert await cancelled_at_the_moment_of_its_result(heeds=True)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="that Python loses no cancellation")
async def test_control_it_is_lost_otherwise():
    assert not await cancelled_at_the_moment_of_its_result(heeds=False)


async def test_whoever_was_not_cancelled_goes_on():
    heed_cancellation()
