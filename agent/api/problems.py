"""Errors as problem documents that name the field and the remedy."""

from collections.abc import Iterable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from agent.ports import StoreRefusedError
from agent.usecases.keeper import InstrumentError
from agent.usecases.signing_in import SignInError
from agent.usecases.work import UnknownError, WorkError
from contract.wire.problem import MEDIA_TYPE, Fault, Problem


def problem_response(
    status: int, title: str, detail: str | None = None, errors: Iterable[Fault] = ()
) -> Response:
    """Return a problem document."""
    problem = Problem(title=title, status=status, detail=detail, errors=tuple(errors))
    return Response(problem.to_json(), status_code=status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Have every error of the agent answered by a problem document."""

    @app.exception_handler(SignInError)
    def _(_: Request, error: SignInError) -> Response:
        return problem_response(401, "not signed in", str(error))

    @app.exception_handler(UnknownError)
    def _(_: Request, error: UnknownError) -> Response:
        return problem_response(
            404, "not found", str(error), [Fault(field=error.field, remedy=error.remedy)]
        )

    @app.exception_handler(WorkError)
    def _(_: Request, error: WorkError) -> Response:
        return problem_response(
            409, "not possible", str(error), [Fault(field=error.field, remedy=error.remedy)]
        )

    @app.exception_handler(InstrumentError)
    def _(_: Request, error: InstrumentError) -> Response:
        return problem_response(
            409, "not possible", str(error), [Fault(field="instrument", remedy=str(error))]
        )

    @app.exception_handler(StoreRefusedError)
    def _(_: Request, error: StoreRefusedError) -> Response:
        return problem_response(507, "not saved", str(error))

    @app.exception_handler(RequestValidationError)
    def _(_: Request, error: RequestValidationError) -> Response:
        faults = [
            Fault(
                field=".".join(str(part) for part in each["loc"][1:]) or "body", remedy=each["msg"]
            )
            for each in error.errors()
        ]
        return problem_response(
            422, "not understood", f"{faults[0].field}: {faults[0].remedy}", faults
        )

    @app.exception_handler(HTTPException)
    def _(_: Request, error: HTTPException) -> Response:
        return problem_response(error.status_code, str(error.detail))
