"""What every message on the wire shares."""

from decimal import Decimal
from typing import Annotated

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from contract import number


class WireModel(BaseModel):
    """Base of all wire models: frozen, strict, and deaf to fields of later versions."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", strict=True, allow_inf_nan=False, serialize_by_alias=True
    )

    def to_json(self) -> str:
        """Return the JSON that is stored, hashed and sent; absent optional parts are left out."""
        return self.model_dump_json(exclude_none=True)


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal) and value.is_finite():
        number.parse(number.write(value))  # what cannot be read again is not written
        return value
    return number.parse(value)


Number = Annotated[
    Decimal,
    BeforeValidator(_number),
    PlainSerializer(number.write, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{number.PATTERN}$", "maxLength": 30}),
]
"""A Decimal, written as text with its digits."""

NAME = r"^[a-z0-9-]{1,64}$"
Name = Annotated[str, StringConstraints(pattern=NAME)]
"""A tenant, an agent, an intervention, a report, a form, an appliance, a group."""

FIELD_NAME = r"^[a-z][a-z0-9_]{0,63}$"
FieldName = Annotated[str, StringConstraints(pattern=FIELD_NAME)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Epoch = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
KeyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
Seq = Annotated[int, Field(ge=1, lt=10**18)]
Time = AwareDatetime


class Place(WireModel):
    """One place in the chain of an agent known from the context."""

    epoch: Epoch
    seq: Seq


class Bilingual(WireModel):
    """A text a technician reads."""

    fr: ShortText
    en: ShortText
