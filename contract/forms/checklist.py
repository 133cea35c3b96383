"""Lists of checks that a paid standard defines: a form names the standard, and whoever owns it fills its list in."""

from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from contract.forms.form import Form, FormField
from contract.wire.base import Bilingual, FieldName, Name, ShortText, WireModel


class Check(WireModel):
    """One item of a list."""

    model_config = ConfigDict(extra="forbid")

    name: FieldName
    fr: ShortText
    en: ShortText


class Checklist(WireModel):
    """The list of one standard, as its owner wrote it down."""

    model_config = ConfigDict(extra="forbid")

    standard: ShortText
    """As the form names it: ``NF X50-010``."""
    check: Annotated[tuple[Check, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _told_apart(self) -> "Checklist":
        names = [each.name for each in self.check]
        twice = next((each for each in names if names.count(each) > 1), None)
        if twice is not None:
            raise ValueError(f"two checks are called {twice}: give each its own name")
        return self


class ChecklistError(ValueError):
    """A list does not go with a form; the message says why."""


def standards(form: Form) -> tuple[str, ...]:
    """Return the standards whose lists a form does without."""
    return tuple(
        each.checklist for each in form.form.properties.values() if each.checklist is not None
    )


def with_checklist(form: Form, checklist: Checklist, id: Name) -> Form:
    """Return the form under another id, with a yes or no for each check in the place of the text.

    Raises ChecklistError.

    A list is somebody's own: the form with it is another form.
    """
    missing = standards(form)
    if checklist.standard not in missing:
        known = ", ".join(missing) or "none"
        raise ChecklistError(
            f"standard: the form asks for no list of {checklist.standard!r}: it asks for {known}"
        )
    properties: dict[FieldName, FormField] = {}
    required = list(form.form.required)
    for name, field in form.form.properties.items():
        if field.checklist != checklist.standard:
            properties[name] = field
            continue
        checks = _checks(name, field, checklist, form)
        properties |= checks
        if name in required:
            at = required.index(name)
            required[at : at + 1] = checks
    schema = form.form.model_copy(update={"properties": properties, "required": tuple(required)})
    return form.model_copy(update={"id": id, "form": schema})


def _checks(
    name: str, field: FormField, checklist: Checklist, form: Form
) -> dict[FieldName, FormField]:
    found: dict[FieldName, FormField] = {}
    section = field.section
    for each in checklist.check:
        if each.name in form.form.properties and each.name != name:
            raise ChecklistError(f"check: the form has a field {each.name}: choose another name")
        found[each.name] = FormField(
            type="boolean",
            label=Bilingual(fr=each.fr, en=each.en),
            section=section,
            when=field.when,
            basis=field.basis,
        )
        section = None
    return found
