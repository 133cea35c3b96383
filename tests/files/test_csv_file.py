"""Delimited text as a person's mapping says, and the mapping itself."""

import re
import textwrap
from decimal import Decimal
from pathlib import Path

import pytest

from contract.quantity import Quantity
from contract.reading import Status
from drivers.files import csv_file, mapping
from drivers.files.measured import MOST_VALUES, FileRefusedError

FOLDER = Path(__file__).parents[1] / "fixtures/files"
TABLE = (FOLDER / "analyser.csv").read_bytes()
MAPPING = (FOLDER / "analyser.toml").read_text("utf-8")
NUMBERED = """delimiter = ","
columns = 2
[[value]]
column = 2
quantity = "oxygen"
unit = "%"
"""


def read(body=TABLE, text=MAPPING):
    return csv_file.read(body, mapping.read(text, "m.toml"))


def refused(body=TABLE, text=MAPPING):
    with pytest.raises(FileRefusedError) as error:
        read(body, text)
    return str(error.value)


def test_french_decimals_become_values_with_their_digits():
    first, second = read().measurements

    assert ["5.20", "31", "61.5"] == [str(each.value) for each in first.readings]
    assert Decimal("-3.0") == second.readings[2].value


def test_a_text_that_stands_for_no_value_is_none():
    oxygen, monoxide, _ = read().measurements[1].readings

    assert (None, Status.NOT_MEASURED) == (oxygen.value, oxygen.status)
    assert (None, Status.ABOVE_RANGE) == (monoxide.value, monoxide.status)


def test_each_line_is_a_measurement_with_its_moment_and_the_instrument_named_there():
    first, second = read().measurements

    assert ("2026-11-24T14:05", "2026-11-24T14:20") == (first.at, second.at)
    assert ("line 3", "A-77", None) == (
        first.place,
        first.instrument.serial,
        first.instrument.vendor,
    )


def test_a_column_that_the_mapping_leaves_out_is_named():
    assert ("Remarque",) == read().unmapped


def test_columns_can_be_numbers_where_there_are_no_titles():
    [only] = read(b"2026,20.8\n", NUMBERED).measurements

    assert [(Quantity.OXYGEN, Decimal("20.8"), None)] == [
        (each.quantity, each.value, only.at) for each in only.readings
    ]


@pytest.mark.parametrize(
    ("format", "said", "at"),
    [
        ("%d/%m/%Y", "24/11/2026", "2026-11-24"),
        ("%d/%m/%Y %H:%M:%S", "24/11/2026 08:05:09", "2026-11-24T08:05:09"),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-11-24T08:05:09+01:00", "2026-11-24T08:05:09+01:00"),
        ("%d.%m.%y %H", "24.11.26 08", "2026-11-24T08"),
        ("%d/%m/%Y", "", None),
    ],
)
def test_a_moment_has_a_zone_and_a_fineness_only_where_the_file_has(format, said, at):
    text = f'{NUMBERED}[moment]\ncolumns = [1]\nformat = "{format}"\n'

    assert at == read(f"{said},5\n".encode(), text).measurements[0].at


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (TABLE.replace(b"5,20", b"5.20"), "line 3, column O2 (%): '5.20' is no number"),
        (TABLE.replace(b"5,20", b"abc"), "list it under absent"),
        (TABLE.replace(b"24/11/2026;14:20", b"11/24/2026;14:20"), "line 4, column Date"),
        (TABLE.replace(b";vu", b";vu;;"), "line 3: 9 columns where there should be 7"),
        (TABLE.replace(b"Heure", b"Date"), "line 2: several columns are called Date"),
        (TABLE.replace(b"Heure", b"Time"), "line 2: there is no column Heure"),
        (TABLE.replace(b"vu", b"\xff"), "line 3: not written in utf-8"),
        (TABLE.replace(b"vu", b'"vu'), "line 3: a quote is not closed"),
        (TABLE.replace(b"vu", b'"v"u'), "line 3: a quote is not closed"),
        (TABLE.replace(b"vu", b"v" * 200_000), "a cell is longer than 131072 characters"),
        (TABLE.replace(b"5,20", b"secret" * 9), "O2 (%): 'secretsecretsecretse' is no number"),
        (b"Date\n", "line 2: no titles there"),
        (b"", "no titles there"),
        (b"\r\n".join(TABLE.split(b"\r\n")[:2]), "no line with values"),
    ],
)
def test_a_line_that_cannot_be_understood_refuses_the_file_by_line_and_column(body, named):
    assert named in refused(body)


