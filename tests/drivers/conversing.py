"""Hold a conversation with a driver, with the clock in hand."""

from collections.abc import Iterable

from agent.cli import replaying
from contract.reading import Reading
from drivers.catalog import BY_SLUG
from drivers.kit.description import Conversation
from drivers.kit.dialogue import FrameRejected, InstrumentEvent, ReadingsReceived
from drivers.kit.link import CharacteristicRead, HttpAnswered, LinkEvent, Notified, Received
from tests.recordings import Recording


def conversation(slug: str, medium: str) -> Conversation:
    return replaying.conversation(BY_SLUG[slug], medium)


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
    return not any(isinstance(e, CharacteristicRead | HttpAnswered) for e in recording.events)


def byte_by_byte(recording: Recording) -> list[LinkEvent]:
    pieces: list[LinkEvent] = []
    for event in recording.events:
        if isinstance(event, Notified):
            pieces += [Notified(event.uuid, bytes([each])) for each in event.data]
        elif isinstance(event, Received):
            pieces += [Received(bytes([each])) for each in event.data]
    return pieces
