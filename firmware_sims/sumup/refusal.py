"""How the servers refuse, in the two shapes that SumUp's library reads."""

from http import HTTPStatus

from fastapi.responses import JSONResponse

from firmware_sims.kit.closed_bodies import PROBLEM


class Refusal(Exception):  # noqa: N818 - it is an answer
    """An answer other than 2xx."""

    def __init__(self, status: HTTPStatus, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        """What SumUp calls the type of an error."""
        self.detail = detail


def as_errors(refusal: Refusal) -> JSONResponse:
    """Return it as those about readers are."""
    errors = {"type": refusal.kind, "detail": refusal.detail}
    return JSONResponse({"errors": errors}, refusal.status)


def as_problem(refusal: Refusal) -> JSONResponse:
    """Return it as a problem document."""
    body = {
        "type": f"https://errors.invalid/{refusal.kind.lower()}",
        "title": refusal.status.phrase,
        "status": refusal.status.value,
        "detail": refusal.detail,
    }
    return JSONResponse(body, refusal.status, media_type=PROBLEM)


def as_message(refusal: Refusal) -> JSONResponse:
    """Return it as a transaction that is not found."""
    return JSONResponse({"error_code": refusal.kind, "message": refusal.detail}, refusal.status)


def no_reader() -> Refusal:
    """Another merchant's, or nobody's."""
    return Refusal(HTTPStatus.NOT_FOUND, "NOT_FOUND", "there is no such reader")


def no_transaction() -> Refusal:
    """Not yet, or never."""
    return Refusal(HTTPStatus.NOT_FOUND, "NOT_FOUND", "there is no such transaction")


def wrong_shape(detail: str) -> Refusal:
    """A body that cannot be read."""
    return Refusal(HTTPStatus.BAD_REQUEST, "INVALID_BODY", detail)


def cannot_be(detail: str, kind: str = "UNPROCESSABLE") -> Refusal:
    """A request that can be read, and not be followed."""
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, kind, detail)