def test_a_decimal_comma_in_a_table_of_commas_is_noticed_and_shifts_nothing():
    assert "line 1: 3 columns where there should be 2" in refused(b"2026,20,8\n", NUMBERED)


@pytest.mark.parametrize(
    ("old", "new", "line", "named"),
    [
        ('quantity = "oxygen"', 'quantity = "oxygene"', 16, "quantity"),
        ('unit = "%"', 'unit = "Pa"', 14, "oxygen cannot be stated in Pa"),
        ('decimal_mark = ","', 'decimal_mark = ";"', 4, "decimal_mark"),
        ("header = 2", "header = 0", 5, "header"),
        ("header = 2\n", "", 1, "say header"),
        ("%d/%m/%Y %H:%M", "%d %B %Y", 9, "%B"),
        ("%d/%m/%Y %H:%M", "%H:%M", 9, "day, month and year"),
        ('delimiter = ";"', 'delimiter = "5"', 2, "no value holds"),
        ('delimiter = ";"', 'delimiter = ","', 1, "same character"),
        ('encoding = "utf-8"', 'encoding = "utf-7"', 3, "encoding"),
        ('delimiter = ";"', 'delimeter = ";"', 2, "delimeter"),
        ("%d/%m/%Y %H:%M", "%d/%m/%Y %d", 9, "%d: write each part once"),
        ("%d/%m/%Y %H:%M", "%d%m%Y%Y", 9, "%Y: write each part once"),
        ("%d/%m/%Y %H:%M", "%d/%m/%Y %y", 9, "%y beside %Y: write each part once"),
    ],
)
def test_a_fault_in_a_mapping_is_named_with_its_line(old, new, line, named):
    assert old in MAPPING
    said = refused(text=MAPPING.replace(old, new))

    assert re.search(rf"^m\.toml:{line}: ", said, re.MULTILINE), said
    assert named in said


@pytest.mark.parametrize("text", ["=", "[[", "a = " + "[" * 5000, "a = 1\na = 2", "\0"])
def test_a_mapping_that_is_no_toml_is_refused(text):
    assert refused(text=text).startswith("m.toml")


def test_control_a_percent_sign_may_stand_twice_in_a_format():
    text = f'{NUMBERED}[moment]\ncolumns = [1]\nformat = "%%%d/%m/%Y%%"\n'

    assert "2026-11-24" == read(b"%24/11/2026%,5\n", text).measurements[0].at


@pytest.mark.parametrize(("cell", "value"), [("+5", "5"), ("-5", "-5"), ("+0.50", "0.50")])
def test_a_number_may_have_one_sign(cell, value):
    [only] = read(f"2026,{cell}\n".encode(), NUMBERED).measurements

    assert value == str(only.readings[0].value)


@pytest.mark.parametrize("cell", ["+-5", "-+5", "++5", "--5", "+", "+.5", "+٥"])
def test_a_number_with_two_signs_is_none(cell):
    assert "is no number" in refused(f"2026,{cell}\n".encode(), NUMBERED)


def test_more_values_than_there_is_room_for_are_refused():
    columns = 40
    values = "".join(
        f'[[value]]\ncolumn = {each}\nquantity = "oxygen"\nunit = "%"\n'
        for each in range(1, columns + 1)
    )
    line = ";".join(["5"] * columns) + "\n"
    text = f"columns = {columns}\n{values}"

    assert MOST_VALUES // columns == len(read((line * 500).encode(), text).measurements)
    assert f"more than {MOST_VALUES} readings: split it" in refused((line * 501).encode(), text)


def test_a_mapping_that_is_too_large_is_refused_before_it_is_read():
    text = MAPPING + "#" * (mapping.MAX_BYTES + 1 - len(MAPPING.encode()))

    assert "m.toml: a mapping has at most 20000 bytes: shorten it" == refused(text=text)
    assert 2 == len(read(text=text[:-1]).measurements)


def test_of_many_faults_in_a_mapping_the_first_are_told_and_how_many_there_are():
    told = refused(text="\n".join(f"k{each} = 1" for each in range(100))).splitlines()

    assert 21 == len(told)
    assert "m.toml: and 81 more: correct these first" == told[-1]


def test_the_worked_mapping_of_the_guide_is_the_one_that_is_tried_here():
    guide = (Path(__file__).parents[2] / "docs/how-to/import-readings.md").read_text("utf-8")
    blocks = re.findall(r"^ {4}.*\n(?: {4}.*\n|\n)*", guide, re.MULTILINE)
    shown = [textwrap.dedent(each).strip() for each in blocks]

    assert MAPPING.strip() in shown
    assert TABLE.decode("utf-8-sig").replace("\r\n", "\n").strip() in shown
