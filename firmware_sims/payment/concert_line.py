"""The terminal's end of the frames and single bytes of Concert V2, from docs/protocols/concert-v2.md, §2 to §4."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from firmware_sims.kit.faults import Fault
from firmware_sims.payment.terminal import Terminal

START, END, OVER, ASK, YES, NO = 0x02, 0x03, 0x04, 0x05, 0x06, 0x15
LONGEST_FRAME = 512
AROUND_A_BODY = 3
PATIENCE_SECONDS = 3.0
"""§4: the longest that it waits for a single byte."""
MOST_TIMES_AGAIN = 2
"""How often an answer is repeated that nobody acknowledged: ours."""
MOST_OFFERS = 10
"""How often it asks a till to listen before it gives up: ours."""
FIRST_OFFER_SECONDS = 1.0
"""How long it leaves a till that is new on the link alone: ours."""


def check(body: bytes) -> int:
    """§3: the exclusive-or of the body and of the end byte."""
    value = END
    for each in body:
        value ^= each
    return value


def framed(body: bytes) -> bytes:
    """§3: return a body as it goes over the line."""
    return bytes((START, *body, END, check(body)))


class Turn(Enum):
    """Whose turn it is."""

    FREE = auto()
    TILL_TO_ORDER = auto()
    TILL_TO_END = auto()
    TILL_TO_LISTEN = auto()
    TILL_TO_ACKNOWLEDGE = auto()


@dataclass(slots=True)
class Offer:
    """An answer on its way."""

    body: bytes
    kept: bool
    offered: int = 0
    given: int = 0


class Line:
    """Speaks with one till; what is in the frames it leaves to whoever made it."""

    def __init__(
        self,
        terminal: Terminal,
        *,
        counted: Callable[[bytes], bool],
        begun: Callable[[bytes], None],
        handshake: bool,
    ) -> None:
        self._terminal = terminal
        self._counted = counted
        """Whether a body is a request; counts it."""
        self._begun = begun
        """Takes a request that was acknowledged."""
        self._handshake = handshake
        self._turn = Turn.FREE
        self._since = 0.0
        self._offers: deque[Offer] = deque()
        self._next_offer = 0.0
        self._frame: bytearray | None = None

    def forget(self) -> None:
        """Begin anew, as after a reboot."""
        self._offers.clear()
        self._go(Turn.FREE)
        self._frame = None

    def plugged_in(self) -> None:
        """Begin with another till: only what is kept is still told."""
        kept = [each for each in self._offers if each.kept]
        self.forget()
        self._offers.extend(kept)
        self._next_offer = self._terminal.elapsed + (FIRST_OFFER_SECONDS if kept else 0.0)

    def offer(self, body: bytes, *, kept: bool = False) -> None:
        """Give an answer when the till listens."""
        self._offers.append(Offer(body, kept))
        self.process()

    def process(self) -> None:
        """Do what is due."""
        waiting = self._frame is not None or self._turn is not Turn.FREE
        if waiting and self._terminal.elapsed - self._since >= PATIENCE_SECONDS:
            self._waited_in_vain()
        if self._turn is Turn.FREE and self._offers and self._frame is None:
            self._speak_up()

    def heard(self, data: bytes) -> None:
        """Take bytes, however they are cut."""
        for byte in data:
            if self._frame is not None:
                self._collect(self._frame, byte)
            elif byte == START:
                if self._turn is Turn.TILL_TO_ORDER or not self._handshake:
                    self._frame = bytearray()
                    self._since = self._terminal.elapsed
            elif self._handshake:
                self._single(byte)

    # --- what a till says -------------------------------------------------------------------------

    def _collect(self, frame: bytearray, byte: int) -> None:
        self._since = self._terminal.elapsed
        if frame.endswith(bytes((END,))):
            self._frame = None
            body = bytes(frame[:-1])
            self._framed(body, whole=byte == check(body))
        elif byte == START:
            # No body holds one: what came before it was damaged.
            frame.clear()
        elif len(frame) >= LONGEST_FRAME - AROUND_A_BODY + 1:
            self._frame = None
            self._framed(b"", whole=False)
        else:
            frame.append(byte)

    def _framed(self, body: bytes, *, whole: bool) -> None:
        spend = self._terminal.spend
        if not whole or not self._counted(body) or spend(Fault.REQUEST_REFUSED):
            self._say(NO)
            return
        if not spend(Fault.REQUEST_NOT_ACKNOWLEDGED):
            self._say(YES)
        self._go(Turn.TILL_TO_END if self._handshake else Turn.FREE)
        self._begun(body)

    def _single(self, byte: int) -> None:
        if byte == ASK:
            self._asked()
        elif byte == OVER and self._turn in {Turn.TILL_TO_ORDER, Turn.TILL_TO_END}:
            self._go(Turn.FREE)
        elif self._turn is Turn.TILL_TO_LISTEN:
            self._may_give() if byte == YES else self._may_not_give(byte)
        elif self._turn is Turn.TILL_TO_ACKNOWLEDGE:
            self._given(byte)

    def _asked(self) -> None:
        free = self._turn in {Turn.FREE, Turn.TILL_TO_ORDER}
        if not free or self._terminal.occupied or self._terminal.spend(Fault.BUSY):
            self._say(NO)
            return
        self._say(YES)
        self._go(Turn.TILL_TO_ORDER)

    # --- what is said to it -----------------------------------------------------------------------

    def _speak_up(self) -> None:
        offer = self._offers[0]
        if self._terminal.elapsed < self._next_offer or not self._terminal.connected:
            return
        if not self._handshake:
            self._offers.popleft()
            self._say_frame(offer)
            return
        if offer.offered >= MOST_OFFERS and not offer.kept:
            self._offers.popleft()
            return
        offer.offered += 1
        self._say(ASK)
        self._go(Turn.TILL_TO_LISTEN)

    def _may_give(self) -> None:
        self._offers[0].given = 0
        self._give(self._offers[0])

    def _may_not_give(self, byte: int) -> None:
        if byte == NO:
            self._offer_later()

    def _give(self, offer: Offer) -> None:
        offer.given += 1
        self._say_frame(offer)
        self._go(Turn.TILL_TO_ACKNOWLEDGE)

    def _given(self, byte: int) -> None:
        if byte == NO:
            self._give_again()
        elif byte == YES and not self._terminal.spend(Fault.ACKNOWLEDGEMENT_LOST):
            self._offers.popleft()
            self._say(OVER)
            self._go(Turn.FREE)

    def _give_again(self) -> None:
        offer = self._offers[0]
        if offer.given <= MOST_TIMES_AGAIN:
            self._give(offer)
            return
        if not offer.kept:
            self._offers.popleft()
        self._say(OVER)
        self._offer_later()

    def _offer_later(self) -> None:
        """Leave the till its turn, to order something else."""
        self._next_offer = self._terminal.elapsed + PATIENCE_SECONDS
        self._go(Turn.FREE)

    def _waited_in_vain(self) -> None:
        self._frame = None
        if self._turn is Turn.TILL_TO_ACKNOWLEDGE:
            self._give_again()
        elif self._turn is Turn.TILL_TO_LISTEN:
            self._offer_later()
        else:
            self._go(Turn.FREE)

    def _go(self, turn: Turn) -> None:
        self._turn = turn
        self._since = self._terminal.elapsed

    def _say(self, byte: int) -> None:
        if self._handshake:
            self._terminal.outgoing.append(bytes((byte,)))

    def _say_frame(self, offer: Offer) -> None:
        frame = framed(offer.body)
        if self._terminal.spend(Fault.WRONG_CHECK):
            frame = frame[:-1] + bytes((frame[-1] ^ 1,))
        self._terminal.outgoing.append(frame)
