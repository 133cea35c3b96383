"""Lead through a procedure: each step begun, done, decided or acknowledged is a capture, if its turn has come."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING
from enum import StrEnum

from agent.ports import Build, CaptureStore, Clock, Placing, Saved
from agent.usecases.drafting import Drafter
from agent.usecases.work import ReportView, UnknownError, Work, WorkError
from contract.forms.answers import fault
from contract.forms.procedure import TIMED, ProcedureStep, StepKind
from contract.forms.standing import Standing, StepStanding, StepState
from contract.forms.value import Answer, FieldState
from contract.wire.base import Place
from contract.wire.captured import ClockReading, Technician
from contract.wire.statement import Decision, Entry, Statement, Step, StepEvent
from contract.words import Words


class StepAct(StrEnum):
    """What a technician says of a step."""

    BEGIN = "begin"
    DONE = "done"
    """Done; of a step that decides, decided."""
    ACKNOWLEDGE = "acknowledge"
    RESTART = "restart"
    """Begin the procedure again, from this step."""


_EVENTS = {
    StepAct.BEGIN: StepEvent.BEGUN,
    StepAct.DONE: StepEvent.DONE,
    StepAct.ACKNOWLEDGE: StepEvent.ACKNOWLEDGED,
    StepAct.RESTART: StepEvent.RESTARTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlace:
    """The step of a procedure of a report."""

    intervention: str
    report: str
    procedure: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a technician says of a step, with the choice where there is one."""

    act: StepAct
    choice: str | None = None


class Procedures:
    """Carries the procedures of reports on."""

    def __init__(
        self,
        work: Work,
        captures: CaptureStore,
        drafter: Drafter,
        clock: Clock,
        saved: Callable[[str], None],
    ) -> None:
        self._work = work
        self._captures = captures
        self._drafter = drafter
        self._clock = clock
        self._saved = saved

    async def say(self, at: StepPlace, said: Said, by: Technician) -> list[Saved]:
        """Save what a technician says of a step, with the answer that it gives; raises WorkError."""
        async with self._work.turn:
            view = await self._work.open_report(at.intervention, at.report)
            stands = _procedure(view, at.procedure)
            step = _step(stands, at.step)
            if said.act is StepAct.RESTART:
                _check_restart(stands, step.step)
            else:
                _check_turn(stands, step)
                _check(step, said, view, self._clock.reading())
            builds = [self._statement(at, step.step, said, by)]
            if (answer := _answer(step.step, said)) is not None and step.step.field:
                name = step.step.field
                _check_answer(view, name, answer)
                replaces = await self._work.answered(at.intervention, at.report, [name])
                builds.append(self._entry(at, name, answer, by, replaces))
            kept = await self._captures.append(at.intervention, builds)
        self._saved(at.intervention)
        return kept

    def _statement(self, at: StepPlace, step: ProcedureStep, said: Said, by: Technician) -> Build:
        def build(_: Placing) -> Statement:
            common = self._drafter.common(at.intervention, by)
            if step.kind is StepKind.DECIDE and said.act is StepAct.DONE:
                return Decision(
                    **common,
                    report=at.report,
                    procedure=at.procedure,
                    step=step.id,
                    choice=said.choice or "",
                )
            return Step(
                **common,
                report=at.report,
                procedure=at.procedure,
                step=step.id,
                event=_EVENTS[said.act],
            )

        return build

    def _entry(
        self,
        at: StepPlace,
        name: str,
        answer: Answer,
        by: Technician,
        replaces: tuple[Place, ...],
    ) -> Build:
        def build(_: Placing) -> Statement:
            return Entry(
                **self._drafter.common(at.intervention, by, replaces),
                report=at.report,
                field=name,
                value=answer,
            )

        return build


def _procedure(view: ReportView, procedure: str) -> Standing:
    for each in view.procedures:
        if each.procedure.id == procedure:
            if not each.asked:
                raise WorkError(
                    "procedure",
                    Words("the form does not ask for it as the values stand: look at its answers"),
                )
            return each
    raise UnknownError(
        "procedure", Words("the form has no procedure {procedure}", procedure=procedure)
    )


