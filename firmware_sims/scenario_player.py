"""Plays a scenario on a bench, in slices of time that are the same at any speed."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from firmware_sims.air import TICK_SECONDS, RunningBench
from firmware_sims.kit.faults import Act
from firmware_sims.kit.instrument import ControlError, Instrument
from firmware_sims.scenario import Scenario, Step

LONGEST_PAUSE = 1.0
"""Of our time: what is longer, as the sleep of the machine, is not caught up with."""


class Player:
    """Lets time pass for the instruments, and does what is due; says a line for each step."""

    def __init__(
        self, running: RunningBench, played: Scenario, say: Callable[[dict[str, Any]], None]
    ) -> None:
        self._running = running
        self._steps = deque(played.steps)
        self._say = say
        self._slices = 0

    @property
    def over(self) -> bool:
        """Whether the last step was played."""
        return not self._steps

    def play_until(self, seconds: float) -> None:
        """Let time pass, up to so many seconds after the beginning.

        Slices have one length whatever the speed: so chance is drawn in the same order, and the
        same seed displays the same values at the same step.
        """
        self._play_due()
        while (self._slices + 1) * TICK_SECONDS <= seconds:
            now = datetime.now(UTC)
            for instrument in self._running.instruments:
                instrument.process(TICK_SECONDS, now)
            self._slices += 1
            self._play_due()
        self._running.tend()

    def _play_due(self) -> None:
        while self._steps and self._steps[0].said.at <= self._slices * TICK_SECONDS:
            self._play(self._steps.popleft())

    def _play(self, step: Step) -> None:
        line = step.said.model_dump(exclude_unset=True)
        try:
            if step.instrument is not None:
                self._do(step, step.instrument)
        except ControlError as error:
            line["refused"] = f"{error}; allowed: {', '.join(sorted(error.allowed)) or 'nothing'}"
        # At a high speed the link may be back before the next tick: it is lost at once.
        self._running.tend()
        self._say(line)

    def _do(self, step: Step, instrument: Instrument) -> None:
        if step.said.hold is not None:
            instrument.hold = False
        if step.values:
            instrument.set_values(step.values)
        if step.said.hold is not None:
            instrument.hold = step.said.hold
        for fault, on in step.faults.items():
            instrument.set_fault(fault, on=on)
        if step.act is Act.DROP_LINK:
            self._running.drop_link(instrument)
        elif step.act is not None:
            instrument.do(step.act, step.said.text)


async def play(player: Player, speed: float, *, once: bool) -> None:
    """Play by the loop's clock, or faster; for ever, or until the last step."""
    clock = asyncio.get_running_loop().time
    before, passed = clock(), 0.0
    while True:
        player.play_until(passed)
        if once and player.over:
            return
        await asyncio.sleep(TICK_SECONDS)
        now = clock()
        passed += min(now - before, LONGEST_PAUSE) * speed
        before = now
