"""HTTP on the loopback whose connections can be closed without an answer."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from firmware_sims.kit.ports import listening
from firmware_sims.kit.serving import LOOPBACK
from firmware_sims.sumup.way import App, Lines, Peer


class _Server(uvicorn.Server):
    """A server that leaves the signals to its process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextlib.asynccontextmanager
async def served(app: App, lines: Lines, port: int) -> AsyncGenerator[int]:
    """Serve `app` while the context lasts, and have `lines` know its connections; yield the port."""
    with listening(port, "--port"):
        listener = socket.create_server((LOOPBACK, port))
    config = uvicorn.Config(
        app,
        http=_noted(lines),
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    with listener:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve(sockets=[listener]))
            try:
                yield int(listener.getsockname()[1])
            finally:
                server.should_exit = True
                lines.abort_all()


def _noted(lines: Lines) -> type[H11Protocol]:
    """Return uvicorn's HTTP with its connections noted."""

    class Noted(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            lines.opened(_peer(transport), transport)

        def connection_lost(self, exc: Exception | None) -> None:
            lines.closed(_peer(self.transport))
            super().connection_lost(exc)

    return Noted


def _peer(transport: asyncio.Transport) -> Peer:
    host, port = transport.get_extra_info("peername")
    return host, port
