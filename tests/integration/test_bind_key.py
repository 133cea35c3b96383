"""What is encrypted is read with its key, and only with it."""

import subprocess
import sys

import pytest

from agent.cli import diagnosis_ble
from drivers.catalog import BUILT_IN
from firmware_sims.air import Setup
from firmware_sims.air import bench as on_the_air
from firmware_sims.bleak_radio import HCI_VARIABLE
from firmware_sims.bthome import SealedSensor
from firmware_sims.catalogue import build
from firmware_sims.testing import bench

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]

BACKEND = "firmware_sims.bleak_backend"
ASKED = diagnosis_ble.Asked(BUILT_IN["bthome"])


@pytest.mark.parametrize("key", ["right", "wrong", None])
def test_an_encrypted_sensor_is_read_with_its_own_key_alone(tmp_path, key):
    with bench(tmp_path) as releve:
        sensor = releve.simulator("bthome", "--model", "encrypted")
        right = sensor.ready.pop("bind_key")
        if key is not None:
            sensor.ready["bind_key"] = right if key == "right" else "00" * 16
        said = releve.read(sensor, 3.0)

    values = {each["quantity"] for each in said if each.get("value")}
    assert ({"temperature", "relative_humidity"} <= values) is (key == "right")
    assert (key is None) is any("encrypted" in each.get("fault", "") for each in said)
    assert (key == "wrong") is any("another key" in each.get("rejected", "") for each in said)


async def test_the_doctor_says_that_a_key_is_missing(monkeypatch: pytest.MonkeyPatch):
    sensor = build("bthome::encrypted", 1)
    async with on_the_air(Setup(instruments=(sensor,), lan=False, announce_to=None)) as air:
        assert air.hci is not None
        monkeypatch.setenv(HCI_VARIABLE, air.hci)
        findings = await diagnosis_ble.findings(BUILT_IN, BACKEND, 4.0, ASKED)

    spoken = [each for each in findings if each.about.startswith("bthome.")][-1]
    assert (False, "its advertisements are encrypted") == (spoken.good, spoken.found)
    assert "--bind-key" in (spoken.remedy or "")


async def test_with_the_key_the_doctor_hears_it(monkeypatch: pytest.MonkeyPatch):
    sensor = build("bthome::encrypted", 1)
    assert isinstance(sensor, SealedSensor)
    asked = diagnosis_ble.Asked(BUILT_IN["bthome"], sensor.bind_key)
    async with on_the_air(Setup(instruments=(sensor,), lan=False, announce_to=None)) as air:
        assert air.hci is not None
        monkeypatch.setenv(HCI_VARIABLE, air.hci)
        findings = await diagnosis_ble.findings(BUILT_IN, BACKEND, 4.0, asked)

    spoken = [each for each in findings if each.about.startswith("bthome.")][-1]
    assert (True, "it answers") == (spoken.good, spoken.found)


@pytest.mark.parametrize(
    ("slug", "found"),
    [("testo-300", "not heard"), ("senseair", "does not speak over Bluetooth, but over modbus")],
)
async def test_a_kind_that_is_not_there_or_has_no_radio_is_named(
    monkeypatch: pytest.MonkeyPatch, slug: str, found: str
):
    sensor = build("bthome", 1)
    async with on_the_air(Setup(instruments=(sensor,), lan=False, announce_to=None)) as air:
        assert air.hci is not None
        monkeypatch.setenv(HCI_VARIABLE, air.hci)
        asked = diagnosis_ble.Asked(BUILT_IN[slug])
        findings = await diagnosis_ble.findings(BUILT_IN, BACKEND, 4.0, asked)

    said = {each.about: (each.good, each.found) for each in findings}
    assert (False, found) == said[slug]


async def test_control_a_sensor_that_encrypts_nothing_is_well(monkeypatch: pytest.MonkeyPatch):
    sensor = build("bthome", 1)
    async with on_the_air(Setup(instruments=(sensor,), lan=False, announce_to=None)) as air:
        assert air.hci is not None
        monkeypatch.setenv(HCI_VARIABLE, air.hci)
        findings = await diagnosis_ble.findings(BUILT_IN, BACKEND, 4.0, ASKED)

    spoken = [each for each in findings if each.about.startswith("bthome.")][-1]
    assert (True, "it answers") == (spoken.good, spoken.found)


@pytest.mark.parametrize(
    ("slug", "key", "complaint"),
    [
        ("bthome", "xyz", "give hexadecimal digits"),
        ("bthome", "00ff", "takes 32 hexadecimal digits"),
        ("testo-smart-probe", "00" * 16, "takes no key"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(slug, key, complaint):
    done = subprocess.run(
        [sys.executable, "-m", "releve", "read", slug, "--bind-key", key],
        check=False,
        capture_output=True,
        text=True,
    )

    assert 2 == done.returncode
    assert complaint in done.stderr
