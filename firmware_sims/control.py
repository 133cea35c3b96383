"""The control of the bench over loopback HTTP: look at instruments, set values, put in faults."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any, Protocol

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field

from firmware_sims.kit.closed_bodies import Closed, malformed, problem
from firmware_sims.kit.decimals import DECIMAL
from firmware_sims.kit.display import KEPT, Shown
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.instrument import ControlError, Instrument
from firmware_sims.kit.quantities import Quantity
from firmware_sims.payment.customer import Habit
from firmware_sims.payment.terminal import Terminal


class Bench(Protocol):
    """What the control needs of the process it stands in."""

    @property
    def instruments(self) -> Sequence[Instrument]:
        """All instruments, in the order they were named."""
        ...

    def drop_link(self, instrument: Instrument) -> None:
        """Lose the instrument's present link once."""

    def tend(self) -> None:
        """Let what was asked take effect on the links now, not at the next tick."""


class InstrumentPatch(Closed):
    """Hold freezes the display; values set in the same request are shown first."""

    hold: bool | None = None
    set: dict[str, str] | None = None


class FaultSwitch(Closed):
    """Switch one fault, for so many times where it is counted."""

    fault: str
    on: bool
    times: Annotated[int, Field(ge=1)] | None = None


class CustomerPatch(Closed):
    """Have the customer of a terminal do something else, in the time that is usual for it unless it is said."""

    does: str | None = None
    seconds: Annotated[float, Field(ge=0)] | None = None
    percent: Annotated[int, Field(ge=1, le=100)] | None = None


class ActRequest(Closed):
    """Do one thing by hand."""

    act: str
    text: str = ""


def control_app(bench: Bench) -> FastAPI:
    """Build the control of a bench."""
    app = FastAPI(title="simulated instruments", openapi_url=None)
    app.add_exception_handler(ControlError, _refused)
    app.add_exception_handler(RequestValidationError, malformed)
    _add_looking(app, bench)
    _add_setting(app, bench)
    _add_handling(app, bench)
    _add_paying(app, bench)
    return app


def _add_looking(app: FastAPI, bench: Bench) -> None:
    @app.get("/v1/instruments")
    async def instruments() -> dict[str, Any]:
        return {"instruments": [_about(each) for each in bench.instruments]}

    @app.get("/v1/instruments/{serial}")
    async def instrument(serial: str) -> dict[str, Any]:
        return _about(_find(bench, serial))

    @app.get("/v1/instruments/{serial}/displayed")
    async def displayed(
        serial: str, last: Annotated[int, Query(ge=1, le=KEPT)] = 50
    ) -> dict[str, Any]:
        shown = _find(bench, serial).display.last(last)
        return {"displayed": [_set(each) for each in shown]}


def _add_setting(app: FastAPI, bench: Bench) -> None:
    @app.patch("/v1/instruments/{serial}")
    async def patch(serial: str, wanted: InstrumentPatch) -> dict[str, Any]:
        found = _find(bench, serial)
        values = _values(found, wanted.set or {})
        if wanted.hold is not None:
            found.hold = False
        if values:
            found.set_values(values)
        if wanted.hold is not None:
            found.hold = wanted.hold
        return _about(found)


def _add_handling(app: FastAPI, bench: Bench) -> None:
    @app.post("/v1/instruments/{serial}/faults")
    async def faults(serial: str, wanted: FaultSwitch) -> dict[str, Any]:
        found = _find(bench, serial)
        fault = _one_of("fault", wanted.fault, found.known_faults)
        found.set_fault(Fault(fault), on=wanted.on, times=wanted.times)
        bench.tend()
        return _about(found)

    @app.post("/v1/instruments/{serial}/acts")
    async def acts(serial: str, wanted: ActRequest) -> dict[str, Any]:
        found = _find(bench, serial)
        act = Act(_one_of("act", wanted.act, found.known_acts))
        if act is Act.DROP_LINK:
            bench.drop_link(found)
        else:
            found.do(act, wanted.text)
        bench.tend()
        return _about(found)


def _add_paying(app: FastAPI, bench: Bench) -> None:
    @app.patch("/v1/instruments/{serial}/customer")
    async def customer(serial: str, wanted: CustomerPatch) -> dict[str, Any]:
        found = _find(bench, serial)
        if not isinstance(found, Terminal):
            terminals = (each for each in bench.instruments if isinstance(each, Terminal))
            raise ControlError("serial", serial, frozenset(each.serial for each in terminals))
        said: dict[str, Any] = wanted.model_dump(exclude={"does"}, exclude_none=True)
        if wanted.does is not None:
            habit = Habit(_one_of("does", wanted.does, frozenset(Habit)))
            said = {"seconds": None, **said, "habit": habit}
        found.customer = replace(found.customer, **said)
        return _about(found)


def _find(bench: Bench, serial: str) -> Instrument:
    for each in bench.instruments:
        if each.serial == serial:
            return each
    serials = frozenset(each.serial for each in bench.instruments)
    raise ControlError("serial", serial, serials)


def _one_of(field: str, asked: str, known: frozenset[Any]) -> str:
    if asked not in known:
        raise ControlError(field, asked, frozenset(str(each) for each in known))
    return asked


def _values(found: Instrument, asked: Mapping[str, str]) -> dict[Quantity, Decimal]:
    values: dict[Quantity, Decimal] = {}
    for code, text in asked.items():
        quantity = Quantity(_one_of("set", code, frozenset(found.sensors)))
        if not DECIMAL.fullmatch(text):
            raise ControlError(f"set.{code}", text, frozenset(("a decimal, as -12.5",)))
        values[quantity] = Decimal(text)
    return values


def _about(instrument: Instrument) -> dict[str, Any]:
    shown = instrument.display.current
    return {
        "slug": instrument.slug,
        "address": instrument.address,
        "name": instrument.name,
        "serial": instrument.serial,
        "displayed": shown.as_json(),
        "counter": shown.counter,
        "state": instrument.state,
        "hold": instrument.hold,
        "faults": sorted(instrument.faults),
        **instrument.about(),
    }


def _set(shown: Shown) -> dict[str, Any]:
    at = shown.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"counter": shown.counter, "at": at, "displayed": shown.as_json()}


async def _refused(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ControlError):
        raise error
    unknown = error.field == "serial"
    status = HTTPStatus.NOT_FOUND if unknown else HTTPStatus.UNPROCESSABLE_ENTITY
    allowed = sorted(error.allowed)
    detail = f"{error}; allowed: {', '.join(allowed) or 'nothing'}"
    return problem(status, detail, error.field, allowed)
