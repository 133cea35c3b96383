"""Conversations in which we ask, again and again, and the instrument answers."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from drivers.kit.dialogue import FrameRejected, InstrumentEvent
from drivers.kit.framing import Framing
from drivers.kit.link import (
    CharacteristicRead,
    Failed,
    LinkEvent,
    Notified,
    ReadCharacteristic,
    ReadRegisters,
    Received,
    RegistersRead,
    Request,
    Send,
    Subscribe,
)
from drivers.kit.talk import Talk


class RegisterPolling(Talk):
    """Reads blocks of registers; ``parse`` takes one block's bytes each, big-endian, when all have come."""

    def __init__(
        self,
        *blocks: ReadRegisters,
        parse: Callable[[Sequence[bytes]], Iterable[InstrumentEvent]],
        every: float = 1.0,
        missed: Callable[[], None] = lambda: None,
    ) -> None:
        """Poll ``blocks``; ``missed`` is called when a round failed, for what is only known by having been seen."""
        super().__init__(every)
        self._blocks = blocks
        self._parse = parse
        self._missed = missed
        self._round: dict[ReadRegisters, bytes] = {}

    def connection_made(self, now: float) -> None:
        """Ask for the first round at once."""
        self.timer_fired(now)

    def timer_fired(self, now: float) -> None:
        """Ask for the next round."""
        self._due(now)
        self._round.clear()
        for each in self._blocks:
            self.out.ask(each)

    def receive(self, event: LinkEvent, now: float) -> None:
        """Take a block in; one that failed costs this round alone."""
        match event:
            case RegistersRead(request=block, values=values) if block in self._blocks:
                if len(values) == block.count and all(0 <= each <= 0xFFFF for each in values):
                    self._round[block] = b"".join(each.to_bytes(2, "big") for each in values)
                    self._read()
                else:
                    self.out.tell(FrameRejected(f"{len(values)} registers for {block.count}"))
            case Failed(request=ReadRegisters(), reason=reason):
                self._missed()
                self.out.tell(FrameRejected(reason))
            case _:
                pass

    def _read(self) -> None:
        if len(self._round) == len(self._blocks):
            blocks = [self._round[each] for each in self._blocks]
            self._round.clear()
            self._tell(lambda: self._parse(blocks))


class StreamPolling(Talk):
    """Reads frames from a byte stream, after an opening and, if need be, a question each time."""

    def __init__(
        self,
        framing: Framing[bytes],
        parse: Callable[[bytes], Iterable[InstrumentEvent]],
        *,
        opening: Sequence[bytes] = (),
        poll: bytes | None = None,
        every: float = 1.0,
    ) -> None:
        super().__init__(None if poll is None else every)
        self._framing = framing
        self._parse = parse
        self._opening = opening
        self._poll = poll
        self._buffer = bytearray()
        self._answered = True

    def connection_made(self, now: float) -> None:
        """Say what opens the conversation, and ask for the first time."""
        for each in self._opening:
            self.out.ask(Send(each))
        if self._poll is not None:
            self.timer_fired(now)

    def timer_fired(self, now: float) -> None:
        """Ask again; an answer that never came is reported."""
        if self._poll is None:
            return
        if not self._answered:
            self.out.tell(FrameRejected("no answer"))
        self._due(now)
        self._answered = False
        self.out.ask(Send(self._poll))

    def receive(self, event: LinkEvent, now: float) -> None:
        """Take bytes in."""
        if not isinstance(event, Received):
            return
        self._buffer += event.data
        while (frame := self._framing.take(self._buffer)) is not None:
            self._answered = True
            self._tell(partial(self._parse, frame))


class CharacteristicPolling(Talk):
    """Subscribes to characteristics, reads others once or again and again; ``parse`` takes UUID and value."""

    def __init__(
        self,
        parse: Callable[[str, bytes], Iterable[InstrumentEvent]],
        *,
        subscribe: Sequence[str] = (),
        read: Sequence[str] = (),
        poll: Sequence[str] = (),
        every: float = 1.0,
    ) -> None:
        super().__init__(every if poll else None)
        self._parse = parse
        self._opening: tuple[Request, ...] = (
            *(Subscribe(each) for each in subscribe),
            *(ReadCharacteristic(each) for each in read),
        )
        self._poll = poll
        self._failing: set[str] = set()

    def connection_made(self, now: float) -> None:
        """Subscribe, read what is read once, and begin to poll."""
        for each in self._opening:
            self.out.ask(each)
        if self._poll:
            self.timer_fired(now)

    def timer_fired(self, now: float) -> None:
        """Read again."""
        self._due(now)
        for each in self._poll:
            self.out.ask(ReadCharacteristic(each))

    def receive(self, event: LinkEvent, now: float) -> None:
        """Take a value in; a characteristic that is not there is reported once, and the others go on."""
        match event:
            case Notified(uuid=uuid, data=data) | CharacteristicRead(uuid=uuid, data=data):
                self._failing.discard(uuid)
                self._tell(lambda: self._parse(uuid, data))
            case Failed(request=Subscribe() | ReadCharacteristic() as request, reason=reason):
                if request.uuid not in self._failing:
                    self.out.tell(FrameRejected(f"{request.uuid}: {reason}"))
                self._failing.add(request.uuid)
            case _:
                pass
