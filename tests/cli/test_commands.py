"""The commands as people and programs call them: what they print, how they end, what they say when misused."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import releve
from agent.looking import watchers
from agent.settings import load
from contract.chain import parse
from contract.number import write
from drivers.catalog import BUILT_IN
from tests import recordings
from tests.agent.conftest import opened
from tests.agent.making import note
from tests.cli.making import FRAMES, exported
from tests.conftest import RUN_VARIABLE

COMMAND = Path(sys.executable).with_name("releve")
PRESSURE = "".join(
    ["108020000000089514000000446966666572656e7469616c507265737375726500d0e94500003737"]
)
KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


def run(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], RUN_VARIABLE: os.environ[RUN_VARIABLE], **settings}
    return subprocess.run(
        [COMMAND, *words], check=False, capture_output=True, text=True, env=environment, timeout=9
    )


def clean(done: subprocess.CompletedProcess[str], code: int) -> str:
    """Return what was said on standard error by a command that ended as it should, without a traceback."""
    assert code == done.returncode, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def decoded(*words: str) -> tuple[int, list[Any]]:
    """Decode in this process: hundreds of processes would take minutes."""
    result = CliRunner().invoke(releve.front("decode"), ["decode", "testo-smart-probe", *words])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


# --- decode ---------------------------------------------------------------------------------------


def test_a_recorded_frame_becomes_the_reading_that_the_screen_showed():
    done = run("decode", "testo-smart-probe", PRESSURE, "--json")

    assert "" == clean(done, 0)
    assert [
        {"quantity": "differential_pressure", "value": "7482", "unit": "Pa", "status": "ok"}
    ] == [json.loads(line) for line in done.stdout.splitlines()]


def test_every_single_bit_that_is_flipped_is_noticed():
    frame = bytes.fromhex(PRESSURE)
    wrong = []
    for bit in range(8 * len(frame)):
        damaged = bytearray(frame)
        damaged[bit // 8] ^= 1 << bit % 8
        code, said = decoded(damaged.hex(), "--json")
        if code != 1 or not said or any("rejected" not in each for each in said):
            wrong.append((bit, code, said))

    assert 320 == 8 * len(frame)
    assert [] == wrong


def test_control_an_undamaged_frame_is_not_rejected():
    code, said = decoded(PRESSURE, "--json")

    assert (0, ["7482"]) == (code, [each["value"] for each in said])


@pytest.mark.parametrize("text", [PRESSURE * 3, f"{PRESSURE}\n{PRESSURE}  \n\n{PRESSURE}\n"])
def test_several_frames_in_a_file_are_a_line_each(tmp_path: Path, text: str):
    (tmp_path / "frames.hex").write_text(text)
    code, said = decoded(str(tmp_path / "frames.hex"), "--json")

    assert (0, ["7482"] * 3) == (code, [each["value"] for each in said])


def test_a_file_of_bytes_is_read_as_it_is(tmp_path: Path):
    (tmp_path / "frame.bin").write_bytes(bytes.fromhex(PRESSURE))

    code, said = decoded(str(tmp_path / "frame.bin"), "--json")
    assert (0, ["7482"]) == (code, [each["value"] for each in said])


def test_a_name_that_no_source_explains_is_unmapped():
    assert (0, [{"unmapped": "Colour"}]) == decoded(FRAMES["unmapped"], "--json")


def test_what_is_no_reading_and_what_is_damaged_stand_side_by_side():
    code, said = decoded(FRAMES["unmapped"] + PRESSURE[:-2] + "00" + PRESSURE, "--json")

    assert 0 == code
    assert ["unmapped", "rejected", "quantity"] == [next(iter(each)) for each in said]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("no-such-slug", PRESSURE), "no-such-slug"),
        (("testo-smart-probe", PRESSURE[:-1]), "hexadecimal"),
        (("testo-smart-probe", "zz"), "hexadecimal"),
        (("testo-smart-probe", "no/such/file.hex"), "neither a file"),
        (("testo-smart-probe",), "what is to be decoded"),
        (("testo-smart-probe", "aa", "bb"), "bb: this is one too many"),
    ],
)
def test_a_call_that_cannot_be_understood_is_two_and_says_why(words, named):
    done = run("decode", *words, TERM="dumb")

    assert named in clean(done, 2)
    assert "" == done.stdout


@pytest.mark.parametrize("hexadecimal", ["", "07000000000001ac"])
def test_without_a_reading_it_is_one(hexadecimal):
    assert decoded(hexadecimal, "--json")[0] == 1


def test_a_reader_that_goes_away_is_no_error_of_ours(tmp_path: Path):
    (tmp_path / "frames.hex").write_text(PRESSURE * 20_000)
    command = f'"{COMMAND}" decode testo-smart-probe "{tmp_path}/frames.hex" --json | head -1'
    done = subprocess.run(
        ["bash", "-c", command], check=False, capture_output=True, text=True, timeout=9
    )

    assert 1 == len(done.stdout.splitlines())
    assert "" == done.stderr


# --- instruments, help, version -------------------------------------------------------------------


def test_the_supported_instruments_are_listed_with_their_evidence():
    done = run("instruments", "--json")
    listed = {each["slug"]: each for each in map(json.loads, done.stdout.splitlines())}

    assert "" == clean(done, 0)
    assert {"testo-300", "testo-smart-probe", "scanner-line"} <= listed.keys()
    assert ("recording", ["ble"]) == (
        listed["testo-smart-probe"]["grade"],
        listed["testo-smart-probe"]["links"],
    )


def commands(app: Any, *before: str) -> list[tuple[str, ...]]:
    group = typer.main.get_command(app)
    return [(*before, name) for name in getattr(group, "commands", {})]


EVERY_COMMAND = [
    *((name,) for name in releve.COMMANDS),
    *commands(releve._load("agent.cli.agent:app"), "agent"),
    *commands(releve._load("agent.cli.importing:app"), "import"),
    *commands(releve._load("firmware_sims.cli:app"), "sim"),
]


@pytest.mark.parametrize("words", EVERY_COMMAND, ids=" ".join)
def test_the_help_of_every_command_has_an_example(words):
    app = releve.front(words[0])
    result = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})

    assert 0 == result.exit_code
    assert re.search("Examples?: releve", " ".join(result.output.split()))


def test_the_version_is_printed():
    done = run("--version")

    assert "" == clean(done, 0)
    assert done.stdout.startswith("releve 0.")


def test_an_unknown_command_is_two():
    assert "nonsense" in clean(run("nonsense", TERM="dumb"), 2)


# --- verify ---------------------------------------------------------------------------------------


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return exported(tmp_path / "export.jsonl")


def verified(export: Path, *words: str) -> tuple[int, Any]:
    result = CliRunner().invoke(
        releve.front("verify"), ["verify", str(export), "--json", *words], catch_exceptions=False
    )
    return result.exit_code, json.loads(result.stdout)


def changed(export: Path, change: Any) -> Path:
    """Write the export anew with a change to its captures."""
    lines = [json.loads(line) for line in export.read_text().splitlines()]
    [message] = [each for each in lines if each["type"] == "releve.captures.v1"]
    change(message["data"]["captures"])
    export.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return export


def test_an_export_that_holds_is_zero(export: Path):
    code, report = verified(export)

    assert (0, True, 5) == (code, report["holds"], report["captures"])


def test_an_export_of_one_capture_is_told_in_the_singular(export: Path):
    changed(export, lambda captures: captures.__delitem__(slice(1, None)))
    result = CliRunner().invoke(releve.front("verify"), ["verify", str(export)])

    assert "\n1 capture, 1 with a statement" in result.stdout


def edit(captures: list[Any]) -> None:
    captures[2]["statement"] = captures[2]["statement"].replace("2", "3")


def drop(captures: list[Any]) -> None:
    del captures[2]


def swap(captures: list[Any]) -> None:
    captures[1], captures[2] = captures[2], captures[1]


def cut(captures: list[Any]) -> None:
    del captures[-1]


def number(captures: list[Any]) -> None:
    captures[2]["statement"] = 5


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (edit, "capture 3: the statement was altered"),
        (drop, "capture 4 follows 2"),
        (swap, "capture 3 follows 1"),
        (cut, "the export was made from 1 to 5"),
        (number, "malformed: a part of it is not of the kind it should be"),
    ],
)
def test_what_was_done_to_an_export_is_named(export: Path, change: Any, named: str):
    code, report = verified(changed(export, change))

    assert 1 == code
    assert any(named in each["fault"] for each in report["findings"]), report


def test_the_end_of_a_chain_signed_by_somebody_else_proves_nothing(export: Path, tmp_path: Path):
    other = exported(tmp_path / "other.jsonl", seed=b"o" * 32, owner="mallory", upto=3)
    lines = export.read_text().splitlines()
    [key, head] = [other.read_text().splitlines()[at] for at in (0, -1)]
    changed(export, lambda captures: captures.__delitem__(slice(3, None)))
    kept = [line for line in export.read_text().splitlines() if "releve.head" not in line]
    export.write_text("\n".join([key, *kept, head]) + "\n")
    code, report = verified(export)

    assert 1 == code
    assert any("signed by mallory" in each["fault"] for each in report["findings"]), report
    assert len(lines) == 3


@pytest.mark.parametrize("content", [b"\xff\xfe\n", b"", b"{}\n", b"[" * 100_000, b"null\n1\n"])
def test_a_file_that_is_no_export_is_one_and_no_traceback(tmp_path: Path, content: bytes):
    (tmp_path / "x").write_bytes(content)

    assert 1 == verified(tmp_path / "x")[0]


def test_a_byte_that_is_no_text_is_a_finding_of_its_line(export: Path):
    data = bytearray(export.read_bytes())
    data[data.index(b"Amira")] = 0xFF
    export.write_bytes(data)
    code, report = verified(export)

    assert 1 == code
    assert [2] == sorted({each["line"] for each in report["findings"]})


def test_a_key_that_is_not_trusted_is_named(export: Path):
    code, report = verified(export, "--trust", "0" * 16)
    faults = [each["fault"] for each in report["findings"]]

    assert 1 == code
    assert "not one of those you trust" in faults[0]
    assert all("not one of those you trust" in each for each in faults if "signed by" in each)
    assert not any("does not name" in each for each in faults)


@pytest.mark.parametrize("junk", ["1", "null", "[]", '"x"', "{}", "junk", '{"type": "x"}'])
def test_a_line_that_is_no_event_is_said_to_be_none(export: Path, junk: str):
    export.write_text(export.read_text() + junk + "\n")
    code, report = verified(export)

    assert (1, ["the line is no event of an export"]) == (
        code,
        [each["fault"] for each in report["findings"]],
    )


def test_a_line_that_lacks_a_part_names_it(export: Path):
    export.write_text(export.read_text() + '{"type": "releve.captures.v1", "data": {}}\n')
    _, report = verified(export)

    assert ["the line is malformed: captures is missing"] == [
        each["fault"] for each in report["findings"]
    ]


def test_a_file_that_is_not_there_is_two():
    assert "nowhere.jsonl" in clean(run("verify", "nowhere.jsonl", TERM="dumb"), 2).replace(
        "\n", ""
    )


# --- agent: key, technician, export ---------------------------------------------------------------


@pytest.fixture
def agent(tmp_path: Path) -> tuple[str, ...]:
    return ("agent", "--name", "van-7", "--data", str(tmp_path / "data"))


def test_a_key_is_made_once_and_only_its_user_can_read_it(agent, tmp_path: Path):
    first, second = run(*agent, "key"), run(*agent, "key", "--json")

    assert "" == clean(first, 0) == clean(second, 0)
    assert first.stdout.strip() == json.loads(second.stdout)["key"]
    assert 0o600 == (tmp_path / "data" / "agent.key").stat().st_mode & 0o777


def test_a_technician_gets_a_pin_and_an_export_can_be_verified(agent, tmp_path: Path):
    done = run(*agent, "technician", "amira", "Amira Benali", "--json")
    export = tmp_path / "van-7.jsonl"
    written, again = run(*agent, "export", str(export)), run(*agent, "export", str(export))
    code, report = verified(export)

    assert "" == clean(done, 0) == clean(written, 0)
    assert 6 == len(json.loads(done.stdout)["pin"])
    assert "exists" in clean(again, 2)
    assert (1, "the export holds no captures") == (code, report["findings"][0]["fault"])
    assert f"{export}: 1 line\n" == written.stdout


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("technician", "Amira B", "Amira Benali"), "short name"),
        (("technician", "amira", ""), "1 to 200"),
        (("technician", "amira", "x" * 201), "1 to 200"),
    ],
)
def test_a_name_that_cannot_be_is_two_and_says_which(agent, words, named):
    assert named in clean(run(*agent, *words), 2)


def test_a_key_that_others_can_read_is_refused_with_the_remedy(agent, tmp_path: Path):
    run(*agent, "technician", "amira", "Amira Benali")
    (tmp_path / "data" / "agent.key").chmod(0o644)
    for words in (("key",), ("technician", "amira", "Amira Benali"), ("export", "x.jsonl"), ()):
        assert "chmod 600" in clean(run(*agent, *words, RELEVE_AGENT_HTTP_PORT="0"), 1)


def test_a_damaged_store_is_named_by_every_command(agent, tmp_path: Path):
    run(*agent, "key")
    (tmp_path / "data" / "agent.db").write_bytes(b"not a database" * 1000)
    for words in (("technician", "amira", "Amira Benali"), ("export", "x.jsonl"), ()):
        assert "keep the file" in clean(run(*agent, *words, RELEVE_AGENT_HTTP_PORT="0"), 1)


def test_nothing_is_exported_and_nothing_made_where_no_agent_lives(tmp_path: Path):
    words = ("agent", "--name", "van-7", "--data", str(tmp_path / "mistyped"))
    refused = run(*words, "export", str(tmp_path / "x.jsonl"))

    assert f"no agent lives in {tmp_path / 'mistyped'}" in clean(refused, 1)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [("key",), ("technician", "amira", "Amira Benali"), ()])
def test_a_folder_stays_with_the_name_it_was_first_used_with(agent, tmp_path: Path, words):
    run(*agent, "key")
    other = ("agent", "--name", "van-8", *agent[3:])
    refused = run(*other, *words, RELEVE_AGENT_HTTP_PORT="0")

    assert "is the folder of agent van-7, not of van-8: say --name van-7" in clean(refused, 1)
    assert 0 == run(*agent, "key").returncode


async def test_a_folder_of_an_earlier_version_belongs_to_whose_captures_it_holds(
    agent, tmp_path: Path
):
    async with opened(tmp_path / "data" / "agent.db") as store:
        await store.captures.append("i-1", [note()])
    refused = run("agent", "--name", "van-8", *agent[3:], "key")
    (tmp_path / "data" / "agent.name").unlink(missing_ok=True)
    kept = run(*agent, "key")

    assert "the folder of agent van-7" in clean(refused, 1)
    assert "" == clean(kept, 0)


def test_a_folder_that_is_a_file_is_said_to_be_none(tmp_path: Path):
    (tmp_path / "file").touch()
    refused = run("agent", "--name", "van-7", "--data", str(tmp_path / "file"), "key")

    assert "is not a folder: name one with --data" in clean(refused, 1)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    words = ("agent", "--name", "van-7", "--data", str(tmp_path / "file" / "data"))
    for more in ((), ("key",)):
        assert "data" in clean(run(*words, *more, RELEVE_AGENT_HTTP_PORT="0"), 1)


# --- settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "settings", "named"),
    [
        (("--name", "Van 7"), {}, "name: must be 1 to 64 characters of a-z, 0-9 and '-'; set it"),
        (("--name", "v" * 65), {}, "name: must be 1 to 64 characters"),
        ((), {}, "name: is required; set it with --name, RELEVE_AGENT_NAME or in the settings"),
        (("--name", "v", "--gateway-key", "short"), {}, "gateway_keys: a public key is 32 bytes"),
        (
            ("--name", "v", "--gateway-key", KEY, "--gateway-key", KEY[:-2] + "x"),
            {},
            "gateway_keys: a public key is 32 bytes in base64; set it with --gateway-key",
        ),
        (("--name", "v"), {"RELEVE_AGENT_HTTP_PORT": "70000"}, "http_port: must be at most 65535"),
        (("--name", "v"), {"RELEVE_AGENT_HTTP_PORT": "x"}, "http_port: must be a whole number"),
        (("--name", "v"), {"RELEVE_AGENT_BROKER_HOST": ""}, "broker_host: must not be empty"),
        (("--name", "v"), {"RELEVE_AGENT_LAN_PORTS": "[]"}, "lan_ports: must be a table"),
        (("--name", "v"), {"RELEVE_AGENT_BLE_BACKEND": "no.such.module"}, "ble_backend"),
        (("--name", "v"), {"RELEVE_AGENT_BLE_BACKEND": "json"}, "ble_backend"),
        (
            ("--name", "v"),
            {"RELEVE_AGENT_SERIAL": '[{"slug": "no-such", "path": "/dev/null"}]'},
            "serial.0.slug",
        ),
        (
            ("--name", "v"),
            {"RELEVE_AGENT_SERIAL": '[{"slug": "testo-300", "path": "/dev/null"}]'},
            "serial.0.slug",
        ),
        (("--name", "v"), {"RELEVE_AGENT_SERIAL": "not json"}, "serial: must be a list"),
        (("--name", "v", "--log-level", "LOUD"), {}, "LOUD"),
        (("--name", "v", "--config", "nowhere.toml"), {}, "nowhere.toml"),
    ],
)
def test_a_setting_that_cannot_be_is_two_and_is_named(tmp_path, words, settings, named):
    environment = {"HOME": str(tmp_path), "RELEVE_AGENT_HTTP_PORT": "0", "TERM": "dumb"}
    said = clean(run("agent", *words, **(environment | settings)), 2)

    assert named in said.replace("\n", "")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("name = ", "agent.toml cannot be read"),
        ('name = "v"\nnmae = "w"', "nmae: there is no such setting"),
        (
            'name = "v"\nbroker_port = 0',
            "agent.toml:2: broker_port: must be at least 1; set it with --broker-port",
        ),
        (
            'name = "v"\n[[serial]]\nslug = "scanner-line"',
            "agent.toml:2: serial.0.path: is required; set it with RELEVE_AGENT_SERIAL or in the settings file",
        ),
        (
            'name = "v"\n[[serial]]\nslug = "scanner-line"\nport = "/dev/ttyUSB0"',
            "agent.toml:4: serial.0.port: there is no such setting; look at its spelling",
        ),
        (
            'name = "v"\nbrokr_host = "x"',
            "agent.toml:2: brokr_host: there is no such setting; did you mean broker_host?",
        ),
        (
            'name = "v"\n\n[[serial]]\npath = "/dev/x"\nslug = "keller-gage"',
            "agent.toml:5: serial.0.slug: 'keller-gage' does not speak on a line",
        ),
        ('name = "v"\nble_backend = "json"', "agent.toml:2: ble_backend: "),
        (
            'name = "v"\n[lan_ports]\nfoo = 3',
            "agent.toml:3: lan_ports.foo: there is no such kind of instrument",
        ),
        (
            'name = "v"\nserial = [{slug = "keller-gauge", path = "/dev/x"}, {slug = "scanner-line", path = "/dev/x"}]',
            "agent.toml:2: serial.1: another instrument hangs there: correct one of them",
        ),
        (
            'name = "v"\nmodbus = [{slug = "senseair", port = "h:1"}, {slug = "senseair", port = "h:1"}]',
            "agent.toml:2: modbus.1: another instrument hangs there: correct one of them",
        ),
    ],
)
def test_a_file_of_settings_that_cannot_be_is_two_and_is_named(tmp_path, text, named):
    (tmp_path / "agent.toml").write_text(text)
    done = run("agent", "--config", str(tmp_path / "agent.toml"), HOME=str(tmp_path))

    assert named in clean(done, 2)


@pytest.mark.parametrize("command", [("agent",), ("gateway",)])
def test_a_file_of_settings_that_is_no_text_is_two_and_says_how_to_save_it(tmp_path, command):
    (tmp_path / "s.toml").write_bytes(b"name = \xff")
    done = run(*command, "--config", str(tmp_path / "s.toml"), HOME=str(tmp_path))

    assert "s.toml cannot be read: save it as UTF-8" in clean(done, 2)


def test_devices_on_one_line_with_addresses_of_their_own_are_no_fault(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "s.toml").write_text(
        'name = "v"\nmodbus = [{slug = "senseair", port = "h:1", device = 1}, '
        '{slug = "senseair", port = "h:1", device = 2}]\nble = false\n'
    )

    assert 1 == len(watchers(load(tmp_path / "s.toml", {}), BUILT_IN))


def test_lists_and_tables_are_read_from_the_environment_as_json(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RELEVE_AGENT_GATEWAY_KEYS", json.dumps([KEY]))
    monkeypatch.setenv("RELEVE_AGENT_LAN_PORTS", '{"testo-300": 1}')
    monkeypatch.setenv("RELEVE_AGENT_SERIAL", '[{"slug": "scanner-line", "path": "/dev/x"}]')
    settings = load(None, {"name": "v"})

    assert ((KEY,), {"testo-300": 1}) == (settings.gateway_keys, settings.lan_ports)
    assert [("scanner-line", "/dev/x")] == [(each.slug, each.path) for each in settings.serial]


def test_links_in_an_export_read_as_links(export: Path):
    [message] = [json.loads(line) for line in export.read_text().splitlines()][1:2]

    assert [1, 2, 3, 4, 5] == [parse(each["link"]).seq for each in message["data"]["captures"]]


@pytest.mark.parametrize("recording", recordings.ALL, ids=str)
def test_decode_reads_what_record_writes(recording):
    path = recordings.FOLDER / recording.slug.replace("-", "_") / f"{recording.name}.toml"
    result = CliRunner().invoke(
        releve.front("decode"), ["decode", recording.slug, str(path), "--json"]
    )
    documents = [json.loads(each) for each in result.stdout.splitlines()]

    values = [each["value"] for each in documents if "quantity" in each]
    expected = [None if r.value is None else write(r.value) for r in recording.readings]
    assert expected == values


def test_a_recording_of_another_instrument_is_refused_and_never_read_as_its_bytes():
    path = str(recordings.FOLDER / "testo_smart_probe" / "battery.toml")
    result = CliRunner().invoke(releve.front("decode"), ["decode", "scanner-line", path])

    assert (2, "") == (result.exit_code, result.stdout)
    assert "of 'testo-smart-probe'" in result.stderr


@pytest.mark.parametrize(
    "text", ["", "slug = 1", "not toml", 'slug = "scanner-line"\nmedium = "air"\nevent = []']
)
def test_a_file_that_is_no_recording_is_refused(tmp_path, text):
    path = tmp_path / "x.toml"
    path.write_text(text)
    result = CliRunner().invoke(releve.front("decode"), ["decode", "scanner-line", str(path)])

    assert 2 == result.exit_code
    assert str(path) in result.stderr


def test_what_a_recording_lacks_is_named(tmp_path: Path):
    (tmp_path / "x.toml").write_text('medium = "ble"')
    done = run("decode", "scanner-line", str(tmp_path / "x.toml"))

    assert "not a recording: slug is missing" in clean(done, 2)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("/", "/ is a folder: name a file in it"),
        ("/dev/null", "/dev/null is a device: copy what it says into a file"),
    ],
)
def test_what_is_no_file_to_decode_is_called_what_it_is(source: str, said: str):
    assert said in clean(run("decode", "testo-smart-probe", source), 2)


def test_bytes_that_hold_no_reading_say_so():
    done = run("decode", "testo-smart-probe", "07000000000001ac")

    assert "no reading" in clean(done, 1)
