"""Where a command looks for an instrument: on the radio and the network, or on the port that was named."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from agent import logs
from agent.adapters.ble import BleWatcher
from agent.adapters.gatt import Backend, BackendError
from agent.adapters.lan import LanWatcher
from agent.adapters.modbus import ModbusPlace, on_network
from agent.adapters.places import PlaceWatcher
from agent.adapters.rfcomm import RfcommWatcher
from agent.adapters.serial_line import SerialPort
from agent.cli import output
from agent.ports import Watcher
from drivers.catalog import Catalogue
from drivers.kit.description import (
    BleLink,
    BroadcastLink,
    Instrument,
    LanLink,
    ModbusLink,
    RfcommLink,
    SerialLink,
)

BackendOption = Annotated[
    str | None,
    typer.Option(help="Dotted name of a bleak backend.", envvar="RELEVE_AGENT_BLE_BACKEND"),
]
PortOption = Annotated[
    str | None,
    typer.Option(help="Where it hangs: a serial line, or host:port for Modbus TCP."),
]
DeviceOption = Annotated[
    int | None, typer.Option(min=0, max=255, help="Its Modbus address, if not the usual one.")
]


QUIET = "ERROR"
"""A command says in its own words what a watcher would warn of in the log."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person said of where an instrument is."""

    port: str | None = None
    device: int | None = None
    backend: str | None = None


def everywhere(catalogue: Catalogue, backend: str | None) -> list[Watcher]:
    """Return the media on which these instruments show themselves unasked."""
    logs.configure(QUIET)
    media = {link.medium for each in catalogue.values() for link in each.links}
    chosen: list[Watcher] = []
    try:
        if not media.isdisjoint({BleLink.medium, BroadcastLink.medium}):
            chosen.append(BleWatcher(catalogue, Backend(backend)))
    except BackendError as error:
        output.misused(f"--ble-backend: {error}")
    if LanLink.medium in media:
        chosen.append(LanWatcher(catalogue, "0.0.0.0"))  # noqa: S104 - announcements are broadcast
    if RfcommLink.medium in media:
        chosen.append(RfcommWatcher(catalogue))
    return chosen


def of(instrument: Instrument, told: Told) -> list[Watcher]:
    """Return where one kind of instrument is looked for; leaves with 2 when that cannot be."""
    if told.port is not None:
        return [_on_port(instrument, told.port, told.device)]
    wired = [each for each in instrument.links if isinstance(each, SerialLink | ModbusLink)]
    if wired and len(wired) == len(instrument.links):
        where = "a serial line" if isinstance(wired[0], SerialLink) else "Modbus"
        output.misused(f"{instrument.slug} speaks on {where}: name it with --port")
    return everywhere({instrument.slug: instrument}, told.backend)


def _on_port(instrument: Instrument, port: str, device: int | None) -> Watcher:
    logs.configure(QUIET)
    wired = on_network(port) is None
    if wired and not Path(port).exists():
        output.fail(f"{port}: no such device; plug it in, and see /dev/serial/by-id")
    for link in instrument.links:
        match link:
            case SerialLink() if wired:
                return PlaceWatcher([SerialPort(instrument, link, port)])
            case ModbusLink():
                address = link.device if device is None else device
                return PlaceWatcher([ModbusPlace(instrument, link, port, address, {})])
            case _:
                pass
    return output.misused(
        f"{instrument.slug} speaks neither on a serial line nor over Modbus, as on {port}"
    )


def trouble(watchers: list[Watcher]) -> str | None:
    """Return why the radio could not be listened to, None when it could."""
    for each in watchers:
        if isinstance(each, BleWatcher | RfcommWatcher) and each.trouble is not None:
            also = "; nothing showed itself on the network either" if len(watchers) > 1 else ""
            return f"{each.trouble}{also}"
    return None
