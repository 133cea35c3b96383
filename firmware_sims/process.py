"""The life of a bench process: ready line, running, end."""

from typing import Any

from firmware_sims.air import RunningBench, Setup, bench
from firmware_sims.kit.lifetime import asked_to_end
from firmware_sims.kit.ready import say_ready


async def run_bench(setup: Setup, *, together: bool, with_parent: bool) -> str | None:
    """Run until asked to end; return why it failed, None when it did not."""
    failure: str | None = None
    try:
        async with bench(setup) as running, asked_to_end(with_parent=with_parent) as end:
            say_ready(_ready(running) if together else running.about(running.instruments[0]))
            await end.wait()
    except* OSError as errors:
        failure = f"cannot run: {errors.exceptions[0]}"
    return failure


def _ready(running: RunningBench) -> dict[str, Any]:
    return {
        "slug": "air",
        "link": "ble",
        "instruments": [running.about(each) for each in running.instruments],
        "hci": running.hci,
        "control": running.control,
    }
