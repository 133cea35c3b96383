"""Where instruments are looked for, as the settings say."""

from collections.abc import Iterator

from agent.adapters.ble import BleWatcher
from agent.adapters.gatt import Backend
from agent.adapters.lan import LanWatcher
from agent.adapters.places import Place, PlaceWatcher
from agent.adapters.rfcomm import RfcommWatcher
from agent.adapters.streams import stream_at
from agent.adapters.usb_bulk import UsbWatcher
from agent.ports import Watcher
from agent.settings import Settings, SettingsError
from drivers.catalog import Catalogue
from drivers.kit.description import Instrument, ModbusLink, RfcommLink, SerialLink

STREAMS = frozenset({SerialLink.medium, RfcommLink.medium})
MODBUS = frozenset({ModbusLink.medium})


def watchers(settings: Settings, catalogue: Catalogue) -> list[Watcher]:
    """Return the media on which instruments are looked for; raises SettingsError for a slug that does not fit."""
    _check(settings, catalogue)
    chosen: list[Watcher] = []
    if settings.ble:
        chosen.append(BleWatcher(catalogue, Backend(settings.ble_backend)))
    if settings.lan:
        chosen.append(LanWatcher(catalogue, settings.lan_host, settings.lan_ports))
    if settings.bluetooth_classic:
        chosen.append(RfcommWatcher(catalogue))
    if settings.usb:
        chosen.append(UsbWatcher(catalogue))
    if places := [*_lines(settings, catalogue), *_modbus(settings, catalogue)]:
        chosen.append(PlaceWatcher(places))
    return chosen


def _check(settings: Settings, catalogue: Catalogue) -> None:
    """Raise SettingsError for a port of nobody, and for two instruments in one place."""
    for slug in settings.lan_ports:
        if slug not in catalogue:
            raise SettingsError(f"lan_ports.{slug}: there is no such kind of instrument")
    lines = [each.path for each in settings.serial]
    devices = [(each.port, each.device) for each in settings.modbus]
    for name, places in (("serial", lines), ("modbus", devices)):
        twice = next((at for at, each in enumerate(places) if each in places[:at]), None)
        if twice is not None:
            raise SettingsError(
                f"{name}.{twice}: another instrument hangs there: correct one of them"
            )


def _lines(settings: Settings, catalogue: Catalogue) -> Iterator[Place]:
    for number, each in enumerate(settings.serial):
        instrument = catalogue.get(each.slug)
        place = None if instrument is None else stream_at(instrument, each.path)
        if place is None:
            raise _does_not_speak(catalogue, f"serial.{number}", each.slug, STREAMS)
        yield place


def _modbus(settings: Settings, catalogue: Catalogue) -> Iterator[Place]:
    if not settings.modbus:
        return
    from agent.adapters.modbus import Lines, ModbusPlace  # noqa: PLC0415 - most agents need no pymodbus

    lines: Lines = {}
    for number, each in enumerate(settings.modbus):
        instrument = catalogue.get(each.slug)
        links = () if instrument is None else instrument.links
        link = next((one for one in links if isinstance(one, ModbusLink)), None)
        if instrument is None or link is None:
            raise _does_not_speak(catalogue, f"modbus.{number}", each.slug, MODBUS)
        device = link.device if each.device is None else each.device
        yield ModbusPlace(instrument, link, each.port, device, lines)


def _does_not_speak(
    catalogue: Catalogue, place: str, slug: str, media: frozenset[str]
) -> SettingsError:
    able = [each.slug for each in catalogue.values() if _speaks(each, media)]
    where = "over Modbus" if media is MODBUS else "on a line"
    known = ", ".join(sorted(able)) or "none"
    elsewhere = catalogue.get(slug)
    if elsewhere is not None and media is STREAMS and _speaks(elsewhere, MODBUS):
        where += ": name it under modbus"
    if elsewhere is not None and media is MODBUS and _speaks(elsewhere, STREAMS):
        where += ": name it under serial"
    return SettingsError(f"{place}.slug: {slug!r} does not speak {where}; known are {known}")


def _speaks(instrument: Instrument, media: frozenset[str]) -> bool:
    return any(link.medium in media for link in instrument.links)
