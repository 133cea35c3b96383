"""The interventions assigned here, and what the technician does to them outside of measuring."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from agent.ports import Build, CaptureStore, Placing, Saved
from agent.usecases.drafting import Drafter
from agent.usecases.records import WorkRecords
from agent.usecases.stages import ALLOWED, stage_of
from contract.forms.answers import fault
from contract.forms.asked import missing, wanted
from contract.forms.digest import digest
from contract.forms.fold import fold, unreplaced
from contract.forms.form import Form, FormField
from contract.forms.measure import Edit
from contract.forms.prefilled import known
from contract.forms.signed import Signed, signed, unsigned
from contract.forms.standing import Standing, standings
from contract.forms.value import Answer, CaptureId, FieldValue, Placed
from contract.unit import Unit
from contract.wire.base import Place
from contract.wire.captured import Technician
from contract.wire.intervention import Intervention, Report, Stage
from contract.wire.statement import Action, Entry, Note, Statement, Transition
from contract.words import Words


class WorkError(Exception):
    """What was asked cannot be done: which field is at fault, and the remedy."""

    def __init__(self, field: str, remedy: str) -> None:
        self.words = Words("{field}: {reason}", field=field, reason=remedy)
        super().__init__(self.words)
        self.field = field
        self.remedy = remedy


class UnknownError(WorkError):
    """There is no such thing here."""


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as it stands."""

    report: Report
    form: Form
    values: Mapping[str, FieldValue]
    signatures: Mapping[str, Signed]
    captures: tuple[Placed, ...]
    """Those of the report, oldest first."""

    @property
    def digest(self) -> str:
        """The SHA-256 of what the report shows: what a signature is put under."""
        return digest(self.form, self.report.id, self.values)

    def missing(self) -> list[str]:
        """Return the required fields without a usable value."""
        return list(missing(self.form, self.values))

    @property
    def procedures(self) -> tuple[Standing, ...]:
        """How far each procedure of the form is."""
        return standings(self.form, self.captures, self.values)

    def unfinished(self) -> list[str]:
        """Return the required procedures that are there, and not finished."""
        return [
            each.procedure.id
            for each in self.procedures
            if each.procedure.required and each.asked and not each.finished
        ]

    def unsigned(self) -> list[str]:
        """Return the required signatures that are missing, or were put under something else."""
        return list(unsigned(self.form, self.signatures))


@dataclass(frozen=True, slots=True)
class InterventionView:
    """An intervention as it stands on this agent."""

    intervention: Intervention
    stage: Stage
    withdrawn: bool
    reports: tuple[ReportView, ...]
    waiting: int
    """Captures without a receipt."""
    quarantined: tuple[Saved, ...]


def placed(captures: list[Saved]) -> list[Placed]:
    """Return captures as the fold takes them. Each statement is parsed here, so call it once for a view."""
    return [
        Placed(
            CaptureId(each.link.agent, each.link.epoch, each.link.seq, each.link.hash),
            each.statement,
        )
        for each in captures
    ]


