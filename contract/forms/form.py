"""One version of a form: JSON Schema 2020-12 with one neutral block per field, ``x-measure``."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from contract.forms.acroform import PdfFields
from contract.forms.basis import Basis
from contract.forms.compute import Compute
from contract.forms.condition import Conditions, Rule
from contract.forms.group import Group, with_group
from contract.forms.measure import Edit, Measure
from contract.forms.part import FormPart
from contract.forms.prefill import Prefill
from contract.forms.procedure import Procedure
from contract.wire.base import Bilingual, FieldName, Name, ShortText


class FormField(FormPart):
    """One property of the form's schema. Keywords of JSON Schema it does not name are kept by the schema."""

    model_config = ConfigDict(populate_by_name=True)

    type: Literal["number", "string", "boolean", "integer"] = "string"
    label: Annotated[Bilingual, Field(alias="x-label")]
    hint: Annotated[Bilingual | None, Field(alias="x-hint")] = None
    """What helps whoever fills it in; it is not printed."""
    section: Annotated[Bilingual | None, Field(alias="x-section")] = None
    """The heading that begins with this field; None: it goes on under the one before."""
    measure: Annotated[Measure | None, Field(alias="x-measure")] = None
    compute: Annotated[Compute | None, Field(alias="x-compute")] = None
    prefill: Annotated[Prefill | None, Field(alias="x-prefill")] = None
    when: Annotated[Conditions | None, Field(alias="x-when")] = None
    """The field is only asked for when all of these hold; None: always."""
    choices: Annotated[dict[str, Bilingual] | None, Field(alias="x-choices")] = None
    """How each code of ``enum`` is said to people; None: as it stands."""
    checklist: Annotated[ShortText | None, Field(alias="x-checklist")] = None
    """The standard whose list of checks, where its owner gives it, stands in the place of this text."""
    basis: Annotated[Basis | None, Field(alias="x-basis")] = None

    @property
    def edit(self) -> Edit:
        """Whether a person may type over what an instrument states, or a formula gives."""
        if self.measure is not None:
            return Edit.FREE if self.measure.manual else self.measure.edit
        return Edit.FREE if self.compute is None else self.compute.edit


class Signing(FormPart):
    """One signature under the report."""

    model_config = ConfigDict(populate_by_name=True)

    label: Annotated[Bilingual, Field(alias="x-label")]
    """Who signs: the technician, the owner."""
    required: bool = False
    basis: Annotated[Basis | None, Field(alias="x-basis")] = None


class FormSchema(FormPart):
    """The JSON Schema of a form: an object with flat properties."""

    model_config = ConfigDict(populate_by_name=True)

    type: Literal["object"] = "object"
    required: tuple[FieldName, ...] = ()
    rules: Annotated[tuple[Rule, ...] | None, Field(alias="x-rules")] = None
    groups: Annotated[dict[Name, Group] | None, Field(alias="x-groups")] = None
    procedures: Annotated[tuple[Procedure, ...] | None, Field(alias="x-procedures")] = None
    signatures: Annotated[dict[FieldName, Signing] | None, Field(alias="x-signatures")] = None
    acroform: Annotated[PdfFields | None, Field(alias="x-acroform")] = None
    """How the values stand in the fields of an official PDF, by their names there."""
    properties: dict[FieldName, FormField]

    @model_validator(mode="after")
    def _grouped(self) -> "FormSchema":
        for name, field in self.properties.items():
            group = (self.groups or {}).get(field.measure.group or "") if field.measure else None
            if field.measure is not None and group is not None and group.measure is not None:
                whole = with_group(field.measure, group.measure)
                self.properties[name] = field.model_copy(update={"measure": whole})
        return self


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
    section: Bilingual | None = None
    """The heading it stands under."""


def members(form: Form, group: str) -> tuple[NamedField, ...]:
    """Return the fields that are captured with a group, in the order of the form."""
    return tuple(
        each
        for each in fields(form)
        if each.field.measure is not None and each.field.measure.group == group
    )


def fields(form: Form) -> tuple[NamedField, ...]:
    """Return the fields in the order in which the form shows them."""
    required = frozenset(form.form.required)
    found: list[NamedField] = []
    section: Bilingual | None = None
    for name, field in form.form.properties.items():
        section = field.section or section
        found.append(NamedField(name, field, name in required, section))
    return tuple(found)