def _step(stands: Standing, step: str) -> StepStanding:
    for each in stands.steps:
        if each.step.id == step:
            return each
    raise UnknownError("step", Words("the procedure has no step {step}", step=step))


def _check_restart(stands: Standing, step: ProcedureStep) -> None:
    first = stands.procedure.steps[0].id
    if step.id != first:
        raise WorkError(
            "step", Words("a procedure is begun again from its first step, {step}", step=first)
        )
    if stands.runs == 0:
        raise WorkError("event", Words("nothing of it is done yet: begin it"))


def _check_turn(stands: Standing, step: StepStanding) -> None:
    """Raise WorkError unless it is the step whose turn it is."""
    current = stands.current
    if current is None:
        raise WorkError(
            "step", Words("the procedure is finished: begin it again from its first step")
        )
    if current is not step:
        raise WorkError(
            "step",
            Words("not the turn of this step: that is {step}", step=current.step.id),
        )


def _check(step: StepStanding, said: Said, view: ReportView, now: ClockReading) -> None:
    """Raise WorkError unless what is said goes with the step, and can be."""
    kind = step.step.kind
    if said.choice is not None and (kind is not StepKind.DECIDE or said.act is not StepAct.DONE):
        raise WorkError("choice", Words("there is nothing to choose here: leave it out"))
    match kind, said.act:
        case ((StepKind.WAIT | StepKind.MEASURE), StepAct.BEGIN):
            _check_begin(step, now)
        case _, StepAct.BEGIN:
            raise WorkError("event", Words("this step has no beginning: say when it is done"))
        case StepKind.ACKNOWLEDGE, StepAct.DONE:
            raise WorkError("event", Words("what this step says must be acknowledged"))
        case StepKind.ACKNOWLEDGE, _:
            pass
        case _, StepAct.ACKNOWLEDGE:
            raise WorkError("event", Words("nothing to acknowledge here: say when it is done"))
        case StepKind.DECIDE, _:
            _check_choice(step.step, said.choice)
        case _, _ if kind in TIMED:
            _check_done(step, view, now)
        case _:
            pass


def _check_begin(step: StepStanding, now: ClockReading) -> None:
    if step.state is StepState.RUNNING and step.left(now) is not None:
        raise WorkError("event", Words("this step has begun already: say when it is done"))


def _check_choice(step: ProcedureStep, choice: str | None) -> None:
    choices = step.choices or {}
    if choice not in choices:
        raise WorkError("choice", Words("choose one of {choices}", choices=", ".join(choices)))


def _check_done(step: StepStanding, view: ReportView, now: ClockReading) -> None:
    if step.state is not StepState.RUNNING:
        raise WorkError("event", Words("this step has not begun: begin it"))
    left = step.left(now)
    if left is None:
        raise WorkError(
            "event",
            Words("the device restarted, and how long it lasted is not known: begin it again"),
        )
    if left > 0:
        raise WorkError(
            "event",
            Words("too early: wait {seconds} s more", seconds=left.to_integral(ROUND_CEILING)),
        )
    for name in step.missing:
        if view.values[name].state is FieldState.EMPTY:
            raise WorkError(name, Words("still empty: fill it, then say that the step is done"))
        raise WorkError(
            name, Words("its value does not come from this step: capture it again, or type it")
        )


def _answer(step: ProcedureStep, said: Said) -> Answer | None:
    """Return what a step answers of the form; None when it answers nothing."""
    match step.kind, said.act:
        case StepKind.DECIDE, StepAct.DONE:
            return said.choice
        case StepKind.ACKNOWLEDGE, StepAct.ACKNOWLEDGE:
            return True
        case _:
            return None


def _check_answer(view: ReportView, name: str, answer: Answer) -> None:
    field = view.form.form.properties.get(name)
    if field is None:
        raise WorkError(name, Words("the form has no field {field}", field=name))
    wrong = fault(field, answer, None)
    if wrong is not None:
        raise WorkError(name, wrong)
