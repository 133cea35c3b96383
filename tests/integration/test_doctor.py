"""`releve doctor` says what stops an instrument, and the remedy."""

import asyncio
import os
import subprocess
import sys

import pytest
from dbus_fast import Variant

from agent.adapters import bonding
from agent.cli import diagnosis_ble, diagnosis_serial
from agent.cli.diagnosis import Finding
from drivers.catalog import BUILT_IN
from drivers.combustion.testo_330.commands import LEAVE_SLAVE_MODE
from drivers.generic.file import read
from drivers.kit.link import Received
from firmware_sims.air import Setup, bench
from firmware_sims.bleak_radio import HCI_VARIABLE
from firmware_sims.catalogue import build
from firmware_sims.kit.faults import Fault
from firmware_sims.testing import bench as simulators
from tests.drivers.test_generic import MODBUS
from tests.integration.pty_pair import PtyPair

pytestmark = [pytest.mark.integration, pytest.mark.timeout(30)]

SCANNER = BUILT_IN["scanner-line"]
REGISTERS = read(MODBUS, "x1.toml")
BACKEND = "firmware_sims.bleak_backend"
PROBE = diagnosis_ble.Asked(BUILT_IN["testo-smart-probe"])


def only(findings: list[Finding]) -> Finding:
    [finding] = findings
    return finding


@pytest.fixture
async def line():
    pair = PtyPair()
    pair.join()
    yield pair
    pair.cut()


async def test_a_line_that_is_there_and_free_is_said_to_be(line: PtyPair):
    assert only(diagnosis_serial.findings(line.paths[0])).good


def test_a_line_that_is_not_there_is_named_with_the_remedy():
    finding = only(diagnosis_serial.findings("/dev/nope"))

    assert (False, "no such device") == (finding.good, finding.found)
    assert "plug it in" in (finding.remedy or "")


