"""The conversation with an instrument, without doing any I/O: the caller does that, and tells the time."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from contract.reading import Reading
from drivers.kit.link import LinkEvent, Request


class Act(StrEnum):
    """What a person may have an instrument do. The product never does it by itself, and never again by itself."""

    ZERO = "zero"
    TOGGLE_MEASUREMENT = "toggle_measurement"


@dataclass(frozen=True, slots=True)
class ReadingsReceived:
    """The instrument stated these values, together."""

    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class FrameRejected:
    """Bytes were dropped; the conversation goes on."""

    reason: str
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """The instrument named a value that no source explains: it fills no field."""

    name: str


@dataclass(frozen=True, slots=True)
class IdentityStated:
    """The instrument said who it is; None where it did not say."""

    serial: str | None = None
    firmware: str | None = None


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A person pressed the instrument's button."""


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """A scanner read a code; ``aim`` is the symbology identifier that came before it (ISO/IEC 15424), as ``]C1``."""

    text: str
    aim: str | None = None


@dataclass(frozen=True, slots=True)
class FaultStated:
    """The instrument says that it cannot measure now."""

    reason: str


@dataclass(frozen=True, slots=True)
class FuelStated:
    """The fuel that the instrument is set to, and calculates with."""

    name: str


@dataclass(frozen=True, slots=True)
class PollsSkipped:
    """Polls were due while one was still under way; they were left out, and none was queued."""

    count: int


@dataclass(frozen=True, slots=True)
class ActEnded:
    """An act was acknowledged, or was not."""

    act: Act
    done: bool
    reason: str = ""


InstrumentEvent = (
    ReadingsReceived
    | FrameRejected
    | Unmapped
    | IdentityStated
    | ButtonPressed
    | CodeScanned
    | FaultStated
    | FuelStated
    | PollsSkipped
    | ActEnded
)


class Dialogue(Protocol):
    """One conversation over one connection. Times are seconds on one clock that only goes forward."""

    @property
    def next_timer(self) -> float | None:
        """When ``timer_fired`` is due; None when nothing is waited for."""
        ...

    def connection_made(self, now: float) -> None: ...
    def receive(self, event: LinkEvent, now: float) -> None: ...
    def timer_fired(self, now: float) -> None: ...
    def act(self, act: Act, now: float) -> None: ...


@dataclass(slots=True)
class Outbound:
    """What a dialogue has to say to both sides; the session drains it after every call."""

    _requests: deque[Request]
    _events: deque[InstrumentEvent]

    def __init__(self) -> None:
        self._requests = deque()
        self._events = deque()

    def ask(self, request: Request) -> None:
        """Have the link carry out ``request``."""
        self._requests.append(request)

    def tell(self, event: InstrumentEvent) -> None:
        """Have the session know ``event``."""
        self._events.append(event)

    def requests(self) -> Iterator[Request]:
        """Yield and forget the requests, oldest first."""
        while self._requests:
            yield self._requests.popleft()

    def events(self) -> Iterator[InstrumentEvent]:
        """Yield and forget the events, oldest first."""
        while self._events:
            yield self._events.popleft()
