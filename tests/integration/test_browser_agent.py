"""The technician's pages in a real browser, with the whole product behind them and simulated instruments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect, sync_playwright

from firmware_sims.demo.children import Children
from firmware_sims.demo.http import waited
from firmware_sims.demo.stage import (
    BUILDING,
    COLD_ROOM,
    T115I,
    T549I,
    TECHNICIAN,
    TESTO_300,
    Stage,
    free_ports,
)
from firmware_sims.demo.technician import Technician, calibrated
from tests.recordings import ALL
from tests.system_parts import require

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(90)]

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
TJF = next(each.data for each in ALL if each.name == "light_oil_over_http")
PHONE = {"width": 390, "height": 844}
NORTH, SOUTH, CIRCUIT = (
    f"report-{each}"
    for each in ("boiler-north-combustion", "boiler-south-combustion", "circuit-1-readings")
)
ANALYSER, PROBE, PIPE = (each.split(":")[1] for each in (TESTO_300, T549I, T115I))
BOILERS = (
    (NORTH, {"oxygen": "5.2", "carbon_monoxide": "23"}, "5,2 %"),
    (SOUTH, {"oxygen": "9.7", "carbon_monoxide": "71"}, "9,7 %"),
)
SOON = 15_000
TOO_SMALL = """() => [...document.querySelectorAll(
    "button, summary, select, textarea, nav a, .tick, input:not([type=checkbox], [type=radio], [type=hidden])")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
  .map((each) => each.outerHTML)"""


@dataclass
class Visit:
    """A page, and what the browser complained of or asked for."""

    page: Page
    stage: Stage
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.stage.agent.address + path)

    def sign_in(self) -> None:
        self.page.fill("#sign-in-name", TECHNICIAN[0])
        self.page.fill("#sign-in-pin", self.stage.pin)
        self.page.click("#sign-in-form button")
        expect(self.page.locator("#sign-in")).to_be_hidden()

    def instrument(self, serial: str) -> Locator:
        return self.page.locator("li.instrument", has_text=serial)

    def value(self, report: str, name: str) -> Locator:
        return self.page.locator(f"#{report}-{name}-value .value")

    def fits(self) -> None:
        """Nothing sticks out to the side, and a finger meets everything."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert [] == self.page.evaluate(TOO_SMALL)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    require("mosquitto", because="the broker between agent and gateway")
    with Children(tmp_path) as children:
        stage = Stage(children, free_ports())
        try:
            stage.start_office()
            stage.start_air(TESTO_300, T549I, T115I)
            stage.plan()
            stage.start_agent()
            yield stage
        finally:
            stage.close()


@pytest.fixture
def visit(stage: Stage) -> Iterator[Visit]:
    chromium = require("chromium", because="the browser")
    with sync_playwright() as playwright:
        yield from _visit(playwright, chromium, stage)


def _visit(playwright: Playwright, chromium: Path, stage: Stage) -> Iterator[Visit]:
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    page = browser.new_page(locale="fr-FR", viewport=PHONE)
    page.set_default_timeout(SOON)
    expect.set_options(timeout=SOON)
    visit = Visit(page, stage)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            visit.complaints.append(said.text) if said.type in {"error", "warning"} else None
        ),
    )
    page.on("request", lambda request: visit.hosts.add(urlsplit(request.url).netloc))
    yield visit
    browser.close()


def pair(visit: Visit, serial: str, role: str | None = None) -> None:
    row = visit.instrument(serial)
    row.locator("summary", has_text="Appairer").click()
    for name, value in calibrated(role, f"DEMO-{serial}").items():
        row.locator(f"input[name={name}]").fill(value or "")
    row.get_by_role("button", name="Appairer").click()
    expect(row.get_by_text("connecté", exact=True)).to_be_visible()


def display(visit: Visit, technician: Technician, serial: str, setting: dict[str, str]) -> None:
    """Have an instrument display values, and wait until the agent hears them."""
    visit.stage.air.patch(f"/v1/instruments/{serial}", {"set": setting, "hold": True})

    def heard() -> bool:
        readings = {
            each["quantity"]: each["value"] for each in technician.instrument(serial)["readings"]
        }
        return all(readings.get(quantity) == value for quantity, value in setting.items())

    waited(f"the values of {serial}", heard, SOON / 1000)


