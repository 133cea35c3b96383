"""The captures behind a printed report: each with a number that its values refer to."""

from collections.abc import Iterable, Mapping

from contract.forms.value import CaptureId, Placed
from contract.instrument import called
from contract.wire.captured import CapturedInstrument, ClockQuality
from contract.wire.statement import Entry, Import, Measurement, Scan, Statement
from gateway.ports.typesetting import Evidence, Fact
from gateway.usecases.document_speech import Speech
from gateway.usecases.document_value import typed


class Numbering:
    """Gives captures their numbers, from 1, in the order in which fields refer to them."""

    def __init__(self, held: Mapping[CaptureId, Placed]) -> None:
        self._held = held
        self._numbers: dict[CaptureId, int] = {}

    def number(self, id: CaptureId) -> int:
        """Return the number of a capture."""
        return self._numbers.setdefault(id, len(self._numbers) + 1)

    def numbered(self) -> Iterable[tuple[int, Placed]]:
        """Yield the captures that were referred to, with their numbers."""
        return ((number, self._held[place]) for place, number in self._numbers.items())


def evidence(number: int, placed: Placed, speech: Speech) -> Evidence:
    """Return what is printed of one capture."""
    statement, where = placed.statement, placed.id
    facts = {**_facts(statement, speech), **_clock(statement, speech)}
    return Evidence(
        number=number,
        what=_what(statement, speech),
        facts=tuple(Fact(speech.text(key), text) for key, text in facts.items() if text),
        at=speech.moment(statement.at),
        by=statement.by.name,
        place=f"{where.agent} / {where.epoch} / {where.seq}",
    )


def _what(statement: Statement, speech: Speech) -> str:
    match statement:
        case Measurement(instrument=instrument) | Scan(instrument=instrument):
            return speech.text(called(instrument.vendor, instrument.model))
        case Entry() as entry:
            return typed(entry, speech)
        case Import(file=file):
            return f"{speech.text('imported')} {file.name}"
        case _:
            return speech.text(statement.kind.value)


def _facts(statement: Statement, speech: Speech) -> dict[str, str | None]:
    match statement:
        case Measurement(instrument=instrument) | Scan(instrument=instrument):
            return _instrument(instrument, speech)
        case Import() as taken:
            who = (taken.stated_vendor, taken.stated_model, taken.stated_serial)
            return {
                "file_hash": taken.file.sha256,
                "file_measurement": str(taken.file.measurement),
                "file_instrument": " ".join(filter(None, who)) or speech.text("not_said"),
                "file_moment": taken.stated_at or speech.text("not_said"),
            }
        case _:
            return {}


def _instrument(instrument: CapturedInstrument, speech: Speech) -> dict[str, str | None]:
    zeroed = instrument.zeroed
    return {
        "serial": instrument.serial or speech.text("not_said"),
        "role": instrument.role,
        "firmware": instrument.firmware,
        "calibration": _calibration(instrument, speech),
        "zeroed": None if zeroed is None else speech.text("yes" if zeroed else "no"),
        "grade": speech.text(f"grade_{instrument.grade.value}"),
    }


def _calibration(instrument: CapturedInstrument, speech: Speech) -> str:
    state = instrument.calibration
    said = [speech.text(f"calibration_{state.state.value}")]
    if state.on is not None:
        said.append(f"{speech.text('calibrated_on')} {speech.day(state.on)}")
    if state.due is not None:
        said.append(f"{speech.text('calibration_due')} {speech.day(state.due)}")
    if state.certificate is not None:
        said.append(f"{speech.text('certificate')} {state.certificate}")
    return ", ".join(said)


def _clock(statement: Statement, speech: Speech) -> dict[str, str]:
    """Say how good the clock was where it was not synchronised."""
    quality = statement.clock.quality
    return (
        {} if quality is ClockQuality.SYNCED else {"clock": speech.text(f"clock_{quality.value}")}
    )
