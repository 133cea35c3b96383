"""The local API, version 1: links that open other apps with the values of a report."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from agent.api.guard import By, Uses, technician
from agent.api.models import Json
from agent.usecases.work import UnknownError
from contract.forms.engines.kizeo import kizeo_link
from contract.words import Words

router = APIRouter(prefix="/v1", dependencies=[Depends(technician)])

KizeoForm = Annotated[
    str, Query(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="id of the form there")
]


@router.get("/interventions/{id}/reports/{report}/kizeo")
async def kizeo(id: str, report: str, form: KizeoForm, _: By, uses: Uses) -> Json:
    """Return a link that opens a form of Kizeo with what the report holds; nothing comes back from it."""
    view = await uses.work.view(id)
    for each in view.reports:
        if each.report.id == report:
            return {"link": kizeo_link(form, each.values)}
    raise UnknownError("report", Words("{id} has no report {report}", id=id, report=report))
