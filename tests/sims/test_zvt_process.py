"""The simulated terminal of ZVT as a process: its command line, its control, and kill -9."""

import json
import os
import socket
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from firmware_sims.cli import app
from firmware_sims.payment.zvt.blocks import block
from firmware_sims.testing import Simulator, bench
from tests.sims.zvt_tills import DONE, PAY, REPEAT, SILENT, YES, apdus, readable, statuses


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--fault", "wrong_check"], "zvt knows"),
        (["--fault", "silence:1"], "zvt counts"),
        (["--password", "12345"], "is not of 6 digits"),
        (["--terminal-id", "5252353X"], "is not of 8 digits"),
        (["--till", "01"], "--till"),
        (["--link", "pty", "--port", "20007"], "write --link tcp"),
        (["--ledger", "/nowhere/ledger"], "is no ledger"),
        (["--knows-status"], "--knows-status"),
    ],
)
def test_wrong_use_is_refused_with_what_would_be_right(words: list[str], said: str):
    refused = CliRunner().invoke(app, ["zvt", *words], env={"COLUMNS": "400"})

    assert 2 == refused.exit_code
    assert said in refused.stderr


def test_help_has_the_options_of_this_terminal_alone():
    printed = CliRunner().invoke(app, ["zvt", "--help"], env={"COLUMNS": "200"}).stdout

    for option in ("--password", "--terminal-id", "--auto-reversal", "--forgets-receipts"):
        assert option in printed
    assert "--till" not in printed
    assert "--auto-reversal" not in CliRunner().invoke(app, ["caisse-ap", "--help"]).stdout


def paid_at(simulator: Simulator, *asked: str, seconds: float = 2.0) -> list[str]:
    """Return all that is said over one connection until it ends, completes, or is silent for too long."""
    heard: list[str] = []
    with socket.create_connection(("127.0.0.1", int(simulator.ready["port"])), 5.0) as line:
        line.settimeout(seconds)
        for said in asked:
            line.sendall(bytes.fromhex(said))
            try:
                while not heard or not heard[-1].startswith(("06 0F", "06 1E", "84")):
                    heard += _next(line)
            except (ConnectionResetError, TimeoutError):
                return heard
            heard.append(said)
    return [each for each in heard if each not in asked]


def _next(line: socket.socket) -> list[str]:
    data = line.recv(4096)
    if not data:
        raise ConnectionResetError
    said = [readable(each) for each in apdus(data)]
    for each in said:
        if not each.startswith(("80", "84")):
            line.sendall(bytes.fromhex(YES))
    return said


@pytest.mark.integration
@pytest.mark.timeout(60)
def test_a_ledger_survives_a_kill_and_its_receipts_are_counted_on(
    socket_enabled: None, tmp_path: Path
):
    file = tmp_path / "ledger.jsonl"
    with bench(tmp_path) as releve:
        simulator = releve.simulator("zvt", "--ledger", str(file), "--fault", "answer_lost:1")
        assert [] == statuses(paid_at(simulator, SILENT, PAY, seconds=0.8))
        assert 1 == len(simulator.ledger())
        simulator.kill()
        assert [1] == [json.loads(line)["n"] for line in file.read_text().splitlines()]

        port = str(simulator.ready["port"])
        simulator = releve.simulator("zvt", "--ledger", str(file), "--port", port)
        heard = paid_at(simulator, SILENT, REPEAT, PAY)
        assert ["0001", "0002"] == [each["87"] for each in statuses(heard)]
        assert DONE == heard[-1]
        assert {"0001": 1, "0002": 1} == simulator.authorisations() == simulator.standing()
        assert {"0002": 1} == simulator.requests()


@pytest.mark.integration
@pytest.mark.timeout(60)
def test_a_process_is_set_and_takes_back_by_itself(socket_enabled: None, tmp_path: Path):
    with bench(tmp_path) as releve:
        simulator = releve.simulator("zvt", "--speed", "2", "--auto-reversal")
        simulator.customer("abandons", seconds=0.1)
        assert "06 1E 01 6C" == paid_at(simulator, SILENT, PAY)[-1]
        simulator.customer("pays")
        simulator.fault("cut_after_authorisation", times=1)
        assert [] == statuses(paid_at(simulator, SILENT, PAY))
        _, undone = simulator.ledger()
        assert (1, True) == (undone["undoes"], undone["automatic"])
        assert ({}, {"0001": 1, "0002": 1}) == (simulator.standing(), simulator.authorisations())


@pytest.mark.integration
@pytest.mark.timeout(60)
def test_a_process_speaks_in_blocks_on_a_pseudo_terminal(socket_enabled: None, tmp_path: Path):
    with bench(tmp_path) as releve:
        simulator = releve.simulator("zvt", "--link", "pty")
        line = os.open(str(simulator.ready["path"]), os.O_RDWR | os.O_NOCTTY)
        try:
            os.write(line, block(bytes.fromhex(SILENT)))
            expected = b"\x06" + block(bytes.fromhex(YES))
            heard = b""
            ends = time.monotonic() + 5.0
            while len(heard) < len(expected) and time.monotonic() < ends:
                heard += os.read(line, 64)
            assert expected == heard
        finally:
            os.close(line)
