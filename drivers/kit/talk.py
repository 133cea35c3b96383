"""What most conversations are made of."""

import math
from collections.abc import Callable, Iterable, Iterator

from drivers.kit.dialogue import (
    Act,
    ActEnded,
    FrameRejected,
    InstrumentEvent,
    Outbound,
    PollsSkipped,
)
from drivers.kit.errors import FrameError


def rejecting(events: Iterable[InstrumentEvent]) -> Iterator[InstrumentEvent]:
    """Yield ``events``; a FrameError on the way becomes the rejection of the rest."""
    try:
        yield from events
    except FrameError as error:
        yield FrameRejected(str(error), error.raw)


class Beat:
    """Regular moments. One that is missed is counted, and the next is on the beat again."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._began: float | None = None

    def next(self, now: float) -> tuple[float, int]:
        """Return the next moment after ``now``, and how many went by since the last one asked for."""
        if self._began is None:
            self._began = now
        missed = math.floor((now - self._began) / self._every)
        self._began += (missed + 1) * self._every
        return self._began, missed


class Talk:
    """What most conversations have in common: a beat if they poll, and no act."""

    def __init__(self, every: float | None) -> None:
        self.out = Outbound()
        self.next_timer: float | None = None
        self._beat = None if every is None else Beat(every)

    def _due(self, now: float) -> None:
        """Set the timer for the next round, and say which ones could not be kept."""
        if self._beat is None:
            return
        self.next_timer, missed = self._beat.next(now)
        if missed:
            self.out.tell(PollsSkipped(missed))

    def act(self, act: Act, now: float) -> None:
        """Refuse: no act is known."""
        self.out.tell(ActEnded(act, done=False, reason="the instrument knows no such act"))

    def _tell(self, events: Callable[[], Iterable[InstrumentEvent]]) -> None:
        """Tell what was read; what cannot be used is rejected whole."""
        try:
            read = list(events())
        except FrameError as error:
            read = [FrameRejected(str(error), error.raw)]
        for event in read:
            self.out.tell(event)
