"""The local API, version 1."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, status
from fastapi.sse import EventSourceResponse, ServerSentEvent

from agent.api import bodies, models, models_captures
from agent.api.guard import By, Token, Uses, technician
from agent.api.models import Json
from agent.api.reasons import Language
from agent.api.services import Services
from agent.ports import Saved
from agent.usecases.capturing import Asked, Ticket
from agent.usecases.records import Pairing, today
from agent.usecases.roster import Told
from agent.usecases.work import UnknownError, WorkError
from contract.reading import Reading
from contract.unit import Unit
from contract.wire.request import ENDED
from contract.wire.statement import Action
from contract.words import Words

LIVE_AT_MOST_EVERY = 0.2
LIVE_AT_LEAST_EVERY = 1.0
"""Seconds; a link that is lost says nothing, and is to be seen."""


# Looked up before the stream begins, so that what is unknown is still answered by a problem document. The token comes
# first: nobody is told without one what there is.
def known_pairing(id: str, uses: Uses) -> Pairing:
    """Return a pairing; raises InstrumentError."""
    return uses.roster.pairing(id)


def known_ticket(id: str, uses: Uses) -> Ticket:
    """Return a capture request; raises UnknownError."""
    return uses.capturing.ticket(id)


def place_of(id: str, report: str, name: str) -> tuple[str, str, str]:
    """Return the intervention, the report and the field that a path names."""
    return id, report, name


Version = Annotated[int, Path(ge=1, lt=2**31)]
KnownField = Annotated[tuple[str, str, str], Depends(place_of)]
KnownPairing = Annotated[Pairing, Depends(known_pairing)]
KnownTicket = Annotated[Ticket, Depends(known_ticket)]

public = APIRouter(prefix="/v1")
# First of all who asks: strangers are not even told what there is.
router = APIRouter(prefix="/v1", dependencies=[Depends(technician)])


@public.get("/health")
async def health(uses: Uses) -> Json:
    """Say that the agent runs; nothing more, to nobody in particular."""
    return {"status": "ok", "version": uses.version}


@public.post("/session", status_code=status.HTTP_201_CREATED)
async def sign_in(body: bodies.SignInBody, uses: Uses) -> Json:
    """Sign in with a PIN; the token goes into the header ``Authorization: Bearer``."""
    token, who = await uses.sign_in.sign_in(body.technician, body.pin)
    return {"token": token, "technician": who.model_dump()}


@router.get("/session")
async def who(by: By) -> Json:
    """Say whose token it is."""
    return by.model_dump()


@router.delete("/session", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(_: By, token: Token, uses: Uses) -> None:
    """Make the token worthless."""
    uses.sign_in.sign_out(token)


@router.get("/instruments")
async def instruments(_: By, uses: Uses) -> Json:
    """List the instruments that are near or paired."""
    return {"items": models.instruments(uses)}


@router.post("/instruments/rescan", status_code=status.HTTP_202_ACCEPTED)
async def rescan(_: By, uses: Uses) -> Json:
    """Look for instruments afresh."""
    uses.rescan()
    return {"status": "scanning"}


@router.post("/instruments/{id}/pair", status_code=status.HTTP_201_CREATED)
async def pair(id: str, body: bodies.PairBody, by: By, uses: Uses) -> Json:
    """Make an instrument that is near one of ours, with its role and its calibration."""
    _check_past("calibrated_on", body.calibrated_on, uses)
    told = Told(
        role=body.role,
        calibrated_on=body.calibrated_on,
        calibration_due=body.calibration_due,
        certificate=body.certificate,
        bind_key=_fitting_key(uses, id, body.bind_key),
    )
    await uses.roster.pair(id, told, by)
    return models.one_instrument(uses, id)


def _fitting_key(uses: Services, id: str, key: str | None) -> str | None:
    slugs = {each.identity.id: each.identity.slug for each in uses.roster.near()}
    slugs |= {each.instrument: each.slug for each in uses.roster.paired()}
    # An instrument that is not there is refused where it would be paired.
    if key is None or id not in slugs:
        return key
    size = models.key_size(uses.catalogue[slugs[id]])
    if size is None:
        raise WorkError("bind_key", Words("this instrument needs no key: leave it out"))
    if len(key) != 2 * size:
        raise WorkError("bind_key", Words("must have {size} bytes", size=size))
    return key


def _check_past(field: str, day: date | None, uses: Services) -> None:
    if day is not None and day > today(uses.clock.now()):
        raise WorkError(field, Words("is in the future: correct it, or this device's clock"))


@router.delete("/instruments/{id}", status_code=status.HTTP_204_NO_CONTENT)
async def unpair(id: str, _: By, uses: Uses) -> None:
    """Let go of an instrument."""
    await uses.roster.unpair(id)


@router.post("/instruments/{id}/acts")
async def act(id: str, body: bodies.ActBody, _: By, uses: Uses) -> Json:
    """Have an instrument do something, once; answers when it acknowledged."""
    await uses.roster.act(id, body.act)
    return {"act": body.act, "done": True}


@router.get("/instruments/{id}/live", response_class=EventSourceResponse)
async def live(_: By, pairing: KnownPairing, uses: Uses) -> AsyncIterator[ServerSentEvent]:
    """Stream an instrument's current values, until it is no longer paired."""
    news = asyncio.Event()

    def heard(instrument: str, _readings: tuple[Reading, ...], _came: float) -> None:
        if instrument == pairing.instrument:
            news.set()

    with uses.live.listening(heard):
        while any(each.instrument == pairing.instrument for each in uses.roster.paired()):
            news.clear()
            yield ServerSentEvent(data=models.one_instrument(uses, pairing.instrument))
            await asyncio.sleep(LIVE_AT_MOST_EVERY)
            with suppress(TimeoutError):
                async with asyncio.timeout(LIVE_AT_LEAST_EVERY):
                    await news.wait()


