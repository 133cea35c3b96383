"""Settings, the key file and the command line."""

import asyncio
import json
import os
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from contract.signing import SigningKey
from gateway.adapters.keyfile import KeyFileError, load_key
from gateway.cli.gateway import app
from gateway.main import open_store
from gateway.settings import SettingsError, load
from tests.gateway.edge import Edge
from tests.gateway.world import Counting


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")


def test_flags_win_over_the_file_and_the_file_over_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text('tenant = "from-file"\nport = 2\n')
    monkeypatch.setenv("RELEVE_GATEWAY_TENANT", "from-environment")
    monkeypatch.setenv("RELEVE_GATEWAY_BROKER_HOST", "broker")

    settings = load({"port": 3, "tenant": None}, file)

    assert ("from-file", 3, "broker") == (settings.tenant, settings.port, settings.broker_host)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"host": "0.0.0.0"}, "expose-without-authentication"),  # noqa: S104 - to be refused
        ({"tenant": "No"}, "tenant: must be 1 to 64 characters .* set it with --tenant, RELEVE_G"),
        ({"port": 70000}, "^port: must be at most 65535; set it with --port, RELEVE_GATEWAY_PORT"),
        (
            {"hosts": "x"},
            "hosts: must be a list or a table; in the environment, as JSON; set it with --serve",
        ),
        ({"colour": "red"}, "colour: there is no such setting"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(flags: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load(flags)


def test_the_risk_can_be_taken_by_its_name() -> None:
    settings = load({"host": "192.0.2.1", "expose_without_authentication": True})

    assert "192.0.2.1" == settings.host


def test_no_secret_shows_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELEVE_GATEWAY_BROKER_PASSWORD", "hunter2")
    monkeypatch.setenv("RELEVE_GATEWAY_DATABASE", "postgresql://u:hunter2@h/d")

    assert "hunter2" not in repr(load({}))


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "gateway.key"

    first, second = load_key(path, Counting("a")), load_key(path, Counting("b"))

    assert first.public == second.public
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert [path] == list(path.parent.iterdir())


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gateway.key"
    load_key(path, Counting())
    path.chmod(0o644)

    with pytest.raises(KeyFileError, match="chmod 600"):
        load_key(path, Counting())


def test_a_key_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gateway.key"
    path.touch(0o600)

    with pytest.raises(KeyFileError, match="32 bytes"):
        load_key(path, Counting())


def run(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--data", str(tmp_path / "data"), *arguments])


@pytest.fixture
def gateway(tmp_path: Path) -> SigningKey:
    """Make what a gateway makes when it starts."""
    settings = load({"data": tmp_path / "data"})

    async def start() -> None:
        await (await open_store(settings)).close()

    asyncio.run(start())
    return load_key(settings.key_path, os.urandom)


COMMANDS = (("enrol", "van-7", "--key", Edge().key.public), ("revoke", "van-7"), ("agents",))


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_command_makes_no_gateway_where_none_lives(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    result = run(tmp_path, *words)

    assert (1, "") == (result.exit_code, result.stdout)
    assert f"no gateway lives in {tmp_path / 'data'}" in result.stderr
    assert f"releve gateway --data {tmp_path / 'data'}`" in result.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize(
    ("lost", "named"), [("gateway.key", "no key file"), ("gateway.db", "database is missing")]
)
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_command_makes_nothing_anew_that_was_lost(
    tmp_path: Path, words: tuple[str, ...], lost: str, named: str
) -> None:
    (tmp_path / "data" / lost).unlink()

    result = run(tmp_path, *words)

    assert 1 == result.exit_code
    assert named in result.stderr
    assert not (tmp_path / "data" / lost).exists()


@pytest.mark.usefixtures("gateway")
def test_a_database_without_a_gateway_is_none(tmp_path: Path) -> None:
    (tmp_path / "other.db").touch()

    result = run(tmp_path, "--database", f"sqlite:///{tmp_path / 'other.db'}", "agents")

    assert 1 == result.exit_code
    assert "database is missing or empty" in result.stderr


def test_enrolling_says_what_the_agent_needs(tmp_path: Path, gateway: SigningKey) -> None:
    agent = Edge()

    plain = run(tmp_path, "enrol", "van-7", "--key", agent.key.public)
    said = json.loads(run(tmp_path, "enrol", "van-7", "--key", agent.key.public, "--json").stdout)

    assert 0 == plain.exit_code
    assert f'gateway_keys = ["{said["gateway"]}"]' in plain.stdout
    assert gateway.public == said["gateway"]
    assert ("van-7", agent.key.id, "main") == (said["agent"], said["key_id"], said["tenant"])


@pytest.mark.usefixtures("gateway")
def test_enrolling_states_the_broker_only_when_it_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("enrol", "van-7", "--key", Edge().key.public)

    untold = run(tmp_path, *words)
    monkeypatch.setenv("RELEVE_GATEWAY_BROKER_PORT", "8883")
    told = run(tmp_path, "--broker-host", "broker.example.net", *words)

    assert "\n# broker_host = …" in untold.stdout
    assert "\n# broker_port = …" in untold.stdout
    assert "1883" not in untold.stdout
    assert '\nbroker_host = "broker.example.net"\nbroker_port = 8883\n' in told.stdout


@pytest.mark.parametrize(
    ("name", "key", "said"),
    [
        ("Van 7", Edge().key.public, "a-z, 0-9"),
        ("van-7", "c2hvcnQ=", "32 bytes in base64"),
        ("van-7", "?", "32 bytes in base64"),
    ],
)
def test_a_bad_name_or_key_is_a_fault_of_usage(
    tmp_path: Path, name: str, key: str, said: str
) -> None:
    result = run(tmp_path, "enrol", name, "--key", key)

    assert 2 == result.exit_code
    assert said in result.stderr


@pytest.mark.usefixtures("gateway")
def test_nothing_is_enrolled_where_the_key_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "data" / "gateway.key").chmod(0o644)

    refused = run(tmp_path, "enrol", "van-7", "--key", Edge().key.public)

    assert 1 == refused.exit_code
    assert "chmod 600" in refused.stderr
    assert "" == run(tmp_path, "agents").stdout


@pytest.mark.usefixtures("gateway")
def test_agents_are_listed_and_revoked(tmp_path: Path) -> None:
    key = Edge().key
    run(tmp_path, "enrol", "van-7", "--key", key.public)

    revoked, again = run(tmp_path, "revoke", "van-7"), run(tmp_path, "revoke", "van-7")
    listed = json.loads(run(tmp_path, "agents", "--json").stdout)
    absent = run(tmp_path, "revoke", "van-9")

    assert (0, "1 key revoked.\n") == (revoked.exit_code, revoked.stdout)
    assert "0 keys revoked.\n" == again.stdout
    assert ("van-7", True, []) == (listed["name"], listed["revoked"], listed["keys"])
    assert [key.id] == [each["id"] for each in listed["revoked_keys"]]
    assert 1 == absent.exit_code
    assert "no agent van-9" in absent.stderr


@pytest.mark.usefixtures("gateway")
def test_an_agent_that_was_enrolled_again_keeps_its_revoked_key_in_sight(tmp_path: Path) -> None:
    old, new = Edge().key, Edge(name="other").key
    run(tmp_path, "enrol", "van-7", "--key", old.public)
    run(tmp_path, "revoke", "van-7")
    run(tmp_path, "enrol", "van-7", "--key", new.public)

    shown = run(tmp_path, "agents").stdout
    listed = json.loads(run(tmp_path, "agents", "--json").stdout)

    today = datetime.now(UTC).date().isoformat()
    assert f"van-7\tenrolled\t{old.id} (revoked {today}), {new.id}\n" == shown
    assert (False, [new.id]) == (listed["revoked"], listed["keys"])
    assert [old.id] == [each["id"] for each in listed["revoked_keys"]]


@pytest.mark.parametrize("words", [(), ("agents",)])
def test_a_folder_that_is_a_file_is_said_to_be_none(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(app, ["--data", str(tmp_path / "file"), *words])

    assert 2 == result.exit_code
    assert f"data: {tmp_path / 'file'} is not a folder: name one with --data" in result.stderr


def test_help_has_examples() -> None:
    for arguments in ([], ["enrol"], ["revoke"], ["agents"]):
        result = CliRunner().invoke(app, [*arguments, "--help"])

        assert 0 == result.exit_code
        assert "Example" in result.stdout
        assert "releve gateway --data ./here" in result.stdout


@pytest.mark.usefixtures("gateway")
def test_the_database_is_durable_and_private(tmp_path: Path) -> None:
    run(tmp_path, "agents")

    data = tmp_path / "data"
    with sqlite3.connect(data / "gateway.db") as connection:
        [mode] = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    assert "wal" == mode
    assert 0o700 == stat.S_IMODE(data.stat().st_mode)
