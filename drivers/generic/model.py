"""What an instrument file may say. docs/how-to/describe-an-instrument.md explains it to people."""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from contract import number
from contract.instrument import Grade, InstrumentClass
from contract.quantity import NEEDS_SUBSTANCE, Quantity
from contract.reading import Status
from contract.unit import UNITS, Unit
from drivers.kit.description import Parity

Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_UUID = re.compile(r"[0-9a-f]{4}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


def _is_uuid(text: str) -> str:
    if not _UUID.fullmatch(text):
        raise ValueError("must be a UUID in small letters, as 2a6e or its 36 characters")
    return text


def _is_slug(text: str) -> str:
    if not _SLUG.fullmatch(text) or len(text) > 64:
        raise ValueError("must be 1 to 64 characters of a-z, 0-9 and '-', as acme-ca100")
    return text


def _is_number(text: str) -> str:
    try:
        number.parse(text)
    except number.NumberError as error:
        raise ValueError(f'{error}; in quotes, as "0.1"') from error
    return text


Uuid = Annotated[str, AfterValidator(_is_uuid)]
Number = Annotated[str, AfterValidator(_is_number)]
"""A decimal number, as text: its digits are kept."""


class Part(BaseModel):
    """A table of the file; what it does not know is refused, so that a slip does not go unseen."""

    model_config = ConfigDict(extra="forbid")


class Type(StrEnum):
    """How a value stands in bytes."""

    U8 = "u8"
    S8 = "s8"
    U16 = "u16"
    S16 = "s16"
    U32 = "u32"
    S32 = "s32"
    F32 = "f32"


SIZES: Mapping[Type, int] = {
    Type.U8: 1,
    Type.S8: 1,
    Type.U16: 2,
    Type.S16: 2,
    Type.U32: 4,
    Type.S32: 4,
    Type.F32: 4,
}
"""In bytes."""


class Value(Part):
    """One value, whatever it comes over."""

    quantity: Quantity
    unit: Unit
    substance: Text | None = None
    scale: Number = "1"
    plus: Number = "0"

    @model_validator(mode="after")
    def _possible(self) -> "Value":
        if self.unit not in UNITS[self.quantity]:
            able = ", ".join(sorted(UNITS[self.quantity]))
            raise ValueError(f"{self.quantity} cannot be stated in {self.unit}; it can in {able}")
        if (self.substance is not None) != (self.quantity in NEEDS_SUBSTANCE):
            needing = ", ".join(sorted(NEEDS_SUBSTANCE))
            raise ValueError(f"substance is needed by {needing}, and by nothing else")
        return self


class BinaryValue(Value):
    """A value in bytes; the lists hold raw numbers that stand for no value."""

    type: Type
    byte_order: Literal["big", "little"]
    absent: tuple[int, ...] = ()
    below: tuple[int, ...] = ()
    above: tuple[int, ...] = ()
    defect: tuple[int, ...] = ()

    def marks(self) -> dict[int, Status]:
        """Return what each of these raw numbers says."""
        said = (
            (self.absent, Status.NOT_MEASURED),
            (self.below, Status.BELOW_RANGE),
            (self.above, Status.ABOVE_RANGE),
            (self.defect, Status.ERROR),
        )
        return {raw: status for raws, status in said for raw in raws}


class RegisterValue(BinaryValue):
    """A value in one Modbus register, or in two."""

    table: Literal["holding", "input"]
    address: Annotated[int, Field(ge=0, le=65535)]
    byte_order: Literal["big", "little"] = "big"
    word_order: Literal["big", "little"] | None = None

    @model_validator(mode="after")
    def _whole_registers(self) -> "RegisterValue":
        if self.type in {Type.U8, Type.S8}:
            raise ValueError(f"a register has 16 bits, {self.type} has 8")
        wide = self.type in {Type.U32, Type.S32, Type.F32}
        if wide != (self.word_order is not None):
            raise ValueError(
                "word_order is needed by values of two registers, and by nothing else"
            )
        return self


class StatusBit(Part):
    """A bit that says that no value holds."""

    table: Literal["holding", "input"]
    address: Annotated[int, Field(ge=0, le=65535)]
    bit: Annotated[int, Field(ge=0, le=15)]
    means: Text
    status: Literal["below_range", "above_range", "not_measured", "error"] = "error"


class Line(Part):
    """How bits follow each other on a serial line."""

    baud_rate: Annotated[int, Field(ge=50, le=4_000_000)] = 9600
    data_bits: Literal[7, 8] = 8
    parity: Parity = "none"
    stop_bits: Literal[1, 2] = 1


class Modbus(Line):
    """Registers."""

    device: Annotated[int, Field(ge=0, le=255)] = 1
    every: Annotated[float, Field(ge=0.1, le=3600)] = 1.0
    value: Annotated[tuple[RegisterValue, ...], Field(min_length=1)]
    status: tuple[StatusBit, ...] = ()


class ColumnValue(Value):
    """A value in a line of text: in a column, or between two places."""

    column: Annotated[int, Field(ge=1, le=200)] | None = None
    start: Annotated[int, Field(ge=1, le=4000)] | None = None
    width: Annotated[int, Field(ge=1, le=100)] | None = None
    absent: tuple[str, ...] = ("",)
    below: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    defect: tuple[str, ...] = ()


class Lines(Line):
    """Lines of text, delimited or of fixed width."""

    separator: Annotated[str, StringConstraints(min_length=1, max_length=5)] | None = None
    decimal_sign: Literal[".", ","] = "."
    columns: Annotated[int, Field(ge=1, le=200)] | None = None
    """A line with another number of columns is rejected."""
    length: Annotated[int, Field(ge=1, le=4000)] | None = None
    """A line of another length is rejected."""
    poll: Annotated[str, StringConstraints(max_length=200)] | None = None
    every: Annotated[float, Field(ge=0.1, le=3600)] = 1.0
    value: Annotated[tuple[ColumnValue, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_way(self) -> "Lines":
        if self.poll is None and "every" in self.model_fields_set:
            raise ValueError("every says how often to poll: say poll too, or leave every out")
        delimited = self.separator is not None
        if (self.columns is not None) != delimited or (self.length is not None) == delimited:
            raise ValueError(
                "say separator and columns, or length: the check that a line is whole"
            )
        for at, each in enumerate(self.value, start=1):
            fixed = (each.start is not None, each.width is not None)
            if (each.column is not None) != delimited or fixed != (not delimited, not delimited):
                wanted = "column" if delimited else "start and width"
                raise ValueError(f"value {at} needs {wanted}, and nothing else")
            if (each.column or 0) > (self.columns or 0):
                raise ValueError(
                    f"value {at} is in column {each.column}, and a line has {self.columns}"
                )
        return self


class CharacteristicValue(BinaryValue):
    """A value in a GATT characteristic."""

    characteristic: Uuid
    offset: Annotated[int, Field(ge=0, le=511)] = 0


class Ble(Part):
    """Characteristics, over a connection."""

    local_name: Text | None = None
    """With ``{serial}`` where the serial stands, and ``*`` for anything else."""
    service: Uuid | None = None
    notify: bool = False
    every: Annotated[float, Field(ge=0.1, le=3600)] = 1.0
    value: Annotated[tuple[CharacteristicValue, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _recognisable(self) -> "Ble":
        if self.local_name is None and self.service is None:
            raise ValueError("say how it is recognised: local_name, service, or both")
        return self


class AdvertisedValue(BinaryValue):
    """A value in an advertisement."""

    offset: Annotated[int, Field(ge=0, le=250)] = 0


class Advertisement(Part):
    """Service data or manufacturer data, without a connection."""

    local_name: Text | None = None
    service_data: Uuid | None = None
    manufacturer_data: Annotated[int, Field(ge=0, le=65535)] | None = None
    length: Annotated[int, Field(ge=1, le=250)]
    """Data of another length is rejected."""
    silent_after: Annotated[float, Field(ge=1, le=3600)] = 60.0
    value: Annotated[tuple[AdvertisedValue, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_source(self) -> "Advertisement":
        if (self.service_data is None) == (self.manufacturer_data is None):
            raise ValueError("say where the data is: service_data or manufacturer_data")
        for at, each in enumerate(self.value, start=1):
            end = each.offset + SIZES[each.type]
            if end > self.length:
                raise ValueError(
                    f"value {at} ends at byte {end}, and the data has length {self.length}"
                )
        return self


class InstrumentFile(Part):
    """The whole file."""

    slug: Annotated[str, AfterValidator(_is_slug)]
    vendor: Text
    model: Text
    kind: InstrumentClass | None = Field(default=None, alias="class")
    """What it is made for; None: it serves no field that wants a class."""
    grade: Grade
    source: Text
    """Where the protocol is described."""
    modbus: Modbus | None = None
    lines: Lines | None = None
    ble: Ble | None = None
    advertisement: Advertisement | None = None

    @model_validator(mode="after")
    def _one_link(self) -> "InstrumentFile":
        links = (self.modbus, self.lines, self.ble, self.advertisement)
        if sum(each is not None for each in links) != 1:
            raise ValueError("say exactly one of modbus, lines, ble and advertisement")
        return self


def decimal(text: str) -> Decimal:
    """Return a number of the file, its digits kept."""
    return Decimal(text)
