"""Hold a recorded conversation again: the link's events of a recording, given to a fresh dialogue."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from drivers.kit.description import BleLink, Conversation, Instrument, LanLink, SerialLink
from drivers.kit.dialogue import InstrumentEvent
from drivers.kit.link import (
    CharacteristicRead,
    HttpAnswered,
    LinkEvent,
    Notified,
    Received,
)

_MEDIA = {"ble": BleLink, "lan": LanLink, "serial": SerialLink}


class RecordingError(ValueError):
    """A file is no recording of this kind of instrument; the message says why."""


def link_event(table: Mapping[str, Any]) -> LinkEvent:
    """Return one event of a recording; raises KeyError and ValueError when it is none."""
    data = bytes.fromhex(table["data"]) if "data" in table else table["text"].encode()
    if "notified" in table:
        return Notified(table["notified"], data)
    if "read" in table:
        return CharacteristicRead(table["read"], data)
    if "http" in table:
        return HttpAnswered(table["http"], table["status"], data)
    return Received(data)


def conversation(instrument: Instrument, medium: str) -> Conversation:
    """Return a fresh dialogue over one medium; raises RecordingError when the instrument has none there."""
    for link in instrument.links:
        if type(link) is _MEDIA.get(medium):
            return link.converse()
    raise RecordingError(f"medium: {instrument.slug} does not speak over {medium!r}")


def replay(instrument: Instrument, text: str) -> Iterator[InstrumentEvent]:
    """Yield what the instrument says in a recording; raises RecordingError."""
    try:
        recording = tomllib.loads(text)
        slug, medium = recording["slug"], recording["medium"]
        events = [link_event(each) for each in recording["event"]]
    except (KeyError, TypeError, ValueError) as error:
        raise RecordingError(f"not a recording: {error}") from error
    if slug != instrument.slug:
        raise RecordingError(f"slug: the recording is of {slug!r}")
    talk = conversation(instrument, medium)
    talk.connection_made(0.0)
    for event in events:
        talk.receive(event, 0.0)
        # What it would ask now was answered when it was recorded.
        for _ in talk.out.requests():
            pass
        yield from talk.out.events()
