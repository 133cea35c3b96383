"""A simulated Zebra scanner that sends packets, written from docs/protocols/zebra-ssi.md alone."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import ClassVar

from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.kit.quantities import Quantity
from firmware_sims.kit.wired import Framed, WiredInstrument

HEAD, CHECK = 4, 2
DECODE, ACKNOWLEDGED, REFUSED = 0xF3, 0xD0, 0xD1
ENABLE, DISABLE = 0xE9, 0xEA
CONFIRMED = frozenset((0xE4, 0xE5, 0xE8, ENABLE, DISABLE))
"""§2: commands that change what the scanner does. What it says of itself is not stated."""
SCANNER, HOST = 0x00, 0x04
SENT_AGAIN, CONTINUATION = 0x01, 0x02
SEND_AGAIN = b"\x01"
CODE_128 = b"\x03"
LONGEST_TEXT = 250
"""What the length leaves to one packet; how a code in several is made up is not stated."""
PATIENCE_SECONDS = 2.0
MOST_TIMES_AGAIN = 3
"""How long it waits for an acknowledgement, and when it gives up: both ours."""


def packet(opcode: int, data: bytes = b"", status: int = 0) -> bytes:
    """§2: return what the scanner says, with its check value."""
    covered = bytes((HEAD + len(data), opcode, SCANNER, status)) + data
    return covered + check(covered)


def check(covered: bytes) -> bytes:
    """§2: the two's complement of the sum."""
    return (-sum(covered) & 0xFFFF).to_bytes(CHECK, "big")


class PacketScanner(WiredInstrument):
    """A scanner that keeps a code until somebody has acknowledged it, one code at a time."""

    slug = "zebra-ssi"
    known_faults: ClassVar[frozenset[Fault]] = frozenset(
        (
            Fault.LINK_LOSS,
            Fault.SILENCE,
            Fault.CORRUPT_BYTE,
            Fault.SPLIT,
            Fault.DELAY,
            Fault.DUPLICATE,
            Fault.WRONG_CHECK,
            Fault.WRONG_STATUS,
        )
    )
    known_acts: ClassVar[frozenset[Act]] = frozenset((Act.SCAN,))
    refresh_seconds = 1.0

    def __init__(self, serial: str, chance: Random) -> None:
        super().__init__(name=f"zebra scanner {serial}", serial=serial, chance=chance)
        self.acknowledged = 0
        """Codes that somebody has acknowledged."""
        self.enabled = True
        self._codes: deque[bytes] = deque()
        self._times_again = 0
        self._sent_at = 0.0
        self._requests = Framed()

    @property
    def state(self) -> str:
        if self._codes:
            return "waiting for an acknowledgement"
        return "ready" if self.enabled else "disabled"

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        return {}

    def show(self) -> None:
        """Nothing: there is no display."""

    def do(self, act: Act, text: str) -> None:
        """Scan a code; raise `ControlError` for a text no Code 128 in one packet can hold."""
        if not self.enabled:
            raise ControlError("act", act, frozenset(("nothing while it is disabled",)))
        if not text.isascii() or not text.isprintable() or not 0 < len(text) <= LONGEST_TEXT:
            allowed = f"1 to {LONGEST_TEXT} printable ASCII characters"
            raise ControlError("text", text, frozenset((allowed,)))
        self._codes.append(CODE_128 + text.encode("ascii"))
        if len(self._codes) == 1:
            self._say()

    def process(self, dt: float, now: datetime) -> None:
        """Let `dt` seconds pass; what nobody acknowledged is sent again."""
        super().process(dt, now)
        if self._codes and self.elapsed - self._sent_at >= PATIENCE_SECONDS:
            self._say_again()

    def _say_again(self) -> None:
        self._times_again += 1
        if self._times_again > MOST_TIMES_AGAIN:
            self._next()
        else:
            self._say()

    def _next(self) -> None:
        self._codes.popleft()
        self._times_again = 0
        if self._codes:
            self._say()

    def _say(self) -> None:
        self._sent_at = self.elapsed
        again = SENT_AGAIN if self._times_again else 0
        wrong = CONTINUATION if Fault.WRONG_STATUS in self.faults else 0
        self._send(packet(DECODE, self._codes[0], again | wrong))

    def _send(self, said: bytes) -> None:
        wrong = Fault.WRONG_CHECK in self.faults
        self.outgoing.append(said[:-1] + bytes((said[-1] ^ 1,)) if wrong else said)

    def plugged_in(self) -> None:
        """Begin afresh; the code that waits is sent again in its time."""
        self._requests = Framed()
        self.outgoing.clear()

    def heard(self, data: bytes) -> None:
        """§2: take packets; one with a wrong check value is asked for again."""
        self._requests.waiting += data
        while self._requests.waiting:
            size = self._requests.waiting[0] + CHECK
            if size < HEAD + CHECK:
                self._requests.take(1)
            elif len(self._requests.waiting) < size:
                return
            else:
                self._told(self._requests.take(size))

    def _told(self, said: bytes) -> None:
        if check(said[:-CHECK]) != said[-CHECK:]:
            # What follows may be anything.
            self._requests = Framed()
            self._send(packet(REFUSED, SEND_AGAIN))
        elif said[2] != HOST:
            return
        elif said[1] == ACKNOWLEDGED and self._codes:
            self.acknowledged += 1
            self._next()
        elif said[1] == REFUSED and self._codes:
            self._say_again()
        elif said[1] in CONFIRMED:
            self.enabled = said[1] != DISABLE and (self.enabled or said[1] == ENABLE)
            self._send(packet(ACKNOWLEDGED))
