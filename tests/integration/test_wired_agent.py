"""The whole agent with wired instruments, simulated on a pseudo-terminal and on TCP."""

import subprocess
import sys
import time

import pytest

from firmware_sims.testing import Office, bench

pytestmark = [pytest.mark.integration, pytest.mark.timeout(90)]


def instruments(office: Office) -> dict[str, dict]:
    return {each["slug"]: each for each in office.agent.get("/v1/instruments")["items"]}


def until(holds, within=30.0):
    end = time.monotonic() + within
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.1)
    return found


def live(office: Office, slug: str) -> dict[str, str | None]:
    return {each["quantity"]: each["value"] for each in instruments(office)[slug]["readings"]}


def test_modbus_on_a_line_and_a_module_behind_a_network_adapter_are_paired_read_and_recover(
    tmp_path,
):
    with bench(tmp_path) as releve:
        line = releve.simulator("senseair", "--setup", "stuffy-room")
        module = releve.simulator("winsen-mhz19", "--link", "tcp")
        office = releve.office(line, module)
        until(lambda: {"senseair", "winsen-mhz19"} <= instruments(office).keys())
        for each in instruments(office).values():
            if each["near"]:
                office.agent.post(f"/v1/instruments/{each['id']}/pair", {})
        line.set(carbon_dioxide_ambient="1234", hold=True)
        module.set(carbon_dioxide_ambient="850", hold=True)

        until(lambda: live(office, "senseair").get("carbon_dioxide_ambient") == "1234")
        until(lambda: live(office, "winsen-mhz19").get("carbon_dioxide_ambient") == "850")

        for each, slug in ((line, "senseair"), (module, "winsen-mhz19")):
            each.fault("link_loss")
            until(lambda slug=slug: not instruments(office)[slug]["connected"])
            assert instruments(office)[slug]["reason"]
            each.fault("link_loss", on=False)
            until(lambda slug=slug: instruments(office)[slug]["connected"])
        line.set(carbon_dioxide_ambient="777", hold=True)
        until(lambda: live(office, "senseair").get("carbon_dioxide_ambient") == "777")


def test_a_manometer_on_a_line_is_known_by_the_serial_it_says_over_the_link(tmp_path):
    with bench(tmp_path) as releve:
        manometer = releve.simulator("keller-gauge")
        office = releve.office(manometer)
        until(lambda: "keller-gauge" in instruments(office))
        place = instruments(office)["keller-gauge"]["id"]
        office.agent.post(f"/v1/instruments/{place}/pair", {})

        until(lambda: instruments(office)["keller-gauge"]["serial"] == manometer.serial)
        assert not instruments(office)["keller-gauge"]["weak"]


@pytest.mark.parametrize("serial", ["right", "999"])
def test_only_the_instrument_with_the_serial_is_read(tmp_path, serial):
    with bench(tmp_path) as releve:
        manometer = releve.simulator("keller-gauge")
        module = releve.simulator("winsen-mhz19", "--link", "tcp")
        wanted = manometer.serial if serial == "right" else serial
        read = [_read(each, "--serial", wanted) for each in (manometer, module)]

    assert (serial == "right") is ("gauge_pressure" in read[0].stdout)
    assert (0 if serial == "right" else 1) == read[0].returncode
    assert (1, "") == (read[1].returncode, read[1].stdout)
    assert "some say none: then leave --serial out" in read[1].stderr


def test_an_address_on_a_bus_is_refused_where_there_is_no_bus(tmp_path):
    with bench(tmp_path) as releve:
        done = _read(releve.simulator("keller-gauge"), "--device", "9")

    assert 2 == done.returncode
    assert "--device: keller-gauge does not speak Modbus" in done.stderr


def _read(simulator, *options: str) -> subprocess.CompletedProcess[str]:
    ready = simulator.ready
    place = ready.get("path") or f"{ready['address']}:{ready['port']}"
    words = ["read", simulator.slug, "--port", place, "--seconds", "3", *options]
    return subprocess.run(
        [sys.executable, "-m", "releve", *words], check=False, capture_output=True, text=True
    )


def test_who_it_is_is_told_once_though_a_manometer_says_it_in_every_round(tmp_path):
    with bench(tmp_path) as releve:
        manometer = releve.simulator("keller-gauge")
        said = releve.read(manometer, 4.0)

    stated = [each["instrument"] for each in said if "instrument" in each]
    assert 1 == sum(each.get("serial") == manometer.serial for each in stated)
    assert 3 <= sum(each.get("quantity") == "gauge_pressure" for each in said)


def test_an_analyser_states_its_fuel_and_its_values(tmp_path):
    with bench(tmp_path) as releve:
        analyser = releve.simulator("testo-330-2-ll", "--setup", "co-alarm", "--link", "tcp")
        office = releve.office(analyser)
        until(lambda: "testo-330-2-ll" in instruments(office))
        place = instruments(office)["testo-330-2-ll"]["id"]
        office.agent.post(f"/v1/instruments/{place}/pair", {})
        analyser.set(oxygen="4.2", hold=True)

        until(lambda: live(office, "testo-330-2-ll").get("oxygen") == "4.2")
        assert instruments(office)["testo-330-2-ll"]["fuel"]
