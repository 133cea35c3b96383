"""The block ``x-acroform`` of a form: how its values stand in the fields of an official PDF of the user's."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from contract.forms.condition import Conditions
from contract.forms.part import FormPart
from contract.wire.base import FieldName, ShortText


class DatePart(StrEnum):
    """What of a date a field of the PDF takes."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class SignedPart(StrEnum):
    """What of a signature a field of the PDF takes."""

    NAME = "name"
    CAPACITY = "capacity"
    DATE = "date"


class PdfField(FormPart):
    """What stands in one field of the PDF: exactly one of text, tick, choose and signature."""

    text: FieldName | None = None
    """The value of a field of the form."""
    part: DatePart | None = None
    """With ``text``: only that of the date, which the field holds as 2026-11-24."""
    tick: Conditions | None = None
    """A box that is ticked when all of these hold."""
    choose: dict[ShortText, Conditions] | None = None
    """A choice, by the state that the PDF calls it: the first of which all conditions hold."""
    signature: FieldName | None = None
    """One of the form's signatures."""
    of: SignedPart | None = None
    """With ``signature``: what of it."""

    @model_validator(mode="after")
    def _one(self) -> "PdfField":
        said = (self.text, self.tick, self.choose, self.signature)
        if sum(each is not None for each in said) != 1:
            raise ValueError("say exactly one of text, tick, choose and signature")
        if (self.of is not None) is not (self.signature is not None):
            raise ValueError("of goes with signature")
        if self.part is not None and self.text is None:
            raise ValueError("part goes with text")
        return self


PdfFields = Annotated[dict[ShortText, PdfField], Field(min_length=1, max_length=500)]
