"""`releve sim …` on the command line, as far as it starts nothing."""

import json

import pytest
from typer.testing import CliRunner

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
