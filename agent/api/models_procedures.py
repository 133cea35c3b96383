"""What the routes give of procedures."""

from decimal import ROUND_CEILING

from agent.usecases.work import ReportView
from contract.forms.standing import Standing, StepStanding, StepState
from contract.wire.base import WireModel
from contract.wire.captured import ClockReading
from contract.wire.statement import Decision

Json = dict[str, object]


def procedures(view: ReportView, now: ClockReading) -> list[Json]:
    """Return the procedures of a report that are there, or were begun, each as it stands at a moment."""
    return [procedure(each, now) for each in view.procedures if each.asked or each.runs]


def procedure(stands: Standing, now: ClockReading) -> Json:
    """Return one procedure as it stands."""
    said = stands.procedure
    return {
        "id": said.id,
        "title": said.title.model_dump(),
        "basis": said.basis.model_dump(),
        "required": said.required,
        "asked": stands.asked,
        "finished": stands.finished,
        "runs": stands.runs,
        "current": stands.current.step.id if stands.current else None,
        "steps": [_step(each, now) for each in stands.steps],
    }


def _step(stands: StepStanding, now: ClockReading) -> Json:
    step, ended = stands.step, stands.ended
    choices = step.choices or {}
    choice = ended.choice if isinstance(ended, Decision) else None
    return {
        "id": step.id,
        "kind": step.kind,
        "says": _dumped(step.says),
        "source": step.source,
        "state": stands.state,
        "seconds": step.seconds,
        **_timer(stands, now),
        "fields": list(step.fields or ()),
        "missing": list(stands.missing),
        "choices": {code: _dumped(said) for code, said in choices.items()},
        "choice": choice,
        "begun_at": stands.begun.at if stands.begun else None,
        "at": ended.at if ended else None,
        "by": ended.by.name if ended else None,
    }


def _timer(stands: StepStanding, now: ClockReading) -> Json:
    """Return the whole seconds that a running step has to last; ``lost`` where the device restarted meanwhile."""
    if stands.state is not StepState.RUNNING:
        return {"seconds_left": None, "lost": False}
    left = stands.left(now)
    whole = None if left is None else int(left.to_integral_value(ROUND_CEILING))
    return {"seconds_left": whole, "lost": left is None}


def _dumped(said: WireModel) -> Json:
    return said.model_dump()
