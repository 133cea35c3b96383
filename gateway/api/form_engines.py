"""The routes of form engines: closed to everybody without a key, and to pages that the key is not for."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field

from contract.wire.base import Place
from contract.wire.problem import Fault
from contract.wire.request import ENDED, CaptureOrder, RequestState
from gateway.api import readable
from gateway.api.bodies import body, documented
from gateway.api.guard import OPEN_TO_PAGES
from gateway.api.office import stands_now
from gateway.api.problems import ProblemError, invalid
from gateway.api.services import Here, Id, Services
from gateway.ports.inbox import StoreUnavailableError
from gateway.ports.requests import ApiKey, Requested
from gateway.usecases.mediation import FieldError

LOOK_EVERY = 0.25
"""Seconds; another replica may hear the agent."""
STORE_AGAIN = 2.0
"""Seconds after which a store that was away is asked again."""
ATTACHED_WITHIN = 20.0
"""Seconds that a stream waits for captures that are on their way."""


async def form_engine(
    here: Here,
    authorization: Annotated[str, Header()] = "",
    origin: Annotated[str | None, Header()] = None,
) -> ApiKey:
    """Return the key that a request shows; raises ProblemError."""
    scheme, _, secret = authorization.partition(" ")
    key = await here.keyring.known(secret) if scheme.lower() == "bearer" else None
    if key is None:
        fault = Fault(
            field="Authorization",
            remedy="send 'Bearer' and a key made with `releve gateway key add`",
        )
        raise ProblemError(HTTPStatus.UNAUTHORIZED, "key", "no key that opens this", (fault,))
    if origin not in (key.origins or (None,)):
        known = f"it is for {', '.join(key.origins)}" if key.origins else "it is for no page"
        fault = Fault(field="Origin", remedy=f"use this key where it is for: {known}")
        raise ProblemError(
            HTTPStatus.FORBIDDEN, "origin", "the key is not for this page", (fault,)
        )
    return key


FormEngine = Annotated[ApiKey, Depends(form_engine)]

router = APIRouter(prefix=OPEN_TO_PAGES.rstrip("/"), dependencies=[Depends(form_engine)])


class Asking(CaptureOrder):
    """Which fields to fill, and how long the agent has to take the request on."""

    lasts: Annotated[int, Field(ge=5, le=86_400)] = 60
    """Seconds; an agent that was away takes it on when it comes back in time."""


@router.post("/captures", status_code=HTTPStatus.CREATED, openapi_extra=documented(Asking))
async def ask(
    here: Here, key: FormEngine, asked: Annotated[Asking, Depends(body(Asking))]
) -> dict[str, Any]:
    """Ask the agent that is at work on an intervention to fill fields."""
    order = CaptureOrder.model_validate(asked.model_dump(exclude={"lasts"}))
    try:
        new = await here.mediation.begin(order, timedelta(seconds=asked.lasts), key.name)
    except FieldError as error:
        raise invalid((Fault(field=error.field, remedy=error.remedy),)) from error
    return await _shown(here, new)


@router.get("/captures/{id}")
async def stands(here: Here, key: FormEngine, id: Id) -> dict[str, Any]:
    """Say how a request stands; once its captures have arrived, with the values of its fields."""
    return await _shown(here, await here.mediation.stands(id, key.name))


async def known_request(here: Here, key: FormEngine, id: Id) -> Requested:
    """Return a request; what is unknown is answered before a stream begins."""
    return await here.mediation.stands(id, key.name)


@router.get("/captures/{id}/events", response_class=EventSourceResponse)
async def follow(
    here: Here, key: FormEngine, known: Annotated[Requested, Depends(known_request)]
) -> AsyncIterator[ServerSentEvent]:
    """Stream how a request goes, to its end: until the values stand in the report, where it was accepted."""
    last: dict[str, Any] | None = None
    ended = 0.0
    while not here.sequencer.closed and await _still_open(here, key):
        try:
            shown = await _shown(here, await here.mediation.stands(known.command.id, key.name))
        except StoreUnavailableError:
            await asyncio.sleep(STORE_AGAIN)
            continue
        if shown != last:
            yield ServerSentEvent(event=shown["state"], data=shown)
            last = shown
        if shown["state"] in ENDED:
            arrived = shown["values"] is not None or shown["state"] != RequestState.ACCEPTED
            if arrived or ended >= ATTACHED_WITHIN:
                return
            ended += LOOK_EVERY
        await asyncio.sleep(LOOK_EVERY)


@router.get("/reports/{intervention}/{report}")
async def report(here: Here, intervention: Id, report: Id) -> dict[str, Any]:
    """Return a report with the value of every field, as the office sees it."""
    return {
        "intervention": intervention,
        **readable.report(await stands_now(here, intervention, report)),
    }


async def _still_open(here: Services, key: ApiKey) -> bool:
    """Tell whether a key opens anything still: one that is revoked ends its streams."""
    try:
        return await here.keyring.opens(key.name)
    except StoreUnavailableError:
        return True


async def _shown(here: Services, one: Requested) -> dict[str, Any]:
    progress = one.progress
    return {
        "id": one.command.id,
        "agent": one.command.agent,
        "expires": one.command.expires.isoformat(),
        **progress.model_dump(mode="json"),
        "values": await _values(here, one) if progress.captures else None,
    }


async def _values(here: Services, one: Requested) -> dict[str, Any] | None:
    """Return the fields that were filled, None while a capture of them is still on its way."""
    wanted = one.command.capture
    if wanted is None or one.progress.state is not RequestState.ACCEPTED:
        return None
    captures = await here.archive.of_intervention(wanted.intervention)
    held = {(each.agent, each.epoch, each.seq) for each in captures}
    if not _places(one.command.agent, one.progress.captures) <= held:
        return None
    found = await stands_now(here, wanted.intervention, wanted.report)
    asked = found.wanted
    return {
        each.named.name: readable.field(each, asked[each.named.name])
        for each in found.fields
        if each.named.name in one.progress.fields
    }


def _places(agent: str, places: Sequence[Place]) -> set[tuple[str, str, int]]:
    return {(agent, each.epoch, each.seq) for each in places}
