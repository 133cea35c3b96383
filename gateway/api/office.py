"""Routes of interventions and forms."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import StreamingResponse

from contract.forms.check import faults_of
from contract.forms.form import Form
from contract.payment.amount import AmountError, minor_units_of
from contract.payment.currency import CurrencyError
from contract.wire.base import Name, WireModel
from contract.wire.intervention import FormReference, Intervention
from contract.wire.problem import Fault
from gateway.api import readable, readable_payments
from gateway.api.bodies import body, documented
from gateway.api.problems import invalid
from gateway.api.services import Here, Id, Part, Services
from gateway.ports.office import AbsentError, Kept
from gateway.usecases.payments import standing_of
from gateway.usecases.reports import FilledReport, filled, placed

router = APIRouter(prefix="/v1")


class Assigning(WireModel):
    """Whom an intervention is given to."""

    agent: Name


@router.post("/interventions", openapi_extra=documented(Intervention))
async def create(
    here: Here, response: Response, new: Annotated[Intervention, Depends(body(Intervention))]
) -> dict[str, Any]:
    """Create an intervention; the same again is no error."""
    _check(new)
    try:
        kept = await here.office.create(new)
    except AbsentError as error:
        raise invalid(
            (Fault(field="reports.form", remedy=f"{error}: post it to /v1/forms first"),)
        ) from error
    response.status_code = HTTPStatus.CREATED if kept is Kept.NEW else HTTPStatus.OK
    response.headers["Location"] = f"/v1/interventions/{new.id}"
    here.sequencer.wake()
    return readable.job(await here.office.job(new.id))


def _check(new: Intervention) -> None:
    appliances = [each.id for each in new.appliances]
    reports = [each.id for each in new.reports]
    faults: list[Fault] = []
    if len(set(appliances)) < len(appliances):
        faults.append(Fault(field="appliances", remedy="give each its own id"))
    if len(set(reports)) < len(reports):
        faults.append(Fault(field="reports", remedy="give each its own id"))
    for each in new.reports:
        if each.appliance not in appliances:
            faults.append(
                Fault(
                    field="reports.appliance", remedy=f"list {each.appliance} among the appliances"
                )
            )
    faults += _amount_due(new)
    if faults:
        raise invalid(tuple(faults))


def _amount_due(new: Intervention) -> list[Fault]:
    if new.amount_due is None or new.currency is None:
        return []
    try:
        minor_units_of(new.amount_due, new.currency)
    except CurrencyError as error:
        return [Fault(field="currency", remedy=str(error))]
    except AmountError as error:
        return [Fault(field="amount_due", remedy=str(error))]
    return []


@router.get("/interventions")
async def interventions(here: Here, part: Part) -> dict[str, Any]:
    """List interventions, the newest first."""
    page = await here.office.jobs(part.cursor, part.limit)
    return readable.paged(page, [readable.job(each) for each in page.items])


@router.get("/interventions/{id}")
async def intervention(here: Here, id: Id) -> dict[str, Any]:
    """Return one intervention, and what it still waits for."""
    return readable.job(await here.office.job(id))


@router.post("/interventions/{id}/assign", openapi_extra=documented(Assigning))
async def assign(
    here: Here, id: Id, asked: Annotated[Assigning, Depends(body(Assigning))]
) -> dict[str, Any]:
    """Give an intervention to an agent; whoever had it is told that it is withdrawn."""
    return readable.job(await assigned(here, id, asked.agent))


async def assigned(here: Services, id: str, agent: str) -> Any:
    """Assign, and tell those concerned."""
    await here.office.job(id)
    try:
        job = await here.office.assign(id, agent)
    except AbsentError as error:
        remedy = f"{error}: enrol it with 'releve gateway enrol'"
        raise invalid((Fault(field="agent", remedy=remedy),)) from error
    here.sequencer.wake()
    await here.dispatch.intervention(id)
    return job


@router.post("/interventions/{id}/cancel")
async def cancel(here: Here, id: Id) -> dict[str, Any]:
    """Cancel an intervention; what was captured is kept, and what is on its way still arrives."""
    job = await here.office.cancel(id)
    here.sequencer.wake()
    await here.dispatch.intervention(id)
    return readable.job(job)


@router.get("/interventions/{id}/captures", response_model=None)
async def captures(
    here: Here, id: Id, format: str | None = None
) -> dict[str, Any] | StreamingResponse:
    """Return the captures; with ``format=export`` as a file that anybody can verify."""
    await here.office.job(id)
    if format is None:
        found = await here.archive.of_intervention(id)
        return {"items": [readable.capture(each) for each in found], "next": None}
    if format != "export":
        raise invalid((Fault(field="format", remedy="leave it out, or say 'export'"),))
    headers = {"Content-Disposition": f'attachment; filename="{id}.releve.jsonl"'}
    return StreamingResponse(
        _lines(here, id), media_type="application/x-ndjson; charset=utf-8", headers=headers
    )


async def _lines(here: Services, id: str) -> AsyncIterator[str]:
    async for line in here.exporter.lines(id):
        yield line + "\n"


@router.get("/interventions/{id}/payments")
async def payments(here: Here, id: Id) -> dict[str, Any]:
    """Return what is due, what was paid, the difference, and the latest word about each payment."""
    job = await here.office.job(id)
    held = placed(await here.archive.of_intervention(id))
    shown = readable_payments.standing(standing_of(job.intervention, held))
    return {"intervention": id, **shown}


@router.get("/interventions/{id}/reports/{report}")
async def report(here: Here, id: Id, report: Id) -> dict[str, Any]:
    """Return a report with the value of every field, and where each comes from."""
    return {"intervention": id, **readable.report(await stands_now(here, id, report))}


async def stands_now(here: Services, id: str, report: str) -> FilledReport:
    """Return a report as its captures fill it now; raises AbsentError."""
    job = await here.office.job(id)
    wanted = job.intervention.report(report)
    if wanted is None:
        raise AbsentError(f"intervention {id} has no report {report}")
    form = await here.shelf.form(wanted.form)
    held = placed(await here.archive.of_intervention(id))
    return filled(job.intervention, wanted, form, held)


@router.post("/forms", openapi_extra=documented(Form))
async def keep_form(
    here: Here, response: Response, new: Annotated[Form, Depends(body(Form, extra=None))]
) -> dict[str, Any]:
    """Keep a form version for ever; the same again is no error, another content is one."""
    if faults := faults_of(new):
        raise invalid(faults)
    kept = await here.shelf.keep(new)
    response.status_code = HTTPStatus.CREATED if kept is Kept.NEW else HTTPStatus.OK
    response.headers["Location"] = f"/v1/forms/{new.id}/{new.version}"
    return new.model_dump(mode="json", exclude_none=True)


@router.get("/forms")
async def forms(here: Here, part: Part) -> dict[str, Any]:
    """List form versions."""
    page = await here.shelf.forms(part.cursor, part.limit)
    return readable.paged(
        page, [each.model_dump(mode="json", exclude_none=True) for each in page.items]
    )


@router.get("/forms/{id}/{version}")
async def form(
    here: Here, id: Id, version: Annotated[int, Path(ge=1, lt=2**63)]
) -> dict[str, Any]:
    """Return a form version."""
    found = await here.shelf.form(FormReference(id=id, version=version))
    return found.model_dump(mode="json", exclude_none=True)
