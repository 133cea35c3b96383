"""Which instruments an agent knows, and where it looks for them."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from agent import catalogue
from agent.adapters.modbus import ModbusPlace
from agent.adapters.places import PlaceWatcher
from agent.adapters.rfcomm import RfcommWatcher
from agent.adapters.serial_line import SerialPort
from agent.looking import watchers
from agent.settings import Settings, SettingsError
from drivers.catalog import BUILT_IN
from tests.drivers.test_generic import MODBUS


def points(monkeypatch: pytest.MonkeyPatch, *values: str) -> None:
    made = [
        EntryPoint(f"p{number}", value, catalogue.GROUP) for number, value in enumerate(values)
    ]
    monkeypatch.setattr(catalogue, "entry_points", lambda group: made)


def settings(**said) -> Settings:
    return Settings(name="van-7", ble=False, **said)


def test_without_anything_else_the_built_in_ones_are_known():
    assert dict(BUILT_IN) == catalogue.load().catalogue


def test_a_described_instrument_comes_beside_the_built_in_ones(tmp_path):
    file = tmp_path / "x1.toml"
    file.write_text(MODBUS)
    known = catalogue.load([file]).catalogue

    assert {"acme-x1"} == known.keys() - BUILT_IN.keys()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (MODBUS.replace('"oxygen"', '"oxigen"'), ":13: modbus.value.1.quantity"),
        (MODBUS.replace("acme-x1", "testo-300"), "'testo-300' is taken"),
        (None, "No such file"),
    ],
)
def test_a_file_that_describes_none_is_refused_by_its_name(tmp_path, text, complaint):
    file = tmp_path / "x1.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        catalogue.load([file])

    assert "instrument_files" in str(caught.value)
    assert str(file) in str(caught.value) or "taken" in str(caught.value)
    assert complaint in str(caught.value)


def test_a_package_that_fails_is_reported_and_the_others_are_known(monkeypatch):
    points(
        monkeypatch,
        "no_such_module:X",
        "drivers.scanner.scanner_line:SCANNER_LINE",
        "tests.drivers.test_generic:HEAD",
    )
    known = catalogue.load()

    assert dict(BUILT_IN) == known.catalogue
    assert ["no_such_module", "is taken", ""] == [
        next((word for word in ("no_such_module", "is taken") if word in each), "")
        for each in known.troubles
    ]


def test_one_watcher_looks_at_every_place_and_modbus_devices_share_their_lines():
    serial = [{"slug": "scanner-line", "path": "/dev/a"}]
    modbus = [
        {"slug": "senseair", "port": "/dev/b"},
        {"slug": "senseair", "port": "/dev/b", "device": 104},
    ]
    [watcher] = watchers(settings(serial=serial, modbus=modbus), BUILT_IN)
    assert isinstance(watcher, PlaceWatcher)
    line, usual, other = watcher._places

    assert isinstance(line, SerialPort)
    assert isinstance(usual, ModbusPlace)
    assert isinstance(other, ModbusPlace)
    assert (0xFE, 104) == (usual.device, other.device)
    assert usual.lines is other.lines
    assert {"/dev/b/254", "/dev/b/104"} == {
        each.sighting().identity.address for each in (usual, other)
    }


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"serial": [{"slug": "senseair", "path": "/x"}]}, "serial.0.slug: 'senseair' does not"),
        (
            {"modbus": [{"slug": "nope", "port": "/x"}]},
            "modbus.0.slug: 'nope' does not speak over",
        ),
    ],
)
def test_a_slug_that_does_not_fit_its_place_is_named(said, complaint):
    with pytest.raises(SettingsError, match=complaint):
        watchers(settings(**said), BUILT_IN)


def test_bonded_devices_are_looked_at_only_when_wanted():
    assert [] == watchers(settings(), BUILT_IN)
    assert [RfcommWatcher] == [
        type(each) for each in watchers(settings(bluetooth_classic=True), BUILT_IN)
    ]


def test_what_most_agents_never_use_is_not_loaded_at_their_start():
    """The tables of biip alone take 16 MB."""
    seldom = {"biip", "pymodbus", "drivers.generic.file", "usb"}
    script = f"import agent.main, sys; print(sorted({seldom!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )

    assert "[]" == done.stdout.strip()
