"""The block ``x-procedures`` of a form: steps that lead a person, in their order. How far one is, ``standing`` says."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contract.forms.basis import Basis
from contract.forms.condition import Conditions
from contract.forms.part import FormPart
from contract.wire.base import Bilingual, FieldName, Name, ShortText

LONGEST = 86_400
"""Seconds that a step may ask for."""


class StepKind(StrEnum):
    """What a step asks of the technician."""

    DO = "do"
    """To do something, and to say that it is done."""
    WAIT = "wait"
    """To wait ``seconds``, and to say so once they are over."""
    MEASURE = "measure"
    """To fill ``fields`` after the step was begun; it lasts ``seconds`` at least, where they are said."""
    DECIDE = "decide"
    """To choose one of ``choices``."""
    ACKNOWLEDGE = "acknowledge"
    """To acknowledge what it says: a danger, say."""


TIMED = frozenset({StepKind.WAIT, StepKind.MEASURE})
"""What is begun before it can be done."""


class ProcedureStep(FormPart):
    """One step. What its kind does not speak of says nothing, and the check of a form names it."""

    id: Name
    kind: StepKind
    says: Bilingual
    seconds: Annotated[int, Field(ge=1, le=LONGEST)] | None = None
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1, max_length=64)] | None = None
    field: FieldName | None = None
    """Where the choice is an answer of the form too, or with ``acknowledge`` a yes."""
    choices: dict[ShortText, Bilingual] | None = None
    when: Conditions | None = None
    """The step is only there while all of these hold; None: always."""
    source: ShortText | None = None
    """Where the step is published; None: where the procedure is."""


class Procedure(FormPart):
    """Steps that a form leads through."""

    id: Name
    title: Bilingual
    basis: Basis
    """Who wants it done so, and where the steps are published."""
    required: bool = False
    """Whether an intervention without it is incomplete."""
    when: Conditions | None = None
    """The procedure is only there while all of these hold; None: always."""
    steps: Annotated[tuple[ProcedureStep, ...], Field(min_length=1, max_length=64)]
