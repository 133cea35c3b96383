"""TJF, the document that testo instruments and their apps write: one measurement a file.

Facts and their sources: docs/protocols/testo-300.md, §4, and docs/protocols/files.md, §2
"""

import json
from datetime import UTC, datetime, timedelta

from contract.words import Words, literal
from drivers.combustion import tjf
from drivers.files.measured import (
    FileRefusedError,
    Measured,
    MeasuredFile,
    StatedInstrument,
    counted,
    named,
    plain,
)
from drivers.kit import json_document
from drivers.kit.dialogue import (
    FaultStated,
    IdentityStated,
    InstrumentEvent,
    ReadingsReceived,
    Unmapped,
)
from drivers.kit.errors import FrameError
from drivers.kit.json_document import Object, objects, text

FORMAT = "tjf"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 10**11
"""As seconds this would be the year 5138, as milliseconds it is 1973: no instrument wrote either."""
_LAST = 10**14


def read(body: bytes) -> MeasuredFile:
    """Return what a TJF document says; raises FileRefusedError for one without a measurement."""
    try:
        events = list(tjf.parse(body))
        document = json_document.load(body)
    except FrameError as error:
        raise FileRefusedError(_why(error)) from error
    readings = tuple(
        reading
        for each in events
        if isinstance(each, ReadingsReceived)
        for reading in each.readings
    )
    if not readings and (faults := [each for each in events if isinstance(each, FaultStated)]):
        reason = literal(plain(faults[0].reason) or "?")
        raise FileRefusedError(
            Words("the instrument wrote no measurement: {reason}; measure again", reason=reason)
        )
    measured = Measured(
        readings=readings,
        instrument=_instrument(document, events),
        at=_moment(document.get("timeStamp")),
        unmapped=named(each.name for each in events if isinstance(each, Unmapped)),
    )
    return MeasuredFile(format=FORMAT, measurements=counted([measured]))


def _why(error: FrameError) -> Words:
    cause = error.__cause__
    reason = Words(str(error))
    if isinstance(cause, json.JSONDecodeError):
        reason = Words(
            "line {line}, column {column}: {reason}",
            line=cause.lineno,
            column=cause.colno,
            reason=reason,
        )
    return Words("{reason}; export the measurement again, as TJF", reason=reason)


def _instrument(document: Object, events: list[InstrumentEvent]) -> StatedInstrument:
    # A document names no vendor. Of several devices none is the one that measured.
    devices = objects(document.get("device"))
    serial = next((each.serial for each in events if isinstance(each, IdentityStated)), None)
    model = text(devices[0], "name") if len(devices) == 1 else None
    return StatedInstrument(model=plain(model), serial=plain(serial))


def _moment(stated: object) -> str | None:
    """Return a time stamp: a text as it stands, a number of (milli)seconds since 1970 as the UTC it counts."""
    if isinstance(stated, str):
        return plain(stated)
    if isinstance(stated, bool) or not isinstance(stated, int):
        return None
    if not 0 < stated < _LAST:
        return plain(str(stated))
    if stated < _MILLISECONDS_FROM:
        return _written(timedelta(seconds=stated), "seconds")
    return _written(timedelta(milliseconds=stated), "milliseconds")


def _written(since: timedelta, finest: str) -> str:
    return (_EPOCH + since).isoformat(timespec=finest).replace("+00:00", "Z")
