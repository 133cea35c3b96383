"""Waiting for what plain code changes."""

import asyncio
from collections.abc import Callable

STEP = 0.05


async def until(holds: Callable[[], bool]) -> None:
    """Return soon after `holds` does. Instruments know no event loop, so it is asked again."""
    while not holds():  # noqa: ASYNC110 - there is no event to wait for, see above
        await asyncio.sleep(STEP)
