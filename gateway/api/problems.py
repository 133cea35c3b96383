"""Errors as RFC 9457 problem documents that name the field and the remedy."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException

from contract.wire.complaint import complaint
from contract.wire.problem import MEDIA_TYPE, Fault, Problem
from gateway.api.writer import Writer
from gateway.ports.inbox import StoreUnavailableError
from gateway.ports.office import AbsentError, ConflictError, CursorError
from gateway.usecases.dispatch import NotConnectedError

MOST_FAULTS = 20
_SAID = 500


class ProblemError(Exception):
    """Ends a request with a problem document."""

    def __init__(
        self, status: HTTPStatus, slug: str, detail: str, faults: tuple[Fault, ...] = ()
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.slug = slug
        self.detail = detail
        self.faults = faults


def problem(
    status: int,
    slug: str,
    detail: str,
    faults: tuple[Fault, ...] = (),
    *,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """Return a problem document."""
    document = Problem(
        type=f"urn:releve:problem:{slug}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=faults,
    )
    return JSONResponse(
        document.model_dump(mode="json"), status, headers=headers, media_type=MEDIA_TYPE
    )


def faults_of(error: ValidationError | RequestValidationError) -> tuple[Fault, ...]:
    """Return what is wrong with a request, field by field."""
    details: Sequence[ErrorDetails] = error.errors()[:MOST_FAULTS]
    return tuple(
        Fault(
            field=".".join(str(part) for part in each["loc"]) or "body",
            remedy=complaint(each)[:_SAID],
        )
        for each in details
    )


def invalid(faults: tuple[Fault, ...]) -> ProblemError:
    """Return the problem of a request that does not say what it must."""
    first = faults[0]
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", f"{first.field}: {first.remedy}", faults
    )


def answer(
    request: Request,
    status: int,
    slug: str,
    detail: str,
    faults: tuple[Fault, ...] = (),
    *,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a problem document, or a page to a person who asked for a page."""
    if request.url.path.startswith("/v1/") or "text/html" not in request.headers.get("accept", ""):
        return problem(status, slug, detail, faults, headers=headers)
    lang = request.query_params.get("lang")
    return Writer(request, lang).page("problem.html", status, detail=detail, faults=faults)


def install(app: FastAPI) -> None:
    """Make every error of the application a problem document."""

    @app.exception_handler(ProblemError)
    async def said(request: Request, error: ProblemError) -> Response:
        return answer(request, error.status, error.slug, error.detail, error.faults)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        found = invalid(faults_of(error))
        return answer(request, found.status, found.slug, found.detail, found.faults)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers) if error.headers else None
        slug = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
        return answer(request, error.status_code, slug, str(error.detail), headers=headers)

    for kind, mapped in _MAPPED.items():
        app.add_exception_handler(kind, _handler(mapped))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mapped:
    """How an error of the use cases is answered; without ``detail`` the error says it."""

    status: HTTPStatus
    slug: str
    detail: str | None = None
    faults: tuple[Fault, ...] = ()
    retry_after: str | None = None


_CURSOR = Fault(field="cursor", remedy="leave it out, or use the 'next' of the page before")
_MAPPED: Mapping[type[Exception], _Mapped] = {
    AbsentError: _Mapped(status=HTTPStatus.NOT_FOUND, slug="absent"),
    ConflictError: _Mapped(status=HTTPStatus.CONFLICT, slug="conflict"),
    CursorError: _Mapped(
        status=HTTPStatus.UNPROCESSABLE_ENTITY, slug="invalid", faults=(_CURSOR,)
    ),
    StoreUnavailableError: _Mapped(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        slug="store",
        detail="the database does not answer now: try again",
        retry_after="2",
    ),
    NotConnectedError: _Mapped(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        slug="broker",
        detail="there is no connection to the broker now: nothing was sent; try again",
        retry_after="5",
    ),
    Exception: _Mapped(
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        slug="internal",
        detail="a fault of the gateway's own",
    ),
}


def _handler(mapped: _Mapped) -> Callable[[Request, Exception], Awaitable[Response]]:
    headers = {"Retry-After": mapped.retry_after} if mapped.retry_after is not None else None

    async def handle(request: Request, error: Exception) -> Response:
        detail = mapped.detail or str(error)
        return answer(request, mapped.status, mapped.slug, detail, mapped.faults, headers=headers)

    return handle
