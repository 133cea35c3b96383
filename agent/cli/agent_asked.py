"""Ask the running agent, as a technician, to use a measurement of a file."""

import contextlib
import getpass
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from agent.cli import output
from agent.cli.given import bytes_of

PIN = "RELEVE_PIN"
ANSWER_WITHIN = 15.0
_OBJECT: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which measurement is for which fields, and who says so."""

    intervention: str
    report: str
    fields: tuple[str, ...]
    measurement: int
    technician: str

    def texts(self) -> tuple[str, ...]:
        """Return what a person wrote."""
        return (self.intervention, self.report, self.technician, *self.fields)


def used(file: Path, mapping: Path | None, asked: Asked, port: int) -> dict[str, object]:
    """Give the file to the agent and have it used; leaves with 1, and says why, when the agent refuses."""
    given = [each for each in (mapping, file) if each is not None]
    _check_sayable((*(each.name for each in given), *asked.texts()))
    bodies = [(each, bytes_of(each)) for each in given]
    pin = _pin(asked.technician)
    _check_sayable((pin,), "the PIN")
    address = f"http://127.0.0.1:{port}"
    # A proxy of the environment is not for the loopback.
    with httpx.Client(base_url=address, timeout=ANSWER_WITHIN, trust_env=False) as client:
        try:
            return _carried_out(client, bodies, mapping, asked, pin)
        except httpx.HTTPError as error:
            output.fail(
                f"no agent answers at {address} ({type(error).__name__}): "
                "start it, or give its port with --http-port"
            )


def _carried_out(
    client: httpx.Client,
    bodies: list[tuple[Path, bytes]],
    mapping: Path | None,
    asked: Asked,
    pin: str,
) -> dict[str, object]:
    signed = {"technician": asked.technician, "pin": pin}
    client.headers["Authorization"] = f"Bearer {_token(client.post('/v1/session', json=signed))}"
    try:
        file = _given(client, bodies, mapping)
        wanted = {
            "intervention": asked.intervention,
            "report": asked.report,
            "fields": asked.fields,
            "measurement": asked.measurement,
        }
        answer = client.post(f"/v1/files/{quote(file, safe='')}/use", json=wanted)
        saved = _answer(answer, "")
        _said(answer, saved, "seq")
        return saved
    finally:
        # What was saved is saved, whatever becomes of the session: it ends by itself.
        with contextlib.suppress(httpx.HTTPError):
            client.delete("/v1/session")


def _given(client: httpx.Client, bodies: list[tuple[Path, bytes]], mapping: Path | None) -> str:
    """Give the files to the agent; return the id of the last one, which is the file of measurements."""
    file = ""
    for path, body in bodies:
        query = {"name": path.name}
        if mapping is not None and path is not mapping:
            query["mapping"] = mapping.name
        answer = client.post("/v1/files", params=query, content=body)
        kept = _answer(answer, f"{path}: ")
        if path is mapping:
            continue
        if "mapping" in kept and "id" not in kept:
            output.misused(f"{path} is a mapping: give it with --mapping, beside a file")
        file = str(_said(answer, kept, "id"))
    return file


def _token(answer: httpx.Response) -> str:
    token = _said(answer, _answer(answer, ""), "token")
    if not isinstance(token, str) or not (token.isascii() and token.isprintable()):
        _no_agent(answer)
    return token


def _said(answer: httpx.Response, document: dict[str, Any], name: str) -> object:
    """Return what the agent always says; leave with 1 when another service answered."""
    return document[name] if name in document else _no_agent(answer)


def _no_agent(answer: httpx.Response) -> NoReturn:
    output.fail(
        f"{answer.url.host}:{answer.url.port} is no agent, it answers otherwise: "
        "give the port of the agent with --http-port"
    )


def _check_sayable(texts: tuple[str, ...], what: str | None = None) -> None:
    """Leave with 2 when a text holds bytes that are no characters: no request can carry them."""
    for each in texts:
        try:
            each.encode()
        except UnicodeEncodeError:
            output.misused(
                f"{what or ascii(each)} has characters that are not Unicode: correct them"
            )


def _answer(answer: httpx.Response, where: str) -> dict[str, Any]:
    """Return what the agent said; leave with 1 and its reason when it refused."""
    try:
        document: dict[str, Any] = _OBJECT.validate_json(answer.content)
    except ValidationError:
        _no_agent(answer)
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
