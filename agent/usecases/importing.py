"""From a measurement in a file to fields of a report: all or nothing, and never in the place of a paired instrument."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.ports import CaptureStore, Placing, Saved
from agent.usecases.drafting import Drafter
from agent.usecases.files import Files, KeptFile
from agent.usecases.sampling import Sampled, captured
from agent.usecases.work import ReportView, UnknownError, Work, WorkError
from contract.forms.fold import Verdict, at_field, judge
from contract.forms.form import NamedField, fields
from contract.forms.measure import Edit, Measure
from contract.reading import Reading, Status
from contract.unit import UnitError
from contract.wire.statement import (
    CapturedReading,
    Import,
    ImportedFile,
    Method,
    Statement,
    Technician,
)
from contract.words import Words
from drivers.files.measured import Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Which measurement of which file is for which fields; without fields, for all that it fits."""

    file: str
    """The SHA-256 of its bytes."""
    intervention: str
    report: str
    fields: tuple[str, ...] = ()
    measurement: int = 1
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A field that a measurement states the quantity of; with a reason when it does not take it."""

    field: NamedField
    reading: Reading
    reason: Words | None


class Importing:
    """Carries readings from files into reports."""

    def __init__(
        self,
        files: Files,
        work: Work,
        captures: CaptureStore,
        drafter: Drafter,
        saved: Callable[[str], None],
    ) -> None:
        self.files = files
        self._work = work
        self._captures = captures
        self._drafter = drafter
        self._saved = saved

    async def use(self, use: Use, by: Technician) -> Saved:
        """Save the readings as one capture; raises WorkError that names the field, and then nothing is saved."""
        kept = self.files.file(use.file)
        measured = kept.measured(use.measurement)
        async with self._work.turn:
            view = await self._work.open_report(use.intervention, use.report)
            chosen = _chosen(view, measured, use.fields)
            for each in chosen:
                _check_new(view, each.field.name, kept, use.measurement)
            names = [each.field.name for each in chosen]
            replaces = await self._work.answered(use.intervention, use.report, names)

            def build(_: Placing) -> Statement:
                return Import(
                    **self._drafter.common(use.intervention, by, replaces),
                    report=use.report,
                    group=use.group,
                    file=_file(kept, use.measurement),
                    stated_vendor=measured.instrument.vendor,
                    stated_model=measured.instrument.model,
                    stated_serial=measured.instrument.serial,
                    stated_at=measured.at,
                    readings=_captured(chosen),
                )

            [saved] = await self._captures.append(use.intervention, [build])
        self._saved(use.intervention)
        return saved


def fits(view: ReportView, measured: Measured) -> list[Fit]:
    """Return the fields of a report that a measurement states the quantity of, in the order of the form."""
    return [
        Fit(each, reading, refusal(each.field.measure, reading))
        for each in fields(view.form)
        if each.field.measure
        and (reading := _reading(each.field.measure, measured.readings)) is not None
    ]


def refusal(measure: Measure, reading: Reading) -> Words | None:
    """Return why a field does not take a reading from a file, and the remedy; None when it does."""
    return _of_the_form(measure) or _of_the_value(measure, reading)


def _of_the_form(measure: Measure) -> Words | None:
    if measure.takes_imports:
        return None
    if measure.instrument.calibrated is not None:
        return Words("a file proves no calibration: measure it with a calibrated instrument")
    if measure.instrument.zeroed is not None:
        return Words("a file does not prove that the instrument was zeroed: measure it")
    if measure.role is not None:
        return Words(
            "the form wants the instrument in the role '{role}', and a file has none: measure it",
            role=measure.role,
        )
    assert measure.edit is Edit.LOCKED  # noqa: S101 - what is left of takes_imports
    return Words("the form takes this value from an instrument only")


def _of_the_value(measure: Measure, reading: Reading) -> Words | None:
    if reading.status is Status.ERROR:
        return Words("the file states an error for {quantity}", quantity=Words(reading.quantity))
    if reading.status is Status.NOT_MEASURED:
        return Words("the file states no value for {quantity}", quantity=Words(reading.quantity))
    if reading.value is None:
        return None
    try:
        shown = at_field(measure, reading.value, reading.unit)
    except UnitError as error:
        return Words("{reason}", reason=str(error))
    if judge(measure, shown) is Verdict.REJECT:
        return Words(
            "{value} {unit} is outside what the form accepts",
            value=shown,
            unit=Words(measure.unit),
        )
    return None


def _reading(measure: Measure, readings: Sequence[Reading]) -> Reading | None:
    wanted = (measure.quantity, measure.substance)
    return next((each for each in readings if (each.quantity, each.substance) == wanted), None)


def _chosen(view: ReportView, measured: Measured, names: tuple[str, ...]) -> list[Fit]:
    """Return what is to be saved; raises WorkError for a field that does not take it."""
    fitting = fits(view, measured)
    if not names:
        taken = [each for each in fitting if each.reason is None]
        if not taken:
            reason = fitting[0].reason if fitting else None
            raise WorkError(
                fitting[0].field.name if fitting else "fields",
                reason or Words("no field of this report asks for what the file states"),
            )
        _check_one_each(taken)
        return taken
    if twice := next((each for each in names if names.count(each) > 1), None):
        raise WorkError("fields", Words("{field} is named twice: name it once", field=twice))
    return [_named(view, name, fitting) for name in names]


def _check_one_each(taken: list[Fit]) -> None:
    """Raise WorkError where two fields ask for the same: which of them a measurement is for, a person says."""
    wanted = [(each.reading.quantity, each.reading.substance) for each in taken]
    for quantity, substance in wanted:
        if wanted.count((quantity, substance)) > 1:
            raise WorkError(
                "fields",
                Words("several fields ask for {quantity}: name them", quantity=Words(quantity)),
            )


def _named(view: ReportView, name: str, fitting: list[Fit]) -> Fit:
    described = view.form.form.properties.get(name)
    if described is None:
        raise UnknownError(name, Words("the form {form} has no such field", form=view.form.id))
    if described.measure is None:
        raise WorkError(name, Words("no instrument fills this field: type the answer"))
    fit = next((each for each in fitting if each.field.name == name), None)
    if fit is None:
        quantity = Words(described.measure.quantity)
        reason = _of_the_form(described.measure) or Words(
            "the file states no value for {quantity}", quantity=quantity
        )
        raise WorkError(name, reason)
    if fit.reason is not None:
        raise WorkError(name, fit.reason)
    return fit


def _check_new(view: ReportView, name: str, kept: KeptFile, number: int) -> None:
    """Raise WorkError when the field stands on this very measurement already: twice the same proves nothing more."""
    statement = view.values[name].statement
    if not isinstance(statement, Import):
        return
    if (statement.file.sha256, statement.file.measurement) == (kept.sha256, number):
        raise WorkError(
            name, Words("measurement {number} of this file is there already", number=number)
        )


def _captured(chosen: list[Fit]) -> tuple[CapturedReading, ...]:
    return tuple(
        captured(each.field.name, Sampled(each.reading, Method.INSTANT, 1)) for each in chosen
    )


def _file(kept: KeptFile, number: int) -> ImportedFile:
    assert kept.content is not None  # noqa: S101 - a measurement of it was found
    return ImportedFile(
        name=kept.name, sha256=kept.sha256, format=kept.content.format, measurement=number
    )
