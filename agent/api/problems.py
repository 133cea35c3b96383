"""Errors as problem documents that name the field and the remedy."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException

from agent.api.reasons import language, said
from agent.ports import StoreRefusedError
from agent.usecases.keeper import InstrumentError
from agent.usecases.payments.taking import NotAllowedError, OpenPaymentError
from agent.usecases.signing_in import SignInError
from agent.usecases.work import UnknownError, WorkError
from contract.wire.complaint import SENTENCES, complaint
from contract.wire.problem import MEDIA_TYPE, Fault, Problem
from contract.words import Words

LONGEST_PLACE = 200

REMEDIES: Mapping[int, str] = {
    HTTPStatus.NOT_FOUND: "there is nothing here: look at the list of routes",
    HTTPStatus.METHOD_NOT_ALLOWED: "use one of the methods that the header Allow names",
    HTTPStatus.BAD_REQUEST: "send JSON in UTF-8",
}


def problem_response(
    status: int,
    title: str,
    detail: str | None = None,
    errors: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document."""
    problem = Problem(title=title, status=status, detail=detail, errors=tuple(errors))
    return Response(problem.to_json(), status_code=status, headers=headers, media_type=MEDIA_TYPE)


def _told(
    request: Request,
    status: int,
    title: str,
    field: str,
    remedy: str,
    *,
    detail: str | None = None,
) -> Response:
    """Return a problem with one fault, in the language that the request asks for."""
    spoken = language(request.headers.get("accept-language", ""))
    fault = Fault(field=field, remedy=said(remedy, spoken) or "")
    return problem_response(status, title, said(detail or remedy, spoken), [fault])


def _not_understood(request: Request, error: RequestValidationError) -> Response:
    spoken = language(request.headers.get("accept-language", ""))
    wrong = [_complaint(each, error.body) for each in error.errors()]
    faults = [Fault(field=place, remedy=said(remedy, spoken) or "") for place, remedy in wrong]
    place, remedy = wrong[0]
    detail = said(Words("{field}: {reason}", field=place, reason=remedy), spoken)
    return problem_response(422, "not understood", detail, faults)


def _complaint(error: ErrorDetails, body: object) -> tuple[str, Words]:
    """Return the field at fault and what is wrong with it."""
    if error["type"] != "json_invalid" or not isinstance(body, str):
        return _place(error["loc"]), complaint(error)
    at = int(error["loc"][-1])
    line, column = body.count("\n", 0, at) + 1, at - body.rfind("\n", 0, at)
    why = f"{error.get('ctx', {}).get('error')}: line {line}, column {column}"
    return "body", Words(SENTENCES["json_invalid"], error=why)


def install(app: FastAPI) -> None:
    """Have every error of the agent answered by a problem document."""

    @app.exception_handler(SignInError)
    def _(request: Request, error: SignInError) -> Response:
        return _told(request, 401, "not signed in", "Authorization", error.args[0])

    @app.exception_handler(UnknownError)
    def _(request: Request, error: UnknownError) -> Response:
        return _told(request, 404, "not found", error.field, error.remedy, detail=error.words)

    @app.exception_handler(NotAllowedError)
    def _(request: Request, error: NotAllowedError) -> Response:
        return _told(request, 403, "not allowed", error.field, error.remedy, detail=error.words)

    @app.exception_handler(OpenPaymentError)
    def _(request: Request, error: OpenPaymentError) -> Response:
        answer = _told(request, 409, "not possible", error.field, error.remedy, detail=error.words)
        answer.headers["Location"] = f"/v1/payments/{error.attempt}"
        return answer

    @app.exception_handler(WorkError)
    def _(request: Request, error: WorkError) -> Response:
        return _told(request, 409, "not possible", error.field, error.remedy, detail=error.words)

    @app.exception_handler(InstrumentError)
    def _(request: Request, error: InstrumentError) -> Response:
        return _told(request, 409, "not possible", "instrument", error.args[0])

    @app.exception_handler(StoreRefusedError)
    def _(request: Request, error: StoreRefusedError) -> Response:
        return _told(request, 507, "not saved", "store", error.args[0])

    @app.exception_handler(RequestValidationError)
    def _(request: Request, error: RequestValidationError) -> Response:
        return _not_understood(request, error)

    @app.exception_handler(HTTPException)
    def _(_: Request, error: HTTPException) -> Response:
        fault = Fault(
            field="method" if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else "path",
            remedy=REMEDIES.get(error.status_code, "ask for something else"),
        )
        return problem_response(
            error.status_code,
            str(error.detail).lower(),
            f"{fault.field}: {fault.remedy}",
            [fault],
            error.headers,
        )


def _place(loc: Sequence[object]) -> str:
    """Return the field a complaint is about; its name may be anything a client made up."""
    place = ".".join(str(part) for part in loc[1:]) or "body"
    return place.encode(errors="replace").decode()[:LONGEST_PLACE]
