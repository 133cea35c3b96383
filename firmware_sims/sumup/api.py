"""The routes of SumUp's servers."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from firmware_sims.sumup.account import Account
from firmware_sims.sumup.refusal import Refusal, as_errors, as_message, as_problem

OF_READERS = "/v0.1/merchants/{merchant}/readers/{reader}"
ASKED = f"{OF_READERS}/checkout"
TRANSACTIONS = "/v2.1/merchants/{merchant}/transactions"
REFUNDS = "/v1.0/merchants/{merchant}/payments/{transaction}/refunds"


def sumup_app(account: Account) -> FastAPI:
    """Build what a till speaks with."""
    app = FastAPI(title="simulated SumUp", openapi_url=None)

    async def refused(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, Refusal):
            raise error
        return _refused(request.url.path, error, problems=account.fitting.problems)

    app.add_exception_handler(Refusal, refused)
    _add_reader(app, account)
    _add_transactions(app, account)
    return app


def _add_reader(app: FastAPI, account: Account) -> None:
    @app.get(f"{OF_READERS}/status")
    async def status(merchant: str, reader: str, request: Request) -> dict[str, Any]:
        _enter(account, request, merchant, reader)
        return {"data": account.status()}

    @app.post(ASKED, status_code=HTTPStatus.CREATED)
    async def ask(merchant: str, reader: str, request: Request) -> dict[str, Any]:
        _enter(account, request, merchant, reader)
        return {"data": account.ask(await request.body())}

    @app.get(f"{ASKED}/{{checkout}}")
    async def look(merchant: str, reader: str, checkout: str, request: Request) -> dict[str, Any]:
        _enter(account, request, merchant, reader)
        return {"data": account.look(checkout)}

    @app.post(f"{OF_READERS}/terminate")
    async def terminate(merchant: str, reader: str, request: Request) -> Response:
        _enter(account, request, merchant, reader)
        account.terminate()
        return Response(status_code=HTTPStatus.ACCEPTED)


def _add_transactions(app: FastAPI, account: Account) -> None:
    @app.get(TRANSACTIONS)
    async def transaction(merchant: str, request: Request) -> dict[str, Any]:
        _enter(account, request, merchant)
        return account.transaction(request.query_params)

    @app.post(REFUNDS, status_code=HTTPStatus.CREATED)
    async def refund(merchant: str, transaction: str, request: Request) -> dict[str, Any]:
        _enter(account, request, merchant)
        return account.refund(transaction, await request.body())


def _enter(account: Account, request: Request, merchant: str, reader: str | None = None) -> None:
    """Do nothing for who has the key and asks for what is there; raises Refusal."""
    if request.headers.get("authorization") != f"Bearer {account.fitting.api_key}":
        raise Refusal(HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", "the key is not known")
    account.own(merchant, reader)


def _refused(path: str, refusal: Refusal, *, problems: bool) -> JSONResponse:
    if problems:
        answer = as_problem(refusal)
    elif "/readers/" in path:
        answer = as_errors(refusal)
    elif path.endswith("/transactions") and refusal.status is HTTPStatus.NOT_FOUND:
        answer = as_message(refusal)
    else:
        answer = as_problem(refusal)
    if refusal.status is HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers["Retry-After"] = "1"
    return answer
