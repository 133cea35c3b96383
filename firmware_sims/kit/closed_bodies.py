"""Request bodies in which nothing unknown passes, and errors that name every fault and its remedy."""

import inspect
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

PROBLEM = "application/problem+json"
SEND_JSON = "send an object in braces, with Content-Type: application/json"
REMEDIES = {
    "missing": "it is missing, write it",
    "bool_type": "write true or false, without quotes",
    "string_type": "write a text in quotes",
    "dict_type": 'write an object in braces, as {"oxygen": "5.2"}',
    "float_type": "write a number, without quotes",
    "finite_number": "write a number, without quotes",
    "int_parsing": "write a whole number",
    "greater_than_equal": "write at least %(ge)s",
    "less_than_equal": "write at most %(le)s",
}
"""By the kind of trouble that pydantic names."""


class Closed(BaseModel):
    """A request body in which an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", strict=True)


def problem(status: HTTPStatus, detail: str, field: str, allowed: Sequence[str]) -> JSONResponse:
    """Return an RFC 9457 problem document that names the field and what it may be."""
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "field": field,
        "allowed": list(allowed),
    }
    return JSONResponse(body, status.value, media_type=PROBLEM)


async def malformed(request: Request, error: Exception) -> JSONResponse:
    """Answer a request whose body or query has the wrong shape: every fault, each with its remedy."""
    if not isinstance(error, RequestValidationError):
        raise error
    known = _known(request)
    faults = error.errors()
    detail = "; ".join(_in_words(each, known) for each in faults)
    allowed = known if faults[0]["type"] == "extra_forbidden" else ()
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, _field(faults[0]), allowed)


def _known(request: Request) -> list[str]:
    """Return the fields of the body that was asked for."""
    parameters = inspect.signature(request.scope["endpoint"]).parameters.values()
    kinds = [each.annotation for each in parameters if inspect.isclass(each.annotation)]
    return sorted(name for kind in kinds if issubclass(kind, Closed) for name in kind.model_fields)


def _field(fault: Mapping[str, Any]) -> str:
    place: tuple[int | str, ...] = fault["loc"]
    if fault["type"] == "json_invalid" or len(place) == 1:
        return "body"
    return ".".join(str(each) for each in place[1:])


def _in_words(fault: Mapping[str, Any], known: Sequence[str]) -> str:
    field, kind, given = _field(fault), fault["type"], fault["input"]
    if field == "body":
        return f"body: it is {_what(fault)}, {SEND_JSON}"
    if kind == "extra_forbidden":
        return f"{field}: there is no such field, known are {', '.join(known)}"
    if kind == "string_type" and isinstance(given, int | float) and not isinstance(given, bool):
        return f'{field}: write the number in quotes, as "{given}"'
    remedy = REMEDIES[kind] % fault.get("ctx", {}) if kind in REMEDIES else fault["msg"]
    return f"{field}: {remedy}"


def _what(fault: Mapping[str, Any]) -> str:
    """Return what a body is that is no JSON object."""
    if fault["type"] == "json_invalid":
        return f"no JSON at character {fault['loc'][-1] + 1}"
    return "missing" if fault["type"] == "missing" else "no JSON object"
