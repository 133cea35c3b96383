"""The life of a bench process: ready line, running, end."""

import asyncio
from typing import Any

from firmware_sims.air import RunningBench, Setup, bench
from firmware_sims.kit.lifetime import asked_to_end
from firmware_sims.kit.ports import failure
from firmware_sims.kit.ready import say_ready
from firmware_sims.scenario import Scenario
from firmware_sims.scenario_player import Player, play


async def run_scenario(
    played: Scenario, *, speed: float, once: bool, with_parent: bool
) -> str | None:
    """Play until asked to end, or once; return why it failed, None when it did not."""
    setup = Setup(
        instruments=played.instruments,
        links=played.links,
        radio="ble" in played.links.values(),
        speed=None,
    )
    failed: str | None = None
    try:
        async with (
            bench(setup) as running,
            asked_to_end(with_parent=with_parent) as end,
            asyncio.TaskGroup() as tasks,
        ):
            say_ready({"slug": "scenario", **_all(running)})
            player = Player(running, played, say_ready)
            playing = tasks.create_task(play(player, speed, once=once))
            playing.add_done_callback(lambda _: end.set())
            await end.wait()
            playing.cancel()
    except* OSError as errors:
        failed = failure(errors)
    return failed


async def run_bench(setup: Setup, *, together: bool, with_parent: bool) -> str | None:
    """Run until asked to end; return why it failed, None when it did not."""
    failed: str | None = None
    try:
        async with bench(setup) as running, asked_to_end(with_parent=with_parent) as end:
            air = {"slug": "air", "link": "ble", **_all(running)}
            say_ready(air if together else running.about(running.instruments[0]))
            await end.wait()
    except* OSError as errors:
        failed = failure(errors)
    return failed


def _all(running: RunningBench) -> dict[str, Any]:
    return {
        "instruments": [running.about(each) for each in running.instruments],
        "hci": running.hci,
        "control": running.control,
    }
