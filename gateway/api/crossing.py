"""Pages of other origins: they may call the routes of form engines, if some key is for them, and nothing else."""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.wire.problem import Fault
from gateway.api.guard import OPEN_TO_PAGES
from gateway.api.problems import problem
from gateway.usecases.keys import Keyring

ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}


class Crossing:
    """Answers what browsers ask before they let a page call us, and lets the page read the answer."""

    def __init__(self, app: ASGIApp, keyring: Keyring) -> None:
        self._app = app
        self._keyring = keyring

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(OPEN_TO_PAGES):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        known = origin is not None and origin in await self._keyring.origins()
        preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in headers
        if preflight:
            answer = _allowed() if known else _refused()
            await answer(scope, receive, _marked(send, origin if known else None))
            return
        await self._app(scope, receive, _marked(send, origin if known else None))


def _allowed() -> ASGIApp:
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=ALLOWED)


def _refused() -> ASGIApp:
    fault = Fault(field="Origin", remedy="make a key for this page: `releve gateway key add`")
    return problem(HTTPStatus.FORBIDDEN, "origin", "no key is for this page", (fault,))


def _marked(send: Send, origin: str | None) -> Send:
    async def marking(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.add_vary_header("Origin")
            if origin is not None:
                headers["Access-Control-Allow-Origin"] = origin
        await send(message)

    return marking
