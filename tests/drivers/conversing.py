"""Hold a conversation with a driver, with the clock in hand."""

from collections.abc import Iterable

from agent.cli import replaying
from contract.reading import Reading
from drivers.catalog import BUILT_IN
from drivers.kit.description import Conversation
from drivers.kit.dialogue import FrameRejected, InstrumentEvent, ReadingsReceived
from drivers.kit.link import LinkEvent, Notified, Received
from tests.recordings import Recording

ONE_STREAM = {"testo-smart-probe"}
"""Instruments whose notifications are pieces of one stream; of the others, each is a whole value."""


def conversation(slug: str, medium: str, key: bytes | None = None) -> Conversation:
    return replaying.conversation(BUILT_IN[slug], medium, key)


def heard_in(recording: Recording, events: Iterable[LinkEvent]) -> list[InstrumentEvent]:
    """Return what the instrument of a recording says in ``events``; without a link, its bytes are decoded."""
    instrument = BUILT_IN[recording.slug]
    if not instrument.links:
        return list(instrument.decode(b"".join(e.data for e in events if isinstance(e, Received))))
    return said(conversation(recording.slug, recording.medium, recording.key), events)


def said(talk: Conversation, events: Iterable[LinkEvent]) -> list[InstrumentEvent]:
    talk.connection_made(0.0)
    list(talk.out.requests())
    heard: list[InstrumentEvent] = []
    for event in events:
        talk.receive(event, 0.0)
        list(talk.out.requests())
        heard.extend(talk.out.events())
    return heard


def readings(events: Iterable[InstrumentEvent]) -> list[Reading]:
    return [
        reading
        for event in events
        if isinstance(event, ReadingsReceived)
        for reading in event.readings
    ]


def rejections(events: Iterable[InstrumentEvent]) -> list[FrameRejected]:
    return [event for event in events if isinstance(event, FrameRejected)]


def is_stream(recording: Recording) -> bool:
    pieces = Received | Notified if recording.slug in ONE_STREAM else Received
    return all(isinstance(each, pieces) for each in recording.events)


def again(event: LinkEvent, data: bytes) -> LinkEvent:
    """Return other bytes that come as ``event`` came."""
    return Notified(event.uuid, data) if isinstance(event, Notified) else Received(data)


def in_pieces(recording: Recording, size: int) -> list[LinkEvent]:
    return [
        again(event, event.data[at : at + size])
        for event in recording.events
        if isinstance(event, Notified | Received)
        for at in range(0, len(event.data), size)
    ]
