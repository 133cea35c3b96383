"""The page that another app sends a technician to: some fields of one report, and the way back with their values."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from agent.api import models, pages_shown
from agent.api.callback import ReturnError, led_back
from agent.api.guard import By, Uses
from agent.api.pages import Page
from agent.api.services import Services
from agent.usecases.work import InterventionView, ReportView, UnknownError, WorkError
from contract.words import Words

shell = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
fragments = APIRouter(
    prefix="/pages", include_in_schema=False, default_response_class=HTMLResponse
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the other app asks for."""

    fields: Annotated[
        str, Query(max_length=2_000, description="names, with commas between them")
    ] = ""
    success: Annotated[str | None, Query(alias="x-success", max_length=4_000)] = None
    cancel: Annotated[str | None, Query(alias="x-cancel", max_length=4_000)] = None

    @property
    def names(self) -> list[str]:
        """The fields, each once."""
        return list(dict.fromkeys(each for each in self.fields.split(",") if each))

    @property
    def query(self) -> str:
        """What was asked, for the fragment that answers it."""
        said = {"fields": self.fields, "x-success": self.success, "x-cancel": self.cancel}
        return urlencode({name: each for name, each in said.items() if each is not None})


Wanted = Annotated[Sent, Depends()]


@shell.get("/fill/{id}/{report}")
async def fill_shell(page: Page, id: str, report: str, sent: Wanted) -> HTMLResponse:
    """Give the shell of a page for some fields of a report."""
    content = f"{page.path('pages', 'fill', id, report)}?{sent.query}"
    return page.shell("today", content, ("intervention", "instrument"))


@fragments.get("/fill/{id}/{report}")
async def fill(page: Page, uses: Uses, _: By, id: str, report: str, sent: Wanted) -> HTMLResponse:
    """Show the fields, and the way back: with their values once all are filled, or without."""
    try:
        view = await uses.work.view(id)
        stands = _report(view, report)
        _check_fields(stands, sent)
        success, cancel = _back(uses, sent)
    except WorkError as error:
        return page.fragment("fill_refused.html", why=error.remedy)
    now = uses.clock.reading()
    return page.fragment(
        "fill.html",
        intervention=models.intervention(view, now),
        report=models.report(stands, now),
        names=sent.names,
        appliances={each.id: each.name for each in view.intervention.appliances},
        serving=pages_shown.serving(uses, view),
        claims=pages_shown.claims(await uses.captures.of_intervention(id)),
        scans=[],
        done=led_back(success, sent.names, stands.values) if success else None,
        wants_back=success is not None,
        cancel=cancel,
    )


def _check_fields(stands: ReportView, sent: Sent) -> None:
    if not sent.names:
        raise UnknownError("fields", Words("name at least one field of the form"))
    for name in sent.names:
        if name not in stands.form.form.properties:
            raise UnknownError("fields", Words("the form has no field {field}", field=name))


def _report(view: InterventionView, report: str) -> ReportView:
    found = next((each for each in view.reports if each.report.id == report), None)
    if found is None:
        raise UnknownError(
            "report",
            Words("{id} has no report {report}", id=view.intervention.id, report=report),
        )
    return found


def _back(uses: Services, sent: Sent) -> tuple[str | None, str | None]:
    try:
        return (
            uses.returning.checked("x-success", sent.success),
            uses.returning.checked("x-cancel", sent.cancel),
        )
    except ReturnError as error:
        raise WorkError("x-success", error.args[0]) from error
