"""Hold a recorded conversation again: the link's events of a recording, given to a fresh dialogue."""

import tomllib
from collections.abc import Iterator

from agent.cli import recorded
from drivers.kit.description import BroadcastLink, Conversation, Instrument
from drivers.kit.dialogue import InstrumentEvent


class RecordingError(ValueError):
    """A file is no recording of this kind of instrument; the message says why."""


def conversation(instrument: Instrument, medium: str, key: bytes | None = None) -> Conversation:
    """Return a fresh dialogue over one medium; raises RecordingError when the instrument has none there."""
    for link in instrument.links:
        if link.medium == medium:
            return link.converse(key) if isinstance(link, BroadcastLink) else link.converse()
    raise RecordingError(f"medium: {instrument.slug} does not speak over {medium!r}")


def replay(instrument: Instrument, text: str) -> Iterator[InstrumentEvent]:
    """Yield what the instrument says in a recording; raises RecordingError."""
    try:
        recording = tomllib.loads(text)
        slug, medium = recording["slug"], recording["medium"]
        events = [recorded.read(each) for each in recording["event"]]
    except KeyError as error:
        raise RecordingError(f"not a recording: {error.args[0]} is missing") from error
    except (TypeError, ValueError) as error:
        raise RecordingError(f"not a recording: {error}") from error
    if slug != instrument.slug:
        raise RecordingError(f"slug: the recording is of {slug!r}")
    key = recording.get("bind_key")
    talk = conversation(instrument, medium, None if key is None else bytes.fromhex(key))
    talk.connection_made(0.0)
    for event in events:
        talk.receive(event, 0.0)
        # What it would ask now was answered when it was recorded.
        for _ in talk.out.requests():
            pass
        yield from talk.out.events()
