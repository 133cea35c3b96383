"""What the pages show beside what the API gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.api.services import Services
from agent.ports import Saved
from agent.usecases.work import InterventionView
from contract import number
from contract.forms.fold import claimed
from contract.forms.form import fields
from contract.instrument import called
from contract.wire.base import Bilingual
from contract.wire.intervention import Stage
from contract.wire.statement import Entry, Import, Measurement, Scan, Statement
from contract.words import Words

SCANS = 3
"""Codes offered for a field."""

LATE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one capture says of one field, in the words of its source."""

    value: str | bool | None
    unit: str | None
    source: str | None
    """The instrument, or the file; None when a person typed it."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Server:
    """An instrument that may be chosen for a field."""

    id: str
    called: str
    number: str
    """Its serial, or its address."""


def order(view: InterventionView) -> tuple[bool, datetime]:
    """Sort what is to be done first, by its time, and what is over last."""
    over = view.withdrawn or view.stage is Stage.CLOSING
    return over, view.intervention.starts or LATE


@dataclass(frozen=True, slots=True)
class Role:
    """A role that forms ask for."""

    name: str
    quantity: str
    labels: tuple[Bilingual, ...]
    """The fields that ask for it."""


def roles(views: Iterable[InterventionView]) -> list[Role]:
    """Return the roles that the forms of the assigned interventions ask for, each with the fields that do."""
    asked: dict[tuple[str, str], dict[str, Bilingual]] = {}
    for view in views:
        for report in view.reports:
            for each in fields(report.form):
                if (measure := each.field.measure) and measure.role:
                    labels = asked.setdefault((measure.role, measure.quantity), {})
                    labels[each.field.label.en] = each.field.label
    return [
        Role(name, quantity, tuple(labels.values()))
        for (name, quantity), labels in sorted(asked.items())
    ]


def serving(uses: Services, view: InterventionView) -> Mapping[tuple[str, str], list[Server]]:
    """Return, by report and field, the instruments to choose from; whether one may serve, the capture decides."""
    return {
        (report.report.id, each.name): [
            Server(one.instrument, one.called, one.serial or one.address or "")
            for one in uses.chooser.able(each.field.measure)
        ]
        for report in view.reports
        for each in fields(report.form)
        if each.field.measure
    }


def claims(captures: Iterable[Saved]) -> Mapping[tuple[str, int, str], Claim]:
    """Return what each capture says, by its place and the field."""
    found: dict[tuple[str, int, str], Claim] = {}
    for each in captures:
        statement = each.statement
        for name in claimed(statement):
            found[each.link.epoch, each.link.seq, name] = _claim(statement, name)
    return found


def _claim(statement: Statement, name: str) -> Claim:
    value: str | bool | None = None
    unit: str | None = None
    source: str | None = None
    match statement:
        case Measurement():
            reading = next(each for each in statement.readings if each.field == name)
            value = None if reading.value is None else number.write(reading.value)
            unit, source = reading.unit, _called(statement)
        case Import():
            reading = next(each for each in statement.readings if each.field == name)
            value = None if reading.value is None else number.write(reading.value)
            unit = reading.unit
            source = Words("imported from the file {name}", name=statement.file.name)
        case Entry():
            value, unit = statement.value, statement.unit
        case Scan():
            value, source = statement.text, _called(statement)
        case _:
            pass
    return Claim(value=value, unit=unit, source=source, by=statement.by.name, at=statement.at)


def _called(statement: Measurement | Scan) -> Words:
    return called(statement.instrument.vendor, statement.instrument.model)


def history(uses: Services, instrument: str) -> dict[str, list[str | None]]:
    """Return the latest values of an instrument, by quantity and substance as the browser joins them."""
    return {
        f"{quantity}/{substance or ''}": [
            None if each is None else number.write(each) for each in values
        ]
        for (quantity, substance), values in uses.live.of(instrument).history.items()
    }
