"""What the instruments say now: the latest readings, a short history, and whoever wants to be told."""

from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from contract.quantity import Quantity
from contract.reading import Reading
from contract.words import Words

HISTORY = 120
"""Readings kept for a quantity: a minute of two a second."""


MOST_UNMAPPED = 50
"""Names kept of an instrument, which may invent as many as it likes."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A reading and when it came, on the agent's own clock that only goes forward."""

    reading: Reading
    elapsed: float


Key = tuple[Quantity, str | None]
"""A quantity and its substance."""

Listener = Callable[[str, tuple[Reading, ...], float], None]
"""Told the instrument, its readings, and when they came."""


@dataclass(slots=True)
class LiveInstrument:
    """The current state of one paired instrument."""

    connected: bool = False
    reason: str | None = Words("not seen yet")
    zeroed: bool = False
    confirmed: bool = False
    """It said in this session the serial that it said before."""
    stranger: str | None = None
    """Serial of another instrument that answered in the place of this one."""
    latest: dict[Key, Heard] = field(default_factory=dict[Key, Heard])
    history: dict[Key, deque[Decimal | None]] = field(
        default_factory=dict[Key, "deque[Decimal | None]"]
    )
    fuel: str | None = None
    """What it is set to burn, as it says."""
    rejected: int = 0
    skipped: int = 0
    """Polls that were due while one was under way."""
    unmapped: set[str] = field(default_factory=set[str])

    def cannot_map(self, name: str) -> None:
        """Keep a name that no source explains, for people; the first ones are enough."""
        if len(self.unmapped) < MOST_UNMAPPED:
            self.unmapped.add(name)


class LiveValues:
    """The live values of every paired instrument."""

    def __init__(self) -> None:
        self._instruments: dict[str, LiveInstrument] = {}
        self._listeners: set[Listener] = set()

    def of(self, instrument: str) -> LiveInstrument:
        """Return the live state of an instrument, empty when it never spoke."""
        return self._instruments.setdefault(instrument, LiveInstrument())

    def forget(self, instrument: str) -> None:
        """Drop what an instrument said: it is no longer paired."""
        self._instruments.pop(instrument, None)

    def hear(self, instrument: str, readings: tuple[Reading, ...], elapsed: float) -> None:
        """Take readings in and tell the listeners."""
        live = self.of(instrument)
        for reading in readings:
            key = (reading.quantity, reading.substance)
            live.latest[key] = Heard(reading, elapsed)
            live.history.setdefault(key, deque(maxlen=HISTORY)).append(reading.value)
        for listener in tuple(self._listeners):
            listener(instrument, readings, elapsed)

    @contextmanager
    def listening(self, listener: Listener) -> Generator[None]:
        """Have ``listener`` told of every reading inside the block."""
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)
