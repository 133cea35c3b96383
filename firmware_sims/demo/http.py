"""Ask the processes of the demonstration over HTTP, and wait for what they say."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

ResultT = TypeVar("ResultT")

LOOK_EVERY = 0.05


class RefusedError(Exception):
    """A request was answered with a problem document."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class MissedError(Exception):
    """What was waited for did not come."""


class Api:
    """One HTTP server on the loopback."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = httpx.Client(base_url=address, timeout=20, trust_env=False)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def sign(self, token: str) -> None:
        """Send a token with every request from now on."""
        self._client.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        """Return a JSON answer; raises RefusedError, or MissedError when there is none."""
        return self._answer(self._ask("GET", path))

    def text(self, path: str) -> str:
        """Return an answer as text."""
        return self._ask("GET", path).text

    def post(self, path: str, body: object = None) -> Any:
        """Post JSON and return the answer; raises RefusedError."""
        return self._answer(self._ask("POST", path, body))

    def put(self, path: str, body: object) -> Any:
        """Put one resource; raises RefusedError."""
        return self._answer(self._ask("PUT", path, body))

    def patch(self, path: str, body: object) -> Any:
        """Patch with JSON and return the answer; raises RefusedError."""
        return self._answer(self._ask("PATCH", path, body))

    def _ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        try:
            return self._client.request(method, path, json=body)
        except httpx.TransportError as error:
            raise MissedError(f"{self.address} does not answer: {error}") from error

    def _answer(self, response: httpx.Response) -> Any:
        if response.is_error:
            raise RefusedError(response.status_code, _reason(response))
        return response.json() if response.content else None


def _reason(response: httpx.Response) -> str:
    try:
        document: dict[str, Any] = response.json()
    except ValueError:
        return f"{response.status_code} {response.text[:200]}"
    return str(document.get("detail") or document.get("title") or document)


def waited(what: str, look: Callable[[], ResultT | None], within: float) -> ResultT:
    """Return the first thing that ``look`` finds; raises MissedError after ``within`` seconds."""
    deadline = time.monotonic() + within
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise MissedError(f"{what}: not within {within:g} s")
        time.sleep(LOOK_EVERY)
