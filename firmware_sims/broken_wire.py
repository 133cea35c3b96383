"""A wire in front of an MQTT broker that goes down, holds back, repeats, delays and slices."""

import asyncio
import contextlib
from dataclasses import asdict, dataclass, field
from typing import Annotated

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import Field

from firmware_sims.kit.closed_bodies import Closed, malformed
from firmware_sims.kit.lifetime import asked_to_end
from firmware_sims.kit.ports import failure, listening
from firmware_sims.kit.ready import say_ready
from firmware_sims.kit.serving import LOOPBACK, served
from firmware_sims.kit.waiting import until
from firmware_sims.mqtt_cutter import PUBLISH, MqttCutter, NotMqttError, kind, renumbered, topic

READ_SIZE = 65536
REPEAT = 0xFFFF
"""Packet identifier of a repeat; clients count from 1 and do not come that far."""


class WireOrder(Closed):
    """What the wire shall do; a field that is not given stays as it is."""

    down: bool | None = None
    """No connection, and none accepted."""
    blackhole: bool | None = None
    """Connections stay, nothing passes; what waited passes when it is lifted."""
    delay: Annotated[float | None, Field(ge=0, le=60)] = None
    """Seconds that each piece waits, both ways."""
    slices: bool | None = None
    """One byte at a time, both ways."""
    hold_next: bool | None = None
    """The client's next PUBLISH waits for `release`; later packets overtake it."""
    release: bool | None = None
    duplicate_next: bool | None = None
    """The client's next PUBLISH is sent twice, the second time with another packet identifier."""
    topic: str | None = None
    """The end of the topics that `hold_next` and `duplicate_next` are about; empty: any."""


@dataclass(kw_only=True)
class WireState:
    """How the wire stands, and what it has done since it was started."""

    down: bool = False
    blackhole: bool = False
    delay: float = 0.0
    slices: bool = False
    hold_next: bool = False
    duplicate_next: bool = False
    topic: str = ""
    connections: int = 0
    """Accepted in all."""
    refused: int = 0
    open: int = 0
    packets_up: int = 0
    publishes: int = 0
    """From clients, each counted once."""
    held: int = 0
    """Waiting for release now."""
    released: int = 0
    lost: int = 0
    """Held when their connection ended."""
    duplicated: int = 0
    bytes_up: int = 0
    bytes_down: int = 0


@dataclass(eq=False, kw_only=True)
class _Call:
    """One connection through the wire."""

    client: asyncio.StreamWriter
    broker: asyncio.StreamWriter
    held: list[bytes] = field(default_factory=list[bytes])


class BrokenWire:
    """A proxy of one broker. Its faults concern all connections alike."""

    def __init__(self, broker: tuple[str, int]) -> None:
        self._broker = broker
        self._calls: set[_Call] = set()
        self.state = WireState()

    def obey(self, order: WireOrder) -> None:
        """Change what the order names."""
        for name in (
            "blackhole",
            "delay",
            "slices",
            "hold_next",
            "duplicate_next",
            "topic",
            "down",
        ):
            wanted = getattr(order, name)
            if wanted is not None:
                setattr(self.state, name, wanted)
        if order.release:
            self._release()
        if self.state.down:
            for call in self._calls:
                call.client.transport.abort()
                call.broker.transport.abort()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        if self.state.down:
            self.state.refused += 1
            writer.transport.abort()
            return
        with contextlib.suppress(OSError):
            up, broker = await asyncio.open_connection(*self._broker)
            await self._carry(_Call(client=writer, broker=broker), reader, up)
        await _closed(writer)

    async def _carry(
        self, call: _Call, client: asyncio.StreamReader, broker: asyncio.StreamReader
    ) -> None:
        self._calls.add(call)
        self.state.connections += 1
        self.state.open += 1
        try:
            async with asyncio.TaskGroup() as tasks:
                ways = (
                    tasks.create_task(self._up(call, client)),
                    tasks.create_task(self._down(call, broker)),
                )
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                for way in ways:
                    way.cancel()
        finally:
            self._calls.discard(call)
            self.state.open -= 1
            self.state.held -= len(call.held)
            self.state.lost += len(call.held)
            await _closed(call.broker)

    async def _up(self, call: _Call, client: asyncio.StreamReader) -> None:
        cutter = MqttCutter()
        with contextlib.suppress(OSError, NotMqttError):
            while piece := await client.read(READ_SIZE):
                self.state.bytes_up += len(piece)
                for packet in cutter.cut(piece):
                    await self._packet_up(call, packet)

    async def _packet_up(self, call: _Call, packet: bytes) -> None:
        self.state.packets_up += 1
        packets = [packet]
        if kind(packet) == PUBLISH:
            self.state.publishes += 1
        if kind(packet) == PUBLISH and topic(packet).endswith(self.state.topic):
            if self.state.hold_next:
                self.state.hold_next = False
                self.state.held += 1
                call.held.append(packet)
                return
            if self.state.duplicate_next:
                self.state.duplicate_next = False
                self.state.duplicated += 1
                # Some brokers drop a repeat with the same identifier: with another they must deliver it.
                packets.append(renumbered(packet, REPEAT))
        for each in packets:
            await self._pass(call.broker, each)

    async def _down(self, call: _Call, broker: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while piece := await broker.read(READ_SIZE):
                self.state.bytes_down += len(piece)
                await self._pass(call.client, piece)

    async def _pass(self, writer: asyncio.StreamWriter, piece: bytes) -> None:
        if self.state.delay:
            await asyncio.sleep(self.state.delay)
        if self.state.blackhole:
            await until(lambda: not self.state.blackhole or writer.is_closing())
        size = 1 if self.state.slices else len(piece)
        for at in range(0, len(piece), size):
            writer.write(piece[at : at + size])
            await writer.drain()

    def _release(self) -> None:
        for call in self._calls:
            for packet in call.held:
                call.broker.write(packet)
            self.state.released += len(call.held)
            self.state.held -= len(call.held)
            call.held.clear()


def wire_app(wire: BrokenWire) -> FastAPI:
    """Build the control of a wire."""
    app = FastAPI(title="broken wire", openapi_url=None)
    app.add_exception_handler(RequestValidationError, malformed)

    @app.get("/v1/wire")
    async def look() -> dict[str, bool | int | float | str]:
        return asdict(wire.state)

    @app.post("/v1/wire")
    async def order(wanted: WireOrder) -> dict[str, bool | int | float | str]:
        wire.obey(wanted)
        return asdict(wire.state)

    return app


async def run_wire(broker: tuple[str, int], port: int, *, with_parent: bool) -> str | None:
    """Run until asked to end; return why it failed, None when it did not."""
    wire = BrokenWire(broker)
    try:
        with listening(port, "--port"):
            server = await asyncio.start_server(wire.converse, LOOPBACK, port)
    except OSError as error:
        return failure(error)
    own_port = server.sockets[0].getsockname()[1]
    try:
        async with (
            served(wire_app(wire)) as control,
            asked_to_end(with_parent=with_parent) as end,
        ):
            say_ready(
                {
                    "slug": "wire",
                    "link": "tcp",
                    "address": LOOPBACK,
                    "port": own_port,
                    "control": f"http://{LOOPBACK}:{control}",
                }
            )
            await end.wait()
    finally:
        server.close()
        wire.obey(WireOrder(down=True))
        await until(lambda: not wire.state.open)
    return None


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
