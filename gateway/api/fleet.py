"""Routes of captures, agents, instruments and the quarantine."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from contract.wire.base import WireModel
from contract.wire.down import CommandName
from gateway.api import readable
from gateway.api.bodies import body, documented
from gateway.api.services import Here, Id, Part

router = APIRouter(prefix="/v1")
SHOWN_COMMANDS = 20


class Commanding(WireModel):
    """What an agent is told to do."""

    name: CommandName


@router.get("/captures")
async def captures(here: Here, part: Part) -> dict[str, Any]:
    """List captures in an order in which nobody skips a late one."""
    page = await here.archive.captures(part.cursor, part.limit)
    return readable.paged(page, [readable.capture(each) for each in page.items])


@router.get("/agents")
async def agents(here: Here, part: Part) -> dict[str, Any]:
    """List agents."""
    page = await here.registry.agents(part.cursor, part.limit)
    return readable.paged(page, [readable.agent(each) for each in page.items])


@router.get("/agents/{name}")
async def agent(here: Here, name: Id) -> dict[str, Any]:
    """Return one agent, with its instruments and its last commands."""
    found = await here.registry.agent(name)
    instruments = await here.registry.instruments(None, 200, agent=name)
    commands = await here.caches.commands(name, SHOWN_COMMANDS)
    return {
        **readable.agent(found),
        "instruments": [readable.instrument(each) for each in instruments.items],
        "commands": [readable.command(each) for each in commands],
    }


@router.post(
    "/agents/{name}/commands",
    status_code=HTTPStatus.ACCEPTED,
    openapi_extra=documented(Commanding),
)
async def command(
    here: Here, name: Id, asked: Annotated[Commanding, Depends(body(Commanding))]
) -> dict[str, Any]:
    """Tell an agent to do something within a minute; its answer is shown with the agent."""
    await here.registry.agent(name)
    issued = await here.dispatch.command(name, asked.name)
    return issued.model_dump(mode="json")


@router.get("/instruments")
async def instruments(here: Here, part: Part) -> dict[str, Any]:
    """List instruments as their agents last said."""
    page = await here.registry.instruments(part.cursor, part.limit)
    return readable.paged(page, [readable.instrument(each) for each in page.items])


@router.get("/quarantine")
async def quarantine(here: Here, part: Part) -> dict[str, Any]:
    """List what a person must look at, the newest first."""
    page = await here.quarantine.quarantined(part.cursor, part.limit)
    return readable.paged(page, [readable.quarantined(each) for each in page.items])
