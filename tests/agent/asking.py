"""Ask the local API without a socket: through httpx, or message by message where the asking itself is the test."""

import asyncio
import functools
import json
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from agent.adapters import pins
from agent.api.app import application
from agent.api.callback import Returning
from agent.api.guard import LocalOnly
from agent.api.services import Services
from agent.main import unforeseen
from agent.usecases.signing_in import SignIn
from drivers.catalog import BUILT_IN
from tests.contract.making import BY
from tests.fakes.uplink import FakeUplink
from tests.fakes.van import Van

HOST = "127.0.0.1:7300"
PIN = "271828"
TOKEN = "canary-token-3141592653589793"
ALLOWED = (HOST, "localhost:7300")

# The real hash takes its time, on purpose: once is enough.
verified = functools.cache(pins.verify_pin)


@functools.cache
def kept() -> str:
    return pins.hash_pin(PIN)


@dataclass
class Answer:
    """What came back, whole."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def fields(self) -> list[str]:
        """The fields that a problem document names."""
        return [each["field"] for each in self.json()["errors"]]


class Desk:
    """An API in front of a van, with everything it does noted."""

    def __init__(self, van: Van) -> None:
        self.van = van
        self.rescans = 0
        self.uplink = FakeUplink()
        self.sign_in = SignIn(
            van.store.records, van.clock, verify=verified, new_token=lambda: TOKEN
        )
        self.services = Services(
            agent="van-7",
            version="0",
            clock=van.clock,
            sign_in=self.sign_in,
            roster=van.roster,
            live=van.live,
            work=van.work,
            forms=van.store.records,
            captures=van.store.captures,
            capturing=van.capturing,
            chooser=van.chooser,
            catalogue=BUILT_IN,
            scans=van.scans,
            importing=van.importing,
            payments=van.payments,
            procedures=van.procedures,
            signing=van.signing,
            returning=Returning(
                frozenset({"https://forms.example.net"}), frozenset({"truecontext"})
            ),
            changes=van.changes,
            uplink=self.uplink,
            rescan=self._rescan,
            absent=list,
            saved=van.saved.append,
            spawn=van.spawn,
        )
        self.app: LocalOnly = application(self.services, ALLOWED, unforeseen)

    def _rescan(self) -> None:
        self.rescans += 1

    async def sign(self) -> None:
        """Make the token valid."""
        await self.van.store.records.keep_technician(BY, kept())
        await self.sign_in.sign_in(BY.id, PIN)

    def client(self, token: str | None = TOKEN) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}", headers=headers)

    async def ask(
        self,
        method: str,
        path: str,
        headers: Iterable[tuple[str, str]] = (("host", HOST),),
        pieces: Sequence[bytes] = (b"",),
    ) -> Answer:
        """Ask with these very headers and pieces of a body."""
        answer = Answer()
        async with self.stream(method, path, headers, pieces, answer) as (_, ended):
            await ended.wait()
        return answer

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        path: str,
        headers: Iterable[tuple[str, str]],
        pieces: Sequence[bytes] = (b"",),
        answer: Answer | None = None,
    ) -> AsyncGenerator[tuple[Answer, asyncio.Event]]:
        """Yield an answer as it grows, and the event of its end; leaving the block hangs up."""
        answer = answer or Answer()
        ended, left = asyncio.Event(), asyncio.Event()
        waiting = list(pieces)

        async def receive() -> dict[str, Any]:
            if waiting:
                piece = waiting.pop(0)
                return {"type": "http.request", "body": piece, "more_body": bool(waiting)}
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {
                    name.decode(): value.decode() for name, value in message["headers"]
                }
            else:
                answer.body += message.get("body", b"")

        async def run() -> None:
            try:
                await self.app(_scope(method, path, headers), receive, send)
            finally:
                ended.set()

        async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
            tasks.create_task(run())
            try:
                yield answer, ended
            finally:
                left.set()


def _scope(method: str, path: str, headers: Iterable[tuple[str, str]]) -> dict[str, Any]:
    path, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 7300),
    }


def asked_by(token: str | None = TOKEN, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the headers of a page of ours."""
    headers = [("host", HOST), *more]
    return [*headers, ("authorization", f"Bearer {token}")] if token else headers