def measure(visit: Visit, report: str) -> Locator:
    visit.page.click(f"#{report}-measure button")
    return visit.page.locator(f"#{report}-measure .outcome")


def step(visit: Visit, name: str, then: str) -> None:
    visit.page.click(name)
    expect(visit.page.locator("#title .badge")).to_have_text(then)


def sign(visit: Visit, report: str, signatory: str, name: str) -> None:
    """Draw a line with the pen and sign; without a line nothing is signed."""
    form = f"#{report}-signature-{signatory}"
    visit.page.click(f"{form}-sign summary")
    visit.page.fill(f"{form}-name", name)
    visit.page.click(f"{form}-form button[type=submit]")
    expect(visit.page.locator(f"{form}-form .outcome")).to_contain_text("signez d’abord")
    pad = visit.page.locator(f"{form}-canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    visit.page.mouse.move(box["x"] + 20, box["y"] + 20)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + 120, box["y"] + 60, steps=8)
    visit.page.mouse.up()
    visit.page.click(f"{form}-form button[type=submit]")
    expect(visit.page.locator(f"{form}-state .badge")).to_have_text("signé")
    expect(visit.page.locator(f"{form}-state")).to_contain_text(name)
    path = visit.page.locator(f"{form}-drawn path").get_attribute("d") or ""
    assert path.count("L") >= 5


def close(visit: Visit) -> None:
    visit.page.click("#step-close")
    visit.page.click("#close-it-button")
    expect(visit.page.locator("#title .badge")).to_have_text("terminée")


def test_a_visit_from_signing_in_to_closing(visit: Visit) -> None:
    technician = Technician(visit.stage.agent, visit.stage.pin)
    visit.open("/instruments")
    visit.sign_in()
    for serial, role in ((ANALYSER, None), (PROBE, "suction"), (PIPE, "suction line")):
        pair(visit, serial, role)
    visit.fits()
    visit.instrument(ANALYSER).locator("summary", has_text="direct").click()
    expect(visit.instrument(ANALYSER).locator(".readings canvas").first).to_be_visible()

    visit.page.get_by_role("link", name="Interventions").click()
    visit.page.get_by_role("link", name=re.compile("deux chaudières")).click()
    step(visit, "#step-start-button", "en cours")
    for report, setting, shown in BOILERS:
        display(visit, technician, ANALYSER, setting)
        expect(measure(visit, report)).to_have_text("Enregistré")
        expect(visit.value(report, "o2")).to_contain_text(shown)
    expect(visit.value(NORTH, "o2")).to_contain_text("5,2 %")
    sign(visit, NORTH, "technician", "Amira Benali")
    visit.fits()
    signed = visit.page.locator(f"#{NORTH}-signature-technician-state")
    visit.page.fill(f"#{NORTH}-remarks-type [name=value]", "propre")
    visit.page.click(f"#{NORTH}-remarks-type button[type=submit]")
    expect(signed).to_contain_text("le rapport a changé depuis")
    sign(visit, NORTH, "technician", "Amira Benali")
    close(visit)

    visit.open(f"/interventions/{COLD_ROOM}")
    expect(measure(visit, CIRCUIT)).to_contain_text("voyez plus bas")
    expect(visit.page.locator(f"#{CIRCUIT}-suction_pressure-progress")).to_contain_text(
        "n’a pas été mis à zéro"
    )
    visit.page.get_by_role("link", name="Voir les instruments").click()
    visit.instrument(PROBE).get_by_role("button", name="Mettre à zéro").click()
    expect(visit.instrument(PROBE).get_by_text("mise à zéro faite")).to_be_visible()
    visit.open(f"/interventions/{COLD_ROOM}")
    expect(measure(visit, CIRCUIT)).to_have_text("Enregistré")
    expect(visit.value(CIRCUIT, "suction_pressure")).to_contain_text("bar")
    close(visit)

    assert [] == [each for each in visit.complaints if "409 (Conflict)" not in each]
    assert {urlsplit(visit.stage.agent.address).netloc} == visit.hosts


def test_what_happens_elsewhere_shows_by_itself_and_what_is_typed_stays(visit: Visit) -> None:
    technician = Technician(visit.stage.agent, visit.stage.pin)
    visit.open(f"/interventions/{BUILDING}")
    visit.sign_in()
    scan_a_code(visit, technician)
    visit.page.locator(f"#{SOUTH}-boiler_serial-codes button").click()
    expect(visit.value(SOUTH, "boiler_serial")).to_have_text("3666123456789")
    remarks = visit.page.locator(f"#{NORTH}-remarks-type textarea")
    remarks.fill("Siphon à changer")
    technician.step(BUILDING, "start")
    expect(visit.page.locator("#title .badge")).to_have_text("en cours")
    expect(remarks).to_have_value("Siphon à changer")
    expect(remarks).to_be_focused()

    visit.page.evaluate("sessionStorage.setItem('releve.token', 'expired')")
    visit.page.click(f"#{NORTH}-remarks-type button:has-text('Enregistrer')")
    expect(visit.page.get_by_text("Votre session a pris fin")).to_be_visible()
    expect(visit.value(NORTH, "remarks")).to_have_text("vide")
    visit.sign_in()
    visit.page.click("#language")
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    expect(remarks).to_have_value("Siphon à changer")
    visit.page.click(f"#{NORTH}-remarks-type button:has-text('Save')")
    expect(visit.value(NORTH, "remarks")).to_have_text("Siphon à changer")
    expect(visit.page.locator("#status")).to_contain_text("All sent")
    lost = visit.page.get_by_text("Disconnected from the agent")
    expect(lost).to_be_hidden()
    [agent] = [each for each in visit.stage._children._children if each.name == "agent"]
    agent.stop()
    expect(lost).to_be_visible()


def test_readings_of_a_file_are_taken_over_where_no_calibration_is_wanted(
    visit: Visit, tmp_path: Path
) -> None:
    (tmp_path / "boiler.tjf").write_bytes(TJF)
    (tmp_path / "broken.tjf").write_bytes(b"{")
    visit.open(f"/interventions/{BUILDING}")
    visit.sign_in()
    section = visit.page.locator(f"#{NORTH}-files")
    section.locator("summary").click()
    outcome = section.locator(".give .outcome")
    section.locator("input[type=file]").set_input_files(tmp_path / "broken.tjf")
    section.get_by_role("button", name="Lire le fichier").click()
    expect(outcome).to_contain_text("ligne 1, colonne 2 : pas un document JSON")
    section.locator("input[type=file]").set_input_files(tmp_path / "boiler.tjf")
    section.get_by_role("button", name="Lire le fichier").click()
    expect(outcome).to_have_text("Fichier lu")

    expect(section.locator("input[value=o2]")).to_be_disabled()
    expect(section.locator("input[value=air_temperature]")).to_be_checked()
    visit.fits()
    section.locator("input[value=draught]").uncheck()
    section.get_by_role("button", name="Reprendre les champs cochés").click()
    expect(visit.value(NORTH, "air_temperature")).to_contain_text("26,6 °C")
    expect(visit.page.locator(f"#{NORTH}-air_temperature-value")).to_contain_text(
        "repris d’un fichier boiler.tjf"
    )
    expect(visit.value(NORTH, "draught")).to_have_text("vide")
    expect(section).to_have_attribute("open", "")
    expect(section.locator("input[value=air_temperature]")).not_to_be_checked()
    assert [] == [each for each in visit.complaints if "409 (Conflict)" not in each]


def scan_a_code(visit: Visit, technician: Technician) -> None:
    scanner = technician.instrument("scanner-line.")
    technician.pair(scanner["id"], {})
    serial = visit.stage.scanner.get("/v1/instruments")["instruments"][0]["serial"]
    visit.stage.scanner.post(
        f"/v1/instruments/{serial}/acts", {"act": "scan", "text": "3666123456789"}
    )
