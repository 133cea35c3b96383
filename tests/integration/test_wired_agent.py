"""The whole agent with wired instruments, simulated on a pseudo-terminal and on TCP."""

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
