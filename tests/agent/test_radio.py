"""What is said of a radio that cannot be used."""

import asyncio

import pytest
import structlog
from bleak.backends.scanner import BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
)

from agent.adapters import ble
from agent.adapters.ble import BleWatcher
from agent.adapters.gatt import Backend
from agent.adapters.radio import why
from drivers.catalog import BUILT_IN
from tests.fakes.van import until

Reason = BleakBluetoothNotAvailableReason


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BleakBluetoothNotAvailableError("x", Reason.NO_BLUETOOTH), "no Bluetooth adapter"),
        (BleakBluetoothNotAvailableError("x", Reason.POWERED_OFF), "Bluetooth is off"),
        (BleakBluetoothNotAvailableError("x", Reason.DENIED_BY_SYSTEM), "may not use Bluetooth"),
        (BleakDBusError("org.bluez.Error.NotReady", []), "Bluetooth is off"),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", ["x"]), "start bluetoothd"),
        (BleakDBusError("org.bluez.Error.AuthenticationFailed", ["x"]), "bonding is out of date"),
        (BleakDBusError("org.bluez.Error.Failed", ["br-connection-key-missing"]), "out of date"),
        (
            BleakDBusError(
                "org.bluez.Error.Failed", ["le-connection-concurrent-connection-limit"]
            ),
            "as many connections as it can",
        ),
        (BleakGATTProtocolError(0x05), "wants to be bonded"),
        (BleakGATTProtocolError(0x0F), "wants to be bonded"),
        (BleakGATTProtocolError(0x01), "GATT Protocol Error"),
        (FileNotFoundError(2, "no bus"), "start bluetoothd"),
        (ConnectionRefusedError(111, "no bus"), "start bluetoothd"),
        (BleakError("gatt error 133"), "gatt error 133"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_a_radio_that_cannot_be_used_is_told_from_one_that_failed(error: Exception, said: str):
    assert said in why(error)


class Scanner(BaseBleakScanner):
    """Has no adapter, until one is plugged in."""

    plugged = False
    tried = 0

    def __init__(self, callback, service_uuids, _mode, **_options):
        super().__init__(callback, service_uuids)

    async def start(self):
        Scanner.tried += 1
        if not Scanner.plugged:
            raise BleakBluetoothNotAvailableError("none", Reason.NO_BLUETOOTH)

    async def stop(self):
        pass


async def test_a_missing_adapter_is_logged_once_and_known_until_there_is_one(monkeypatch):
    monkeypatch.setattr(ble, "SCAN_AGAIN_AFTER", 0.01)
    monkeypatch.setattr(Scanner, "tried", 0)
    monkeypatch.setattr(Scanner, "plugged", False)
    backend = Backend(None)
    backend.scanner = Scanner
    watcher = BleWatcher(BUILT_IN, backend)

    with structlog.testing.capture_logs() as entries:
        watching = asyncio.ensure_future(watcher.watch(lambda _: None))
        await until(lambda: Scanner.tried >= 4)
        trouble = watcher.trouble
        monkeypatch.setattr(Scanner, "plugged", True)
        await until(lambda: watcher.trouble is None)
        watching.cancel()
        await asyncio.wait([watching])

    assert "there is no Bluetooth adapter: plug one in" == trouble
    assert [trouble] == [each["reason"] for each in entries]
