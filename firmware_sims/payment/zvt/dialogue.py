"""What a terminal says in a dialogue: one thing after the other, each answered; docs/protocols/zvt.md, §3 and §5."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from firmware_sims.payment.zvt.apdu import Apdu

T3 = 5.0


def _nothing(_: bool | None) -> None:  # noqa: FBT001 - it is called by position as those in its place
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that a till must answer."""

    apdu: Apdu
    lost: bool = False
    """It does not leave; the terminal does not know."""
    in_passing: bool = False
    """Without an answer it goes on all the same."""
    answered: Callable[[bool | None], None] = field(default=_nothing)
    """Is told whether the answer was positive; None: there was none."""


class Dialogue:
    """Waits for each answer before the next is said."""

    def __init__(self, send: Callable[[Apdu], None], clock: Callable[[], float]) -> None:
        self._send = send
        self._clock = clock
        self._queue: deque[Said] = deque()
        self._waiting: Said | None = None
        self._since = 0.0

    @property
    def busy(self) -> bool:
        """Whether an answer is outstanding."""
        return self._waiting is not None

    def say(self, *said: Said) -> None:
        """Say these when it is their turn."""
        self._queue.extend(said)
        self._go_on()

    def answer(self, *, positive: bool) -> None:
        """Take an answer; one that nobody waits for does nothing."""
        if self._waiting is not None:
            said, self._waiting = self._waiting, None
            said.answered(positive)
            self._go_on()

    def process(self, *, held: bool) -> None:
        """Wait no longer than T3, which begins when nothing holds up on the way what was said."""
        if held:
            self._since = self._clock()
        if self._waiting is None or self._clock() - self._since < T3:
            return
        said, self._waiting = self._waiting, None
        if not said.in_passing:
            self.drop()
        said.answered(None)
        self._go_on()

    def drop(self) -> None:
        """Say nothing of what was to follow."""
        self._queue.clear()

    def forget(self) -> None:
        """End it: nobody is at the other end."""
        self._queue.clear()
        self._waiting = None

    def _go_on(self) -> None:
        if self._waiting is None and self._queue:
            self._waiting = self._queue.popleft()
            self._since = self._clock()
            if not self._waiting.lost:
                self._send(self._waiting.apdu)
