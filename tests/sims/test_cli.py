"""`releve sim …` on the command line, as far as it starts nothing."""

import json
import socket

import pytest
from typer.testing import CliRunner

from firmware_sims import process
from firmware_sims.air import Setup
from firmware_sims.catalogue import ALL
from firmware_sims.cli import app
from firmware_sims.kit.entry import Entry

SIMULATORS = (
    "testo-300",
    "testo-330-1-ll",
    "testo-330-2-ll",
    "testo-350",
    "testo-smart-probe",
    "scanner-line",
    "scanner-line-bcc",
    "zebra-ssi",
    "eti-bluetherm",
    "leica-disto",
    "senseair",
    "winsen-mhz19",
    "ble-environmental-sensing",
    "bthome",
    "keller-gauge",
    "keller-absolute",
    "ateq-f6",
    "concert-v2",
    "caisse-ap",
    "zvt",
)
COMMANDS = ("list", "air", *SIMULATORS, "scenario", "wire")


def test_the_list_names_every_simulator_one_object_a_line():
    printed = CliRunner().invoke(app, ["list", "--json"])

    assert 0 == printed.exit_code
    assert list(SIMULATORS) == [json.loads(line)["slug"] for line in printed.stdout.splitlines()]


def test_the_list_can_be_read_by_people():
    printed = CliRunner().invoke(app, ["list"]).stdout

    assert "T805i" in printed
    assert list(SIMULATORS) == [line.split()[0] for line in printed.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command: str):
    printed = CliRunner().invoke(app, [command, "--help"])

    assert 0 == printed.exit_code
    assert f"releve sim {command}" in " ".join(printed.stdout.split())


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.slug)
def test_help_lists_only_what_can_be_said_of_this_simulator(each: Entry):
    printed = CliRunner().invoke(app, [each.slug, "--help"], env={"COLUMNS": "200"}).stdout

    assert ("--hci-port" in printed) is ("ble" in each.links)
    assert ("--udp-port" in printed) is ("http" in each.links)
    assert ("--port " in printed) is ("tcp" in each.links)
    assert ("--model" in printed) is bool(each.models)


@pytest.mark.parametrize(
    "words",
    [
        ["testo-300", "--link", "pty"],
        ["testo-smart-probe", "--model", "T9"],
        ["testo-smart-probe", "--link", "http"],
        ["scanner-line", "--link", "carrier-pigeon"],
        ["senseair", "--link", "tcp"],
        ["bthome", "--fault", "delay"],
        ["winsen-mhz19", "--setup", "low-battery"],
        ["air", "--instrument", "testo-301"],
        ["air", "--instrument", "testo-300:1", "--instrument", "scanner-line:1"],
        ["air", "--hci-port", "70000"],
        ["scenario"],
        ["scenario", "no-such-file.toml"],
        ["wire"],
        ["wire", "--to", "nowhere"],
        ["nothing"],
    ],
)
def test_wrong_use_is_exit_code_two(words: list[str]):
    assert 2 == CliRunner().invoke(app, words).exit_code


@pytest.mark.parametrize(
    ("words", "option", "link"),
    [
        (["keller-gauge", "--port", "4001"], "--port", "tcp"),
        (["keller-gauge", "--link", "pty", "--port", "0"], "--port", "tcp"),
        (["testo-300", "--link", "http", "--hci-port", "4001"], "--hci-port", "ble"),
        (["testo-300", "--udp-port", "4001"], "--udp-port", "http"),
        (["testo-300", "--link", "ble", "--udp-address", "::1"], "--udp-address", "http"),
    ],
)
def test_an_option_of_another_link_is_refused_and_never_ignored(
    words: list[str], option: str, link: str
):
    refused = CliRunner().invoke(app, words, env={"COLUMNS": "200"})

    assert 2 == refused.exit_code
    assert f"Invalid value for {option}: it goes with --link {link}" in refused.stderr
    assert f"write --link {link}, or leave {option} out" in refused.stderr


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Setup]:
    """What would have been started."""
    setups: list[Setup] = []

    async def run_bench(setup: Setup, **_: bool) -> None:
        setups.append(setup)

    monkeypatch.setattr(process, "run_bench", run_bench)
    return setups


def test_options_of_the_link_itself_are_heeded(started: list[Setup]):
    wired = ["keller-gauge", "--link", "tcp", "--port", "4001"]
    lan = ["testo-300", "--link", "http", "--udp-port", "4002", "--udp-address", "127.0.0.2"]
    for words in (wired, ["testo-300", "--hci-port", "4003"], lan):
        assert 0 == CliRunner().invoke(app, words).exit_code

    assert [4001, None, None] == [each.tcp_port for each in started]
    assert [0, 4003, 0] == [each.hci_port for each in started]
    assert ("127.0.0.2", 4002) == started[-1].announce_to


def test_without_options_a_testo_300_announces_itself_where_it_always_does(started: list[Setup]):
    CliRunner().invoke(app, ["testo-300", "--link", "http"])
    CliRunner().invoke(app, ["testo-300", "--link", "http", "--udp-port", "0"])

    assert [("127.0.0.1", 53955), None] == [each.announce_to for each in started]


@pytest.mark.integration
@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["keller-gauge", "--link", "tcp"], "--port"),
        (["testo-300"], "--hci-port"),
        (["air", "--udp-port", "0"], "--hci-port"),
        (["wire", "--to", "127.0.0.1:1883"], "--port"),
    ],
)
def test_a_port_that_is_taken_is_named_with_the_option_for_another(
    socket_enabled: None, words: list[str], option: str
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = CliRunner().invoke(app, [*words, option, str(port)])

    remedy = f"choose another with {option}, or 0 for one that is free"
    assert (1, f"cannot run: port {port} is taken: {remedy}\n") == (
        refused.exit_code,
        refused.stderr,
    )
