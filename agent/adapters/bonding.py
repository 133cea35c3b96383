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
    """A device that the operating system knows, as one that it has bonded with."""

    name: str
    address: str


async def bonded_devices() -> list[Bonded]:
    """Return the bonded devices; raises BondingError. Other systems than Linux give them a COM port instead."""
    return await _devices("Bonded", "Paired")


async def connected_devices() -> list[Bonded]:
    """Return the devices that hold a connection now, ours and those of other programs; raises BondingError."""
    return await _devices("Connected")


async def _devices(*states: str) -> list[Bonded]:
    """Return the devices of which one of ``states`` is true."""
    if sys.platform != "linux":
        return []
    objects = await _managed_objects()
    devices = [interfaces[DEVICE] for interfaces in objects.values() if DEVICE in interfaces]
    return [
        Bonded(str(each["Name"].value), str(each["Address"].value))
        for each in devices
        if "Name" in each
        and "Address" in each
        and any(state in each and bool(each[state].value) for state in states)
    ]


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
