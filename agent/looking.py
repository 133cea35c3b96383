"""Where instruments are looked for, as the settings say."""

from collections.abc import Iterator
from typing import TypeVar

from agent.adapters.ble import BleWatcher
from agent.adapters.gatt import Backend
from agent.adapters.lan import LanWatcher
from agent.adapters.places import Place, PlaceWatcher
from agent.adapters.rfcomm import RfcommWatcher
from agent.adapters.serial_line import SerialPort
from agent.ports import Watcher
from agent.settings import Settings, SettingsError
from drivers.catalog import Catalogue
from drivers.kit.description import Instrument, ModbusLink, SerialLink

LinkT = TypeVar("LinkT", SerialLink, ModbusLink)


def watchers(settings: Settings, catalogue: Catalogue) -> list[Watcher]:
    """Return the media on which instruments are looked for; raises SettingsError for a slug that does not fit."""
    chosen: list[Watcher] = []
    if settings.ble:
        chosen.append(BleWatcher(catalogue, Backend(settings.ble_backend)))
    if settings.lan:
        chosen.append(LanWatcher(catalogue, settings.lan_host, settings.lan_ports))
    if settings.bluetooth_classic:
        chosen.append(RfcommWatcher(catalogue))
    if places := [*_lines(settings, catalogue), *_modbus(settings, catalogue)]:
        chosen.append(PlaceWatcher(places))
    return chosen


def _lines(settings: Settings, catalogue: Catalogue) -> Iterator[Place]:
    for number, each in enumerate(settings.serial):
        instrument, link = _speaking(catalogue, f"serial.{number}", each.slug, SerialLink)
        yield SerialPort(instrument, link, each.path)


def _modbus(settings: Settings, catalogue: Catalogue) -> Iterator[Place]:
    if not settings.modbus:
        return
    from agent.adapters.modbus import Lines, ModbusPlace  # noqa: PLC0415 - most agents need no pymodbus

    lines: Lines = {}
    for number, each in enumerate(settings.modbus):
        instrument, link = _speaking(catalogue, f"modbus.{number}", each.slug, ModbusLink)
        device = link.device if each.device is None else each.device
        yield ModbusPlace(instrument, link, each.port, device, lines)


def _speaking(
    catalogue: Catalogue, place: str, slug: str, kind: type[LinkT]
) -> tuple[Instrument, LinkT]:
    able = {
        each.slug: (each, link)
        for each in catalogue.values()
        for link in each.links
        if isinstance(link, kind)
    }
    if slug not in able:
        where = "on a serial line" if kind is SerialLink else "over Modbus"
        known = ", ".join(sorted(able)) or "none"
        raise SettingsError(f"{place}.slug: {slug!r} does not speak {where}; known are {known}")
    return able[slug]
