"""Speak with an instrument for a while, to tell how it went."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress

from agent.ports import Link
from agent.usecases.session import NO_SIGN_OF_LIFE, converse
from drivers.kit.description import Conversation
from drivers.kit.dialogue import FaultStated, InstrumentEvent
from drivers.kit.link import Failed, LinkEvent, Received, Request


class Heard:
    """A Link that counts what comes, and what it became."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.bytes = 0
        """That came as a stream."""
        self.used = 0
        """Events that said something."""
        self.failed: str | None = None
        """Why the last request that failed did."""
        self.fault: str | None = None
        """The last thing that was said to be wrong with it."""

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        def delivering(event: LinkEvent) -> None:
            self.bytes += len(event.data) if isinstance(event, Received) else 0
            deliver(event)

        await self._link.open(delivering, lost)

    async def carry_out(self, request: Request) -> LinkEvent | None:
        answer = await self._link.carry_out(request)
        if isinstance(answer, Failed):
            self.failed = answer.reason
        return answer

    async def close(self) -> None:
        await self._link.close()

    def told(self, event: InstrumentEvent) -> None:
        """Count what says something, and keep what is wrong."""
        self.used += not isinstance(event, NO_SIGN_OF_LIFE)
        if isinstance(event, FaultStated):
            self.fault = event.reason


async def listened(
    link: Link, conversation: Conversation, seconds: float, parting: Sequence[Request] = ()
) -> Heard:
    """Hold a conversation for a while; return what was heard. Raises LinkLostError."""
    heard = Heard(link)
    events = converse(
        heard,
        conversation,
        asyncio.Queue(),
        silence=None,
        opened=lambda: None,
        parting=parting,
    )
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds), aclosing(events):
            async for event in events:
                heard.told(event)
    return heard
