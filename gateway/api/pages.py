"""The pages: what the API says, for people."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from contract.signing import KeyRecord, SignatureError, VerifyingKey
from contract.wire.problem import Fault
from contract.wire.statement import Transition
from gateway.api import readable
from gateway.api.office import assigned
from gateway.api.problems import invalid
from gateway.api.services import Here, Id, Part, Services
from gateway.api.writer import Writer
from gateway.ports.archive import Poison, Stored
from gateway.usecases.payments import standing_of
from gateway.usecases.reports import FilledReport, filled, placed

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
SHOWN = 100
ASSIGNABLE = frozenset({"created", "planned", "assigned", "started", "suspended", "closing"})

Page = Annotated[Writer, Depends()]


@router.get("/")
async def interventions(here: Here, page: Page, part: Part) -> HTMLResponse:
    """Show the interventions."""
    found = await here.office.jobs(part.cursor, part.limit)
    return page.page("interventions.html", jobs=found.items, next=found.next)


@router.get("/interventions/{id}")
async def intervention(here: Here, page: Page, id: Id) -> HTMLResponse:
    """Show one intervention: its appliances, its reports, every field and where its value comes from."""
    job = await here.office.job(id)
    captures = await here.archive.of_intervention(id)
    agents = await here.registry.agents(None, 200)
    held = placed(captures)
    reports: list[FilledReport] = []
    for each in job.intervention.reports:
        reports.append(filled(job.intervention, each, await here.shelf.form(each.form), held))
    return page.page(
        "intervention.html",
        job=job,
        reports=reports,
        standing=standing_of(job.intervention, held),
        steps=[each for each in held if isinstance(each.statement, Transition)],
        evidence=await _evidence(here, captures),
        forked=[each for each in captures if each.outcome.value == "forked"],
        agents=[each for each in agents.items if not each.revoked],
        assignable=job.stage.value in ASSIGNABLE,
    )


async def _evidence(here: Services, captures: Sequence[Stored]) -> dict[str, bool]:
    """Tell for every link hash whether its signature fits its agent's key."""
    ids = sorted({each.key for each in captures})
    keys = {each.id: each for each in await here.archive.keys(ids)}
    return {each.hash: _fits(each, keys.get(each.key)) for each in captures}


def _fits(capture: Stored, record: KeyRecord | None) -> bool:
    if record is None or record.owner != capture.agent:
        return False
    try:
        VerifyingKey(record.public).check(capture.link, capture.sig)
    except SignatureError:
        return False
    return True


@router.post("/interventions/{id}/assign")
async def assign(here: Here, page: Page, request: Request, id: Id) -> RedirectResponse:
    """Give an intervention to the agent chosen, and show it again."""
    chosen = parse_qs((await request.body()).decode("ascii", "replace")).get("agent", [""])[0]
    if not chosen:
        raise invalid((Fault(field="agent", remedy="choose an agent"),))
    await assigned(here, id, chosen)
    return RedirectResponse(page.to(f"/interventions/{id}"), HTTPStatus.SEE_OTHER)


@router.get("/captures")
async def captures(here: Here, page: Page) -> HTMLResponse:
    """Show the captures that arrived last."""
    return page.page("captures.html", captures=await here.recent.newest(SHOWN))


@router.get("/agents")
async def agents(here: Here, page: Page, part: Part) -> HTMLResponse:
    """Show the agents."""
    found = await here.registry.agents(part.cursor, part.limit)
    return page.page("agents.html", agents=found.items, next=found.next)


@router.get("/agents/{name}")
async def agent(here: Here, page: Page, name: Id) -> HTMLResponse:
    """Show one agent and its instruments."""
    found = await here.registry.agent(name)
    instruments = await here.registry.instruments(None, 200, agent=name)
    commands = await here.caches.commands(name, 10)
    return page.page("agent.html", agent=found, instruments=instruments.items, commands=commands)


@router.get("/quarantine")
async def quarantine(here: Here, page: Page, part: Part) -> HTMLResponse:
    """Show what a person must look at."""
    found = await here.quarantine.quarantined(part.cursor, part.limit)
    return page.page(
        "quarantine.html",
        rows=[(isinstance(each, Poison), readable.quarantined(each)) for each in found.items],
        next=found.next,
    )
