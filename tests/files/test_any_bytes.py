"""Whatever bytes a file holds, it is read or it is refused, and what is read can go on the wire and on a page."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.reading import Status
from contract.wire.captured import CapturedReading
from drivers.files import file, mapping
from drivers.files.measured import FileRefusedError
from tests.recordings import ALL

FOLDER = Path(__file__).parents[1] / "fixtures/files"
MAPPING = mapping.read((FOLDER / "analyser.toml").read_text("utf-8"), "m")
SAMPLES = {
    "a.tjf": next(each.data for each in ALL if each.name == "light_oil_over_http"),
    "a.xml": (FOLDER / "ziv_synthetic.xml").read_bytes(),
    "a.csv": (FOLDER / "analyser.csv").read_bytes(),
}


def checked(name, body):
    try:
        content = file.read(name, body, MAPPING)
    except FileRefusedError:
        return
    for each in content.measurements:
        texts = (each.at, each.place, *each.unmapped, each.instrument.serial)
        assert all(text is None or (text.isprintable() and len(text) <= 200) for text in texts)
        for reading in each.readings:
            CapturedReading(
                field="x",
                quantity=reading.quantity,
                value=reading.value,
                unit=reading.unit,
                status=reading.status,
                substance=reading.substance,
            )


@pytest.mark.parametrize("name", SAMPLES)
@given(body=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(name, body):
    checked(name, body)


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(name, data):
    body = bytearray(SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    checked(name, bytes(body))


@given(text=st.text(max_size=200))
def test_any_text_is_a_mapping_or_is_refused(text):
    with pytest.raises(FileRefusedError):
        mapping.read(text, "m.toml")


@given(
    format=st.lists(st.sampled_from(["%d", "%m", "%Y", "%y", "%H", "%z", "%%", "/", " ", "("])),
    said=st.text("0123456789/ +:%(", max_size=20),
)
def test_a_moment_of_any_format_is_read_or_refused(format, said):
    text = f"""columns = 2
[moment]
columns = [1]
format = '{"".join(format)}'
[[value]]
column = 2
quantity = "oxygen"
unit = "%"
"""
    try:
        file.read("a.csv", f"{said};5".encode(), mapping.read(text, "m"))
    except FileRefusedError:
        return


@pytest.mark.parametrize("name", SAMPLES)
def test_control_the_undamaged_samples_are_read(name):
    content = file.read(name, SAMPLES[name], MAPPING)

    assert Status.OK in {
        reading.status for each in content.measurements for reading in each.readings
    }


@pytest.mark.parametrize("name", [*SAMPLES, "a.exe"])
def test_a_file_that_is_too_large_is_not_even_looked_at(name):
    with pytest.raises(FileRefusedError, match="1000000 bytes"):
        file.read(name, b" " * (file.MAX_BYTES + 1), MAPPING)


@pytest.mark.parametrize("name", ["a", "a.exe", "tjf", ""])
def test_the_end_of_the_name_says_the_format_or_the_file_is_refused(name):
    with pytest.raises(FileRefusedError, match="must end in one of"):
        file.read(name, b"{}", None)


def test_delimited_text_without_a_mapping_is_refused_with_the_remedy():
    with pytest.raises(FileRefusedError, match="mapping"):
        file.read("a.csv", SAMPLES["a.csv"], None)
