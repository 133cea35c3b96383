"""The technician's pages: a public shell without data, and the fragments that fill it, for whoever is signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from agent.api import models, pages_files, pages_payments, pages_shown
from agent.api.guard import By, Uses
from agent.api.pages_writing import Writer
from agent.api.services import Services
from drivers.files.file import MAX_BYTES

Page = Annotated[Writer, Depends()]

shell = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
fragments = APIRouter(
    prefix="/pages", include_in_schema=False, default_response_class=HTMLResponse
)

_INTERVENTIONS = ("intervention", "outbox")
_INTERVENTION = ("intervention", "scan", "instrument", "file", "payment")
_INSTRUMENTS = ("instrument",)


@shell.get("/")
async def today_shell(page: Page) -> HTMLResponse:
    """Give the shell of the interventions."""
    return page.shell("today", "/pages/interventions", _INTERVENTIONS)


@shell.get("/interventions/{id}")
async def intervention_shell(page: Page, id: str) -> HTMLResponse:
    """Give the shell of one intervention."""
    return page.shell("today", page.path("pages", "interventions", id), _INTERVENTION)


@shell.get("/instruments")
async def instruments_shell(page: Page) -> HTMLResponse:
    """Give the shell of the instruments."""
    return page.shell("instruments", "/pages/instruments", _INSTRUMENTS)


@fragments.get("/interventions")
async def today(page: Page, uses: Uses, _: By) -> HTMLResponse:
    """Show what is assigned here."""
    views = sorted(await uses.work.views(), key=pages_shown.order)
    now = uses.clock.reading()
    shown = [models.intervention(each, now) for each in views]
    return page.fragment("today.html", interventions=shown, agent=uses.agent)


@fragments.get("/interventions/{id}")
async def intervention(page: Page, uses: Uses, _: By, id: str) -> HTMLResponse:
    """Show one intervention, with every field of its reports."""
    view = await uses.work.view(id)
    captures = await uses.captures.of_intervention(id)
    return page.fragment(
        "intervention.html",
        intervention=models.intervention(view, uses.clock.reading()),
        appliances={each.id: each.name for each in view.intervention.appliances},
        serving=pages_shown.serving(uses, view),
        claims=pages_shown.claims(captures),
        paying=await pages_payments.paying(uses, view, captures),
        scans=_scans(uses),
        files=pages_files.files(uses.importing.files.recent(), view),
        largest=MAX_BYTES,
    )


def _scans(uses: Services) -> list[models.Json]:
    now = uses.clock.elapsed()
    return [models.scan(each, now) for each in uses.scans.recent()[: pages_shown.SCANS]]


@fragments.get("/instruments")
async def instruments(page: Page, uses: Uses, _: By) -> HTMLResponse:
    """Show the instruments that are near or paired."""
    shown = models.instruments(uses)
    return page.fragment(
        "instruments.html",
        instruments=shown,
        absent=uses.absent(),
        history={str(each["id"]): pages_shown.history(uses, str(each["id"])) for each in shown},
        roles=pages_shown.roles(await uses.work.views()),
    )


@fragments.get("/status")
async def status(page: Page, uses: Uses, by: By) -> HTMLResponse:
    """Show what waits to be sent, and who is signed in."""
    return page.fragment(
        "status.html", depth=await uses.captures.depth(), reached=uses.uplink.connected, who=by
    )
