"""From a measurement in a file to fields of a report: all or nothing, and never in the place of a paired instrument."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.ports import CaptureStore, Placing, Saved
from agent.usecases.drafting import Drafter
from agent.usecases.files import Files, KeptFile, Used
from agent.usecases.sampling import Sampled, captured
from agent.usecases.work import ReportView, UnknownError, Work, WorkError, placed
from contract.forms.form import NamedField, fields
from contract.forms.measure import Edit, Measure
from contract.forms.value import FieldState, Verdict, at_field, judge
from contract.reading import Reading, Status
from contract.unit import UnitError
from contract.wire.captured import CapturedReading, Method, Technician
from contract.wire.statement import Import, ImportedFile, Statement
from contract.words import Words
from drivers.files.measured import Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Which measurement of which file is for which fields; without fields, for all that it fits and that are open."""

    file: str
    """Its id."""
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
        files.remembered_by(self._past)

    async def use(self, use: Use, by: Technician) -> Saved:
        """Save the readings as one capture; raises WorkError that names the field, and then nothing is saved."""
        kept = self.files.file(use.file)
        measured = kept.measured(use.measurement)
        async with self._work.turn:
            view = await self._work.open_report(use.intervention, use.report)
            chosen = _chosen(view, kept, use)
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
        self.files.note_use(kept.sha256, use.measurement, Used(use.intervention, use.report))
        self._saved(use.intervention)
        return saved

    async def _past(self) -> list[tuple[str, int, Used]]:
        """Return what was taken over into the interventions here, whenever that was."""
        return [
            (
                each.statement.file.sha256,
                each.statement.file.measurement,
                Used(each.statement.intervention, each.statement.report),
            )
            for view in await self._work.views()
            for each in placed(await self._captures.of_intervention(view.intervention.id))
            if isinstance(each.statement, Import)
        ]


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
    if measure.manual:
        return Words("this value is typed: no instrument fills the field")
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
    except UnitError:
        return Words(
            "{value} {unit} cannot be shown in {wanted} as the form asks: type the answer",
            value=reading.value,
            unit=Words(reading.unit),
            wanted=Words(measure.unit),
        )
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


def _chosen(view: ReportView, kept: KeptFile, use: Use) -> list[Fit]:
    """Return what is to be saved; raises WorkError for a field that does not take it."""
    fitting = fits(view, kept.measured(use.measurement))
    names = use.fields
    if twice := next((each for each in names if names.count(each) > 1), None):
        raise WorkError("fields", Words("{field} is named twice: name it once", field=twice))
    chosen = [_named(view, name, fitting) for name in names] or _open(view, fitting)
    # Without names, what is there already does not hold back what is not.
    new = [each for each in chosen if not _is_there(view, each.field.name, kept, use.measurement)]
    if not new or (names and len(new) < len(chosen)):
        there = next(each for each in chosen if each not in new)
        raise WorkError(
            there.field.name,
            Words("measurement {number} of this file is there already", number=use.measurement),
        )
    return new


def _open(view: ReportView, fitting: list[Fit]) -> list[Fit]:
    """Return the fields to fill where none is named: what was measured or typed, a person alone replaces, by name."""
    taking = [each for each in fitting if each.reason is None]
    if not taking:
        reason = fitting[0].reason if fitting else None
        raise WorkError(
            fitting[0].field.name if fitting else "fields",
            reason or Words("no field of this report asks for what the file states"),
        )
    found = [each for each in taking if _is_open(view, each.field.name)]
    if not found:
        raise WorkError(
            taking[0].field.name, Words("it has a value already: name the field to replace it")
        )
    _check_one_each(found, taking)
    return found


def _is_open(view: ReportView, name: str) -> bool:
    value = view.values[name]
    return value.state is FieldState.EMPTY or isinstance(value.statement, Import)


def _check_one_each(found: list[Fit], taking: list[Fit]) -> None:
    """Raise WorkError where two fields ask for the same: which of them a measurement is for, a person says."""
    asking = [(each.reading.quantity, each.reading.substance) for each in taking]
    for each in found:
        if asking.count((each.reading.quantity, each.reading.substance)) > 1:
            quantity = Words(each.reading.quantity)
            raise WorkError(
                "fields", Words("several fields ask for {quantity}: name them", quantity=quantity)
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


def _is_there(view: ReportView, name: str, kept: KeptFile, number: int) -> bool:
    """Tell whether the field stands on this very measurement already: twice the same proves nothing more.

    Read with a mapping that was corrected, it is another one.
    """
    statement = view.values[name].statement
    if not isinstance(statement, Import):
        return False
    file = statement.file
    there = (file.sha256, file.measurement, file.mapping_sha256)
    return there == (kept.sha256, number, kept.mapping_sha256)


def _captured(chosen: list[Fit]) -> tuple[CapturedReading, ...]:
    return tuple(
        captured(each.field.name, Sampled(each.reading, Method.INSTANT, 1)) for each in chosen
    )


def _file(kept: KeptFile, number: int) -> ImportedFile:
    assert kept.content is not None  # noqa: S101 - a measurement of it was found
    return ImportedFile(
        name=kept.name,
        sha256=kept.sha256,
        format=kept.content.format,
        measurement=number,
        mapping_sha256=kept.mapping_sha256,
    )
