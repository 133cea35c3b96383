"""What the agent needs from the outside world."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contract.chain import Link as ChainLink
from contract.instrument import InstrumentIdentity
from contract.wire.base import Place
from contract.wire.captured import ClockReading
from contract.wire.down import Outcome, Receipt
from contract.wire.statement import Statement, parse
from drivers.kit.description import Conversation, Instrument
from drivers.kit.link import LinkEvent, Request


class LinkLostError(Exception):
    """The connection to the instrument ended, or could not be made."""


class StoreRefusedError(Exception):
    """Nothing was saved; the message says why and what to do."""


class StoreFullError(StoreRefusedError):
    """Nothing was saved, for want of room."""


class NotConnectedError(Exception):
    """There is no connection to the broker now."""


class Clock(Protocol):
    """Time of three kinds. ``elapsed`` only goes forward, whatever happens to the wall clock."""

    def now(self) -> datetime: ...
    def elapsed(self) -> float: ...
    def reading(self) -> ClockReading: ...


class Link(Protocol):
    """A live connection to one instrument; every failure is a LinkLostError, whatever the library beneath raises."""

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        """Connect; from then on what comes unasked is delivered, and the end of the link is told once."""
        ...

    async def carry_out(self, request: Request) -> LinkEvent | None:
        """Carry out one request and return its answer; None when it has none."""
        ...

    async def close(self) -> None:
        """Let go; does nothing when the link is lost already."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An instrument that showed itself, and how to speak with it."""

    instrument: Instrument
    identity: InstrumentIdentity
    medium: str
    """``ble``, ``advertisement``, ``lan``, ``serial``, ``rfcomm``, ``usb`` or ``modbus``."""
    rssi: int | None
    connect: Callable[[], Link]
    converse: Callable[[bytes | None], Conversation]
    """With the key that was given at pairing."""
    parting: tuple[Request, ...] = ()
    """Said before the link is closed, however the conversation ends."""
    lasts: float = 30.0
    """Seconds after which, not sighted again, it is no longer near."""


class Watcher(Protocol):
    """One medium on which instruments show themselves."""

    async def watch(self, seen: Callable[[Sighting], None]) -> None:
        """Report every sighting until cancelled."""
        ...

    def rescan(self) -> None:
        """Start looking afresh."""
        ...


@dataclass(frozen=True, slots=True)
class Saved:
    """A capture that is on disk."""

    link: ChainLink
    sig: str
    text: str
    """The statement's very bytes."""
    outcome: Outcome | None = None
    """None until the gateway's receipt."""
    reason: str | None = None

    @property
    def statement(self) -> Statement:
        return parse(self.text)

    @property
    def place(self) -> Place:
        return Place(epoch=self.link.epoch, seq=self.link.seq)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a new capture will stand; ``earlier`` holds the last one of each epoch for its intervention."""

    place: Place
    earlier: tuple[Place, ...] = ()


Build = Callable[[Placing], Statement]


@dataclass(frozen=True, slots=True)
class Settled:
    """What a receipt changed."""

    closed: int = 0
    mismatched: int = 0
    """Ranges that speak of other captures than those in this store."""
    new_epoch: bool = False


class CaptureStore(Protocol):
    """The chain and the outbox."""

    async def append(self, intervention: str, builds: Sequence[Build]) -> list[Saved]:
        """Save captures in one transaction; they are on disk when this returns. Raises StoreRefusedError."""
        ...

    async def unsent(self, limit: int) -> list[Saved]:
        """Return captures without a receipt, oldest first."""
        ...

    async def depth(self) -> int:
        """Count captures without a receipt."""
        ...

    async def settle(self, receipt: Receipt) -> Settled:
        """Close what a receipt, already proved genuine, speaks of; open a new epoch where it shows a fork."""
        ...

    async def of_intervention(self, intervention: str) -> list[Saved]:
        """Return the captures of an intervention, oldest first."""
        ...


class Uplink(Protocol):
    """The broker."""

    @property
    def connected(self) -> bool: ...

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        qos: int = 1,
        expiry: int | None = None,
    ) -> None:
        """Hand a message over; raises NotConnectedError. Nothing is kept for later."""
        ...


Handler = Callable[[str, bytes], Awaitable[None]]
"""Takes in one message from the broker; it is acknowledged when this returns."""
