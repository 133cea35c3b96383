"""What every request must satisfy before anybody reads it, and what every answer says."""

from collections.abc import Iterable
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.wire.problem import Fault
from gateway.api.problems import problem

MAX_BODY = 1_000_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_TO_PAGES = "/v1/form/"
"""Routes that pages of other origins may call; each asks for a key that is for the page."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Without any referrer, browsers send our own forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class _TooLargeError(Exception):
    """The body grew beyond the limit."""


def loopback_names(port: int) -> frozenset[str]:
    """Return the hosts under which a gateway on the loopback is asked for."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


class Guard:
    """Refuses names it does not serve, writes from foreign pages, and bodies that are too large."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(each.lower() for each in hosts)
        self._origins = frozenset(
            f"{scheme}://{each}" for each in self._hosts for scheme in ("http", "https")
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, _marked(send))
            return
        await self._limited(scope, receive, _marked(send))

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self._hosts:
            # A foreign name that leads here is how a web page reaches into a private network.
            fault = Fault(
                field="Host", remedy="use a name this gateway was told to serve (setting 'hosts')"
            )
            return problem(HTTPStatus.MISDIRECTED_REQUEST, "host", "unknown host", (fault,))
        foreign = scope["path"].startswith(OPEN_TO_PAGES)
        if scope["method"] not in SAFE and not foreign and not self._own_page(headers):
            fault = Fault(
                field="Origin",
                remedy="send writes from the gateway's own pages, or without a browser",
            )
            return problem(
                HTTPStatus.FORBIDDEN, "origin", "a foreign page may not write", (fault,)
            )
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > MAX_BODY:
            return _too_large()
        return None

    def _own_page(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is not None:
            return origin.lower() in self._origins
        return headers.get("sec-fetch-site", "none") in {"none", "same-origin"}

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0
        started = False

        async def counting() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MAX_BODY:
                raise _TooLargeError
            return message

        async def watching(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counting, watching)
        except _TooLargeError:
            if not started:
                await _too_large()(scope, receive, send)


def _too_large() -> ASGIApp:
    fault = Fault(field="body", remedy=f"send at most {MAX_BODY} bytes")
    return problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "the body is too large", (fault,)
    )


def _marked(send: Send) -> Send:
    async def marking(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return marking
