"""Settings, the key file and the command line."""

import json
import sqlite3
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.adapters.keyfile import KeyFileError, load_key
from gateway.cli import app
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
        ({"tenant": "No"}, "tenant"),
        ({"port": 70000}, "port"),
        ({"colour": "red"}, "colour"),
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


def test_enrolling_says_what_the_agent_needs(tmp_path: Path) -> None:
    agent = Edge()

    plain = run(tmp_path, "enrol", "van-7", "--key", agent.key.public)
    said = json.loads(run(tmp_path, "enrol", "van-7", "--key", agent.key.public, "--json").stdout)

    assert 0 == plain.exit_code
    assert f'gateway_keys = ["{said["gateway"]}"]' in plain.stdout
    assert ("van-7", agent.key.id, "main") == (said["agent"], said["key_id"], said["tenant"])


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


def test_agents_are_listed_and_revoked(tmp_path: Path) -> None:
    run(tmp_path, "enrol", "van-7", "--key", Edge().key.public)

    revoked = run(tmp_path, "revoke", "van-7")
    listed = json.loads(run(tmp_path, "agents", "--json").stdout)
    absent = run(tmp_path, "revoke", "van-9")

    assert (0, 1) == (revoked.exit_code, absent.exit_code)
    assert {"name": "van-7", "revoked": True, "keys": []} == listed
    assert "no agent van-9" in absent.stderr


def test_help_has_examples() -> None:
    for arguments in ([], ["enrol"], ["revoke"], ["agents"]):
        result = CliRunner().invoke(app, [*arguments, "--help"])

        assert 0 == result.exit_code
        assert "Example" in result.stdout


def test_the_database_is_durable_and_private(tmp_path: Path) -> None:
    run(tmp_path, "agents")

    data = tmp_path / "data"
    with sqlite3.connect(data / "gateway.db") as connection:
        [mode] = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    assert "wal" == mode
    assert 0o700 == stat.S_IMODE(data.stat().st_mode)
