"""How messages travel between till and terminal: bare over TCP, in blocks on a serial line.

Facts and their sources: docs/protocols/zvt.md, §2.
"""

from dataclasses import dataclass
from typing import Protocol

from drivers.kit.errors import FrameError
from drivers.payment.zvt.apdu import Apdu, Cutter, decode
from drivers.payment.zvt.block import Damaged, Sign, Unframer, framed

BYTE_WITHIN = 0.2
"""T1: seconds between two bytes of a block."""
SIGN_WITHIN = 5.0
"""T2: seconds for the single byte that answers a block."""
REPEATS = 2


@dataclass(frozen=True, slots=True)
class Refused:
    """The terminal says that our block arrived damaged."""


@dataclass(frozen=True, slots=True)
class Unacknowledged:
    """The terminal does not say that our block arrived."""


@dataclass(frozen=True, slots=True)
class Nonsense:
    """Something came that is no part of the protocol."""

    reason: str


Told = Apdu | Refused | Unacknowledged | Nonsense


class Wire(Protocol):
    """Carries messages. What it told, and what is to be written, is taken from ``told`` and ``written``."""

    told: list[Told]
    written: list[bytes]

    @property
    def next_timer(self) -> float | None: ...
    def send(self, apdu: Apdu, now: float, *, once: bool = False) -> None:
        """Send a message; ``once``: a block that does not arrive is not repeated."""
        ...

    def receive(self, data: bytes, now: float) -> None: ...
    def timer_fired(self, now: float) -> None: ...


class Network:
    """A Wire over TCP."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.written: list[bytes] = []
        self._cutter = Cutter()

    @property
    def next_timer(self) -> float | None:
        return None

    def send(self, apdu: Apdu, now: float, *, once: bool = False) -> None:
        del now, once
        self.written.append(apdu.encode())

    def receive(self, data: bytes, now: float) -> None:
        del now
        self.told += self._cutter.take(data)

    def timer_fired(self, now: float) -> None:
        """Nothing: it waits for nothing."""


class SerialBlocks:
    """A Wire on a serial line."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.written: list[bytes] = []
        self._unframer = Unframer()
        self._unanswered: bytes | None = None
        self._tries_left = 0
        self._sign_due: float | None = None
        self._byte_due: float | None = None
        self._heard: bytes | None = None
        """The latest block since we said something: once more it is the same one, whose answer was lost."""

    @property
    def next_timer(self) -> float | None:
        due = [each for each in (self._sign_due, self._byte_due) if each is not None]
        return min(due, default=None)

    def send(self, apdu: Apdu, now: float, *, once: bool = False) -> None:
        self._unanswered = framed(apdu.encode())
        self._tries_left = 0 if once else REPEATS
        self._heard = None
        self._write_block(now)

    def receive(self, data: bytes, now: float) -> None:
        for each in self._unframer.take(data):
            match each:
                case Sign():
                    self._sign(each, now)
                case Damaged(reason=reason):
                    self.written.append(Sign.NAK.value)
                    self.told.append(Nonsense(reason))
                case _:
                    self._block(each)
        self._byte_due = now + BYTE_WITHIN if self._unframer.inside else None

    def timer_fired(self, now: float) -> None:
        if self._byte_due is not None and self._byte_due <= now:
            self._byte_due = None
            self._unframer.forget()
            self.written.append(Sign.NAK.value)
        if self._sign_due is not None and self._sign_due <= now:
            self._again(now, Unacknowledged())

    def _sign(self, sign: Sign, now: float) -> None:
        if self._unanswered is None:
            return
        if sign is Sign.ACK:
            self._arrived()
        else:
            self._again(now, Refused())

    def _block(self, block: bytes) -> None:
        self.written.append(Sign.ACK.value)
        # Whoever answers has what we said.
        self._arrived()
        if block == self._heard:
            return
        self._heard = block
        try:
            self.told.append(decode(block))
        except FrameError as error:
            self.told.append(Nonsense(str(error)))

    def _arrived(self) -> None:
        self._unanswered = None
        self._sign_due = None

    def _again(self, now: float, given_up: Refused | Unacknowledged) -> None:
        if self._tries_left:
            self._tries_left -= 1
            self._write_block(now)
            return
        self._arrived()
        self.told.append(given_up)

    def _write_block(self, now: float) -> None:
        if self._unanswered is not None:
            self.written.append(self._unanswered)
            self._sign_due = now + SIGN_WITHIN
