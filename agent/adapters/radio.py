"""What goes wrong with a Bluetooth radio, in words a person can act on."""

from collections.abc import Mapping

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

from contract.words import Words, literal

RADIO_ERRORS = (BleakError, OSError, EOFError)
"""What bleak lets through; its D-Bus library says EOFError when the bus is gone."""


NO_ADAPTER = Words("there is no Bluetooth adapter: plug one in")
IS_OFF = Words("Bluetooth is off: switch it on")
NOT_ALLOWED = Words("this user may not use Bluetooth: have it allowed")
NO_SERVICE = Words("the Bluetooth service does not answer: start bluetoothd")
_UNAVAILABLE: Mapping[BleakBluetoothNotAvailableReason, Words] = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: NO_ADAPTER,
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: NO_ADAPTER,
    BleakBluetoothNotAvailableReason.POWERED_OFF: IS_OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: NOT_ALLOWED,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: NOT_ALLOWED,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: NOT_ALLOWED,
}
_ON_THE_BUS: Mapping[str, Words] = {
    "org.bluez.Error.NotReady": IS_OFF,
    "org.freedesktop.DBus.Error.AccessDenied": NOT_ALLOWED,
    "org.freedesktop.DBus.Error.NameHasNoOwner": NO_SERVICE,
    "org.freedesktop.DBus.Error.ServiceUnknown": NO_SERVICE,
}


def why(error: Exception) -> str:
    """Return what went wrong: in our words when the radio itself cannot be used, otherwise as the library says it."""
    words: Words | None = None
    match error:
        case BleakBluetoothNotAvailableError():
            words = _UNAVAILABLE.get(error.reason) or literal(str(error.args[0]))
        case BleakDBusError():
            words = _ON_THE_BUS.get(error.dbus_error)
        case FileNotFoundError() | ConnectionError() | EOFError():
            words = NO_SERVICE  # its bus is not there
        case _:
            pass
    return words or str(error) or type(error).__name__
