"""What the guides for developers show, done as they show it."""

import base64
import json
import re
import shlex
import subprocess
import sys
import textwrap
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

import releve
from agent.settings import load
from contract.forms import shipped
from contract.forms.fold import fold
from contract.forms.form import Form
from contract.forms.prefilled import known
from contract.forms.text import faults_in
from contract.wire.intervention import Intervention
from drivers.generic.file import read
from drivers.kit.description import SerialLink
from drivers.kit.link import Send

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

GUIDES = Path(__file__).parents[2] / "docs/how-to"


def blocks(guide: str) -> list[str]:
    """Return the indented blocks of a guide."""
    text = (GUIDES / guide).read_text()
    found = re.findall(r"^ {4}.*\n(?: {4}.*\n|\n)*", text, re.MULTILINE)
    return [textwrap.dedent(each) for each in found]


def test_the_fields_that_the_guide_of_forms_shows_make_a_form_that_can_work():
    pieces = [piece for each in blocks("fill-a-form.md") for piece in each.strip().split("\n\n")]
    shown = [each for each in pieces if each.startswith('"')]
    label = {"fr": "O₂", "en": "O₂"}
    measure = {"quantity": "oxygen", "unit": "%", "group": "flue"}
    oxygen = {"type": "number", "x-label": label, "x-measure": measure}
    fuel = {"type": "string", "x-label": label, "enum": ["natural_gas", "light_oil", "wood"]}
    properties = json.loads(f"{{{','.join(shown)}}}") | {"o2": oxygen, "fuel": fuel}
    of_schema = {key: properties.pop(key) for key in [*properties] if key.startswith("x-")}
    schema = {"type": "object", "properties": properties, **of_schema}
    text = json.dumps({"id": "f", "version": 1, "title": label, "schema": schema})
    form, found = faults_in(text)

    assert form is not None
    assert () == found
    assert {"x-rules", "x-groups", "x-signatures"} == set(of_schema)
    assert {"suction_pressure", "excess_air", "smoke_number"} <= set(form.form.properties)


def test_the_worked_example_for_ci_passes(tmp_path: Path):
    example = next(each for each in blocks("simulate-in-ci.md") if each.startswith("def test_"))
    (tmp_path / "test_example.py").write_text(example)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "."],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_the_guide_to_an_instrument_names_the_files_that_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    text = (GUIDES / "add-an-instrument.md").read_text()
    line = next(each for each in text.splitlines() if "releve new-instrument" in each)
    monkeypatch.chdir(tmp_path)
    words = line.split()[1:]
    done = CliRunner().invoke(releve.front("new-instrument"), words)
    written = {
        str(each.relative_to(tmp_path / "releve-acme"))
        for each in (tmp_path / "releve-acme").rglob("*")
        if each.is_file() and each.name != "__init__.py"
    }

    assert 0 == done.exit_code, done.output
    assert written == set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def described() -> dict[str, tuple[str, str]]:
    """Return the examples of descriptions, by their link: the whole file, and the line that decodes its bytes."""
    shown = blocks("describe-an-instrument.md")
    head = shown[0].partition("[modbus]")[0]
    examples: dict[str, tuple[str, str]] = {}
    for block, after in pairwise(shown):
        if table := re.search(r"^\[(\w+)\]$", block, re.MULTILINE):
            text = block if block.startswith(head) else head + block
            line = next(each for each in after.splitlines() if "releve decode" in each)
            examples[table[1]] = (text, line)
    return examples


def test_every_kind_of_description_has_an_example():
    shown = "".join(blocks("describe-an-instrument.md"))

    assert {"modbus", "lines", "ble", "advertisement"} == set(described())
    assert len(described()) == len(re.findall(r"^\[\w+\]$", shown, re.MULTILINE))


