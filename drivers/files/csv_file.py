"""Delimited text, read as a person's mapping says: one measurement a line."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from contract import number
from contract.reading import Reading, Status
from contract.words import Words
from drivers.files.mapping import Column, MappedValue, Mapping, Moment
from drivers.files.measured import (
    FileRefusedError,
    Measured,
    MeasuredFile,
    StatedInstrument,
    counted,
    named,
    plain,
    quoted,
    unambiguous,
)

FORMAT = "csv"


class _Table:
    """The columns of one file."""

    def __init__(self, mapping: Mapping, titles: list[str] | None, line: int) -> None:
        self.titles = titles
        self.width = len(titles) if titles is not None else mapping.columns or 0
        self._line = line
        self._places = {each: self._place(each) for each in mapping.used()}

    def _place(self, column: Column) -> int:
        titles = self.titles or []
        if isinstance(column, int) and column <= self.width:
            return column - 1
        if isinstance(column, str) and titles.count(column) == 1:
            return titles.index(column)
        if column in titles:
            raise FileRefusedError(
                Words(
                    "line {line}: several columns are called {column}; "
                    "give its number in the mapping",
                    line=self._line,
                    column=column,
                )
            )
        raise FileRefusedError(
            Words(
                "line {line}: there is no column {column}; correct the mapping",
                line=self._line,
                column=column,
            )
        )

    def cell(self, row: list[str], column: Column) -> str:
        return row[self._places[column]].strip()

    def unmapped(self) -> tuple[str, ...]:
        used = set(self._places.values())
        titles = self.titles or []
        return named(each for place, each in enumerate(titles) if place not in used)


def read(body: bytes, mapping: Mapping) -> MeasuredFile:
    """Return what the lines say; raises FileRefusedError that names line and column.

    One line that cannot be understood refuses the file: a mapping that fits no better would misread the others too.
    """
    rows = _rows(_decoded(body, mapping), mapping.delimiter)
    titles, line = _titles(rows, mapping.header)
    table = _Table(mapping, titles, line)
    measurements = counted(_measurements(rows, mapping, table))
    if not measurements:
        raise FileRefusedError(Words("there is no line with values below the titles"))
    return MeasuredFile(format=FORMAT, measurements=measurements, unmapped=table.unmapped())


def _decoded(body: bytes, mapping: Mapping) -> str:
    encoding = "utf-8-sig" if mapping.encoding == "utf-8" else mapping.encoding
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            Words(
                "line {line}: not written in {encoding}; correct encoding in the mapping",
                line=body.count(b"\n", 0, error.start) + 1,
                encoding=mapping.encoding,
            )
        ) from error


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # What the library says of it has no French, and no remedy.
            raise FileRefusedError(
                Words(
                    "line {line}: a quote is not closed, or a cell is longer than {most} "
                    "characters; correct the line",
                    line=line,
                    most=csv.field_size_limit(),
                )
            ) from error
        if any(each.strip() for each in row):
            yield line, row


def _titles(
    rows: Iterable[tuple[int, list[str]]], header: int | None
) -> tuple[list[str] | None, int]:
    if header is None:
        return None, 1
    for line, row in rows:
        if line == header:
            return [each.strip() for each in row], line
        if line > header:
            break
    raise FileRefusedError(
        Words("line {line}: no titles there; correct header in the mapping", line=header)
    )


def _measurements(
    rows: Iterable[tuple[int, list[str]]], mapping: Mapping, table: _Table
) -> Iterator[Measured]:
    for line, row in rows:
        if len(row) != table.width:
            raise FileRefusedError(
                Words(
                    "line {line}: {count} columns where there should be {width}; "
                    "correct the line, or delimiter in the mapping",
                    line=line,
                    count=len(row),
                    width=table.width,
                )
            )
        yield _measured(line, row, mapping, table)


def _measured(line: int, row: list[str], mapping: Mapping, table: _Table) -> Measured:
    stated = [
        (str(each.column), _reading(line, each, table.cell(row, each.column), mapping))
        for each in mapping.value
    ]
    readings, twice = unambiguous(stated)
    who = mapping.instrument
    vendor, model, serial = (
        None if each is None else plain(table.cell(row, each))
        for each in (who.vendor, who.model, who.serial)
    )
    return Measured(
        readings=readings,
        instrument=StatedInstrument(vendor=vendor, model=model, serial=serial),
        at=_moment(line, row, mapping.moment, table) if mapping.moment else None,
        place=f"line {line}",
        unmapped=named(twice),
    )


def _moment(line: int, row: list[str], moment: Moment, table: _Table) -> str | None:
    said = " ".join(table.cell(row, each) for each in moment.columns).strip()
    if not said:
        return None
    try:
        at = datetime.strptime(said, moment.format)  # noqa: DTZ007 - a zone is not invented
    except ValueError as error:
        raise _unfit(line, moment.columns[0], said, Words("no moment as format says")) from error
    return _as_fine_as(at, moment.format)


def _as_fine_as(at: datetime, format: str) -> str:
    """Write a moment with no more of it than the format reads."""
    if "%H" not in format:
        return at.date().isoformat()
    fine = {"%f": "microseconds", "%S": "seconds", "%M": "minutes"}
    return at.isoformat(timespec=next((fine[each] for each in fine if each in format), "hours"))


def _reading(line: int, value: MappedValue, cell: str, mapping: Mapping) -> Reading:
    for texts, status in (
        (value.absent, Status.NOT_MEASURED),
        (value.below, Status.BELOW_RANGE),
        (value.above, Status.ABOVE_RANGE),
        (value.defect, Status.ERROR),
    ):
        if cell in texts:
            return Reading(value.quantity, None, value.unit, status, value.substance)
    try:
        stated = number.parse(_with_point(_unsigned(cell), mapping.decimal_mark))
        scaled = stated * Decimal(value.scale) + Decimal(value.plus)
        # What the wire has no room for is no value either.
        exact = number.parse(number.write(scaled))
    except number.NumberError as error:
        why = Words("no number; list it under absent, or correct decimal_mark")
        raise _unfit(line, value.column, cell, why) from error
    return Reading(value.quantity, exact, value.unit, Status.OK, value.substance)


def _unsigned(cell: str) -> str:
    """Return a cell without its plus; before another sign it is no sign but a fault."""
    return cell[1:] if re.match(r"\+\d", cell, re.ASCII) else cell


def _with_point(cell: str, mark: str) -> str:
    # A point beside a decimal comma parts thousands, or is a fault: either way no number of ours.
    return cell if mark == "." else cell.replace(".", " ").replace(",", ".")


def _unfit(line: int, column: Column, cell: str, reason: Words) -> FileRefusedError:
    return FileRefusedError(
        Words(
            "line {line}, column {column}: {cell} is {reason}",
            line=line,
            column=column,
            cell=quoted(cell),
            reason=reason,
        )
    )
