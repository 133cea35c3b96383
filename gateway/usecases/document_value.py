"""How the value of one field is printed: as people write it, with what it comes from."""

from collections.abc import Iterable

from contract import number
from contract.forms.asked import Wanted
from contract.forms.digest import unit_of
from contract.forms.form import FormField
from contract.forms.value import FieldState, FieldValue, Verdict
from contract.instrument import called
from contract.reading import Status
from contract.wire.statement import Entry, Import, Measurement, Scan
from gateway.ports.typesetting import Mark, Tone
from gateway.usecases.document_speech import Speech
from gateway.usecases.reports import Filled, FilledReport

NARROW = "\N{NARROW NO-BREAK SPACE}"
_TONES = {Verdict.WITHIN: Tone.GOOD, Verdict.WARN: Tone.WARN, Verdict.REJECT: Tone.BAD}


def shown(one: Filled, speech: Speech) -> str:
    """Return a value as people write it; empty where only a mark says how it stands."""
    value = one.value
    if value.state is FieldState.EMPTY:
        return speech.text("empty")
    if value.state is FieldState.CONFLICT or value.value is None:
        return ""
    if isinstance(value.value, bool):
        return speech.text("yes" if value.value else "no")
    return _text(value.value, unit_of(value), one.named.field, speech)


def _text(text: str, unit: str | None, field: FormField, speech: Speech) -> str:
    if unit is not None:
        return f"{_figure(text, speech)}{NARROW}{speech.unit(unit)}".rstrip(NARROW)
    if field.choices is not None and text in field.choices:
        return speech.of(field.choices[text])
    if (field.model_extra or {}).get("format") == "date":
        return speech.day(text)
    # A whole number may be a year: it is printed as it stands.
    return _figure(text, speech) if field.type == "number" else text


def _figure(text: str, speech: Speech) -> str:
    try:
        number.parse(text)
    except number.NumberError:
        return text
    return speech.number(text)


def marks(value: FieldValue, speech: Speech) -> tuple[Mark, ...]:
    """Return how a value stands: against the limits, the range of the instrument, another capture."""
    if value.state is FieldState.CONFLICT:
        return (Mark(speech.text("conflict"), Tone.BAD),)
    if value.state is FieldState.EMPTY:
        return ()
    found: list[Mark] = []
    if value.status not in (None, Status.OK):
        found.append(Mark(speech.text(str(value.status)), Tone.WARN))
    if value.verdict is not None:
        found.append(Mark(speech.text(value.verdict.value), _TONES[value.verdict]))
    return tuple(found)


def notes(one: Filled, report: FilledReport, asked: Wanted, speech: Speech) -> Iterable[str]:
    """Yield where a value comes from, or why there is none."""
    value = one.value
    match value.statement:
        case Measurement(instrument=instrument) | Scan(instrument=instrument):
            yield speech.text(called(instrument.vendor, instrument.model))
        case Entry() as entry:
            yield typed(entry, speech)
        case Import() as taken:
            yield f"{speech.text('imported')} {taken.file.name}"
            if value.state is FieldState.EMPTY:
                yield speech.text("not_taken")
        case _:
            yield from _without_statement(one, report, asked, speech)


def typed(entry: Entry, speech: Speech) -> str:
    """Return that a person typed it, and why if they said so."""
    said = speech.text("typed")
    return said if entry.reason is None else f"{said} · {speech.text('reason')} : {entry.reason}"


def _without_statement(
    one: Filled, report: FilledReport, asked: Wanted, speech: Speech
) -> Iterable[str]:
    value, field = one.value, one.named.field
    if value.computed is not None:
        names = (report.form.form.properties[each].label for each in value.computed.fields)
        sources = ", ".join(speech.of(each) for each in names)
        yield f"{speech.text('computed')} {speech.text('computed_from')} {sources}"
        if value.computed.constants is not None:
            yield f"{speech.text('constants')} : {value.computed.constants}"
    elif value.state is FieldState.CONFLICT:
        yield speech.text("conflict_says")
    elif value.proposed is not None and value.prefilled is not None:
        yield f"{speech.text('proposed')} : {speech.text(f'source_{value.prefilled.value}')}"
    elif value.prefilled is not None:
        yield f"{speech.text('prefilled')} : {speech.text(f'source_{value.prefilled.value}')}"
    elif value.reason is not None:
        key = "not_prefilled" if field.compute is None else "not_computed"
        yield f"{speech.text(key)} : {speech.reason(value.reason)}"
    elif asked.because is not None:
        yield speech.of(asked.because)