class Work:
    """What is assigned, how it stands, and every change to it, each a capture."""

    def __init__(self, records: WorkRecords, captures: CaptureStore, drafter: Drafter) -> None:
        self._records = records
        self._captures = captures
        self._drafter = drafter
        self.turn = asyncio.Lock()
        """Held from the look at how an intervention stands to the capture that rests on it."""

    async def views(self) -> list[InterventionView]:
        """Return every intervention assigned here."""
        return [
            await self._view(each.intervention, withdrawn=each.withdrawn)
            for each in await self._records.assignments()
        ]

    async def view(self, intervention: str) -> InterventionView:
        """Return one intervention; raises UnknownError."""
        for each in await self._records.assignments():
            if each.intervention.id == intervention:
                return await self._view(each.intervention, withdrawn=each.withdrawn)
        raise UnknownError(
            "intervention",
            Words("{id} is not assigned to this agent", id=intervention),
        )

    async def open_report(self, intervention: str, report: str) -> ReportView:
        """Return a report that may still be written to; raises WorkError."""
        view = await self.view(intervention)
        if view.withdrawn:
            raise WorkError("intervention", Words("it was given to somebody else: ask the office"))
        if view.stage is Stage.CLOSING:
            raise WorkError("intervention", Words("it is closed: have the office reopen it"))
        for each in view.reports:
            if each.report.id == report:
                return each
        raise UnknownError(
            "report",
            Words("{id} has no report {report}", id=intervention, report=report),
        )

    async def answered(
        self, intervention: str, report: str, names: list[str]
    ) -> tuple[Place, ...]:
        """Return the captures that fields of a report stand on now: what a new one takes the place of."""
        captures = await self._captures.of_intervention(intervention)
        of_report = [each for each in placed(captures) if _report(each) == report]
        claims = unreplaced(of_report)
        places = {each.id for name in names for each in claims.get(name, [])}
        return tuple(Place(epoch=each.epoch, seq=each.seq) for each in sorted(places))

    async def enter(
        self,
        intervention: str,
        report: str,
        name: str,
        answer: Answer | None,
        *,
        unit: Unit | None,
        reason: str | None,
        by: Technician,
    ) -> Saved:
        """Save an answer that a person typed or chose; raises WorkError."""
        async with self.turn:
            view = await self.open_report(intervention, report)
            field = view.form.form.properties.get(name)
            if field is None:
                raise UnknownError("field", Words("the form has no field {field}", field=name))
            if answer is not None and not wanted(view.form, view.values)[name].asked:
                raise WorkError(name, Words("the form does not ask for this as it stands"))
            _check_answer(name, field, answer, unit, reason)
            replaces = await self.answered(intervention, report, [name])

            def build(_: Placing) -> Statement:
                return Entry(
                    **self._drafter.common(intervention, by, replaces),
                    report=report,
                    field=name,
                    value=answer,
                    unit=unit,
                    reason=reason,
                )

            return await self._save(intervention, build)

    async def note(self, intervention: str, text: str, by: Technician) -> Saved:
        """Save a free text; raises WorkError."""
        async with self.turn:
            await self.view(intervention)
            return await self._save(
                intervention, lambda _: Note(**self._drafter.common(intervention, by), text=text)
            )

    async def step(
        self, intervention: str, action: Action, by: Technician, *, incomplete: bool = False
    ) -> Saved:
        """Save a step of the intervention; raises WorkError when it is not possible from where it stands."""

        def build(placing: Placing) -> Statement:
            up_to = (*_other_epochs(placing), placing.place) if action is Action.CLOSE else ()
            return Transition(**self._drafter.common(intervention, by), action=action, up_to=up_to)

        async with self.turn:
            view = await self.view(intervention)
            if view.withdrawn:
                raise WorkError(
                    "intervention", Words("it was given to somebody else: ask the office")
                )
            if view.stage not in ALLOWED[action]:
                raise WorkError(
                    "action",
                    Words(
                        "not possible now: the intervention is {stage}", stage=Words(view.stage)
                    ),
                )
            if action is Action.CLOSE and not incomplete:
                _check_complete(view)
            return await self._save(intervention, build)

    async def _save(self, intervention: str, build: Build) -> Saved:
        [saved] = await self._captures.append(intervention, [build])
        return saved

    async def _view(self, intervention: Intervention, *, withdrawn: bool) -> InterventionView:
        captures = await self._captures.of_intervention(intervention.id)
        stated = placed(captures)
        reports: list[ReportView] = []
        for report in intervention.reports:
            form = await self._records.form(report.form.id, report.form.version)
            if form is not None:
                before = known(form, intervention, report.id)
                values = fold(form, report.id, stated, before)
                signatures = signed(form, report.id, stated, values)
                own = tuple(each for each in stated if _report(each) == report.id)
                reports.append(ReportView(report, form, values, signatures, own))
        return InterventionView(
            intervention,
            stage_of(stated),
            withdrawn,
            tuple(reports),
            sum(each.outcome is None for each in captures),
            tuple(each for each in captures if each.reason is not None),
        )


def _report(capture: Placed) -> str | None:
    return getattr(capture.statement, "report", None)


def _other_epochs(placing: Placing) -> tuple[Place, ...]:
    return tuple(each for each in placing.earlier if each.epoch != placing.place.epoch)


def _check_answer(
    name: str, field: FormField, answer: Answer | None, unit: Unit | None, reason: str | None
) -> None:
    if field.edit is Edit.LOCKED and field.measure is None:
        raise WorkError(
            name, Words("the form calculates this value: fill in what it is made from")
        )
    if field.edit is Edit.LOCKED:
        raise WorkError(name, Words("the form takes this value from an instrument only"))
    if field.edit is Edit.WITH_REASON and not reason:
        raise WorkError("reason", Words("say why the value is typed instead of measured"))
    wrong = None if answer is None else fault(field, answer, unit)
    if wrong is not None:
        raise WorkError(name, wrong)


def _check_complete(view: InterventionView) -> None:
    missing = [f"{each.report.id}/{name}" for each in view.reports for name in each.missing()]
    undone = [f"{each.report.id}/{name}" for each in view.reports for name in each.unfinished()]
    hands = [f"{each.report.id}/{name}" for each in view.reports for name in each.unsigned()]
    if missing:
        raise WorkError(
            "incomplete",
            Words(
                "still empty: {fields}; fill them or close it as incomplete",
                fields=", ".join(missing),
            ),
        )
    if undone:
        raise WorkError(
            "incomplete",
            Words(
                "not finished: {procedures}; finish them or close it as incomplete",
                procedures=", ".join(undone),
            ),
        )
    if hands:
        raise WorkError(
            "incomplete",
            Words(
                "not signed as they stand: {signatures}; have them signed or close it as incomplete",
                signatures=", ".join(hands),
            ),
        )
