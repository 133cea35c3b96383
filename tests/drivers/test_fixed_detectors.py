"""The files for fixed detectors: refused while a blank is left, and read once they are filled."""

import re
import struct
from pathlib import Path

import pytest

from contract.reading import Status
from drivers.generic.file import InstrumentFileError, read
from drivers.kit.link import RegistersRead
from tests.drivers.conversing import readings

FOLDER = Path(__file__).parents[2] / "docs" / "instruments"
FILES = sorted(FOLDER.glob("*.toml"))
BLANK = re.compile(r'^(\w+) = (""|0|-1)\s+#', re.MULTILINE)
FILLING = {
    "substance": '"R32"',
    "unit": '"[ppm]"',
    "scale": '"0.1"',
    "baud_rate": "9600",
    "parity": '"none"',
    "word_order": '"big"',
    "address": "407",
    "quantity": '"oxygen"',
}


def filled(text):
    return BLANK.sub(lambda blank: f"{blank[1]} = {FILLING[blank[1]]}  #", text)


def heard(text, memory):
    """What an instrument file makes of registers; those not named are 0."""
    [link] = read(text, "x.toml").links
    talk = link.converse()
    talk.connection_made(0.0)
    for block in list(talk.out.requests()):
        values = tuple(memory.get(block.address + place, 0) for place in range(block.count))
        talk.receive(RegistersRead(block, values), 0.1)
    return readings(talk.out.events())


@pytest.mark.parametrize("path", FILES, ids=lambda each: each.stem)
def test_every_blank_is_refused_by_its_line(path):
    text = path.read_text()
    blanks = list(BLANK.finditer(text))
    with pytest.raises(InstrumentFileError) as refused:
        read(text, path.name)

    said = str(refused.value)
    assert blanks
    for blank in blanks:
        line = text.count("\n", 0, blank.start()) + 1
        assert f"{path.name}:{line}: " in said, blank[0]


@pytest.mark.parametrize(
    ("path", "left"),
    [
        pytest.param(path, blank, id=f"{path.stem}-{blank[1]}-{blank.start()}")
        for path in FILES
        for blank in BLANK.finditer(path.read_text())
    ],
)
def test_one_blank_that_is_left_is_enough_to_be_refused(path, left):
    text = path.read_text()
    almost = filled(text[: left.start()]) + left[0] + filled(text[left.end() :])

    with pytest.raises(InstrumentFileError):
        read(almost, path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda each: each.stem)
def test_a_filled_file_is_named_in_the_page_and_reads_its_registers(path):
    page = (FOLDER.parent / "protocols" / "fixed-detectors.md").read_text()

    assert f"(../instruments/{path.name})" in page
    assert readings_of(path.stem)


CASES = {
    "danfoss-dgs": ({43: 1234}, ("concentration", "123.4", Status.OK)),
    "copeland-c-series": ({101: 42}, ("concentration", "42", Status.OK)),
    "honeywell-midas": (
        dict(zip((2, 3), struct.unpack(">2H", struct.pack(">f", 12.5)), strict=True)),
        ("concentration", "12.5", Status.OK),
    ),
    "macurco-rd-vrf": (
        dict(zip((6, 7, 8, 9), struct.unpack(">4H", struct.pack(">2f", 295.5, 7.0)), strict=True)),
        ("concentration", "7", Status.OK),
    ),
    "msa-ultima": (
        dict(zip((407, 408), struct.unpack(">2H", struct.pack(">f", 12.5)), strict=True)),
        ("concentration", "12.5", Status.OK),
    ),
    "oldham-itrans-2": ({101: 209}, ("oxygen", "20.9", Status.OK)),
}


def readings_of(stem, **also):
    text = filled((FOLDER / f"{stem}.toml").read_text())
    if stem == "oldham-itrans-2":
        text = text.replace('"[ppm]"', '"%"')
    return heard(text, CASES[stem][0] | also.pop("memory", {}))


@pytest.mark.parametrize("stem", CASES)
def test_a_value_is_read_as_the_display_shows_it(stem):
    last = readings_of(stem)[-1]

    assert CASES[stem][1] == (last.quantity, str(last.value), last.status)


@pytest.mark.parametrize(
    ("stem", "memory", "status"),
    [
        *(("danfoss-dgs", {45: 1 << bit}, Status.ERROR) for bit in range(16)),
        ("copeland-c-series", {102: 1}, Status.ERROR),
        ("copeland-c-series", {102: 1 << 4}, Status.ABOVE_RANGE),
        ("copeland-c-series", {102: 1 << 5}, Status.BELOW_RANGE),
        ("honeywell-midas", {0: 1 << 4}, Status.ERROR),
    ],
)
def test_a_status_that_is_not_clear_takes_the_value(stem, memory, status):
    [reading] = readings_of(stem, memory=memory)

    assert (None, status) == (reading.value, reading.status)
