"""Who may ask: exact Host, exact Origin, and a token for everything but signing in."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from agent.api.form_pages import HEADERS, FormPages, readable
from agent.api.problems import problem_response
from agent.api.services import Services
from contract.wire.captured import Technician
from contract.wire.problem import Fault

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY = 1_000_000
BODY_WITHIN = 10.0

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        # Scripts send every form, with the token; a form that went by itself would carry a PIN in the address.
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


class LocalOnly:
    """Lets a request through only when it was made for this address, by a page of this address or by a program.

    A page of another site that reaches the loopback, by its own name or by a rebound one, is refused before any route.
    """

    def __init__(
        self, application: Application, hosts: Iterable[str], form_origins: Iterable[str] = ()
    ) -> None:
        self._application = application
        self._pages = FormPages(form_origins)
        self._hosts = frozenset(host.encode() for host in hosts)
        self._origins = frozenset(b"http://" + host for host in self._hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        fault = self._refusal(scope)
        if fault is not None:
            await _refuse(403, "not from here", fault)(scope, receive, send)
            return
        page = self._page(scope)
        if page is not None:
            send = _with_headers(send, readable(page))
        if self._pages.preflight(scope["method"], scope["path"], scope["headers"]) is not None:
            await Response(status_code=204)(scope, receive, _with_headers(send, HEADERS))
            return
        try:
            async with asyncio.timeout(BODY_WITHIN):
                body = await _whole_body(receive)
        except _TooLargeError:
            too_large = Fault(field="body", remedy=f"send at most {MAX_BODY} bytes")
            await _refuse(413, "too large", too_large)(scope, receive, send)
            return
        except TimeoutError:
            too_slow = Fault(field="body", remedy=f"send it within {BODY_WITHIN:g} s")
            await _refuse(408, "too slow", too_slow)(scope, receive, send)
            return
        except _GoneError:
            return
        await self._application(scope, _replaying(body, receive), _with_headers(send))

    def _page(self, scope: Scope) -> bytes | None:
        """Return the origin of the page of a form engine that asks for what it may; None for anybody else."""
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        if len(origins) != 1 or origins[0] in self._origins:
            return None
        before = self._pages.preflight(scope["method"], scope["path"], scope["headers"])
        if before is not None:
            return before
        may = self._pages.may(origins[0], scope["method"], scope["path"])
        return origins[0] if may else None

    def _refusal(self, scope: Scope) -> Fault | None:
        headers = scope["headers"]
        hosts = [value for name, value in headers if name == b"host"]
        origins = [value for name, value in headers if name == b"origin"]
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return Fault(field="Host", remedy="ask the agent by its own loopback address and port")
        foreign = any(origin not in self._origins for origin in origins)
        if foreign and self._page(scope) is None:
            return Fault(field="Origin", remedy="pages of other sites have no access")
        return None


def _refuse(status: int, title: str, fault: Fault) -> Response:
    return problem_response(status, title, f"{fault.field}: {fault.remedy}", [fault])


class _GoneError(Exception):
    """Whoever asked did not wait."""


class _TooLargeError(Exception):
    """More came than is taken, whatever length was announced."""


async def _whole_body(receive: Receive) -> bytes:
    """Read the body before any route does; bodies are short here. Raises _TooLargeError and _GoneError."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise _TooLargeError
        if not message.get("more_body", False):
            return bytes(body)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read, then whatever comes after it."""
    given = False

    async def receiving() -> MutableMapping[str, Any]:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


def _with_headers(send: Send, more: Iterable[tuple[bytes, bytes]] = SECURITY_HEADERS) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *more]
        await send(message)

    return sending


def services(request: Request) -> Services:
    """Return what the routes work with."""
    found: Services = request.app.state.services
    return found


Uses = Annotated[Services, Depends(services)]


def token_of(authorization: Annotated[str, Header()] = "") -> str:
    """Return the bearer token of a request, empty when there is none."""
    scheme, _, token = authorization.partition(" ")
    return token if scheme.lower() == "bearer" else ""


Token = Annotated[str, Depends(token_of)]


def technician(uses: Uses, token: Token) -> Technician:
    """Return who asks; raises SignInError."""
    return uses.sign_in.who(token)


By = Annotated[Technician, Depends(technician)]
