"""Speak with the running agent on this machine, as a technician who signs in."""

import contextlib
import getpass
import os
import sys
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import httpx
import typer
from pydantic import TypeAdapter, ValidationError

from agent.cli import output

PIN = "RELEVE_PIN"
ANSWER_WITHIN = 15.0
_OBJECT: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])

HttpPort = Annotated[
    int,
    typer.Option(
        envvar="RELEVE_AGENT_HTTP_PORT", help="Port of the agent's API.", min=1, max=65535
    ),
]


class Session:
    """What the agent is asked by whoever is signed in; a refusal leaves with 1, and says why."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def ask(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        where: str = "",
    ) -> dict[str, Any]:
        """Return what the agent says; ``where`` stands before the reason of a refusal."""
        answer = self._client.request(
            method,
            path,
            json=json,
            content=content,
            params=dict(params or {}),
            headers=dict(headers or {}),
        )
        return _answer(answer, where)

    def must(self, document: dict[str, Any], name: str) -> Any:
        """Return what the agent always says; leave with 1 when another service answered."""
        return document[name] if name in document else _no_agent(self._client.base_url)


@contextmanager
def signed_in(technician: str, port: int, texts: Iterable[str] = ()) -> Generator[Session]:
    """Yield what asks the agent; leave with 1 where none answers, and with 2 for texts that no request can carry."""
    check_sayable((technician, *texts))
    pin = _pin(technician)
    check_sayable((pin,), "the PIN")
    address = f"http://127.0.0.1:{port}"
    # A proxy of the environment is not for the loopback.
    with httpx.Client(base_url=address, timeout=ANSWER_WITHIN, trust_env=False) as client:
        try:
            signed = {"technician": technician, "pin": pin}
            token = _token(client.post("/v1/session", json=signed))
            client.headers["Authorization"] = f"Bearer {token}"
            try:
                yield Session(client)
            finally:
                # What was saved is saved, whatever becomes of the session: it ends by itself.
                with contextlib.suppress(httpx.HTTPError):
                    client.delete("/v1/session")
        except httpx.HTTPError as error:
            output.fail(
                f"no agent answers at {address} ({type(error).__name__}): "
                "start it, or give its port with --http-port"
            )


def check_sayable(texts: Iterable[str], what: str | None = None) -> None:
    """Leave with 2 when a text holds bytes that are no characters: no request can carry them."""
    for each in texts:
        try:
            each.encode()
        except UnicodeEncodeError:
            output.misused(
                f"{what or ascii(each)} has characters that are not Unicode: correct them"
            )


def _token(answer: httpx.Response) -> str:
    document = _answer(answer, "")
    token = document.get("token")
    if not isinstance(token, str) or not (token.isascii() and token.isprintable()):
        _no_agent(answer.url)
    return token


def _no_agent(url: httpx.URL) -> NoReturn:
    output.fail(
        f"{url.host}:{url.port} is no agent, it answers otherwise: "
        "give the port of the agent with --http-port"
    )


def _answer(answer: httpx.Response, where: str) -> dict[str, Any]:
    """Return what the agent said; leave with 1 and its reason when it refused."""
    if not answer.content and answer.is_success:
        return {}
    try:
        document: dict[str, Any] = _OBJECT.validate_json(answer.content)
    except ValidationError:
        _no_agent(answer.url)
    if not answer.is_success:
        output.fail(f"{where}{document.get('detail') or document.get('title')}")
    return document


def _pin(technician: str) -> str:
    pin = os.environ.get(PIN)
    if pin:
        return pin
    if not sys.stdin.isatty():
        output.misused(f"give the PIN in {PIN}: there is nobody to ask for it")
    return getpass.getpass(f"PIN of {technician}: ")
