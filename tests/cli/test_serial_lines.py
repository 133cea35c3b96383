"""Which serial lines there are, and what may hang on them."""

from pathlib import Path

import pytest
from serial.tools.list_ports_common import ListPortInfo

from agent.cli import serial_lines
from drivers.catalog import BUILT_IN


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
