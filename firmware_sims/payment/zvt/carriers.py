"""What carries the APDUs of ZVT: a stream over TCP, or blocks on a serial line; docs/protocols/zvt.md, §2."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from firmware_sims.kit.faults import Fault
from firmware_sims.payment.terminal import Terminal
from firmware_sims.payment.zvt.apdu import Apdu, first, no
from firmware_sims.payment.zvt.blocks import Reader, block

ACK, NAK = 0x06, 0x15
T1, T2 = 0.2, 5.0
MOST_TIMES_AGAIN = 2
FEWEST_TICKS = 2
"""T1 is over after so many at least, however fast the terminal's time runs."""
PATIENCE_SECONDS = 5.0
"""How long over TCP the rest of an APDU may take: ours."""
PROTOCOL = 0x9A


@dataclass(frozen=True, slots=True)
class Ear:
    """Whoever is behind a carrier."""

    heard: Callable[[Apdu, bool], None]
    """Takes an APDU, and whether it was acknowledged."""
    wordless: Callable[[Apdu], bool]
    """Whether an APDU is to be taken without a word."""


class Carrier(Protocol):
    """Either of the two."""

    @property
    def pending(self) -> bool:
        """Whether something has not arrived for all it knows."""
        ...

    def heard(self, data: bytes) -> None:
        """Take bytes, however they are cut."""
        ...

    def send(self, apdu: Apdu) -> None:
        """Let an APDU leave as soon as it can."""
        ...

    def process(self) -> None:
        """Do what is due."""
        ...

    def forget(self) -> None:
        """Begin anew."""
        ...


class Stream:
    """APDU after APDU, without an envelope."""

    def __init__(self, terminal: Terminal, ear: Ear) -> None:
        self._terminal = terminal
        self._ear = ear
        self._waiting = bytearray()
        self._since = 0.0

    @property
    def pending(self) -> bool:
        return False

    def heard(self, data: bytes) -> None:
        self._since = self._terminal.elapsed
        self._waiting += data
        while found := first(self._waiting):
            apdu, size = found
            del self._waiting[:size]
            self._ear.heard(apdu, self._ear.wordless(apdu))

    def send(self, apdu: Apdu) -> None:
        self._terminal.outgoing.append(bytes(apdu))

    def process(self) -> None:
        if self._terminal.elapsed - self._since >= PATIENCE_SECONDS:
            self._waiting.clear()

    def forget(self) -> None:
        self._waiting.clear()


class Line:
    """Blocks with single bytes that acknowledge them."""

    def __init__(self, terminal: Terminal, ear: Ear) -> None:
        self._terminal = terminal
        self._ear = ear
        self._reader = Reader()
        self._since = 0.0
        self._ticks = 0
        self._waiting: deque[Apdu] = deque()
        self._sent_at = 0.0
        self._sent = 0
        """How often the first of them was sent."""

    @property
    def pending(self) -> bool:
        return bool(self._waiting)

    def heard(self, data: bytes) -> None:
        for byte in data:
            self._since, self._ticks = self._terminal.elapsed, 0
            if not self._reader.amid and byte in {ACK, NAK}:
                self._acknowledged() if byte == ACK else self._again()
                continue
            ended = self._reader.take(byte)
            if ended is not None:
                self._ended(ended)

    def send(self, apdu: Apdu) -> None:
        self._waiting.append(apdu)
        if len(self._waiting) == 1:
            self._give()

    def process(self) -> None:
        self._ticks += 1
        quiet = self._terminal.elapsed - self._since
        if self._reader.amid and quiet >= T1 and self._ticks >= FEWEST_TICKS:
            self._reader.forget()
            self._say(NAK)
        if self._waiting and self._terminal.elapsed - self._sent_at >= T2:
            self._again()

    def forget(self) -> None:
        self._reader.forget()
        self._waiting.clear()
        self._sent = 0

    def _ended(self, data: bytes) -> None:
        if not data:
            self._say(NAK)
            return
        found = first(data)
        if found is None or found[1] != len(data):
            self._say(ACK)
            self.send(no(PROTOCOL))
            return
        apdu = found[0]
        wordless = self._ear.wordless(apdu)
        if not wordless:
            self._say(ACK)
        if apdu.answers:
            # Who answers has heard: the acknowledgement was lost.
            self._acknowledged()
        self._ear.heard(apdu, wordless)

    # --- what is said -----------------------------------------------------------------------------

    def _acknowledged(self) -> None:
        if self._waiting and self._sent:
            self._done()

    def _done(self) -> None:
        self._waiting.popleft()
        self._sent = 0
        if self._waiting:
            self._give()

    def _again(self) -> None:
        if self._sent > MOST_TIMES_AGAIN:
            self._done()
        elif self._sent:
            self._give()

    def _give(self) -> None:
        self._sent += 1
        self._sent_at = self._terminal.elapsed
        sent = block(bytes(self._waiting[0]))
        if self._terminal.spend(Fault.WRONG_CHECK):
            sent = sent[:-1] + bytes((sent[-1] ^ 1,))
        self._terminal.outgoing.append(sent)

    def _say(self, byte: int) -> None:
        self._terminal.outgoing.append(bytes((byte,)))
