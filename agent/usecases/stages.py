"""Where the technician's own acts bring an intervention, and which are possible from where it stands."""

from collections.abc import Iterable, Mapping

from contract.forms.value import Placed
from contract.wire.intervention import Stage
from contract.wire.statement import Action, Transition

ALLOWED: Mapping[Action, frozenset[Stage]] = {
    Action.START: frozenset({Stage.ASSIGNED}),
    Action.SUSPEND: frozenset({Stage.STARTED}),
    Action.RESUME: frozenset({Stage.SUSPENDED}),
    Action.CLOSE: frozenset({Stage.ASSIGNED, Stage.STARTED, Stage.SUSPENDED}),
}
_REACHED: Mapping[Action, Stage] = {
    Action.START: Stage.STARTED,
    Action.SUSPEND: Stage.SUSPENDED,
    Action.RESUME: Stage.STARTED,
    Action.CLOSE: Stage.CLOSING,
}


def stage_of(captures: Iterable[Placed]) -> Stage:
    """Return where the technician's own acts have brought an intervention; captures are oldest first."""
    stage = Stage.ASSIGNED
    for each in captures:
        if isinstance(each.statement, Transition):
            stage = _REACHED[each.statement.action]
    return stage
