"""scan, read and record against the simulated air, and an agent that finds its port taken."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from firmware_sims.bleak_radio import HCI_VARIABLE
from tests import recordings
from tests.drivers.conversing import conversation, readings, rejections, said
from tests.integration.test_air import Process, sim

pytestmark = [pytest.mark.integration, pytest.mark.timeout(40)]
COMMAND = Path(sys.executable).with_name("releve")
BACKEND = ("--ble-backend", "firmware_sims.bleak_backend")
PROBE, ANALYSER = "46512997", "61349163"


@pytest.fixture
async def air(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Process]:
    words = (f"testo-smart-probe:{PROBE}:T549i", f"testo-300:{ANALYSER}")
    flags = [each for word in words for each in ("--instrument", word)]
    async with sim("air", "--udp-port", "0", *flags) as air:
        monkeypatch.setenv(HCI_VARIABLE, air.line["hci"])
        yield air


async def run(*words: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        COMMAND, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert b"Traceback" not in err, err.decode()
    return process.returncode, out.decode(), err.decode()


def documents(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


async def test_a_scan_lists_what_is_near(air: Process):
    code, out, _ = await run("scan", "--seconds", "1.5", *BACKEND, "--json")

    assert 0 == code
    assert {f"testo-smart-probe.{PROBE}", f"testo-300.{ANALYSER}"} == {
        each["id"] for each in documents(out)
    }


async def test_a_scan_that_finds_nothing_is_one_and_prints_no_document(
    monkeypatch: pytest.MonkeyPatch,
):
    """What goes wrong is told on standard error: a program reads the other."""
    monkeypatch.delenv(HCI_VARIABLE, raising=False)
    code, out, err = await run("scan", "--seconds", "0.3", *BACKEND, "--json")

    assert (1, "") == (code, out)
    assert "no instrument showed itself" in err


@pytest.mark.parametrize("words", [("scan",), ("read", "testo-300"), ("record", "testo-300", "x")])
async def test_a_backend_that_is_none_is_two(words: tuple[str, ...]):
    code, _, err = await run(*words, "--ble-backend", "no.such.module")

    assert 2 == code
    assert "--ble-backend" in err


@pytest.mark.parametrize("words", [("scan",), ("read", "testo-300"), ("record", "testo-300", "x")])
async def test_a_bluetooth_service_that_is_not_there_is_no_instrument_too_far_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nowhere")
    code, out, err = await run(*words, "--seconds", "0.5")

    assert (1, "") == (code, out)
    assert "the Bluetooth service does not answer: start bluetoothd" in err.splitlines()[-1]
    assert "bring it near" not in err


async def test_a_line_that_is_not_there_is_said_at_once():
    code, _, err = await run("read", "scanner-line", "--port", "/dev/nope", "--seconds", "30")

    assert 1 == code
    assert "/dev/nope: no such device; plug it in" in err


async def test_what_speaks_on_no_line_is_two():
    code, _, err = await run("read", "testo-300", "--port", "/dev/null")

    assert 2 == code
    assert "does not speak there: it speaks over ble, lan" in err


async def test_what_speaks_on_a_line_alone_is_two_without_one():
    code, _, err = await run("read", "scanner-line", "--seconds", "30")

    assert 2 == code
    assert "name it with --port" in err


async def test_reading_prints_what_the_display_shows(air: Process):
    await air.set(PROBE, hold=True, differential_pressure="7482")
    code, out, _ = await run(
        "read", "testo-smart-probe", "--serial", PROBE, "--seconds", "4", *BACKEND, "--json"
    )

    assert 0 == code
    assert {"7482"} == {each["value"] for each in documents(out) if "quantity" in each}


async def test_reading_tells_people_of_the_instrument_in_words(air: Process):
    code, out, _ = await run("read", "testo-300", "--seconds", "5", *BACKEND)
    [line] = [each for each in out.splitlines() if each.startswith("instrument: ")][:1]

    assert 0 == code
    assert f"serial {ANALYSER}" in line
    assert "{" not in out


async def test_a_link_that_ends_is_told_without_a_traceback(air: Process):
    words = ("read", "testo-smart-probe", "--seconds", "20", *BACKEND, "--json")
    process = await asyncio.create_subprocess_exec(
        COMMAND, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    first = await process.stdout.readline()
    await air.ask(PROBE, "acts", act="drop_link")
    _, err = await process.communicate()

    assert 1 == process.returncode
    assert documents(first.decode())
    assert "the link ended" in err.decode()
    assert b"Traceback" not in err


async def test_a_reader_that_goes_away_is_no_error_of_ours(air: Process):
    line = f'"{COMMAND}" read testo-smart-probe --seconds 20 {" ".join(BACKEND)} --json | head -1'
    process = await asyncio.create_subprocess_shell(
        line, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await asyncio.wait_for(process.communicate(), 15)

    assert 1 == len(out.splitlines())
    assert b"" == err


@pytest.mark.parametrize(
    ("slug", "serial", "fault"),
    [
        ("testo-smart-probe", PROBE, None),
        ("testo-smart-probe", PROBE, "corrupt_byte"),
        ("testo-smart-probe", PROBE, "wrong_status"),
        ("testo-300", ANALYSER, None),
        ("testo-300", ANALYSER, "split"),
    ],
)
async def test_a_recording_replays_and_names_nobody(
    air: Process, tmp_path: Path, slug: str, serial: str, fault: str | None
):
    file = tmp_path / "recorded.toml"
    words = ("record", slug, str(file), "--seconds", "6", "--synthetic", *BACKEND)
    recording = asyncio.ensure_future(run(*words))
    if fault == "split":
        await air.fault(serial, fault)
    elif fault:
        await asyncio.sleep(4)
        await air.fault(serial, fault)
    code, out, _ = await recording
    loaded = recordings.load(file)
    heard = said(conversation(slug, "ble"), loaded.events)

    assert 0 == code
    assert "compare" in out
    assert loaded.readings
    assert list(loaded.readings) == readings(heard)
    assert loaded.rejected == len(rejections(heard))
    assert serial.encode() not in loaded.data
    assert not {serial, *(each["address"] for each in air.line["instruments"])} & words_of(file)


def words_of(file: Path) -> set[str]:
    table = tomllib.loads(file.read_text())
    return {str(value) for value in table.values()} | set(file.read_text().split('"'))


async def test_a_recording_is_never_written_over(tmp_path: Path):
    (tmp_path / "x.toml").write_text("mine")
    code, _, err = await run("record", "testo-300", str(tmp_path / "x.toml"), *BACKEND)

    assert 2 == code
    assert "never written over" in err
    assert "mine" == (tmp_path / "x.toml").read_text()


def starting(tmp_path: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [COMMAND, "agent", "--json", "--name", "van-7", "--data", str(tmp_path / str(port))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "RELEVE_AGENT_BLE": "false", "RELEVE_AGENT_HTTP_PORT": str(port)},
    )


def test_a_port_that_is_taken_is_named_and_another_is_free(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with starting(tmp_path, port) as refused:
            _, err = refused.communicate(timeout=10)
    with starting(tmp_path, port) as agent:
        assert agent.stdout is not None
        ready = json.loads(agent.stdout.readline())
        agent.send_signal(signal.SIGTERM)
        _, last = agent.communicate(timeout=10)

    assert (1, 0) == (refused.returncode, agent.returncode)
    assert f"http_port {port}" in err
    assert "Traceback" not in err + last
    assert f"http://127.0.0.1:{port}" == ready["address"]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_an_agent_that_nobody_can_reach_stops_when_told(tmp_path: Path, sign: signal.Signals):
    """No broker, no radio: every wait has an end."""
    with starting(tmp_path, 0) as agent:
        assert agent.stdout is not None
        agent.stdout.readline()
        agent.send_signal(sign)
        _, err = agent.communicate(timeout=8)

    assert 0 == agent.returncode
    assert "Traceback" not in err
