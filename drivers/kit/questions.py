"""Conversations in which each question has its own answer, one outstanding at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from drivers.kit.dialogue import FrameRejected, InstrumentEvent
from drivers.kit.errors import FrameError
from drivers.kit.link import LinkEvent, Received, Send
from drivers.kit.talk import Talk


@dataclass(frozen=True, slots=True)
class Answer:
    """The parameters of a whole answer."""

    parameters: bytes


@dataclass(frozen=True, slots=True)
class Say:
    """Bytes that the other side waits for before it goes on."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The other side took the question in."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side did not take the question."""

    reason: str = "the instrument did not take the question"


@dataclass(frozen=True, slots=True)
class Damaged:
    """Bytes that came to nothing."""

    reason: str
    raw: bytes


Heard = Answer | Say | Acknowledged | Refused | Damaged


class Envelope(Protocol):
    """How questions and answers are wrapped; an answer under way is forgotten when a new question is wrapped."""

    def wrap(self, parameters: bytes) -> tuple[bytes, ...]: ...
    def take(self, data: bytes) -> Iterator[Heard]: ...


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
    """Opening questions once each, then a round of questions on a beat.

    What stops answering, or refuses, may have been restarted: the opening questions are asked again.
    """

    def __init__(
        self,
        envelope: Envelope,
        opening: Sequence[Question],
        round_: Sequence[Question],
        *,
        every: float = 1.0,
        answer_within: float = 3.0,
    ) -> None:
        super().__init__(every)
        self._answer_within = answer_within
        self._envelope = envelope
        self._questions = (*opening, *round_)
        self._round = len(opening)
        self._at = 0
        self._waiting = False

    def connection_made(self, now: float) -> None:
        """Ask the first question."""
        self._ask(now)

    def timer_fired(self, now: float) -> None:
        """Ask the next question; one that was not answered is reported."""
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
            case Refused(reason=reason) if self._waiting:
                self.out.tell(FrameRejected(reason))
                self._refused(now)
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
        self._at += 1
        if self._at < len(self._questions):
            self._ask(now)
        else:
            self._rest(self._round, now)

    def _refused(self, now: float) -> None:
        if self._at >= self._round:
            self._rest(0, now)
        elif self._questions[self._at].needed:
            # Asked again at once it would be refused at once.
            self._rest(self._at, now)
        else:
            self._skip()
            self._ask(now)

    def _skip(self) -> None:
        if self._at >= self._round:
            self._at = 0
        elif not self._questions[self._at].needed:
            self._at += 1

    def _rest(self, then: int, now: float) -> None:
        self._at = then
        self._waiting = False
        self._due(now)

    def _ask(self, now: float) -> None:
        self._waiting = True
        self.next_timer = now + self._answer_within
        for each in self._envelope.wrap(self._questions[self._at].parameters()):
            self.out.ask(Send(each))
