"""One version of a form: JSON Schema 2020-12 with one neutral block per field, ``x-measure``."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from contract.forms.compute import Compute
from contract.forms.condition import Conditions, Rule
from contract.forms.measure import Edit, Measure
from contract.forms.part import FormPart
from contract.wire.base import Bilingual, FieldName, Name, ShortText


class Origin(StrEnum):
    """Who wants a field."""

    LEGAL = "legal"
    """A text of law."""
    TRADE = "trade"
    """The practice of the trade."""
    PROPOSED = "proposed"
    """Whoever wrote the form."""


class Basis(FormPart):
    """Why a form has a field; a law and a practice are named with where they say so."""

    origin: Origin
    source: ShortText | None = None

    @model_validator(mode="after")
    def _sourced(self) -> "Basis":
        if self.source is None and self.origin is not Origin.PROPOSED:
            raise ValueError(f"source is needed: say where the {self.origin} basis stands")
        return self


class FormField(FormPart):
    """One property of the form's schema. Keywords of JSON Schema it does not name are kept by the schema."""

    model_config = ConfigDict(populate_by_name=True)

    type: Literal["number", "string", "boolean", "integer"] = "string"
    label: Annotated[Bilingual, Field(alias="x-label")]
    measure: Annotated[Measure | None, Field(alias="x-measure")] = None
    compute: Annotated[Compute | None, Field(alias="x-compute")] = None
    when: Annotated[Conditions | None, Field(alias="x-when")] = None
    """The field is only asked for when all of these hold; None: always."""
    choices: Annotated[dict[str, Bilingual] | None, Field(alias="x-choices")] = None
    """How each code of ``enum`` is said to people; None: as it stands."""
    basis: Annotated[Basis | None, Field(alias="x-basis")] = None

    @property
    def edit(self) -> Edit:
        """Whether a person may type over what an instrument states, or a formula gives."""
        if self.measure is not None:
            return Edit.FREE if self.measure.manual else self.measure.edit
        return Edit.FREE if self.compute is None else self.compute.edit


class FormSchema(FormPart):
    """The JSON Schema of a form: an object with flat properties."""

    model_config = ConfigDict(populate_by_name=True)

    type: Literal["object"] = "object"
    required: tuple[FieldName, ...] = ()
    rules: Annotated[tuple[Rule, ...] | None, Field(alias="x-rules")] = None
    properties: dict[FieldName, FormField]


class Form(FormPart):
    """An immutable version of a form."""

    model_config = ConfigDict(populate_by_name=True)

    id: Name
    version: Annotated[int, Field(ge=1)]
    title: Bilingual
    form: Annotated[FormSchema, Field(alias="schema")]


@dataclass(frozen=True, slots=True)
class NamedField:
    """A field together with its name."""

    name: str
    field: FormField
    required: bool


def fields(form: Form) -> tuple[NamedField, ...]:
    """Return the fields in the order in which the form shows them."""
    required = frozenset(form.form.required)
    return tuple(
        NamedField(name, field, name in required) for name, field in form.form.properties.items()
    )
