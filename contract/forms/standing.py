"""How far a procedure of a report is: folded from captures, so that a restart of the agent forgets nothing.

Seconds are counted by the clock that no adjustment moves, and within one boot of the device alone: how long it was off,
nobody knows. A step that lasts has to be begun again then.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from contract.forms.asked import wanted
from contract.forms.condition import hold
from contract.forms.fold import claimed
from contract.forms.form import Form
from contract.forms.procedure import TIMED, Procedure, ProcedureStep, StepKind
from contract.forms.value import EMPTY, CaptureId, FieldState, FieldValue, Placed
from contract.wire.captured import ClockReading
from contract.wire.statement import Decision, OfProcedure, Step, StepEvent

NOTHING_LEFT = Decimal(0)


class StepState(StrEnum):
    """Where a step stands."""

    TO_DO = "to_do"
    """A step before it is not done yet."""
    CURRENT = "current"
    """Its turn; what is begun before it can be done is not begun."""
    RUNNING = "running"
    """Begun, not done."""
    DONE = "done"
    SKIPPED = "skipped"
    """As the values stand, it is not there."""


def elapsed(since: ClockReading, until: ClockReading) -> Decimal | None:
    """Return the seconds between two moments; None when they are not known: the device restarted in between."""
    passed = until.uptime - since.uptime
    return passed if since.boot == until.boot and passed >= 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStanding:
    """One step as it stands."""

    step: ProcedureStep
    state: StepState
    begun: Step | None = None
    ended: Step | Decision | None = None
    """What it was done with."""
    missing: tuple[str, ...] = ()
    """With ``running``: the fields without a value that came after the step was begun."""

    def left(self, now: ClockReading) -> Decimal | None:
        """Return the seconds that a running step has to last; None when that is not known: it must be begun again."""
        if self.begun is None or self.step.seconds is None:
            return NOTHING_LEFT
        lasted = elapsed(self.begun.clock, now)
        return None if lasted is None else max(NOTHING_LEFT, self.step.seconds - lasted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A procedure as it stands."""

    procedure: Procedure
    asked: bool
    """Whether the procedure is there, as the values stand."""
    steps: tuple[StepStanding, ...]
    runs: int
    """How often it was begun from its first step; 0 when nothing happened yet."""

    @property
    def current(self) -> StepStanding | None:
        """The step whose turn it is; None when there is none left."""
        turns = {StepState.CURRENT, StepState.RUNNING}
        return next((each for each in self.steps if each.state in turns), None)

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self.current is None


def standing(
    form: Form,
    procedure: Procedure,
    captures: Sequence[Placed],
    values: Mapping[str, FieldValue],
) -> Standing:
    """Return how far a procedure is. The captures are those of the report, oldest first, and give the values."""
    walk = _Walk(form, procedure, captures, values)
    return Standing(
        procedure=procedure,
        asked=hold(procedure.when or (), values),
        steps=tuple(walk.steps()),
        runs=walk.runs,
    )


def standings(
    form: Form, captures: Sequence[Placed], values: Mapping[str, FieldValue]
) -> tuple[Standing, ...]:
    """Return how far each procedure of a report is, in the order of the form."""
    return tuple(standing(form, each, captures, values) for each in form.form.procedures or ())


