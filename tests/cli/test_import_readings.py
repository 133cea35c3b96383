"""`releve import readings`: what a file says, and what is wrong with a call or a file."""

import json
from functools import partial
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

import releve
from agent.cli import agent_session
from tests.recordings import ALL

FOLDER = Path(__file__).parents[1] / "fixtures/files"
TJF = next(each.data for each in ALL if each.name == "light_oil_over_http")
TARGET = ("--intervention", "i-1", "--report", "r-1", "--technician", "amira")


def run(*words, **environment):
    return CliRunner().invoke(
        releve.front("import"),
        ["import", "readings", *map(str, words)],
        env={"COLUMNS": "200", "TERM": "dumb", "RELEVE_PIN": None, **environment},
    )


@pytest.fixture
def boiler(tmp_path):
    (tmp_path / "boiler.tjf").write_bytes(TJF)
    return tmp_path / "boiler.tjf"


def test_a_file_is_told_in_lines_for_people(boiler):
    done = run(boiler)

    assert (0, "") == (done.exit_code, done.stderr)
    assert "measurement 1: instrument t300 107, moment 2020-06-18T13:56:14" in done.stdout
    assert "oxygen                                   20.8 %" in done.stdout
    assert "(not_measured)" in done.stdout


def test_a_file_is_told_in_json_for_programs(boiler):
    done = run(boiler, "--json")
    [said] = [json.loads(line) for line in done.stdout.splitlines()]

    assert ("tjf", "boiler.tjf") == (said["format"], said["name"])
    assert "20.8" in {each["value"] for each in said["measurements"][0]["readings"]}


def test_every_measurement_and_what_is_unmapped_is_told():
    done = run(FOLDER / "ziv_synthetic.xml")

    assert 0 == done.exit_code
    for expected in (
        "measurement 1 (Customer 17 / Fireplace 1 / CombustionMeasurement): instrument Wöhler A 450 0815",
        "  unmapped: NOx_Norm UNIT_MG_M3",
        "measurement 3 (",
        "unmapped: Export/Customer/Fireplace/Draught",
    ):
        assert expected in done.stdout


def test_a_table_is_told_with_its_mapping():
    done = run(FOLDER / "analyser.csv", "--mapping", FOLDER / "analyser.toml")

    assert 0 == done.exit_code
    assert "measurement 1 (line 3): instrument A-77, moment 2026-11-24T14:05" in done.stdout
    assert "61.5 Cel" in done.stdout


@pytest.mark.parametrize(
    ("content", "name", "named"),
    [
        (b"{", "a.tjf", "line 1, column 2: not a JSON document"),
        (b"<a>", "a.xml", "line 1, column 4: this is not XML"),
        (b"1;2", "a.csv", "give one, in TOML"),
        (TJF, "a.exe", "must end in one of"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_and_says_why(tmp_path, content, name, named):
    (tmp_path / name).write_bytes(content)
    done = run(tmp_path / name)

    assert (1, "") == (done.exit_code, done.stdout)
    assert named in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("m.toml", b"files = \xff", "releve: m.toml: it is no text in UTF-8: save it again so\n"),
        ("foo.pdf", b"%PDF", "releve: foo.pdf: its name must end in"),
    ],
)
def test_a_file_is_named_once(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    mapped = ("--mapping", tmp_path / name) if name == "m.toml" else ()
    done = run(FOLDER / "analyser.csv" if mapped else tmp_path / name, *mapped)

    assert done.stderr.startswith(said)


def test_a_fault_in_a_mapping_is_one_and_names_its_line(tmp_path):
    mapping = tmp_path / "m.toml"
    text = (FOLDER / "analyser.toml").read_text("utf-8")
    mapping.write_text(text.replace("header = 2", "header = 0"), "utf-8")
    done = run(FOLDER / "analyser.csv", "--mapping", mapping)

    assert 1 == done.exit_code
    assert "releve: m.toml:5: header: must be at least 1\n" == done.stderr


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("nowhere.tjf",), "nowhere.tjf"),
        (("{boiler}", "--intervention", "i-1"), "together"),
        (("{boiler}", "--technician", "amira"), "together"),
        (("{boiler}", "--mapping", "{boiler}"), "must end in .toml"),
        (("{boiler}", "--measurement", "0"), "measurement"),
        (("{boiler}", *TARGET), "RELEVE_PIN"),
        (
            ("{boiler}", "--field", "o2"),
            "--field and --measurement say what to save: give --intervention",
        ),
        (
            ("{boiler}", "--measurement", "1"),
            "--field and --measurement say what to save: give --intervention",
        ),
        (("{boiler}", "--technician", ""), "together"),
        (("{boiler}", *TARGET[:-1], "am\udcffira"), "'am\\udcffira' has characters that are not"),
        (("{boiler}", *TARGET, "--field", "\udcff"), "'\\udcff' has characters that are not"),
        (("{boiler}", *TARGET, "--http-port", "70000"), "65535"),
        ((str(FOLDER / "analyser.toml"),), "is a mapping"),
    ],
)
def test_a_call_that_cannot_be_understood_is_two_and_says_why(boiler, words, named):
    done = run(*(each.replace("{boiler}", str(boiler)) for each in words))

    assert (2, "") == (done.exit_code, done.stdout)
    assert named in done.stderr