@router.post("/captures", status_code=status.HTTP_201_CREATED)
async def capture(body: bodies.CaptureBody, by: By, uses: Uses, language: Language) -> Json:
    """Ask for fields to be filled from instruments; follow the request by its id."""
    ticket = await uses.capturing.begin(
        Asked(
            intervention=body.intervention,
            report=body.report,
            fields=body.fields,
            group=body.group,
            instruments=body.instruments,
        ),
        by,
    )
    uses.spawn(uses.capturing.carry_out(ticket))
    return models_captures.ticket(ticket, language)


@router.get("/captures/{id}")
async def capture_state(id: str, _: By, uses: Uses, language: Language) -> Json:
    """Say how far a request is."""
    return models_captures.ticket(uses.capturing.ticket(id), language)


@router.get("/captures/{id}/events", response_class=EventSourceResponse)
async def capture_events(
    _: By, ticket: KnownTicket, language: Language
) -> AsyncIterator[ServerSentEvent]:
    """Stream how a request goes, to its end."""
    while True:
        changed = ticket.changed
        yield ServerSentEvent(event=ticket.state, data=models_captures.ticket(ticket, language))
        if ticket.state in ENDED:
            return
        await changed.wait()


@router.get("/interventions")
async def interventions(_: By, uses: Uses) -> Json:
    """List the interventions assigned here."""
    now = uses.clock.reading()
    return {"items": [models.intervention(each, now) for each in await uses.work.views()]}


@router.get("/interventions/{id}")
async def intervention(id: str, _: By, uses: Uses) -> Json:
    """Return one intervention with its reports and values."""
    return models.intervention(await uses.work.view(id), uses.clock.reading())


@router.post("/interventions/{id}/notes", status_code=status.HTTP_201_CREATED)
async def note(id: str, body: bodies.NoteBody, by: By, uses: Uses) -> Json:
    """Save a note."""
    return _saved(uses, id, await uses.work.note(id, body.text, by))


@router.post("/interventions/{id}/{action}", status_code=status.HTTP_201_CREATED)
async def step(
    id: str, action: Action, by: By, uses: Uses, body: bodies.StepBody | None = None
) -> Json:
    """Start, suspend, resume or close an intervention."""
    if action is Action.CLOSE:
        await uses.payments.check_settled(id)
    incomplete = body.incomplete if body else False
    return _saved(uses, id, await uses.work.step(id, action, by, incomplete=incomplete))


@router.put("/interventions/{id}/reports/{report}/fields/{name}")
async def enter(place: KnownField, body: bodies.FieldBody, by: By, uses: Uses) -> Json:
    """Save an answer that a person typed or chose."""
    intervention, report, name = place
    entered = await uses.work.enter(
        intervention, report, name, body.value, unit=_unit(body.unit), reason=body.reason, by=by
    )
    return _saved(uses, intervention, entered)


def _saved(uses: Services, intervention: str, capture: Saved) -> Json:
    uses.saved(intervention)
    return models.saved(capture)


def _unit(code: str | None) -> Unit | None:
    try:
        return Unit(code) if code is not None else None
    except ValueError:
        raise WorkError("unit", Words("{code} is no UCUM code known here", code=code)) from None


@router.get("/forms/{id}/{version}")
async def form(id: str, version: Version, _: By, uses: Uses) -> Json:
    """Return a form version."""
    found = await uses.forms.form(id, version)
    if found is None:
        raise UnknownError(
            "form", Words("there is no version {version} of {form} here", version=version, form=id)
        )
    return found.model_dump(mode="json", exclude_none=True)


@router.get("/scans")
async def scans(_: By, uses: Uses) -> Json:
    """List the codes scanned lately, newest first."""
    now = uses.clock.elapsed()
    return {"items": [models.scan(each, now) for each in uses.scans.recent()]}


@router.post("/scans/{id}/attach", status_code=status.HTTP_201_CREATED)
async def attach(id: int, body: bodies.AttachBody, by: By, uses: Uses) -> Json:
    """Save a scanned code as the answer of a field."""
    attached = await uses.scans.attach(
        id, body.intervention, body.report, body.field, by, element=body.element
    )
    return _saved(uses, body.intervention, attached)


@router.get("/outbox")
async def outbox(_: By, uses: Uses) -> Json:
    """Say how much waits for the gateway's receipt, and whether the broker is reached."""
    return {"depth": await uses.captures.depth(), "connected": uses.uplink.connected}


@router.get("/events", response_class=EventSourceResponse)
async def events(_: By, uses: Uses) -> AsyncIterator[ServerSentEvent]:
    """Stream what changes, by subject and id."""
    with uses.changes.watching() as changes:
        yield ServerSentEvent(event="ready", data={})
        while True:
            change = await changes.get()
            yield ServerSentEvent(event=change.subject, data={"id": change.id})
