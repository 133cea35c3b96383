"""How bodies travel between till and terminal: in frames with a handshake, or in frames alone.

Facts and their sources: docs/protocols/concert-v2.md, §4. Bodies that are told without a length of their own travel
otherwise: ``drivers.payment.caisse_ap.stream``.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from contract.payment.stated import Unsent
from drivers.payment.concert_frame import Damaged, Sign, Unframer, framed

SIGN_WITHIN = 3.0
"""Seconds for a single byte, and for the rest of a frame."""
TRY_AGAIN_AFTER = 1.0
QUIET_BEFORE = 1.0
"""Seconds in which whoever used the line before us gets its last answers: they are not ours."""
TRIES = 3
LET_PART_WITHIN = 1.0
"""Seconds for the last byte, which some terminals leave out."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The terminal is ready for a body."""


@dataclass(frozen=True, slots=True)
class NotReached:
    """It is not, and nothing was sent."""

    why: Unsent


class Receipt(Enum):
    """What became of a body of ours."""

    TAKEN = auto()
    REFUSED = auto()
    UNACKNOWLEDGED = auto()


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the terminal's, whole. Its sender waits for ``acknowledge``."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something came that is no body."""

    reason: str


@dataclass(frozen=True, slots=True)
class Parted:
    """The terminal has nothing more to say."""


Carried = Reached | NotReached | Receipt | Body | Unreadable | Parted


class Carrier(Protocol):
    """Carries bodies. What it told, and what is to be written, is taken from ``told`` and ``written``."""

    told: list[Carried]
    written: list[bytes]
    next_timer: float | None
    keeps: bool
    """Whether the terminal may give an answer to whoever is there when it is ready."""

    def reach(self, now: float) -> None: ...
    def send(self, body: bytes, now: float) -> None: ...
    def listen(self) -> None:
        """Wait for what the terminal says of itself."""
        ...

    def receive(self, data: bytes, now: float) -> None: ...
    def timer_fired(self, now: float) -> None: ...
    def acknowledge(self, now: float) -> None: ...
    def ended(self) -> None:
        """The connection is gone: what came may be whole by that."""
        ...


class _At(Enum):
    """Where the handshake stands."""

    LISTENING = auto()
    """Nothing of ours is under way."""
    REACHING = auto()
    RESTING = auto()
    """Before the terminal is tried again."""
    READY = auto()
    SENT = auto()
    PARTING = auto()


