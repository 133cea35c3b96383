"""Run one instrument's dialogue over one link."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress

from agent.ports import Link, LinkLostError
from contract.words import Words
from drivers.kit.description import Conversation
from drivers.kit.dialogue import Act, FrameRejected, InstrumentEvent, PollsSkipped
from drivers.kit.link import LinkEvent, Request

NO_SIGN_OF_LIFE = (FrameRejected, PollsSkipped)
"""What is told of an instrument that says nothing."""
PART_WITHIN = 2.0
"""Seconds for the last words over a link."""


class Lost:
    """The link ended."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


Inbox = asyncio.Queue[LinkEvent | Act | Lost]


def put(inbox: Inbox, happened: LinkEvent | Act | Lost) -> None:
    """Put it in; an inbox that is full gives up the link, and never the news of its end."""
    if inbox.full():
        inbox.get_nowait()
        happened = Lost("more came than could be taken in")
    inbox.put_nowait(happened)


async def converse(
    link: Link,
    conversation: Conversation,
    inbox: Inbox,
    *,
    silence: float | None,
    opened: Callable[[], None],
    parting: Sequence[Request] = (),
) -> AsyncGenerator[InstrumentEvent, None]:
    """Yield what the instrument says, until LinkLostError.

    Acts put into ``inbox`` are passed on to the instrument. After ``silence`` seconds in which nothing came that could
    be used, the link is given up: some stacks never say that it ended. Before the link is closed, whatever the reason,
    ``parting`` is carried out as far as the link still allows. Use ``contextlib.aclosing`` around it.
    """
    clock = asyncio.get_running_loop().time
    await link.open(
        lambda event: put(inbox, event),
        lambda reason: put(inbox, Lost(reason or "the link was lost")),
    )
    try:
        opened()
        conversation.connection_made(clock())
        alive = clock()
        while True:
            for request in conversation.out.requests():
                answer = await link.carry_out(request)
                if answer is not None:
                    conversation.receive(answer, clock())
            for event in conversation.out.events():
                if not isinstance(event, NO_SIGN_OF_LIFE):
                    alive = clock()
                yield event
            await _turn(conversation, inbox, None if silence is None else alive + silence)
    finally:
        await _part(link, parting)
        await link.close()


async def _part(link: Link, parting: Sequence[Request]) -> None:
    with suppress(LinkLostError, TimeoutError):
        async with asyncio.timeout(PART_WITHIN):
            for each in parting:
                await link.carry_out(each)


async def _turn(conversation: Conversation, inbox: Inbox, deadline: float | None) -> None:
    """Let the conversation take in the next thing that happens."""
    clock = asyncio.get_running_loop().time
    due = [each for each in (conversation.next_timer, deadline) if each is not None]
    try:
        async with asyncio.timeout_at(min(due, default=None)):
            happened = await inbox.get()
    except TimeoutError:
        now = clock()
        if deadline is not None and now >= deadline:
            raise LinkLostError(Words("silent")) from None
        conversation.timer_fired(now)
        return
    match happened:
        case Lost(reason=reason):
            raise LinkLostError(reason)
        case Act():
            conversation.act(happened, clock())
        case _:
            conversation.receive(happened, clock())
