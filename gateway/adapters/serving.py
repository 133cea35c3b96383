"""Listening, and serving an application there until told to stop."""

import asyncio
import contextlib
import socket
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp


@dataclass(frozen=True, slots=True)
class Tls:
    """What a server proves its name with."""

    certificate: Path
    key: Path


class Serving(uvicorn.Server):
    """Serves one application on one socket; signals are left to the process."""

    def __init__(self, app: ASGIApp, listening: socket.socket, tls: Tls | None = None) -> None:
        secured: dict[str, Any] = {}
        if tls is not None:
            secured = {"ssl_certfile": str(tls.certificate), "ssl_keyfile": str(tls.key)}
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
            **secured,
        )
        super().__init__(config)
        self._listening = listening

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave them alone."""
        yield

    async def run_here(self) -> None:
        """Serve until ``should_exit``."""
        await self.serve(sockets=[self._listening])

    async def ready(self, running: asyncio.Task[None]) -> None:
        """Return once it answers, or has ended."""
        while not (self.started or running.done()):  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.01)


def listen(host: str, port: int, *, named: str = "") -> socket.socket:
    """Return a bound socket; raises OSError that names the settings, ``named`` being what theirs begin with."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        where = f"{named}host {host}, {named}port {port}"
        raise OSError(f"{where}: {error.strerror}; choose another") from error
    return listening


def address(host: str, listening: socket.socket, *, secured: bool = False) -> str:
    """Return the address under which a socket is reached."""
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if secured else 'http'}://{shown}:{listening.getsockname()[1]}"
