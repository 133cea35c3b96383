"""Procedures as the API shows them."""

from typing import Any

from contract.wire.statement import Decision, Step
from gateway.usecases.procedures import Led, Told


def procedure(one: Led) -> dict[str, Any]:
    """Show a procedure: how far it is, and what was said of each step."""
    stands = one.standing
    said = stands.procedure
    return {
        "id": said.id,
        "title": said.title.model_dump(),
        "basis": said.basis.model_dump(mode="json", exclude_none=True),
        "required": said.required,
        "asked": stands.asked,
        "finished": stands.finished,
        "runs": stands.runs,
        "steps": [{"id": each.step.id, "state": each.state.value} for each in stands.steps],
        "told": [_told(each) for each in one.told],
    }


def _told(one: Told) -> dict[str, Any]:
    said = one.statement
    return {
        "step": said.step,
        "says": one.step.model_dump() if one.step else None,
        "event": said.event.value if isinstance(said, Step) else None,
        "choice": said.choice if isinstance(said, Decision) else None,
        "choice_says": one.choice.model_dump() if one.choice else None,
        "at": said.at.isoformat(),
        "by": said.by.model_dump(),
        "capture": {
            "agent": one.id.agent,
            "epoch": one.id.epoch,
            "seq": one.id.seq,
            "link": one.id.link,
        },
    }