class Handshake:
    """Frames, each announced and acknowledged by a single byte."""

    keeps = True

    def __init__(self) -> None:
        self.told: list[Carried] = []
        self.written: list[bytes] = []
        self.next_timer: float | None = None
        self._frames = Unframer()
        self._at = _At.LISTENING
        self._tries = 0
        self._begun = False
        self._interrupted = False
        """The terminal had something to say when we wanted to."""

    def reach(self, now: float) -> None:
        if not self._begun:
            self._begun = True
            self._at = _At.RESTING
            self.next_timer = now + QUIET_BEFORE
            return
        self._tries += 1
        self._at = _At.REACHING
        self.written.append(Sign.ENQ.value)
        self.next_timer = now + SIGN_WITHIN

    def send(self, body: bytes, now: float) -> None:
        self._at = _At.SENT
        self.written.append(framed(body))
        self.next_timer = now + SIGN_WITHIN

    def listen(self) -> None:
        self._at = _At.LISTENING
        self.next_timer = None

    def receive(self, data: bytes, now: float) -> None:
        for each in self._frames.take(data):
            match each:
                case Sign():
                    self._sign(each, now)
                case Damaged():
                    self.written.append(Sign.NAK.value)
                    self.told.append(Unreadable(each.reason))
                case _:
                    self._stop_resting()
                    self.told.append(Body(each))
        if self._frames.inside and self.next_timer is None:
            self.next_timer = now + SIGN_WITHIN

    def _sign(self, sign: Sign, now: float) -> None:
        match (sign, self._at):
            case (Sign.ENQ, _At.SENT):
                # It speaks of our request, so it has it.
                self._taken()
                self.written.append(Sign.ACK.value)
            case (Sign.ENQ, _At.REACHING | _At.RESTING):
                self._interrupted = True
                self._at = _At.RESTING
                self.next_timer = now + SIGN_WITHIN
                self.written.append(Sign.ACK.value)
            case (Sign.ENQ, _):
                self.written.append(Sign.ACK.value)
            case (Sign.ACK, _At.REACHING):
                self._at = _At.READY
                self.next_timer = None
                self.told.append(Reached())
            case (Sign.NAK, _At.REACHING):
                self._rest(Unsent.BUSY, now)
            case (Sign.ACK, _At.SENT):
                self.written.append(Sign.EOT.value)
                self._taken()
            case (Sign.NAK, _At.SENT):
                self.written.append(Sign.EOT.value)
                self.listen()
                # After a second ENQ it may be that one's answer, and the request may have been taken.
                clear = self._tries == 1
                self.told.append(Receipt.REFUSED if clear else Receipt.UNACKNOWLEDGED)
            case (Sign.EOT, _At.PARTING):
                self._part()
            case _:
                pass

    def _stop_resting(self) -> None:
        """What the terminal interrupted us with is written down first."""
        if self._interrupted:
            self.next_timer = None

    def _taken(self) -> None:
        self.listen()
        self.told.append(Receipt.TAKEN)

    def _rest(self, why: Unsent, now: float) -> None:
        """Let the terminal be, and try again; nothing was asked of it."""
        self.written.append(Sign.EOT.value)
        if self._tries < TRIES:
            self._at = _At.RESTING
            self.next_timer = now + TRY_AGAIN_AFTER
            return
        self.listen()
        self.told.append(NotReached(why))

    def timer_fired(self, now: float) -> None:
        if self._frames.inside:
            self._frames.forget()
            self.written.append(Sign.NAK.value)
            self.told.append(Unreadable("a frame without an end"))
        self.next_timer = None
        match self._at:
            case _At.REACHING:
                self._rest(Unsent.NO_ANSWER, now)
            case _At.RESTING:
                self.reach(now)
            case _At.SENT:
                # It may have it all the same: nothing is sent again, and we listen.
                self.listen()
                self.told.append(Receipt.UNACKNOWLEDGED)
            case _At.PARTING:
                self._part()
            case _:
                pass

    def acknowledge(self, now: float) -> None:
        self.written.append(Sign.ACK.value)
        if self._interrupted:
            self._interrupted = False
            self._at = _At.RESTING
        else:
            self._at = _At.PARTING
        self.next_timer = now + LET_PART_WITHIN

    def _part(self) -> None:
        self.listen()
        self.told.append(Parted())

    def ended(self) -> None:
        """A frame without its end stays without."""


class BareFrames:
    """Frames over a byte stream, without a single byte between them."""

    keeps = False

    def __init__(self) -> None:
        self.told: list[Carried] = []
        self.written: list[bytes] = []
        self.next_timer: float | None = None
        self._frames = Unframer()

    def reach(self, now: float) -> None:
        self.told.append(Reached())

    def send(self, body: bytes, now: float) -> None:
        self.written.append(framed(body))

    def listen(self) -> None:
        """Nothing else is done all the time."""

    def receive(self, data: bytes, now: float) -> None:
        for each in self._frames.take(data):
            match each:
                case Sign():
                    pass
                case Damaged():
                    self.told.append(Unreadable(each.reason))
                case _:
                    self.told.append(Body(each))

    def timer_fired(self, now: float) -> None:
        """No timer is ever set."""

    def acknowledge(self, now: float) -> None:
        self.told.append(Parted())

    def ended(self) -> None:
        """A frame without its end stays without."""