async def test_a_line_that_another_program_holds_is_named_with_the_program(line: PtyPair):
    holder = subprocess.Popen(  # noqa: ASYNC220 - it starts at once
        [
            sys.executable,
            "-c",
            f"f=open({line.paths[0]!r}, 'rb', 0); print(1, flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    await asyncio.to_thread(holder.stdout.readline)
    held = only(diagnosis_serial.findings(line.paths[0]))
    holder.kill()
    holder.communicate()
    free = only(diagnosis_serial.findings(line.paths[0]))

    assert f"({holder.pid})" in held.found
    assert (False, True) == (held.good, free.good)


async def test_a_line_that_this_user_may_not_use_is_said_to_be(
    line: PtyPair, monkeypatch: pytest.MonkeyPatch
):
    """Whoever runs this may be root, who may use every line."""
    monkeypatch.setattr(diagnosis_serial.os, "access", lambda path, _: str(path) != line.paths[0])
    refused = only(diagnosis_serial.findings(line.paths[0]))
    allowed = only(diagnosis_serial.findings(line.paths[1]))

    assert "may not use it" in refused.found
    assert "add the user to the group" in (refused.remedy or "")
    assert allowed.good


@pytest.mark.parametrize(
    ("said", "good", "expected"),
    [
        (b"3760012345678\r\n", True, "scanner-line answers"),
        (b"", False, "nobody answers"),
        (b"\xff\xfe\x81\r\n\x91\x92\r\n", False, "none of them make sense"),
    ],
)
async def test_it_says_whether_an_instrument_answers(line: PtyPair, said, good, expected):
    async def speak() -> None:
        far = os.open(line.paths[1], os.O_RDWR | os.O_NOCTTY)
        await asyncio.sleep(0.3)
        os.write(far, said)
        await asyncio.sleep(0.6)
        os.close(far)

    speaking = asyncio.ensure_future(speak())
    finding = only(await diagnosis_serial.answer(SCANNER, line.paths[0], 1.0))
    await speaking

    assert (good, True) == (finding.good, expected in finding.found)
    assert good or "9600 baud, 8N1" in (finding.remedy or "")


async def test_a_modbus_device_that_is_silent_is_told_with_its_settings(line: PtyPair):
    finding = only(await diagnosis_serial.answer(REGISTERS, line.paths[0], 1.5))

    assert (False, "nobody answers") == (finding.good, finding.found)
    assert "19200 baud, 8E1" in (finding.remedy or "")


async def test_the_instruments_on_the_air_are_heard(monkeypatch: pytest.MonkeyPatch):
    probe = build("testo-smart-probe:46512997:T549i", 1)
    async with bench(Setup(instruments=(probe,), lan=False, announce_to=None)) as air:
        assert air.hci is not None
        monkeypatch.setenv(HCI_VARIABLE, air.hci)
        findings = await diagnosis_ble.findings(BUILT_IN, BACKEND, 2.0)

    assert {"Bluetooth Low Energy", "testo-smart-probe.46512997"} <= {
        each.about for each in findings if each.good
    }


async def test_a_radio_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(HCI_VARIABLE, "tcp-client:127.0.0.1:1")
    radio, *_ = await diagnosis_ble.findings(BUILT_IN, BACKEND, 1.0)

    assert not radio.good
    assert "does not answer" in radio.found


async def test_an_empty_air_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch):
    async with bench(Setup(instruments=(), lan=False, announce_to=None)) as air:
        assert air.hci is not None
        monkeypatch.setenv(HCI_VARIABLE, air.hci)
        _, nobody, *_ = await diagnosis_ble.findings(BUILT_IN, BACKEND, 1.0)

    assert not nobody.good
    assert "the phone that holds it" in (nobody.remedy or "")


class Winsen:
    """A link to a module that answers with one parity, and is silent or garbled with every other."""

    def __init__(self, right: bool, garbled: bytes = b"") -> None:
        self._right = right
        self._garbled = garbled
        self._deliver = lambda _: None

    async def open(self, deliver, _lost):
        self._deliver = deliver

    async def carry_out(self, _request):
        said = bytes.fromhex("ff86026047000000d1") if self._right else self._garbled
        if said:
            self._deliver(Received(said))

    async def close(self):
        pass


@pytest.mark.parametrize("garbled", [b"", b"\x00\xe3\x11"])
async def test_a_wrong_parity_is_found_by_trying_the_others(garbled):
    tried = []

    def connect(_instrument, _link, _port, line):
        tried.append(line.parity)
        return Winsen(line.parity == "even", garbled)

    finding = only(await diagnosis_serial.answer(BUILT_IN["winsen-mhz19"], "COM7", 0.3, connect))

    assert ["none", "even"] == tried
    assert not finding.good
    assert "answers with parity even" in finding.found
    assert "9600 baud, 8N1" in (finding.remedy or "")


async def test_where_no_parity_helps_that_is_not_claimed():
    finding = only(
        await diagnosis_serial.answer(
            BUILT_IN["winsen-mhz19"], "COM7", 0.2, lambda *_: Winsen(right=False)
        )
    )

    assert "nobody answers" == finding.found


@pytest.mark.parametrize(
    ("fault", "good", "said"), [(None, True, "it answers"), ("silence", False, "says nothing")]
)
async def test_an_instrument_on_the_air_is_spoken_with(monkeypatch, fault, good, said):
    probe = build("testo-smart-probe:46512997:T549i", 1)
    if fault is not None:
        probe.set_fault(Fault(fault), on=True)
    async with bench(Setup(instruments=(probe,), lan=False, announce_to=None)) as air:
        assert air.hci is not None
        monkeypatch.setenv(HCI_VARIABLE, air.hci)
        findings = await diagnosis_ble.findings(
            BUILT_IN, BACKEND, 2.0, diagnosis_ble.Asked(BUILT_IN["testo-smart-probe"])
        )

    spoken = [each for each in findings if each.about == "testo-smart-probe.46512997"][-1]
    assert (good, True) == (spoken.good, said in spoken.found)


def bluez(monkeypatch, *devices):
    """Let BlueZ know these devices: name, address, and which of its states are true."""

    async def objects():
        return {
            f"/dev/{number}": {
                bonding.DEVICE: {
                    "Name": Variant("s", name),
                    "Address": Variant("s", address),
                    **{state: Variant("b", value=True) for state in states},
                }
            }
            for number, (name, address, *states) in enumerate(devices)
        }

    monkeypatch.setattr(bonding, "_managed_objects", objects)


async def looked(monkeypatch, slug=None):
    monkeypatch.setenv(HCI_VARIABLE, "tcp-client:127.0.0.1:1")
    found = await diagnosis_ble.findings(
        BUILT_IN, BACKEND, 0.5, diagnosis_ble.Asked(BUILT_IN.get(slug))
    )
    return {each.about: each for each in found}


async def test_who_holds_a_connection_is_named_as_a_radio_has_few(monkeypatch):
    bluez(monkeypatch, ("Headset", "AA:00", "Connected"), ("T549i", "BB:00", "Bonded"))

    connections = (await looked(monkeypatch))["connections"]

    assert "1 device: Headset (AA:00)" == connections.found
    assert "may hold no more" in (connections.remedy or "")


@pytest.mark.parametrize(
    ("slug", "devices", "good", "said"),
    [
        (None, (), True, "none"),
        ("testo-330-2-ll", (), False, "none"),
        ("testo-330-2-ll", (("t330", "00:13", "Paired"),), True, "t330 (00:13): none is known"),
    ],
)
async def test_what_is_not_bonded_is_a_fault_only_where_it_is_needed(
    monkeypatch, slug, devices, good, said
):
    bluez(monkeypatch, *devices)

    bonded = (await looked(monkeypatch, slug))["bonded devices"]

    assert (good, True) == (bonded.good, said in bonded.found)
    assert "bluetoothctl" in (bonded.remedy or "")


@pytest.mark.parametrize(("slug", "good"), [(None, True), ("testo-330-2-ll", False)])
async def test_a_python_without_bluetooth_sockets_stops_only_who_needs_them(
    monkeypatch, slug, good
):
    bluez(monkeypatch)
    monkeypatch.delattr(diagnosis_ble.socket, "AF_BLUETOOTH", raising=False)

    assert good is (await looked(monkeypatch, slug))["Bluetooth Classic"].good


async def test_the_last_words_are_said_to_an_instrument_that_was_only_tried(line: PtyPair):
    """Otherwise its keypad would stay locked."""
    far = os.open(line.paths[1], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    await diagnosis_serial.answer(BUILT_IN["testo-330-1-ll"], line.paths[0], 0.3)
    await asyncio.sleep(0.3)
    said = os.read(far, 4096)
    os.close(far)

    assert said.endswith(LEAVE_SLAVE_MODE)


async def test_polls_in_vain_are_no_answer(line: PtyPair):
    finding = only(await diagnosis_serial.answer(BUILT_IN["ateq-f6"], line.paths[0], 3.0))

    assert (False, "nobody answers") == (finding.good, finding.found)


def test_a_line_behind_a_network_adapter_is_not_looked_for_among_the_devices():
    assert only(diagnosis_serial.findings("127.0.0.1:4001")).good


def test_whoever_made_a_pseudo_terminal_is_what_should_answer_and_no_other_program(tmp_path):
    with simulators(tmp_path) as releve:
        module = releve.simulator("winsen-mhz19")
        finding = only(diagnosis_serial.findings(module.port))

    assert finding.good, finding