class _Walk:
    """Goes from step to step: what says that a step is done counts only after what ended the step before it."""

    def __init__(
        self,
        form: Form,
        procedure: Procedure,
        captures: Sequence[Placed],
        values: Mapping[str, FieldValue],
    ) -> None:
        self._form = form
        self._procedure = procedure
        self._captures = captures
        self._values = values
        self._asked = wanted(form, values)
        self._places = {each.id: at for at, each in enumerate(captures)}
        told = list(self._told())
        starts = [
            at for at, each in told if isinstance(each, Step) and each.event is StepEvent.RESTARTED
        ]
        self._start = starts[-1] if starts else -1
        self._said = [(at, each) for at, each in told if at > self._start]
        self.runs = len(starts) + bool(told)

    def _told(self) -> Iterator[tuple[int, Step | Decision]]:
        for at, each in enumerate(self._captures):
            said = each.statement
            if isinstance(said, OfProcedure) and said.procedure == self._procedure.id:
                yield at, said

    def steps(self) -> Iterator[StepStanding]:
        """Yield every step as it stands."""
        after, turn = self._start, True
        for step in self._procedure.steps:
            if not hold(step.when or (), self._values):
                yield StepStanding(step=step, state=StepState.SKIPPED)
            elif not turn:
                yield StepStanding(step=step, state=StepState.TO_DO)
            else:
                found, after = self._at(step, after)
                turn = found.state is StepState.DONE
                yield found

    def _at(self, step: ProcedureStep, after: int) -> tuple[StepStanding, int]:
        """Return how a step stands whose turn has come, and the place after which the next one counts."""
        if step.kind is StepKind.ACKNOWLEDGE:
            after = max(after, *(self._place(each.field) for each in step.when or ()), -1)
        begun: tuple[int, Step] | None = None
        for at, said in self._said:
            if at <= after or said.step != step.id:
                continue
            if isinstance(said, Step) and said.event is StepEvent.BEGUN:
                begun = (at, said)
            elif self._ends(step, begun, at, said):
                since = begun[1] if begun else None
                return StepStanding(step=step, state=StepState.DONE, begun=since, ended=said), at
        if begun is None or step.kind not in TIMED:
            return StepStanding(step=step, state=StepState.CURRENT), after
        running = StepStanding(
            step=step,
            state=StepState.RUNNING,
            begun=begun[1],
            missing=tuple(self._missing(step, begun[0])),
        )
        return running, after

    def _ends(
        self, step: ProcedureStep, begun: tuple[int, Step] | None, at: int, said: Step | Decision
    ) -> bool:
        match step.kind, said:
            case StepKind.DO, Step(event=StepEvent.DONE):
                return True
            case StepKind.ACKNOWLEDGE, Step(event=StepEvent.ACKNOWLEDGED):
                return self._answered(step, answer=True)
            case StepKind.DECIDE, Decision(choice=choice) if choice in (step.choices or {}):
                return self._answered(step, answer=choice)
            case ((StepKind.WAIT | StepKind.MEASURE), Step(event=StepEvent.DONE)):
                return begun is not None and self._lasted(step, begun, at, said)
            case _:
                return False

    def _answered(self, step: ProcedureStep, *, answer: str | bool) -> bool:
        """Tell whether the field that a step answers still says what was answered."""
        return step.field is None or self._values.get(step.field, EMPTY).value == answer

    def _lasted(self, step: ProcedureStep, begun: tuple[int, Step], at: int, done: Step) -> bool:
        """Tell whether a step lasted long enough, and whether its fields were filled meanwhile and still are."""
        since, first = begun
        lasted = elapsed(first.clock, done.clock)
        if step.seconds is not None and (lasted is None or lasted < step.seconds):
            return False
        if any(self._missing(step, since)):
            return False
        between = self._captures[since:at]
        filled = {name for each in between for name in claimed(each.statement)}
        return all(self._is_of(name, filled, at) for name in self._fields(step))

    def _is_of(self, name: str, filled: Collection[str], at: int) -> bool:
        """Tell whether a value that came after the step was begun counts for it: what is measured, only from within."""
        measure = self._form.form.properties[name].measure
        if self._values[name].computed is not None:
            return True
        if measure is None or measure.manual:
            return name in filled
        return self._place(name) < at

    def _fields(self, step: ProcedureStep) -> list[str]:
        return [
            name for name in step.fields or () if name in self._asked and self._asked[name].asked
        ]

    def _missing(self, step: ProcedureStep, since: int) -> Iterator[str]:
        for name in self._fields(step):
            value = self._values.get(name, EMPTY)
            filled = value.state is FieldState.FILLED and value.value is not None
            if not filled or self._place(name) <= since:
                yield name

    def _place(self, name: str) -> int:
        """Return the place of the capture that a value comes from, of its last input where it was calculated."""
        value = self._values.get(name, EMPTY)
        if value.computed is not None:
            return max((self._place(each) for each in value.computed.fields), default=-1)
        return self._place_of(value.source)

    def _place_of(self, source: CaptureId | None) -> int:
        return -1 if source is None else self._places.get(source, -1)
