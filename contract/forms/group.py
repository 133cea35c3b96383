"""The block ``x-groups`` of a form: fields that are captured together, all of them or none."""

from typing import Annotated

from pydantic import ConfigDict, Field

from contract.forms.measure import Edit, Limits, Measure, OnRange, Taking, Wanted
from contract.forms.part import FormPart
from contract.wire.base import Bilingual, FieldName, ShortText


class GroupMeasure(FormPart):
    """What the ``x-measure`` of each field of the group says, where the field itself does not."""

    substance: ShortText | None = None
    role: ShortText | None = None
    capture: Taking | None = None
    maxage: Annotated[int, Field(ge=1)] | None = None
    limits: Limits | None = None
    instrument: Wanted | None = None
    edit: Edit | None = None
    onrange: OnRange | None = None


class Group(FormPart):
    """Fields that only make sense when taken at one moment. A field joins by ``group`` of its ``x-measure``.

    Its outputs are those fields; a capture of the group writes nothing else.
    """

    model_config = ConfigDict(populate_by_name=True)

    label: Annotated[Bilingual, Field(alias="x-label")]
    measure: Annotated[GroupMeasure | None, Field(alias="x-measure")] = None
    inputs: tuple[FieldName, ...] = ()
    """Fields that must be filled before the group can be captured."""


def with_group(measure: Measure, shared: GroupMeasure) -> Measure:
    """Return a field's block with what its group says put in; the field's own word counts.

    The result says the same when it is read again, and an agent that knows no groups still reads the whole block.
    Raises ValueError where the two cannot go together.
    """
    said = {
        name: getattr(shared, name)
        for name in shared.model_fields_set - measure.model_fields_set
        if name in GroupMeasure.model_fields
    }
    own = {name: getattr(measure, name) for name in measure.model_fields_set}
    return Measure(**{**own, **said})
