"""Ask one question after the other, and the last one again and again. Protocol page, §7."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from drivers.combustion.testo_330.envelope import (
    Acknowledged,
    Answer,
    Damaged,
    Envelope,
    Heard,
    Refused,
    Say,
)
from drivers.kit.dialogue import FrameRejected, InstrumentEvent
from drivers.kit.errors import FrameError
from drivers.kit.link import LinkEvent, Received, Send
from drivers.kit.talk import Talk

ANSWER_WITHIN = 3.0
EVERY = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, once its parameters are known, and how the answer reads; ``read`` may raise FrameError."""

    parameters: Callable[[], bytes]
    read: Callable[[bytes], Iterable[InstrumentEvent]]
    ends_with_ack: bool = False
    """An acknowledgement is all the answer there need be."""
    needed: bool = False
    """Nothing else can be asked before this is answered."""


class QuestionsInTurn(Talk):
    """One question outstanding at a time; the opening ones once each, then the values on a beat."""

    def __init__(
        self, envelope: Envelope, opening: Sequence[Question], values: Question, every: float
    ) -> None:
        super().__init__(every)
        self._envelope = envelope
        self._questions = (*opening, values)
        self._at = 0
        self._waiting = False

    def connection_made(self, now: float) -> None:
        """Ask the first question."""
        self._ask(now)

    def timer_fired(self, now: float) -> None:
        """Ask the next question; one that was not answered is reported, and skipped unless it is needed."""
        if self._waiting:
            self.out.tell(FrameRejected("no answer"))
            self._skip()
        self._ask(now)

    def receive(self, event: LinkEvent, now: float) -> None:
        """Take bytes in."""
        if isinstance(event, Received):
            for heard in self._envelope.take(event.data):
                self._heard(heard, now)

    def _heard(self, heard: Heard, now: float) -> None:
        match heard:
            case Say(data=data):
                self.out.ask(Send(data))
            case Damaged(reason=reason, raw=raw):
                self.out.tell(FrameRejected(reason, raw))
            case Answer(parameters=parameters) if self._waiting:
                self._read(self._questions[self._at], parameters, now)
            case Refused() if self._waiting:
                self.out.tell(FrameRejected("the instrument did not take the question"))
                self._answered(now)
            case Acknowledged() if self._waiting and self._questions[self._at].ends_with_ack:
                self._answered(now)
            case _:
                pass

    def _read(self, question: Question, parameters: bytes, now: float) -> None:
        try:
            read = list(question.read(parameters))
        except FrameError as error:
            self.out.tell(FrameRejected(str(error), error.raw))
            if question.needed:
                return
            read = []
        for event in read:
            self.out.tell(event)
        self._answered(now)

    def _answered(self, now: float) -> None:
        self._waiting = False
        if self._at < len(self._questions) - 1:
            self._at += 1
            self._ask(now)
        else:
            self._due(now)

    def _skip(self) -> None:
        if self._at < len(self._questions) - 1 and not self._questions[self._at].needed:
            self._at += 1

    def _ask(self, now: float) -> None:
        self._waiting = True
        self.next_timer = now + ANSWER_WITHIN
        for each in self._envelope.wrap(self._questions[self._at].parameters()):
            self.out.ask(Send(each))
