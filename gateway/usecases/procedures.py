"""The procedures of a report: how far each is, and everything that was said of its steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contract.forms.form import Form
from contract.forms.procedure import Procedure
from contract.forms.standing import Standing, standing
from contract.forms.value import CaptureId, FieldValue, Placed
from contract.wire.base import Bilingual
from contract.wire.statement import Decision, OfProcedure, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a technician said of a step, once."""

    id: CaptureId
    statement: Step | Decision
    step: Bilingual | None
    """What the step says; None for one that the form does not have."""
    choice: Bilingual | None
    """What was chosen, where it is one of the form's choices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """One procedure of a report."""

    standing: Standing
    told: tuple[Told, ...]
    """Oldest first; what was begun again later is still there."""


def led(
    form: Form, report: str, captures: Sequence[Placed], values: Mapping[str, FieldValue]
) -> tuple[Led, ...]:
    """Return the procedures of a report that are there, or were begun."""
    own = [each for each in captures if getattr(each.statement, "report", None) == report]
    found = (_led(form, each, own, values) for each in form.form.procedures or ())
    return tuple(each for each in found if each.standing.asked or each.told)


def _led(
    form: Form, procedure: Procedure, captures: Sequence[Placed], values: Mapping[str, FieldValue]
) -> Led:
    return Led(
        standing=standing(form, procedure, captures, values),
        told=tuple(
            _told(procedure, each.id, each.statement)
            for each in captures
            if isinstance(each.statement, OfProcedure) and each.statement.procedure == procedure.id
        ),
    )


def _told(procedure: Procedure, id: CaptureId, said: Step | Decision) -> Told:
    step = next((each for each in procedure.steps if each.id == said.step), None)
    choices = (step.choices if step else None) or {}
    return Told(
        id=id,
        statement=said,
        step=step.says if step else None,
        choice=choices.get(said.choice) if isinstance(said, Decision) else None,
    )
