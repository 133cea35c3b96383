"""A report as it stands: field values, folded from captures, with where each comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contract.forms.asked import Wanted, missing, wanted
from contract.forms.fold import fold
from contract.forms.form import Form, NamedField, fields
from contract.forms.value import CaptureId, FieldState, FieldValue, Placed, Verdict
from contract.wire.down import Outcome
from contract.wire.intervention import Report
from contract.wire.statement import StatementError, parse
from gateway.ports.archive import Stored


@dataclass(frozen=True, slots=True)
class Filled:
    """One field and its value."""

    named: NamedField
    value: FieldValue


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledReport:
    """One report and its fields, in the order of the form."""

    report: Report
    form: Form
    fields: tuple[Filled, ...]

    @property
    def values(self) -> Mapping[str, FieldValue]:
        """The values by field."""
        return {each.named.name: each.value for each in self.fields}

    @property
    def wanted(self) -> Mapping[str, Wanted]:
        """What is wanted of each field, as the values stand."""
        return wanted(self.form, self.values)

    @property
    def missing(self) -> tuple[str, ...]:
        """The required fields without a usable value."""
        return missing(self.form, self.values)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many fields stand how."""
        values = [each.value for each in self.fields]
        states = [each.state for each in values]
        return {
            "fields": len(values),
            "filled": states.count(FieldState.FILLED),
            "empty": states.count(FieldState.EMPTY),
            "conflicts": states.count(FieldState.CONFLICT),
            "required_missing": len(self.missing),
            "warned": sum(each.verdict is Verdict.WARN for each in values),
            "rejected": sum(each.verdict is Verdict.REJECT for each in values),
        }


def placed(captures: Iterable[Stored]) -> list[Placed]:
    """Return the attached captures that can still be read: quarantined and erased ones count for nothing."""
    found: list[Placed] = []
    for each in captures:
        if each.outcome is Outcome.QUARANTINED or each.statement is None:
            continue
        try:
            statement = parse(each.statement)
        except StatementError:
            continue
        found.append(Placed(CaptureId(each.agent, each.epoch, each.seq, each.hash), statement))
    return found


def filled(report: Report, form: Form, captures: Iterable[Placed]) -> FilledReport:
    """Return the report as the captures fill it."""
    values = fold(form, report.id, captures)
    return FilledReport(
        report=report,
        form=form,
        fields=tuple(Filled(named, values[named.name]) for named in fields(form)),
    )
