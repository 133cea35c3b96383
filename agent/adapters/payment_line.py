"""The way to a terminal that speaks over a stream of bytes."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto

from agent.ports import Link, LinkLostError
from agent.usecases.payments.line import Told
from drivers.kit.link import LinkEvent, Received, Send
from drivers.payment.dialogue import AboutToSend, Answered, Asked, Over, PaymentDialogue, Promised
from drivers.payment.kinds import Can, Speaking

OPEN_WITHIN = 5.0
"""Seconds for a connection."""


class _Happened(Enum):
    LOST = auto()
    CANCEL = auto()


Inbox = asyncio.Queue[bytes | _Happened]


class StreamLine:
    """A TerminalLine over links that ``connect`` makes."""

    def __init__(self, speaking: Speaking, connect: Callable[[], Link]) -> None:
        self._speaking = speaking
        self._connect = connect
        self._inbox: Inbox | None = None
        """Of the conversation that is going on."""
        self._turn = asyncio.Lock()

    @property
    def can(self) -> frozenset[Can]:
        return self._speaking.can

    def check(self, asked: Asked) -> None:
        self._speaking.operation(asked)

    async def operate(self, asked: Asked, told: Told) -> None:
        await self._converse(self._speaking.operation(asked), told)

    async def enquire(self, asked: Asked, told: Told) -> None:
        if self._speaking.question is not None:
            await self._converse(self._speaking.question(asked), told)

    async def listen(self, asked: Asked, told: Told) -> None:
        if self._speaking.listening is not None:
            await self._converse(self._speaking.listening(asked), told)

    async def totals(self, told: Told, *, close: bool) -> None:
        if self._speaking.totals is not None:
            await self._converse(self._speaking.totals(close), told)

    def cancel(self) -> None:
        if self._inbox is not None:
            self._inbox.put_nowait(_Happened.CANCEL)

    async def _converse(self, dialogue: PaymentDialogue, told: Told) -> None:
        """Hold one conversation; a terminal has one at a time."""
        async with self._turn:
            inbox: Inbox = asyncio.Queue()
            self._inbox = inbox
            try:
                await _held(dialogue, told, self._connect(), inbox)
            finally:
                self._inbox = None


async def _held(dialogue: PaymentDialogue, told: Told, link: Link, inbox: Inbox) -> None:
    clock = asyncio.get_running_loop().time

    def deliver(event: LinkEvent) -> None:
        if isinstance(event, Received):
            inbox.put_nowait(event.data)

    def lost(_: str) -> None:
        inbox.put_nowait(_Happened.LOST)

    try:
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                await link.open(deliver, lost)
        except (LinkLostError, TimeoutError):
            dialogue.connection_lost(clock())
        else:
            dialogue.connection_made(clock())
        while not await _carry_out(link, dialogue, told):
            await _turn(dialogue, inbox)
    finally:
        await link.close()


async def _carry_out(link: Link, dialogue: PaymentDialogue, told: Told) -> bool:
    """Write and tell what the dialogue wants written and told; return whether it is over."""
    clock = asyncio.get_running_loop().time
    waits = True
    while waits:
        waits = False
        try:
            for data in dialogue.out.data():
                await link.carry_out(Send(data))
        except LinkLostError:
            dialogue.connection_lost(clock())
        for event in dialogue.out.events():
            if isinstance(event, Over):
                return True
            await told(event)
            if isinstance(event, AboutToSend | Promised | Answered):
                dialogue.proceed(clock())
                waits = True
    return False


async def _turn(dialogue: PaymentDialogue, inbox: Inbox) -> None:
    """Let the dialogue take in the next thing that happens."""
    clock = asyncio.get_running_loop().time
    happened: bytes | _Happened | None = None
    with suppress(TimeoutError):
        async with asyncio.timeout_at(dialogue.next_timer):
            happened = await inbox.get()
    match happened:
        case None:
            dialogue.timer_fired(clock())
        case _Happened.LOST:
            dialogue.connection_lost(clock())
        case _Happened.CANCEL:
            dialogue.cancel(clock())
        case _:
            dialogue.receive(happened, clock())
