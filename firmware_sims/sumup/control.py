"""The control of the simulated servers: the paths that every simulator has, as far as they mean something."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from firmware_sims.control import CustomerPatch, FaultSwitch
from firmware_sims.kit.closed_bodies import malformed, problem
from firmware_sims.kit.instrument import ControlError
from firmware_sims.payment.customer import Habit
from firmware_sims.sumup.account import Account

SLUG = "sumup"


def control_app(account: Account, address: str) -> FastAPI:
    """Build the control of servers that are at an address."""
    app = FastAPI(title="simulated SumUp", openapi_url=None)
    app.add_exception_handler(ControlError, _refused)
    app.add_exception_handler(RequestValidationError, malformed)
    _add_looking(app, account, address)
    _add_setting(app, account, address)
    return app


def _add_looking(app: FastAPI, account: Account, address: str) -> None:
    @app.get("/v1/instruments")
    async def instruments() -> dict[str, Any]:
        return {"instruments": [_about(account, address)]}

    @app.get("/v1/instruments/{serial}")
    async def instrument(serial: str) -> dict[str, Any]:
        _is(account, serial)
        return _about(account, address)


def _add_setting(app: FastAPI, account: Account, address: str) -> None:
    @app.patch("/v1/instruments/{serial}/customer")
    async def customer(serial: str, wanted: CustomerPatch) -> dict[str, Any]:
        _is(account, serial)
        _have_another(account, wanted)
        return _about(account, address)

    @app.post("/v1/instruments/{serial}/faults")
    async def faults(serial: str, wanted: FaultSwitch) -> dict[str, Any]:
        _is(account, serial)
        account.troubles.switch(wanted.fault, on=wanted.on, times=wanted.times)
        return _about(account, address)


def name(account: Account) -> str:
    """Return what the reader is called."""
    return f"reader {account.fitting.serial}"


def _about(account: Account, address: str) -> dict[str, Any]:
    serial = account.fitting.serial
    told = {"slug": SLUG, "serial": serial, "name": name(account), "address": address}
    return {**told, "displayed": {}, "counter": 0, "hold": False, **account.about()}


def _have_another(account: Account, wanted: CustomerPatch) -> None:
    said: dict[str, Any] = wanted.model_dump(exclude={"does"}, exclude_none=True)
    if wanted.does is not None:
        if wanted.does not in frozenset(Habit):
            raise ControlError("does", wanted.does, frozenset(Habit))
        said = {"seconds": None, **said, "habit": Habit(wanted.does)}
    account.reader.customer = replace(account.reader.customer, **said)


def _is(account: Account, serial: str) -> None:
    if serial != account.fitting.serial:
        raise ControlError("serial", serial, frozenset((account.fitting.serial,)))


async def _refused(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ControlError):
        raise error
    unknown = error.field == "serial"
    status = HTTPStatus.NOT_FOUND if unknown else HTTPStatus.UNPROCESSABLE_ENTITY
    allowed = sorted(str(each) for each in error.allowed)
    return problem(status, f"{error}; allowed: {', '.join(allowed)}", error.field, allowed)
