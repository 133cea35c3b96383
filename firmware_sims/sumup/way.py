"""The way between a till and the servers: answers that are lost, late, garbled, or never come."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from firmware_sims.kit.waiting import until
from firmware_sims.sumup.account import Account
from firmware_sims.sumup.trouble import Trouble

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Peer = tuple[str, int]

GARBAGE = (b"<html>502 Bad Gateway", b'{"data": {}}', b'{"id"')


class Lines:
    """The connections that there are, by who is at the other end."""

    def __init__(self) -> None:
        self._transports: dict[Peer, asyncio.Transport] = {}

    def opened(self, peer: Peer, transport: asyncio.Transport) -> None:
        self._transports[peer] = transport

    def closed(self, peer: Peer) -> None:
        self._transports.pop(peer, None)

    def abort(self, peer: Peer) -> None:
        """Close one without another word."""
        if transport := self._transports.get(peer):
            transport.abort()

    def abort_all(self) -> None:
        """Close every one."""
        for each in [*self._transports.values()]:
            each.abort()


class Way:
    """An application around another: it lets answers through, or what goes wrong with them."""

    def __init__(self, app: App, account: Account, lines: Lines) -> None:
        self._app = app
        self._account = account
        self._lines = lines
        self._garbled = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        peer: Peer = tuple(scope["client"])
        if self._account.reader.cuts_a_call():
            await self._cut(peer, receive)
            return
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(scope, receive, keep)
        if await self._arrives(scope, peer, receive, answer):
            for message in answer:
                await send(message)

    async def _arrives(
        self, scope: Message, peer: Peer, receive: Receive, answer: list[Message]
    ) -> bool:
        """Whether an answer does, perhaps another than was given, perhaps late."""
        spend, status = self._account.troubles.spend, answer[0]["status"]
        created = status == 201
        begun = created and scope["path"].endswith("/checkout")
        refunded = created and scope["path"].endswith("/refunds")
        lost = (begun and spend(Trouble.ANSWER_LOST)) or (
            refunded and spend(Trouble.REFUND_ANSWER_LOST)
        )
        if lost:
            await self._cut(peer, receive)
            return False
        if begun and spend(Trouble.ANSWER_LATE):
            await self._later(receive)
        if spend(Trouble.SILENCE):
            await _gone(receive)
            return False
        if begun and spend(Trouble.SERVER_ERROR_THOUGH_TAKEN):
            answer[:] = _document(503, b'{"errors": {"type": "SERVER_ERROR"}}')
        elif status in {200, 201} and spend(Trouble.GARBAGE):
            answer[:] = _document(status, self._garbage(refunded=refunded))
        return True

    async def _later(self, receive: Receive) -> None:
        reader = self._account.reader
        due = reader.elapsed + self._account.fitting.late_seconds
        gone = asyncio.create_task(_gone(receive))
        await until(lambda: reader.elapsed >= due or gone.done())
        gone.cancel()

    async def _cut(self, peer: Peer, receive: Receive) -> None:
        self._lines.abort(peer)
        await _gone(receive)

    def _garbage(self, *, refunded: bool) -> bytes:
        """Return no JSON, then fields that are missing; for a refund, which has none, never the latter."""
        self._garbled += 1
        if self._garbled % 2:
            return GARBAGE[0]
        return GARBAGE[2 if refunded else 1]


async def _gone(receive: Receive) -> None:
    """Return when nobody waits for an answer any more."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _document(status: int, body: bytes) -> list[Message]:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    return [
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": body},
    ]
