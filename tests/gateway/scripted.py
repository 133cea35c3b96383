"""A broker under the test's hand: speaks just enough MQTT 5, and loses connections when told."""

import asyncio
from dataclasses import dataclass, field


def remaining(length: int) -> bytes:
    """Write a length as MQTT does."""
    found = bytearray()
    while True:
        length, low = divmod(length, 128)
        found.append(low | (0x80 if length else 0))
        if not length:
            return bytes(found)


@dataclass
class Client:
    """One connection of the gateway, as the broker sees it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    reads: asyncio.Event = field(default_factory=asyncio.Event)
    """Unset: what the client sends stays in the wire."""
    acknowledged: list[int] = field(default_factory=list[int])
    published: list[str] = field(default_factory=list[str])
    subscribed: asyncio.Event = field(default_factory=asyncio.Event)

    def deliver(self, topic: str, payload: bytes, mid: int) -> None:
        """Send a message of QoS 1."""
        name = topic.encode()
        body = len(name).to_bytes(2, "big") + name + mid.to_bytes(2, "big") + b"\0" + payload
        self.writer.write(b"\x32" + remaining(len(body)) + body)

    def cut(self) -> None:
        """Lose the connection without a word."""
        self.writer.transport.abort()

    async def serve(self) -> None:
        """Answer until the connection is lost."""
        while True:
            await self.reads.wait()
            kind = (await self.reader.readexactly(1))[0]
            length, shift = 0, 0
            while True:
                byte = (await self.reader.readexactly(1))[0]
                length |= (byte & 0x7F) << shift
                shift += 7
                if byte < 0x80:
                    break
            body = await self.reader.readexactly(length)
            # A packet that was being waited for when reading stopped is not heard either.
            await self.reads.wait()
            self._answer(kind, body)

    def _answer(self, kind: int, body: bytes) -> None:
        match kind >> 4:
            case 1:
                self.writer.write(b"\x20\x03\0\0\0")
            case 8:
                # The gateway asks for five filters at once.
                self.writer.write(b"\x90\x08" + body[:2] + b"\0" + b"\x01" * 5)
                self.subscribed.set()
            case 4:
                self.acknowledged.append(int.from_bytes(body[:2], "big"))
            case 3:
                size = int.from_bytes(body[:2], "big")
                self.published.append(body[2 : 2 + size].decode())
                self.writer.write(b"\x40\x02" + body[2 + size : 4 + size])
            case 12:
                self.writer.write(b"\xd0\0")
            case _:
                pass


class ScriptedBroker:
    """Listens on a free port of the loopback."""

    def __init__(self) -> None:
        self.clients: list[Client] = []
        self._arrived = asyncio.Event()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> "ScriptedBroker":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for each in self.clients:
            each.cut()
            each.reads.set()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Client(reader, writer)
        client.reads.set()
        self.clients.append(client)
        self._arrived.set()
        try:
            await client.serve()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def client(self, number: int, within: float = 15.0) -> Client:
        """Return the connection with this number, from 1, once it has subscribed."""
        async with asyncio.timeout(within):
            while len(self.clients) < number:
                self._arrived.clear()
                await self._arrived.wait()
            await self.clients[number - 1].subscribed.wait()
        return self.clients[number - 1]
