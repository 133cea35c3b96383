"""The agent's process: one task group, one HTTP server, one way to stop."""

import asyncio
import signal
import socket
from collections.abc import Callable, Coroutine, Generator, Iterable
from contextlib import contextmanager
from typing import Any

import structlog
import uvicorn
from fastapi import Request, Response

from agent import catalogue
from agent.adapters import memory
from agent.adapters.alone import alone
from agent.adapters.looking import Instruments, Looking
from agent.api.app import application
from agent.api.problems import problem_response
from agent.api.services import Services
from agent.looking import watchers
from agent.paying import terminals
from agent.settings import Settings
from agent.stored import key_of, store_of
from agent.wiring import Agent
from contract.signing import SigningKey
from contract.wire.problem import Fault

log = structlog.get_logger()

HTTP_STOPS_WITHIN = 2


class _Server(uvicorn.Server):
    """A uvicorn server that leaves the signals to the process it is part of."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class PortTakenError(Exception):
    """The API has nowhere to listen."""


async def run(settings: Settings, ready: Callable[[str], None]) -> None:
    """Run an agent until SIGINT or SIGTERM; ``ready`` is told the address of its API.

    Raises AlreadyRunningError, PortTakenError, KeyFileError, StoreDamagedError, BackendError, SettingsError, and
    OSError where the folder cannot be used.
    """
    key = key_of(settings)
    known = catalogue.load(settings.instrument_files)
    for trouble in known.troubles:
        log.error("driver not loaded", reason=trouble)
    # Before the group: what fails in there comes out wrapped.
    instruments = Instruments(
        known.catalogue, Looking(watchers(settings, known.catalogue)), terminals(settings)
    )
    with alone(settings.data), _listening(settings.http_port) as listener:
        await _run(settings, key, instruments, listener, ready)


async def _run(
    settings: Settings,
    key: SigningKey,
    instruments: Instruments,
    listener: socket.socket,
    ready: Callable[[str], None],
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    store = store_of(settings, key)
    running: set[asyncio.Task[None]] = set()
    async with store.database.open(), asyncio.TaskGroup() as tasks:

        def spawn(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
            task = tasks.create_task(work)
            running.add(task)
            task.add_done_callback(running.discard)
            return task

        spawn(store.database.run())
        await store.captures.open_head()
        agent = Agent(settings, key, store, instruments, spawn)
        await agent.recover()
        server = _server(agent.services(), listener, settings.form_origins)
        for each in agent.loops():
            spawn(each)
        serving = tasks.create_task(server.serve([listener]))
        memory.give_back()
        ready(f"http://127.0.0.1:{listener.getsockname()[1]}")
        await stop.wait()
        server.should_exit = True
        await serving
        for task in tuple(running):
            task.cancel()


@contextmanager
def _listening(port: int) -> Generator[socket.socket]:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with listener:
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTakenError(f"{port}: {error.strerror}") from error
        # Whoever is told that we are ready may connect at once, and waits for the server.
        listener.listen()
        yield listener


def unforeseen(request: Request, error: Exception) -> Response:
    """Answer for an error of ours; the server logs where it came from."""
    log.error("request failed", path=request.url.path, error=type(error).__name__)
    fault = Fault(field="agent", remedy="try again; if it stays so, send us the agent's log")
    return problem_response(500, "failed", fault.remedy, [fault])


def _server(services: Services, listener: socket.socket, origins: Iterable[str]) -> _Server:
    port = listener.getsockname()[1]
    config = uvicorn.Config(
        application(
            services,
            (f"127.0.0.1:{port}", f"localhost:{port}"),
            unforeseen,
            form_origins=origins,
        ),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=HTTP_STOPS_WITHIN,
        ws="none",
    )
    return _Server(config)
