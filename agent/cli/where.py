"""Where a command looks for an instrument: on the radio and the network, or on the port that was named."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from agent import logs
from agent.adapters.ble import BleWatcher
from agent.adapters.gatt import Backend, BackendError
from agent.adapters.lan import LanWatcher
from agent.adapters.modbus import ModbusPlace
from agent.adapters.places import PlaceWatcher, on_network
from agent.adapters.rfcomm import RfcommWatcher
from agent.adapters.streams import BLUETOOTH_ADDRESS, stream_at
from agent.adapters.usb_bulk import UsbWatcher
from agent.cli import output
from agent.ports import Watcher
from drivers.catalog import Catalogue
from drivers.kit.description import (
    NAMED_BY_NOBODY,
    BleLink,
    BroadcastLink,
    Instrument,
    LanLink,
    LinkDescription,
    ModbusLink,
    RfcommLink,
    SerialLink,
    UsbLink,
)

BackendOption = Annotated[
    str | None,
    typer.Option(help="Dotted name of a bleak backend.", envvar="RELEVE_AGENT_BLE_BACKEND"),
]
PortOption = Annotated[
    str | None,
    typer.Option(help="Where it hangs: a serial line, host:port, or a bonded Bluetooth address."),
]
DeviceOption = Annotated[
    int | None, typer.Option(min=0, max=255, help="Its Modbus address, if not the usual one.")
]


BindKeyOption = Annotated[
    str | None,
    typer.Option(
        help="What the instrument encrypts its advertisements with, in hexadecimal; best in the environment.",
        envvar="RELEVE_BIND_KEY",
        show_default=False,
    ),
]


def bind_key(text: str | None, instrument: Instrument) -> bytes | None:
    """Return the key that was given; leaves with 2 when it does not fit the instrument."""
    if text is None:
        return None
    sizes = {each.key_size for each in instrument.links if isinstance(each, BroadcastLink)} - {
        None
    }
    try:
        key = bytes.fromhex(text)
    except ValueError:
        output.misused("--bind-key: give hexadecimal digits")
    if len(key) not in sizes:
        known = ", ".join(f"{2 * size} hexadecimal digits" for size in sizes if size) or "no key"
        output.misused(f"--bind-key: {instrument.slug} takes {known}")
    return key


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
    if UsbLink.medium in media:
        chosen.append(UsbWatcher(catalogue))
    return chosen


def of(instrument: Instrument, told: Told) -> list[Watcher]:
    """Return where one kind of instrument is looked for; leaves with 2 when that cannot be."""
    if told.port is not None:
        return [_on_port(instrument, told.port, told.device)]
    if instrument.links and all(_is_named(each) for each in instrument.links):
        where = MUST_BE_NAMED[instrument.links[0].medium]
        output.misused(f"{instrument.slug} speaks {where}: name it with --port")
    return everywhere({instrument.slug: instrument}, told.backend)


MUST_BE_NAMED = {
    RfcommLink.medium: "over Bluetooth Classic, and its name is not known",
    SerialLink.medium: "on a serial line",
    ModbusLink.medium: "on Modbus",
}
"""Media on which an instrument is found only where a person says it is."""


def _is_named(link: LinkDescription) -> bool:
    shows_itself = isinstance(link, RfcommLink) and link.identify is not NAMED_BY_NOBODY
    return link.medium in MUST_BE_NAMED and not shows_itself


def _on_port(instrument: Instrument, port: str, device: int | None) -> Watcher:
    logs.configure(QUIET)
    if device is not None and not any(isinstance(one, ModbusLink) for one in instrument.links):
        output.misused(
            f"--device: {instrument.slug} does not speak Modbus, and has no such address"
        )
    elsewhere = BLUETOOTH_ADDRESS.fullmatch(port) or on_network(port)
    if not elsewhere and not Path(port).exists():
        output.fail(
            f"{port}: no such device; plug it in, and see /dev/serial/by-id; on the network write host:port"
        )
    stream = stream_at(instrument, port)
    if stream is not None:
        return PlaceWatcher([stream])
    for link in instrument.links:
        if isinstance(link, ModbusLink):
            address = link.device if device is None else device
            return PlaceWatcher([ModbusPlace(instrument, link, port, address, {})])
    media = ", ".join(dict.fromkeys(link.medium for link in instrument.links)) or "nothing known"
    return output.misused(f"{instrument.slug} does not speak there: it speaks over {media}")


def trouble(watchers: list[Watcher]) -> str | None:
    """Return why a medium could not be listened to, None when it could."""
    radios = [each for each in watchers if isinstance(each, BleWatcher)]
    others = [each for each in watchers if isinstance(each, RfcommWatcher | UsbWatcher)]
    # Most technicians have nothing on Bluetooth Classic or USB: what is missing there explains nothing else.
    for each in radios or others:
        if each.trouble is not None:
            network = any(isinstance(one, LanWatcher) for one in watchers)
            also = "; nothing showed itself on the network either" if network else ""
            return f"{each.trouble}{also}"
    return None
