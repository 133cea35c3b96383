"""A conversation as a script: it says something, waits, and goes on with what is heard.

A script is a generator. It yields how long it waits, ``None`` for the disk, and is sent what came instead of that.
"""

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass

from contract.payment.stated import Unsent
from drivers.payment.dialogue import NotSent, Out, Over, PaymentEvent, Rejected
from drivers.payment.zvt.apdu import TAKEN, Apdu, Command, of
from drivers.payment.zvt.wire import Nonsense, Refused, Unacknowledged, Wire


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing came in time."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is gone."""


@dataclass(frozen=True, slots=True)
class WrittenDown:
    """What was told is on disk."""


Heard = Apdu | Refused | Unacknowledged | Silent | Lost | WrittenDown
Script = Generator[float | None, Heard, None]


class Talk:
    """What a script says, to the terminal and to whoever waits for it."""

    def __init__(self, wire: Wire) -> None:
        self.out = Out()
        self.now = 0.0
        self.lost = False
        """Whether the connection is gone."""
        self.stoppable = False
        """Whether the terminal may be asked to stop."""
        self._wire = wire

    def say(self, command: Command, data: bytes = b"", *, once: bool = False) -> None:
        """Have a command sent."""
        self._wire.send(of(command, data), self.now, once=once)
        self.write()

    def agree(self) -> None:
        """Have the terminal's message answered positively."""
        self._wire.send(TAKEN, self.now)
        self.write()

    def tell(self, event: PaymentEvent) -> None:
        """Have the caller know."""
        self.out.tell(event)

    def write(self) -> None:
        """Hand over what is to be written."""
        while self._wire.written:
            self.out.send(self._wire.written.pop(0))


ScriptOf = Callable[[Talk], Script]


class Conversation:
    """A PaymentDialogue that follows a script."""

    def __init__(self, wire: Wire, script: ScriptOf) -> None:
        self._wire = wire
        self._talk = Talk(wire)
        self._script = script(self._talk)
        self._waiting: deque[Heard] = deque()
        self._deadline: float | None = None
        self._for_the_disk = False
        self._begun = False
        self._over = False

    @property
    def out(self) -> Out:
        return self._talk.out

    @property
    def next_timer(self) -> float | None:
        if self._over:
            return None
        due = [each for each in (self._deadline, self._wire.next_timer) if each is not None]
        return min(due, default=None)

    def connection_made(self, now: float) -> None:
        self._talk.now = now
        self._begun = True
        self._go_on(None)

    def connection_lost(self, now: float) -> None:
        self._talk.now = now
        self._talk.lost = True
        if not self._begun:
            self._talk.tell(NotSent(Unsent.NO_CONNECTION))
            self._end()
        self._waiting.append(Lost())
        self._hear()

    def receive(self, data: bytes, now: float) -> None:
        self._talk.now = now
        self._wire.receive(data, now)
        self._take_in()

    def timer_fired(self, now: float) -> None:
        self._talk.now = now
        self._wire.timer_fired(now)
        self._take_in()
        if self._deadline is not None and self._deadline <= now:
            self._waiting.append(Silent())
            self._hear()

    def proceed(self, now: float) -> None:
        self._talk.now = now
        if self._for_the_disk:
            self._for_the_disk = False
            self._go_on(WrittenDown())
            self._hear()

    def cancel(self, now: float) -> None:
        self._talk.now = now
        if self._talk.stoppable and not self._over:
            self._talk.say(Command.ABORT)

    def _take_in(self) -> None:
        self._talk.write()
        while self._wire.told:
            told = self._wire.told.pop(0)
            if isinstance(told, Nonsense):
                self._talk.tell(Rejected(told.reason))
            else:
                self._waiting.append(told)
        self._hear()

    def _hear(self) -> None:
        while self._waiting and not self._for_the_disk and not self._over:
            self._go_on(self._waiting.popleft())

    def _go_on(self, heard: Heard | None) -> None:
        if self._over:
            return
        try:
            wait = next(self._script) if heard is None else self._script.send(heard)
        except StopIteration:
            self._end()
            return
        self._for_the_disk = wait is None
        self._deadline = None if wait is None else self._talk.now + wait

    def _end(self) -> None:
        self._over = True
        self._deadline = None
        self._talk.tell(Over())
