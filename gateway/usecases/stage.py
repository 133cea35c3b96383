"""Where an intervention stands: from the office's facts and the set of captures, whatever order they came in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from contract.wire.base import Place
from contract.wire.intervention import Stage
from contract.wire.statement import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the office decided."""

    planned: bool
    assigned: bool
    cancelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One transition, and where and when it was taken."""

    agent: str
    epoch: str
    seq: int
    link: str
    at: datetime
    action: Action
    awaited: tuple[Place, ...] = ()


_STAGES = {
    Action.START: Stage.STARTED,
    Action.RESUME: Stage.STARTED,
    Action.SUSPEND: Stage.SUSPENDED,
}


def derive(office: Office, steps: Iterable[Step], held: Callable[[str, Place], bool]) -> Stage:
    """Return the stage; ``held`` tells whether all of an agent's captures up to a place have arrived.

    A technician's ``close`` is final, and complete only when everything up to it is held.
    Otherwise the last step counts: by its place within an epoch, by its time between epochs.
    """
    taken = list(steps)
    if office.cancelled:
        return Stage.CANCELLED
    closes = [step for step in taken if step.action is Action.CLOSE]
    if closes:
        whole = all(held(step.agent, place) for step in closes for place in step.awaited)
        return Stage.COMPLETED if whole else Stage.CLOSING
    if taken:
        return _STAGES[_last(taken).action]
    if office.assigned:
        return Stage.ASSIGNED
    return Stage.PLANNED if office.planned else Stage.CREATED


def _last(steps: list[Step]) -> Step:
    # The wall clock may jump within an epoch; its places never do.
    ends: dict[tuple[str, str], Step] = {}
    for step in sorted(steps, key=lambda each: (each.seq, each.link)):
        ends[step.agent, step.epoch] = step
    return max(ends.values(), key=lambda each: (each.at, each.agent, each.epoch, each.link))