def test_a_file_whose_name_is_not_unicode_is_told_but_not_sent(boiler):
    odd = boiler.with_name("b\udcffiler.tjf")
    boiler.rename(odd)

    assert 0 == run(odd).exit_code
    sent = run(odd, *TARGET, RELEVE_PIN="271828")
    assert (2, "") == (sent.exit_code, sent.stdout)
    assert "'b\\udcffiler.tjf' has characters that are not Unicode" in sent.stderr


def test_a_pin_that_is_not_unicode_is_two_and_is_not_repeated(boiler):
    done = run(boiler, *TARGET, RELEVE_PIN="2718\udcff")

    assert 2 == done.exit_code
    assert "the PIN has characters that are not Unicode" in done.stderr
    assert "2718" not in done.stderr


ANSWERS = {
    "nothing of ours": {},
    "a token that is no text": {"token": 5},
    "a token that no header holds": {"token": "é"},
    "no file": {"token": "t"},
    "no capture": {"token": "t", "id": "../../x"},
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=list(ANSWERS))
def test_another_service_on_the_port_is_one_and_says_so(boiler, monkeypatch, answer):
    answering(monkeypatch, {"status": "ok", **answer})
    done = run(boiler, *TARGET, "--http-port", "7392", RELEVE_PIN="271828")

    assert (1, "") == (done.exit_code, done.stdout)
    assert "127.0.0.1:7392 is no agent" in done.stderr
    assert "--http-port" in done.stderr


def test_what_was_saved_is_said_even_if_the_session_cannot_be_ended(boiler, monkeypatch):
    answering(monkeypatch, {"token": "t", "id": "x", "seq": 7})
    done = run(boiler, *TARGET, RELEVE_PIN="271828")

    assert (0, "boiler.tjf: saved as capture 7\n") == (done.exit_code, done.stdout)


def answering(monkeypatch, document):
    """Put a service on the port that answers every question in the same way, and breaks off at the end."""

    def answer(request):
        if request.method == "DELETE":
            raise httpx.ReadError("broken off")
        return httpx.Response(200, json=document)

    client = partial(httpx.Client, transport=httpx.MockTransport(answer))
    monkeypatch.setattr(agent_session.httpx, "Client", client)


def test_the_pin_is_asked_for_without_showing_it_where_a_person_sits(monkeypatch):
    asked = []
    monkeypatch.delenv(agent_session.PIN, raising=False)
    monkeypatch.setattr(agent_session.sys, "stdin", Terminal())
    monkeypatch.setattr(
        agent_session.getpass, "getpass", lambda prompt: asked.append(prompt) or "271828"
    )

    assert ("271828", ["PIN of amira: "]) == (agent_session._pin("amira"), asked)


class Terminal:
    def isatty(self):
        return True
