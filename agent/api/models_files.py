"""What the routes give of files of measurements."""

from agent.api.reasons import said
from agent.usecases.files import KeptFile
from contract import number
from contract.reading import Reading
from contract.wire.statement import Import, Statement
from contract.words import Words
from drivers.files.measured import Measured

Json = dict[str, object]


def file(kept: KeptFile, language: str) -> Json:
    """Return a file with its measurements."""
    content = kept.content
    measurements = content.measurements if content else ()
    return {
        "id": kept.id,
        "sha256": kept.sha256,
        "mapping": kept.mapping,
        "mapping_sha256": kept.mapping_sha256,
        "name": kept.name,
        "format": content.format if content else None,
        "reason": said(kept.reason, language),
        "unmapped": list(content.unmapped) if content else [],
        "measurements": [
            measured(each, count, language) for count, each in enumerate(measurements, start=1)
        ],
    }


def measured(one: Measured, count: int, language: str) -> Json:
    """Return one measurement of a file."""
    return {
        "number": count,
        "place": one.place,
        "stated_at": one.at,
        "stated_vendor": one.instrument.vendor,
        "stated_model": one.instrument.model,
        "stated_serial": one.instrument.serial,
        "readings": [reading(each) for each in one.readings],
        # A name of the file's own is nothing to translate, even where it reads like a word of ours.
        "unmapped": [
            said(each, language) if isinstance(each, Words) else each for each in one.unmapped
        ],
    }


def reading(one: Reading) -> Json:
    """Return a reading of a file."""
    return {
        "quantity": one.quantity,
        "substance": one.substance,
        "value": None if one.value is None else number.write(one.value),
        "unit": one.unit,
        "status": one.status,
    }


def imported(statement: Statement | None) -> Json | None:
    """Return the file that a value was taken over from, and what it states; None for a value that was not."""
    if not isinstance(statement, Import):
        return None
    return {
        **statement.file.model_dump(),
        "stated_vendor": statement.stated_vendor,
        "stated_model": statement.stated_model,
        "stated_serial": statement.stated_serial,
        "stated_at": statement.stated_at,
    }
