"""`releve forms check`: what keeps a form from working, for people and for programs."""

import json
from importlib import resources

import pytest
from typer.testing import CliRunner

import releve


@pytest.fixture
def form(tmp_path):
    text = (resources.files("firmware_sims.demo.forms") / "combustion.json").read_text("utf-8")
    (tmp_path / "combustion.json").write_text(text, "utf-8")
    return tmp_path / "combustion.json"


def run(*words):
    return CliRunner().invoke(
        releve.front("forms"), ["forms", "check", *map(str, words)], env={"TERM": "dumb"}
    )


def test_a_form_that_can_work_is_said_to(form):
    done = run(form)

    assert (0, "") == (done.exit_code, done.stderr)
    assert f"{form}: combustion version 1, 8 fields: nothing is wrong\n" == done.stdout


def test_a_fault_is_a_line_of_the_file_and_one_object_for_programs(form):
    form.write_text(form.read_text("utf-8").replace('"unit": "Pa"', '"unit": "%"'), "utf-8")
    text, document = run(form), run(form, "--json")
    [said] = [json.loads(line) for line in document.stdout.splitlines()]

    assert (1, 1) == (text.exit_code, document.exit_code)
    assert f"{form}:{said['line']}: {said['field']}: {said['fault']}\n" == text.stdout
    assert '"draught", "unit": "%"' in form.read_text("utf-8").splitlines()[said["line"] - 1]


@pytest.mark.parametrize(
    ("edit", "code", "said"),
    [
        ("with_reason", 0, "note: schema.properties.draught.x-measure.quantity: no supported"),
        ("locked", 1, "open edit, or nothing can fill it"),
    ],
)
def test_what_no_supported_instrument_states_is_a_note_or_a_fault(form, edit, code, said):
    wanted = '"quantity": "volume_flow_rate", "edit": "EDIT", "unit": "m3/h"'.replace("EDIT", edit)
    text = form.read_text("utf-8").replace('"quantity": "draught", "unit": "Pa"', wanted)
    form.write_text(text, "utf-8")
    done = run(form)

    assert code == done.exit_code
    assert said in done.stdout
    assert ("nothing is wrong" in done.stdout) is (code == 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "it is no text in UTF-8"),
        (b" " * 1_000_001, "a form has at most 1000000 bytes"),
    ],
)
def test_what_cannot_be_read_is_one_and_says_why(tmp_path, content, said):
    (tmp_path / "f.json").write_bytes(content)
    done = run(tmp_path / "f.json")

    assert (1, "") == (done.exit_code, done.stdout)
    assert said in done.stderr


def front(*words):
    return CliRunner().invoke(releve.front("forms"), ["forms", *words], env={"TERM": "dumb"})


def test_the_forms_that_come_along_are_listed():
    text, documents = front("list"), front("list", "--json")

    assert "combustion-report" in text.stdout
    assert "Combustion report" in text.stdout
    assert "combustion-report" in {
        json.loads(line)["form"] for line in documents.stdout.splitlines()
    }


def test_a_form_that_comes_along_can_be_shown_and_has_no_fault(tmp_path):
    (tmp_path / "form.json").write_text(front("show", "combustion-report").stdout, "utf-8")

    assert "nothing is wrong" in run(tmp_path / "form.json").stdout


def test_a_form_that_does_not_come_along_is_two_and_names_those_that_do():
    done = front("show", "combustion")

    assert 2 == done.exit_code
    assert "known are ambient-co, " in done.stderr


def test_a_file_that_is_not_there_is_two(tmp_path):
    assert 2 == run(tmp_path / "nothing.json").exit_code


LIST = """\
standard = "NF X50-010"

[[check]]
name = "gas_first"
fr = "Premier point"
en = "First point"

[[check]]
name = "gas_second"
fr = "Second point"
en = "Second point"
"""


def show(*words):
    return CliRunner().invoke(
        releve.front("forms"), ["forms", "show", *map(str, words)], env={"TERM": "dumb"}
    )


def test_a_form_without_the_list_of_a_paid_standard_says_so():
    done = show("boiler-attestation")

    assert 0 == done.exit_code
    assert "the list of checks of NF X50-010 is not in it" in done.stderr
    assert "the list of checks of NF X50-011 is not in it" in done.stderr


def test_whoever_owns_the_list_gets_a_form_with_it(tmp_path):
    (tmp_path / "gas.toml").write_text(LIST)
    done = show("boiler-attestation", "--checklist", tmp_path / "gas.toml", "--id", "acme-boiler")
    made = json.loads(done.stdout)
    fields = made["schema"]["properties"]

    assert 0 == done.exit_code
    assert "acme-boiler" == made["id"]
    assert "gas_operations" not in fields
    assert ["boolean", "boolean"] == [
        fields[f"gas_{each}"]["type"] for each in ("first", "second")
    ]
    assert fields["gas_first"]["x-when"] == fields["gas_second"]["x-when"]
    assert {"gas_first", "gas_second"} <= set(made["schema"]["required"])
    assert "NF X50-010" not in done.stderr
    (tmp_path / "made.json").write_text(done.stdout)
    assert "nothing is wrong" in run(tmp_path / "made.json").stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LIST.replace("NF X50-010", "NF X50-999"), "the form asks for no list of 'NF X50-999'"),
        (LIST.replace("gas_second", "gas_first"), "two checks are called gas_first"),
        (LIST.replace("gas_second", "boiler_brand"), "has a field boiler_brand"),
        (LIST.replace('fr = "Second point"\n', ""), "gas.toml:8: check.2.fr: is required"),
        (LIST.replace("standard =", "standard"), "gas.toml: "),
        ('standard = "NF X50-010"\ncheck = []\n', "check"),
    ],
)
def test_a_list_that_does_not_go_with_the_form_is_refused(tmp_path, text, said):
    (tmp_path / "gas.toml").write_text(text)
    done = show("boiler-attestation", "--checklist", tmp_path / "gas.toml", "--id", "acme-boiler")

    assert (1, "") == (done.exit_code, done.stdout)
    assert said in done.stderr


@pytest.mark.parametrize("words", [("--id", "x"), ("--checklist", "gas.toml"), ("--id", "Ä")])
def test_a_list_wants_a_name_for_the_form_that_has_it(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gas.toml").write_text(LIST)

    assert 2 == show("boiler-attestation", *words).exit_code
