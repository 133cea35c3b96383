"""Which devices the operating system has bonded with, asked of BlueZ over D-Bus."""

import sys
from dataclasses import dataclass
from typing import Any

from agent.adapters.radio import NO_SERVICE

OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
DEVICE = "org.bluez.Device1"


class BondingError(Exception):
    """The operating system cannot be asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Bonded:
    """A device that the operating system has bonded with."""

    name: str
    address: str


async def bonded_devices() -> list[Bonded]:
    """Return the bonded devices; raises BondingError. Other systems than Linux give them a COM port instead."""
    if sys.platform != "linux":
        return []
    objects = await _managed_objects()
    devices = [interfaces[DEVICE] for interfaces in objects.values() if DEVICE in interfaces]
    return [
        Bonded(str(each["Name"].value), str(each["Address"].value))
        for each in devices
        if "Name" in each and "Address" in each and _is_bonded(each)
    ]


def _is_bonded(device: dict[str, Any]) -> bool:
    return any(key in device and bool(device[key].value) for key in ("Bonded", "Paired"))


async def _managed_objects() -> dict[str, dict[str, Any]]:
    from dbus_fast import BusType, Message, MessageType  # noqa: PLC0415 - only installed on Linux
    from dbus_fast.aio import MessageBus  # noqa: PLC0415 - only installed on Linux
    from dbus_fast.errors import DBusError  # noqa: PLC0415 - only installed on Linux

    try:
        bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    except (OSError, EOFError, DBusError) as error:
        raise BondingError(NO_SERVICE) from error
    try:
        answer = await bus.call(
            Message(
                destination="org.bluez",
                path="/",
                interface=OBJECT_MANAGER,
                member="GetManagedObjects",
            )
        )
    except (OSError, EOFError, DBusError) as error:
        raise BondingError(NO_SERVICE) from error
    finally:
        bus.disconnect()
    if answer.message_type is not MessageType.METHOD_RETURN:
        raise BondingError(NO_SERVICE)
    objects: dict[str, dict[str, Any]] = answer.body[0]
    return objects
