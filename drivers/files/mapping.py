"""What a mapping file says of the columns of a CSV file. docs/how-to/import-readings.md explains it to people."""

import re
import tomllib
from collections import Counter
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from contract.wire.position import complaints
from contract.words import Words, literal
from drivers.files.measured import FileRefusedError
from drivers.generic.model import Part, Text, Value

Column = Annotated[Text | Annotated[int, Field(ge=1, le=500)], Field(union_mode="left_to_right")]
"""The title of a column, or its number from 1."""

DIRECTIVES = frozenset("dmyYHMSfz%")
"""What a format of a moment may use; names of months and days depend on the machine and are left out."""

MAX_BYTES = 20_000
"""A mapping is written by a person; reading a larger one would take too long."""


class MappedValue(Value):
    """A column that states a value; the lists hold texts that stand for no value."""

    column: Column
    absent: tuple[str, ...] = ("",)
    below: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    defect: tuple[str, ...] = ()


class Moment(Part):
    """Where the moment of a measurement stands, in one column or in several, and how it is written."""

    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=3)]
    format: Text

    @field_validator("format")
    @classmethod
    def _known(cls, format: str) -> str:
        used = re.findall(r"%(.?)", format)
        unknown = [f"%{each}" for each in used if each not in DIRECTIVES]
        if unknown or not {"d", "m"} <= set(used) or not {"y", "Y"} & set(used):
            raise ValueError(
                f"{', '.join(unknown) or format!r}: write day, month and year as in %d/%m/%Y, "
                "and the time as in %H:%M:%S"
            )
        repeated = [
            f"%{each}" for each, times in Counter(used).items() if times > 1 and each != "%"
        ]
        if repeated or {"y", "Y"} <= set(used):
            raise ValueError(f"{', '.join(repeated) or '%y beside %Y'}: write each part once")
        return format


class Named(Part):
    """The columns in which the file names the instrument."""

    vendor: Column | None = None
    model: Column | None = None
    serial: Column | None = None


class Mapping(Part):
    """The whole file."""

    files: Text = "*.csv"
    """Which files it is for: a pattern of their names."""
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ";"
    encoding: Literal["utf-8", "utf-16", "cp1252", "iso-8859-1", "iso-8859-15", "cp850"] = "utf-8"
    decimal_mark: Literal[".", ","] = "."
    header: Annotated[int, Field(ge=1, le=1000)] | None = None
    """The line with the titles of the columns."""
    columns: Annotated[int, Field(ge=1, le=500)] | None = None
    """Without titles: how many columns a line has."""
    moment: Moment | None = None
    instrument: Named = Named()
    value: Annotated[tuple[MappedValue, ...], Field(min_length=1, max_length=200)]

    @field_validator("delimiter")
    @classmethod
    def _parts(cls, delimiter: str) -> str:
        if delimiter.isalnum() or delimiter in '\r\n"\0.+-':
            raise ValueError("use a character that no value holds, such as ; or , or a tab")
        return delimiter

    @model_validator(mode="after")
    def _whole(self) -> "Mapping":
        if (self.header is None) == (self.columns is None):
            raise ValueError(
                "say header, the line of the titles, or columns: the check that a line is whole"
            )
        if self.delimiter == self.decimal_mark:
            raise ValueError("delimiter and decimal_mark cannot be the same character")
        titled = [each for each in self.used() if isinstance(each, str)]
        if self.header is None and titled:
            raise ValueError(f"{titled[0]!r} is a title, and there is no header: give its number")
        return self

    def used(self) -> tuple[str | int, ...]:
        """Return every column that is read, in the order of the file."""
        named = (self.instrument.vendor, self.instrument.model, self.instrument.serial)
        return (
            *(self.moment.columns if self.moment else ()),
            *(each for each in named if each is not None),
            *(each.column for each in self.value),
        )


def read(text: str, name: str) -> Mapping:
    """Return the mapping that a TOML text describes; raises FileRefusedError with a line for each fault."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise FileRefusedError(
            Words(
                "{name}: a mapping has at most {most} bytes: shorten it", name=name, most=MAX_BYTES
            )
        )
    try:
        return Mapping.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise FileRefusedError(literal(complaints(error, text, name))) from error
    except ValueError as error:
        raise FileRefusedError(literal(f"{name}: {error}")) from error
    except RecursionError as error:
        raise FileRefusedError(Words("{name}: it is nested too deeply", name=name)) from error
