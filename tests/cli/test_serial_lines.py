"""Which serial lines there are, and what may hang on them."""

from dataclasses import replace
from pathlib import Path

import pytest
from serial.tools.list_ports_common import ListPortInfo

from agent.adapters.bonding import Bonded, BondingError
from agent.cli import bench, bonded, serial_lines
from contract.instrument import InstrumentIdentity
from drivers.catalog import BUILT_IN
from drivers.kit.description import RfcommLink


@pytest.fixture
def adapter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ListPortInfo:
    device, lasting = tmp_path / "ttyUSB0", tmp_path / "by-id"
    device.touch()
    lasting.mkdir()
    (lasting / "usb-Acme_1-if00").symlink_to(device)
    port = ListPortInfo(str(device), skip_link_detection=True)
    port.description, port.hwid = "Acme adapter", "USB VID:PID=0403:6001"
    ready = ListPortInfo("/dev/ttyS9", skip_link_detection=True)
    monkeypatch.setattr(serial_lines, "BY_ID", lasting)
    monkeypatch.setattr(serial_lines.list_ports, "comports", lambda: [port, ready])
    return port


def test_a_line_is_named_by_the_name_that_stays_and_tells_what_may_hang_on_it(adapter):
    [line] = serial_lines.serial_lines(BUILT_IN)

    assert str(line["path"]).endswith("by-id/usb-Acme_1-if00")
    assert "Acme adapter" == line["what"]
    assert "scanner-line" in str(line["may_be"])
    assert "testo-300" not in str(line["may_be"])


def bonded_are(monkeypatch, *names):
    async def devices():
        return [Bonded(name, f"00:13:EF:00:00:{at:02}") for at, name in enumerate(names)]

    monkeypatch.setattr(bonded, "bonded_devices", devices)


def test_bonded_devices_are_named_with_what_they_may_be(monkeypatch):
    bonded_are(monkeypatch, "t330", "Headset")

    listed = bonded.bonded(BUILT_IN)

    assert ["t330", "Headset"] == [each["what"] for each in listed]
    assert "00:13:EF:00:00:00" == listed[0]["path"]
    assert "testo-330-2-ll" in str(listed[0]["may_be"])
    assert "testo-300" not in str(listed[0]["may_be"])


def test_a_bonded_device_that_a_driver_knows_by_name_is_shown_as_that_instrument_alone(
    monkeypatch,
):
    bonded_are(monkeypatch, "X9 4711", "Headset")
    known = InstrumentIdentity(slug="acme-x9", vendor="Acme", model="X9", serial="4711")
    link = RfcommLink(
        converse=BUILT_IN["scanner-line"].links[0].converse,
        identify=lambda name: known if name.startswith("X9") else None,
    )
    acme = replace(BUILT_IN["scanner-line"], slug="acme-x9", links=(link,))

    assert ["Headset"] == [each["what"] for each in bonded.bonded({"acme-x9": acme})]


def test_where_nobody_can_be_asked_nobody_is_listed(monkeypatch):
    async def devices():
        raise BondingError("no service")

    monkeypatch.setattr(bonded, "bonded_devices", devices)

    assert [] == bonded.bonded(BUILT_IN)


def test_every_medium_on_which_instruments_show_themselves_says_why():
    media = {link.medium for each in BUILT_IN.values() for link in each.links}

    assert media - {"serial", "modbus"} == bench.BECAUSE.keys()
