"""What the routes take."""

from datetime import date
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import to_json

from contract.wire.base import FieldName, Hash, Name
from contract.wire.drawing import Drawing
from contract.wire.statement import explain
from contract.words import Words, literal
from drivers.kit.dialogue import Act

LONGEST_TEXT = 10_000
Short = Annotated[str, Field(min_length=1, max_length=200)]


def _drawn(said: object) -> Drawing:
    """Return a drawing as the wire writes it, or say what is wrong with it."""
    try:
        return Drawing.model_validate_json(to_json(said))
    except ValidationError as error:
        raise ValueError(literal(explain(error))) from error


class Body(BaseModel):
    """A request's body; a field that is not known is refused, so that a slip does not go unseen."""

    model_config = ConfigDict(extra="forbid")


class SignInBody(Body):
    """A name and a PIN."""

    technician: Short
    pin: Annotated[str, Field(min_length=1, max_length=64)]


class PairBody(Body):
    """What a person states of an instrument."""

    role: Short | None = None
    calibrated_on: date | None = None
    calibration_due: date | None = None
    certificate: Short | None = None
    bind_key: Short | None = Field(default=None, repr=False)
    """What the instrument encrypts with, in hexadecimal; none keeps the one given before."""

    @field_validator("bind_key")
    @classmethod
    def _hexadecimal(cls, key: str | None) -> str | None:
        try:
            return None if key is None else bytes.fromhex(key.replace(":", " ")).hex()
        except ValueError as error:
            raise ValueError(Words("is not hexadecimal")) from error

    @field_validator("calibration_due")
    @classmethod
    def _after_the_calibration(cls, due: date | None, info: ValidationInfo) -> date | None:
        on = info.data.get("calibrated_on")
        if due is not None and on is not None and due < on:
            raise ValueError(Words("is before the date of calibration: correct one of the two"))
        return due


class ActBody(Body):
    """What the instrument is to do."""

    act: Act


class CaptureBody(Body):
    """Which fields to fill; ``instruments`` names the one for a field where several could serve."""

    intervention: Name
    report: Name
    group: Name | None = None
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1, max_length=64)]
    instruments: dict[FieldName, Short] = Field(default_factory=dict[str, str])


class FieldBody(Body):
    """An answer; null clears the field."""

    value: str | bool | None
    unit: Short | None = None
    reason: Short | None = None

    # One complaint about the field, where the types one after the other would each have theirs.
    @field_validator("value", mode="before")
    @classmethod
    def _an_answer(cls, value: object) -> object:
        match value:
            case str() if not 1 <= len(value) <= LONGEST_TEXT:
                raise ValueError(Words("must have 1 to {most} characters", most=LONGEST_TEXT))
            case str() | bool() | None:
                return value
            case _:
                raise ValueError(Words("must be text, true or false; null clears the field"))


class StepBody(Body):
    """With ``close``: whether required fields may stay empty."""

    incomplete: bool = False


class NoteBody(Body):
    """A free text."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class UseBody(Body):
    """Which measurement of a file is for which fields; without fields, for all that it fits."""

    intervention: Name
    report: Name
    group: Name | None = None
    fields: Annotated[tuple[FieldName, ...], Field(max_length=64)] = ()
    measurement: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class SignatureBody(Body):
    """A signature: which one of the form, by whom, as drawn, under which report as it was shown."""

    intervention: Name
    report: Name
    signatory: FieldName
    name: Short
    capacity: Short | None = None
    drawing: Annotated[Drawing, BeforeValidator(_drawn)]
    shown: Hash
    """The ``digest`` that the report was given with."""


class AttachBody(Body):
    """The field that a scanned code is for."""

    intervention: Name
    report: Name
    field: FieldName
    element: Annotated[str, Field(min_length=2, max_length=4)] | None = None
    """A GS1 application identifier: only its value is the answer."""
