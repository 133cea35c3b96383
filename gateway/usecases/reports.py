"""A report as it stands: field values, folded from captures, with where each comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contract.forms.asked import Wanted, missing, wanted
from contract.forms.digest import digest
from contract.forms.fold import fold
from contract.forms.form import Form, NamedField, fields
from contract.forms.prefilled import known
from contract.forms.signed import Signed, signed, unsigned
from contract.forms.value import CaptureId, FieldState, FieldValue, Placed, Verdict
from contract.wire.down import Outcome
from contract.wire.intervention import Intervention, Report
from contract.wire.statement import StatementError, parse
from gateway.ports.archive import Stored
from gateway.usecases.procedures import Led, led


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
    signatures: Mapping[str, Signed]
    procedures: tuple[Led, ...]

    @property
    def values(self) -> Mapping[str, FieldValue]:
        """The values by field."""
        return {each.named.name: each.value for each in self.fields}

    @property
    def digest(self) -> str:
        """The SHA-256 of what the report shows: what a signature is put under."""
        return digest(self.form, self.report.id, self.values)

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The required signatures that are missing, or were put under something else."""
        return unsigned(self.form, self.signatures)

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


def filled(
    intervention: Intervention, report: Report, form: Form, captures: Iterable[Placed]
) -> FilledReport:
    """Return the report of an intervention as the captures, and what the office knew, fill it."""
    held = list(captures)
    values = fold(form, report.id, held, known(form, intervention, report.id))
    return FilledReport(
        report=report,
        form=form,
        fields=tuple(Filled(named, values[named.name]) for named in fields(form)),
        signatures=signed(form, report.id, held, values),
        procedures=led(form, report.id, held, values),
    )
