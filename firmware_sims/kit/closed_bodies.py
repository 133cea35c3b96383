"""Request bodies in which nothing unknown passes, and errors that name the field."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import cast

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

PROBLEM = "application/problem+json"


class Closed(BaseModel):
    """A request body in which an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _only_known_fields(cls, body: object) -> object:
        for name in _fields(body):
            if name not in cls.model_fields:
                about = {"field": name, "allowed": sorted(cls.model_fields)}
                raise PydanticCustomError("unknown_field", "there is no field {field}", about)
        return body


def _fields(body: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", body) if isinstance(body, Mapping) else {}


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


async def malformed(_: Request, error: Exception) -> JSONResponse:
    """Answer a request whose body or query has the wrong shape."""
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or "body"
    about = first.get("ctx", {})
    field, allowed = about.get("field", field), about.get("allowed", ())
    detail = f"{field}: {first['msg']}"
    if allowed:
        detail += f"; allowed: {', '.join(allowed)}"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, field, allowed)
