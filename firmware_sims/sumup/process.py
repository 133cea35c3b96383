"""The life of the simulated servers: ready line, running, end."""

import asyncio
import contextlib
import math
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from firmware_sims.kit.lifetime import asked_to_end
from firmware_sims.kit.ports import failure
from firmware_sims.kit.ready import say_ready
from firmware_sims.kit.serving import LOOPBACK
from firmware_sims.kit.serving import served as served_control
from firmware_sims.sumup.account import Account
from firmware_sims.sumup.api import sumup_app
from firmware_sims.sumup.control import SLUG, control_app, name
from firmware_sims.sumup.serving import served
from firmware_sims.sumup.way import Lines, Way

TICK_SECONDS = 0.02
LONGEST_STEP = 0.1
"""Of the simulator's own time."""


@contextlib.asynccontextmanager
async def running(account: Account, *, port: int, speed: float) -> AsyncGenerator[dict[str, Any]]:
    """Run an account while the context lasts; yield the line that says how it is reached."""
    lines = Lines()
    way = Way(sumup_app(account), account, lines)
    account.reader.process(0.0, datetime.now(UTC))
    async with served(way, lines, port) as own_port:
        url = f"http://{LOOPBACK}:{own_port}"
        async with served_control(control_app(account, url)) as control_port:
            clock = asyncio.create_task(_keep_time(account, speed))
            try:
                yield {
                    "slug": SLUG,
                    "serial": account.fitting.serial,
                    "name": name(account),
                    "link": "http",
                    "address": LOOPBACK,
                    "port": own_port,
                    "url": url,
                    "merchant": account.fitting.merchant,
                    "reader": account.fitting.reader,
                    "control": f"http://{LOOPBACK}:{control_port}",
                }
            finally:
                clock.cancel()


async def run(account: Account, *, port: int, speed: float, with_parent: bool) -> str | None:
    """Run until asked to end; return why it failed, None when it did not."""
    failed: str | None = None
    try:
        async with (
            running(account, port=port, speed=speed) as line,
            asked_to_end(with_parent=with_parent) as end,
        ):
            say_ready(line)
            await end.wait()
    except* OSError as errors:
        failed = failure(errors)
    return failed


async def _keep_time(account: Account, speed: float) -> None:
    """Tick by the loop's clock, or faster, for ever."""
    clock = asyncio.get_running_loop().time
    before = clock()
    while True:
        await asyncio.sleep(TICK_SECONDS)
        now = clock()
        passed, before = (now - before) * speed, now
        # However fast it goes, everything happens in its order.
        steps = math.ceil(passed / LONGEST_STEP)
        for _ in range(steps):
            account.reader.process(passed / steps, datetime.now(UTC))
