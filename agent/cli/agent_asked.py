"""Ask the running agent, as a technician, to use a measurement of a file."""

import getpass
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
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


def used(file: Path, mapping: Path | None, asked: Asked, port: int) -> dict[str, object]:
    """Give the file to the agent and have it used; leaves with 1, and says why, when the agent refuses."""
    given = [each for each in (mapping, file) if each is not None]
    bodies = [(each, bytes_of(each)) for each in given]
    pin = _pin(asked.technician)
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
    token = _answer(client.post("/v1/session", json=signed), "")["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    try:
        kept: dict[str, Any] = {}
        for path, body in bodies:
            query = {"name": path.name}
            if mapping is not None and path is not mapping:
                query["mapping"] = mapping.name
            answer = client.post("/v1/files", params=query, content=body)
            kept = _answer(answer, f"{path}: ")
        if "id" not in kept:
            output.misused(f"{bodies[-1][0]} is a mapping: give it with --mapping, beside a file")
        wanted = {
            "intervention": asked.intervention,
            "report": asked.report,
            "fields": asked.fields,
            "measurement": asked.measurement,
        }
        return _answer(client.post(f"/v1/files/{quote(kept['id'])}/use", json=wanted), "")
    finally:
        client.delete("/v1/session")


def _answer(answer: httpx.Response, where: str) -> dict[str, Any]:
    """Return what the agent said; leave with 1 and its reason when it refused."""
    try:
        document: dict[str, Any] = _OBJECT.validate_json(answer.content)
    except ValidationError:
        output.fail(f"{answer.url.host}:{answer.url.port} is no agent: it answers otherwise")
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
