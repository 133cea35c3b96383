"""HTTP on the loopback, on a port the system chooses."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator

import uvicorn
from fastapi import FastAPI

LOOPBACK = "127.0.0.1"


class _Server(uvicorn.Server):
    """A server that says when it is ready, and leaves the signals to its process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextlib.asynccontextmanager
async def served(app: FastAPI, port: int = 0) -> AsyncGenerator[int]:
    """Serve `app` while the context lasts; yield the port."""
    with socket.create_server((LOOPBACK, port)) as listener:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve(sockets=[listener]))
            await server.ready.wait()
            try:
                yield int(listener.getsockname()[1])
            finally:
                server.should_exit = True
