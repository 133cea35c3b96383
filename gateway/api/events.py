"""The stream of events."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from contract.wire.problem import Fault
from gateway.api import readable
from gateway.api.problems import invalid
from gateway.api.services import Here, Services
from gateway.ports.feed import Event

router = APIRouter(prefix="/v1")
AT_ONCE = 50
RETRY_MILLISECONDS = 1000
_WITH_CAPTURES = "releve.captures."


def after(
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
) -> int | None:
    """Return the cursor to go on from; None: from now on."""
    if last_event_id is None:
        return after
    if not last_event_id.isdecimal() or len(last_event_id) > 18 or not last_event_id.isascii():
        raise invalid(
            (Fault(field="Last-Event-ID", remedy="send the id of an event of this stream"),)
        )
    return int(last_event_id)


@router.get("/events", response_class=EventSourceResponse)
async def events(
    here: Here, start: Annotated[int | None, Depends(after)]
) -> AsyncIterator[ServerSentEvent]:
    """Send every event after ``Last-Event-ID`` (or ``after``), then each as it is numbered."""
    cursor = await here.feed.newest() if start is None else start
    # Its id lets a client that lost the line before the first event resume from here.
    yield ServerSentEvent(comment="from here", id=str(cursor), retry=RETRY_MILLISECONDS)
    while not here.sequencer.closed:
        found = await here.feed.after(cursor, AT_ONCE)
        for each in found:
            yield await _sent(here, each)
            cursor = each.cursor
        if len(found) < AT_ONCE:
            await here.sequencer.moved()


async def _sent(here: Services, event: Event) -> ServerSentEvent:
    captures = (
        await here.archive.of_event(event.id) if event.type.startswith(_WITH_CAPTURES) else ()
    )
    document = readable.event(event, here.tenant, [readable.capture(each) for each in captures])
    return ServerSentEvent(data=document, event=event.type, id=str(event.cursor))
