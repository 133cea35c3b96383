"""What goes wrong with a Bluetooth radio, in words a person can act on."""

from collections.abc import Mapping

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from contract.words import Words, literal

RADIO_ERRORS = (BleakError, OSError, EOFError)
"""What bleak lets through; its D-Bus library says EOFError when the bus is gone."""


NO_ADAPTER = Words("there is no Bluetooth adapter: plug one in")
IS_OFF = Words("Bluetooth is off: switch it on")
NOT_ALLOWED = Words("this user may not use Bluetooth: have it allowed")
STALE_BOND = Words(
    "the bonding is out of date: remove the instrument from the system's Bluetooth devices, and bond it afresh"
)
NOT_BONDED = Words(
    "the instrument wants to be bonded first: bond it in the system's Bluetooth devices"
)
NO_SLOT = Words(
    "the radio holds as many connections as it can: unpair an instrument that is not needed"
)
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
    "org.bluez.Error.AuthenticationFailed": STALE_BOND,
    "org.bluez.Error.AuthenticationRejected": STALE_BOND,
    "org.bluez.Error.NotReady": IS_OFF,
    "org.freedesktop.DBus.Error.AccessDenied": NOT_ALLOWED,
    "org.freedesktop.DBus.Error.NameHasNoOwner": NO_SERVICE,
    "org.freedesktop.DBus.Error.ServiceUnknown": NO_SERVICE,
}


_IN_THE_DETAILS: Mapping[str, Words] = {
    "concurrent-connection-limit": NO_SLOT,
    "key-missing": STALE_BOND,
    "Authentication Failed": STALE_BOND,
}
"""What BlueZ puts behind an error of which the name says little."""
_BY_THE_INSTRUMENT: Mapping[BleakGATTProtocolErrorCode, Words] = {
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION: NOT_BONDED,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION: NOT_BONDED,
}


def why(error: Exception) -> str:
    """Return what went wrong: in our words when the radio itself cannot be used, otherwise as the library says it."""
    words: Words | None = None
    match error:
        case BleakBluetoothNotAvailableError():
            words = _UNAVAILABLE.get(error.reason) or literal(str(error.args[0]))
        case BleakDBusError():
            words = _ON_THE_BUS.get(error.dbus_error) or _detailed(str(error))
        case BleakGATTProtocolError():
            words = _BY_THE_INSTRUMENT.get(error.code)
        case FileNotFoundError() | ConnectionError() | EOFError():
            words = NO_SERVICE  # its bus is not there
        case _:
            pass
    return words or str(error) or type(error).__name__


def _detailed(text: str) -> Words | None:
    return next((words for mark, words in _IN_THE_DETAILS.items() if mark in text), None)
