"""The testo 300 on the LAN: HTTP and its announcement; docs/protocols/testo-300.md §3."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from http import HTTPStatus

from firmware_sims.kit.faults import Fault, slices
from firmware_sims.kit.serving import LOOPBACK
from firmware_sims.kit.waiting import until
from firmware_sims.testo_300 import FIRMWARE, FlueGasAnalyser

ANNOUNCEMENT_PORT = 53955
ANNOUNCEMENT_SECONDS = 1.0
PATIENCE = 10.0
LONGEST_WRITE = 1460

DEVICE_INFO = json.dumps(
    {
        "Branch": "local version",
        "app": "t300",
        "local_version": True,
        "version": "9.22.0.0",
        "version_hash": 0,
    },
    separators=(",", ":"),
).encode("ascii")


def response(instrument: FlueGasAnalyser, request_line: str) -> bytes:
    """Return the whole HTTP answer to a request line."""
    match request_line.split(" "):
        case ["GET", "/data", _]:
            status, body = HTTPStatus.OK, instrument.document()
        case ["GET", "/deviceInfo", _]:
            status, body = HTTPStatus.OK, DEVICE_INFO
        case _:
            # The page names /o but not its content: it is not offered.
            status, body = HTTPStatus.NOT_FOUND, b""
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body


def announcement(instrument: FlueGasAnalyser, port: int) -> bytes:
    """Return the datagram of §3; all values are text."""
    said = {
        "DeviceId": "300",
        "DeviceName": "testo 300",
        "FirmwareVersion": FIRMWARE,
        "HttpServerIPv4": LOOPBACK,
        "HttpServerIPv6": "",
        "HttpServerPort": str(port),
        "Serial": instrument.serial,
        "SerialNumber": instrument.serial,
    }
    return json.dumps(said, separators=(",", ":")).encode("utf-8")


@contextlib.asynccontextmanager
async def web(instrument: FlueGasAnalyser, port: int = 0) -> AsyncGenerator[int]:
    """Answer HTTP while the context lasts; yield the port."""
    open_ones: set[asyncio.StreamWriter] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.add(writer)
        with contextlib.suppress(TimeoutError, OSError, asyncio.IncompleteReadError):
            async with asyncio.timeout(PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
            await _answer(instrument, head, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        open_ones.discard(writer)

    server = await asyncio.start_server(converse, LOOPBACK, port)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for writer in open_ones:
            writer.transport.abort()
        await until(lambda: not open_ones)


async def _answer(instrument: FlueGasAnalyser, head: bytes, writer: asyncio.StreamWriter) -> None:
    await until(lambda: Fault.SILENCE not in instrument.faults or writer.is_closing())
    if Fault.LINK_LOSS in instrument.faults:
        writer.transport.abort()
        return
    request_line = head.split(b"\r\n", 1)[0].decode("latin-1")
    chance = instrument.chance if Fault.SPLIT in instrument.faults else None
    for piece in slices(response(instrument, request_line), LONGEST_WRITE, chance):
        writer.write(piece)
        await writer.drain()


async def announce(instrument: FlueGasAnalyser, port: int, to: tuple[str, int]) -> None:
    """Send the announcement every second, for ever; nobody need listen."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=to, allow_broadcast=True
    )
    try:
        while True:
            if not instrument.faults & {Fault.LINK_LOSS, Fault.SILENCE}:
                transport.sendto(announcement(instrument, port))
            await asyncio.sleep(ANNOUNCEMENT_SECONDS)
    finally:
        transport.close()
