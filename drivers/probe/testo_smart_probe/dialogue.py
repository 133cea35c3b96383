"""The conversation with a Smart Probe. Protocol page, §2 and §3."""

from collections import deque
from dataclasses import dataclass

from contract.words import Words
from drivers.kit.dialogue import Act, ActEnded, FrameRejected, IdentityStated, Outbound
from drivers.kit.link import (
    Failed,
    LinkEvent,
    Notified,
    Subscribe,
    Subscribed,
    WriteCharacteristic,
)
from drivers.probe.testo_smart_probe.frame import (
    Frame,
    Opcode,
    SmartProbeFraming,
    named,
    split_name,
)
from drivers.probe.testo_smart_probe.values import interpret

WRITE = "0000fff1-0000-1000-8000-00805f9b34fb"
NOTIFY = "0000fff2-0000-1000-8000-00805f9b34fb"

ACKNOWLEDGED_WITHIN = 2.0
"""Seconds; captured replies came within tens of milliseconds."""
OPENING_TRIES = 3
WRITE_AT_ONCE = 20
"""Longer writes were captured as 20 bytes and the rest."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A request that the probe acknowledges. An act is sent once, an opening step up to three times."""

    opcode: Opcode
    payload: bytes = b""
    act: Act | None = None
    tries: int = OPENING_TRIES


OPENING = (
    _Step(Opcode.OPEN, b"\x02"),
    _Step(Opcode.QUERY),
    _Step(Opcode.GET, named("FirmwareVersion")),
    _Step(Opcode.START),
)
ACTS = {Act.ZERO: _Step(Opcode.SET, named("ZeroPressure", b"\x01"), Act.ZERO, tries=1)}


class SmartProbeDialogue:
    """Opens the stream step by step, then listens; zeroes when a person asks."""

    def __init__(self) -> None:
        self.out = Outbound()
        self.next_timer: float | None = None
        self._buffer = bytearray()
        self._framing = SmartProbeFraming()
        self._steps: deque[_Step] = deque(OPENING)
        self._sequence = 0
        self._tries = 0

    def connection_made(self, now: float) -> None:
        """Ask for notifications before anything is written."""
        self.out.ask(Subscribe(NOTIFY))

    def receive(self, event: LinkEvent, now: float) -> None:
        """Take an answer or a piece of the stream in."""
        match event:
            case Subscribed():
                self._send(now)
            case Notified(uuid=uuid, data=data) if uuid == NOTIFY:
                self._buffer += data
                self._read(now)
            case Failed(request=Subscribe() | WriteCharacteristic(), reason=reason):
                self._fail(reason, now)
            case _:
                pass

    def timer_fired(self, now: float) -> None:
        """The step under way was not acknowledged."""
        self._fail(
            Words("no acknowledgement within {seconds} s", seconds=ACKNOWLEDGED_WITHIN), now
        )

    def act(self, act: Act, now: float) -> None:
        """Queue a person's act; what is not known is refused at once."""
        step = ACTS.get(act)
        if step is None:
            self.out.tell(ActEnded(act, done=False, reason="the probe knows no such act"))
            return
        self._steps.append(step)
        if len(self._steps) == 1:
            self._send(now)

    def _send(self, now: float) -> None:
        if not self._steps:
            return
        step = self._steps[0]
        self._tries += 1
        data = Frame(step.opcode, self._sequence, step.payload).encoded()
        for start in range(0, len(data), WRITE_AT_ONCE):
            self.out.ask(WriteCharacteristic(WRITE, data[start : start + WRITE_AT_ONCE]))
        self.next_timer = now + ACKNOWLEDGED_WITHIN

    def _read(self, now: float) -> None:
        while (frame := self._framing.take(self._buffer)) is not None:
            if isinstance(frame, Frame) and frame.opcode == Opcode.REPLY:
                self._acknowledged(frame, now)
            for event in interpret(frame):
                self.out.tell(event)

    def _acknowledged(self, reply: Frame, now: float) -> None:
        if not self._steps or self.next_timer is None or reply.sequence != self._sequence:
            return
        step = self._steps[0]
        if step.opcode is Opcode.GET and (text := split_name(reply.payload)) is not None:
            self.out.tell(IdentityStated(firmware=text[0]))
        if step.act is not None:
            self.out.tell(ActEnded(step.act, done=True))
        self._next(now)

    def _fail(self, reason: str, now: float) -> None:
        self.next_timer = None
        if not self._steps:
            return
        step = self._steps[0]
        if step.act is not None:
            self.out.tell(ActEnded(step.act, done=False, reason=reason))
            self._next(now)
        elif self._tries < step.tries:
            self._send(now)
        else:
            self.out.tell(FrameRejected(f"{step.opcode.name.lower()}: {reason}"))
            self._next(now)

    def _next(self, now: float) -> None:
        self._steps.popleft()
        self._sequence = (self._sequence + 1) % 0x80
        self._tries = 0
        self.next_timer = None
        self._send(now)