@pytest.mark.parametrize("link", ["modbus", "lines", "ble", "advertisement"])
def test_a_described_instrument_is_one_and_its_bytes_are_the_values_that_the_page_says(
    tmp_path: Path, link: str
):
    text, line = described()[link]
    command, _, values = line.partition("#")
    slug, data = shlex.split(command)[2:4]
    file = tmp_path / "acme-detector.toml"
    file.write_text(text)
    whole, shorter = (
        CliRunner().invoke(releve.front("decode"), ["decode", *words, "--file", str(file)])
        for words in ((slug, data), (data,))
    )

    assert slug == read(text, "x").slug
    assert 0 == whole.exit_code, whole.output
    assert [each.strip() for each in values.split(",")] == [
        " ".join(each.split()) for each in whole.output.splitlines()
    ]
    assert whole.output == shorter.output


def test_the_lines_of_the_page_are_those_that_stand_in_a_file(tmp_path: Path):
    text, line = described()["lines"]
    page = (GUIDES / "describe-an-instrument.md").read_text()
    said = re.search(r"This is `(.+)`:", page)
    assert said is not None
    (tmp_path / "meter.toml").write_text(text)
    (tmp_path / "lines.txt").write_text(f"{said[1]}\r\n")
    words = ["decode", str(tmp_path / "lines.txt"), "--file", str(tmp_path / "meter.toml")]
    done = CliRunner().invoke(releve.front("decode"), words)

    assert said[1] == bytes.fromhex(shlex.split(line)[3]).decode()
    assert "-12.5" in done.output


def test_the_poll_of_a_described_instrument_is_sent_as_text():
    [link] = read(described()["lines"][0], "x").links
    assert isinstance(link, SerialLink)
    talk = link.converse()
    talk.connection_made(0.0)

    assert [Send(b"READ?\r\n")] == list(talk.out.requests())


def test_what_came_over_characteristics_is_decoded_from_a_recording(tmp_path: Path):
    text, _ = described()["ble"]
    (tmp_path / "meter.toml").write_text(text)
    (tmp_path / "first.toml").write_text(
        'slug = "acme-detector"\nsource = "recording"\nmedium = "ble"\nreference = "the page"\n'
        '[[event]]\nnotified = "0000fe01-0000-1000-8000-00805f9b34fb"\ndata = "ca 09 57"\n'
    )
    words = ["decode", str(tmp_path / "first.toml"), "--file", str(tmp_path / "meter.toml")]

    assert "25.06" in CliRunner().invoke(releve.front("decode"), words).output


def test_the_settings_of_an_agent_are_read_as_the_guide_writes_them(tmp_path: Path):
    shown = blocks("set-up.md")
    broker = next(each for each in shown if each.startswith("name ="))
    lines = next(each for each in shown if "[[serial]]" in each)
    file = tmp_path / "agent.toml"
    key = base64.b64encode(bytes(32)).decode()
    file.write_text(broker.partition("\n\n")[0].replace("…", key) + "\n" + lines)
    read_back = load(file, {})

    assert "van-7" == read_back.name
    assert [("scanner-line", "/dev/serial/by-id/usb-…")] == [
        (each.slug, each.path) for each in read_back.serial
    ]
    assert [
        ("senseair", "/dev/serial/by-id/usb-…", 104),
        ("acme-detector", "192.168.1.20:502", None),
    ] == [(each.slug, each.port, each.device) for each in read_back.modbus]


def test_the_interventions_that_the_guide_shows_can_be_posted_and_their_facts_fit():
    shown = [
        Intervention.model_validate_json(each)
        for each in blocks("set-up.md")
        if each.strip().startswith("{")
    ]
    text = (resources.files(shipped) / "boiler-attestation.json").read_text("utf-8")
    attestation = Form.model_validate_json(text)
    values = fold(attestation, "attestation", [], known(attestation, shown[1], "attestation"))

    assert ["building-12", "martin-2026"] == [each.id for each in shown]
    assert "Mme Martin" == values["client_name"].value
    assert [] == [
        name for name, each in values.items() if each.reason and "the office gave" in each.reason
    ]


def test_every_cell_of_the_list_of_instruments_says_something():
    supported = (GUIDES.parent / "supported.md").read_text()
    rows = [line.split("|")[1:-1] for line in supported.splitlines() if line.startswith("|")]

    assert rows
    assert [] == [row for row in rows if not all(cell.strip() for cell in row)]
