"""A till's dialogue with somebody who answers it by hand, and a disk that is waited for."""

from drivers.payment.dialogue import AboutToSend, Answered, Over


class Talk:
    """Drives a dialogue: what it writes and tells is kept, and it is let go on only when the test says so."""

    def __init__(self, dialogue, *, connect=True) -> None:
        self.dialogue = dialogue
        self.now = 0.0
        self.written = b""
        self.events = []
        if connect:
            dialogue.connection_made(self.now)
            self._look()

    def hear(self, *data) -> "Talk":
        for each in data:
            self.dialogue.receive(bytes.fromhex(each) if isinstance(each, str) else each, self.now)
            self._look()
        return self

    def saved(self) -> "Talk":
        """What was told is on disk."""
        self.dialogue.proceed(self.now)
        self._look()
        return self

    def wait(self, seconds) -> "Talk":
        """Let time pass, timer by timer."""
        until = self.now + seconds
        while (due := self.dialogue.next_timer) is not None and due <= until:
            self.now = max(self.now, due)
            self.dialogue.timer_fired(self.now)
            self._look()
        self.now = until
        return self

    def lose(self) -> "Talk":
        self.dialogue.connection_lost(self.now)
        self._look()
        return self

    def stop(self) -> "Talk":
        self.dialogue.cancel(self.now)
        self._look()
        return self

    def said(self) -> str:
        """Return and forget what was written, in hexadecimal."""
        written, self.written = self.written, b""
        return written.hex()

    @property
    def kinds(self):
        return [type(each) for each in self.events]

    @property
    def last(self):
        return [each for each in self.events if not isinstance(each, Over)][-1]

    @property
    def over(self) -> bool:
        return Over() in self.events

    def answers(self):
        return [each for each in self.events if isinstance(each, Answered)]

    @property
    def mark(self):
        return next(each.mark for each in self.events if isinstance(each, AboutToSend))

    def _look(self) -> None:
        self.written += b"".join(self.dialogue.out.data())
        self.events += self.dialogue.out.events()
