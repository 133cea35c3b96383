"""The component in a real browser, on a page of a form engine, with the whole product behind it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright

from firmware_sims.demo.broker import free_port
from firmware_sims.demo.http import waited
from firmware_sims.demo.technician import calibrated
from firmware_sims.testing import TECHNICIAN, Office, Simulator, bench
from tests.integration.component_page import PUBLIC_NAME, Site, listener, self_signed, tag
from tests.integration.test_browser_agent import FLAGS
from tests.system_parts import require

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(90)]

ANALYSER, SUCTION, SPARE = "61349163", "46512997", "49990001"
PLACE = {"intervention": "visit", "report": "boiler"}
SOON = 12_000
TOO_SMALL = """() => [...document.querySelectorAll("releve-field, releve-group")]
  .flatMap((each) => [...each.shadowRoot.querySelectorAll("button, input, select")])
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
  .map((each) => each.outerHTML)"""
CALIBRATED = {"instrument": {"calibrated": "required"}}
PRESSURE = {"quantity": "differential_pressure", "unit": "bar", "round": 2}


def measured(label: str, **measure: Any) -> dict[str, Any]:
    return {"type": "number", "x-label": {"fr": label, "en": label}, "x-measure": measure}


FORM = {
    "id": "boiler",
    "version": 1,
    "title": {"fr": "Chaudière", "en": "Boiler"},
    "schema": {
        "type": "object",
        "properties": {
            "o2": measured(
                "O₂",
                quantity="oxygen",
                unit="%",
                round=1,
                capture={"method": "stable", "frames": 2, "tolerance": "0.3"},
                **CALIBRATED,
            ),
            "co": measured("CO", quantity="carbon_monoxide", unit="[ppm]", round=0, **CALIBRATED),
            "suction": measured("Aspiration", role="suction", **PRESSURE, **CALIBRATED),
            "pressure": measured("Pression", **PRESSURE),
        },
    },
}
JOB = {
    "id": "visit",
    "title": "Entretien",
    "appliances": [{"id": "a", "name": "Chaudière"}],
    "reports": [{"id": "boiler", "appliance": "a", "form": {"id": "boiler", "version": 1}}],
}


@dataclass
class Stage:
    """The product, and sites of form engines: one near, two that the browser takes for public ones."""

    office: Office
    analyser: Simulator
    near: Site
    secure: Site
    plain: Site
    key: str = ""

    @property
    def by_gateway(self) -> dict[str, str]:
        return {**PLACE, "gateway": self.office.gateway.address, "key": self.key}

    @property
    def by_agent(self) -> dict[str, str]:
        return {**PLACE, "agent": self.office.agent.address, "via": "agent"}

    def displays(self, oxygen: str) -> None:
        """Have the analyser show a value, and wait until the agent hears it."""
        self.analyser.set(hold=True, oxygen=oxygen, carbon_monoxide="23")

        def heard() -> bool:
            [found] = [each for each in self.instruments() if each["serial"] == ANALYSER]
            return ("oxygen", oxygen) in [
                (one["quantity"], one["value"]) for one in found["readings"]
            ]

        waited(f"{oxygen} % of oxygen", heard, SOON / 1000)

    def instruments(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.office.agent.get("/v1/instruments")["items"]
        return items

    def value(self, name: str) -> str | None:
        [report] = self.office.agent.get("/v1/interventions/visit")["reports"]
        value: str | None = next(
            each["value"] for each in report["fields"] if each["name"] == name
        )
        return value

    def sign_in(self) -> None:
        session = {"technician": TECHNICIAN[0], "pin": self.office.pin}
        self.office.agent.sign(self.office.agent.post("/v1/session", session)["token"])

    def sign_out(self, token: str) -> None:
        address = f"{self.office.agent.address}/v1/session"
        httpx.delete(address, headers={"Authorization": f"Bearer {token}"}, trust_env=False)

    def plan(self) -> None:
        self.office.gateway.post("/v1/forms", FORM)
        self.office.gateway.post("/v1/interventions", JOB)
        self.office.gateway.post("/v1/interventions/visit/assign", {"agent": "van"})
        waited("the visit", lambda: self.office.agent.get("/v1/interventions")["items"], 15)

    def pair(self) -> None:
        for serial, told in (
            (ANALYSER, calibrated(None, "C-1")),
            (SUCTION, {"role": "suction"}),
            (SPARE, calibrated(None, "C-2")),
        ):
            self.office.agent.post(f"/v1/instruments/{self._near(serial)}/pair", told)
        for serial in (ANALYSER, SUCTION, SPARE):
            waited(f"values of {serial}", lambda serial=serial: self._speaks(serial), 20)

    def _near(self, serial: str) -> str:
        def look() -> str | None:
            return next((each["id"] for each in self.instruments() if serial in each["id"]), None)

        return waited(f"instrument {serial}", look, 20)

    def _speaks(self, serial: str) -> bool:
        return any(serial in each["id"] and each["readings"] for each in self.instruments())


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    require("mosquitto", because="the broker between agent and gateway")
    require("chromium", because="the browser")
    folder = tmp_path_factory.mktemp("stage")
    sites = [Site("127.0.0.1"), Site(PUBLIC_NAME, self_signed(folder)), Site(PUBLIC_NAME)]
    try:
        with bench(folder) as releve:
            probes = [f"testo-smart-probe:{each}:T549i" for each in (SUCTION, SPARE)]
            air = releve.air(f"testo-300:{ANALYSER}", *probes)
            office = releve.office(*air.values(), form_origins=[each.origin for each in sites])
            stage = Stage(office, air[ANALYSER], *sites, office.key("near", sites[0].origin))
            stage.plan()
            stage.pair()
            yield stage
    finally:
        for each in sites:
            each.close()


@pytest.fixture(scope="module")
def browser(stage: Stage) -> Iterator[Browser]:
    public = ",".join(f"127.0.0.1:{each.port}=public" for each in (stage.secure, stage.plain))
    flags = (
        *FLAGS,
        f"--host-resolver-rules=MAP {PUBLIC_NAME} 127.0.0.1",
        f"--ip-address-space-overrides={public}",
        "--ignore-certificate-errors",
    )
    chromium = require("chromium", because="the browser")
    expect.set_options(timeout=SOON)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page with the component, and what the browser complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def part(self, name: str, part: str) -> Locator:
        return self.page.locator(f"releve-field[field={name}] [part={part}]")

    def measure(self, element: str = "releve-field") -> None:
        self.page.locator(f"{element} > [part=box], {element}").get_by_role("button").first.click()

    def sign_in(self, pin: str) -> None:
        self.page.get_by_label("Identifiant du technicien").fill(TECHNICIAN[0])
        self.page.get_by_label("Code PIN").fill(pin)
        self.page.get_by_role("button", name="Se connecter").click()

    def heard(self, name: str) -> list[dict[str, Any]]:
        heard: list[tuple[str, dict[str, Any]]] = self.page.evaluate("window.heard")
        return [detail for each, detail in heard if each == name]

    def data(self) -> dict[str, str]:
        script = "Object.fromEntries(new FormData(document.querySelector('form')))"
        found: dict[str, str] = self.page.evaluate(script)
        return found

    def token(self) -> str | None:
        script = (
            "Object.entries(sessionStorage).find(([name]) => name.startsWith('releve.token'))?.[1]"
        )
        found: str | None = self.page.evaluate(script)
        return found


Show = Callable[..., Visit]


@pytest.fixture
def show(stage: Stage, browser: Browser) -> Iterator[Show]:
    """Show a page with some elements on a site; whoever signed in there is signed out afterwards."""
    visits: list[Visit] = []

    def showing(
        body: str, site: Site | None = None, lang: str = "fr", script: str = "", **more: Any
    ) -> Visit:
        site = site or stage.near
        site.body, site.lang, site.script = body, lang, script or "/releve-field.js"
        context = browser.new_context(
            locale="fr-FR", ignore_https_errors=True, viewport={"width": 390, "height": 844}
        )
        context.grant_permissions(more.get("permissions", []))
        visit = Visit(context.new_page())
        visit.page.set_default_timeout(SOON)
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on(
            "console",
            lambda said: visit.complaints.append(said.text) if said.type == "error" else None,
        )
        visits.append(visit)
        visit.page.goto(more.get("address", site.origin))
        return visit

    yield showing
    for each in visits:
        token = each.token()
        if token is not None:
            stage.sign_out(token)
        each.page.context.close()


def test_a_field_is_filled_by_way_of_the_gateway(stage: Stage, show: Show) -> None:
    stage.displays("5.2")
    script = f"{stage.office.gateway.address}/component/releve-field.js"
    visit = show(
        tag("releve-field", "Oxygène", field="o2", required="", **stage.by_gateway), script=script
    )
    expect(visit.part("o2", "value")).to_have_text("vide")
    visit.page.get_by_role("button", name="Mesurer : Oxygène").click()
    expect(visit.part("o2", "value")).to_have_text("5,2 %")

    expect(visit.part("o2", "status")).to_have_text("Enregistré : 5,2 %")
    expect(visit.part("o2", "instrument")).to_contain_text(
        f"testo 300 n° {ANALYSER} · étalonnage valide jusqu’au"
    )
    assert {"o2": "5.2"} == visit.data()
    [captured] = visit.heard("releve-captured")
    assert ("o2", "5.2", "%", "ok", ANALYSER) == (
        *(captured[each] for each in ("field", "value", "unit", "status")),
        captured["instrument"]["serial"],
    )
    assert captured["at"]
    assert captured["capture"]["seq"]
    progress = visit.heard("releve-progress")
    assert any(each["value"] == "5.2" and each["spread"] is not None for each in progress)
    assert [] == visit.page.evaluate(TOO_SMALL)

    stage.displays("6.4")
    visit.page.get_by_role("button", name="Mesurer à nouveau : Oxygène").click()
    expect(visit.part("o2", "value")).to_have_text("6,4 %")
    assert [] == visit.complaints


def test_a_field_is_filled_by_the_agent_after_signing_in(stage: Stage, show: Show) -> None:
    stage.displays("5.3")
    script = f"{stage.office.agent.address}/component/releve-field.js"
    visit = show(
        tag("releve-field", "Oxygène", field="o2", name="oxygen", **stage.by_agent), script=script
    )
    visit.measure()
    visit.sign_in("000000")
    expect(visit.page.get_by_role("alert")).to_have_text(
        "ce nom et ce code PIN ne vont pas ensemble"
    )
    assert [] == visit.page.evaluate(TOO_SMALL)
    visit.sign_in(stage.office.pin)
    expect(visit.part("o2", "value")).to_have_text("5,3 %")
    expect(visit.part("o2", "instrument")).to_contain_text(
        f"testo 300 n° {ANALYSER} · étalonnage valide"
    )
    expect(visit.page.get_by_role("button", name="Mesurer à nouveau : Oxygène")).to_be_focused()
    assert {"oxygen": "5.3"} == visit.data()
    assert "5.3" == visit.heard("releve-captured")[0]["value"]
    kept = visit.page.evaluate("JSON.stringify([sessionStorage, localStorage])")
    assert stage.office.pin not in kept

    stage.sign_out(visit.token() or "")
    visit.measure()
    visit.sign_in(stage.office.pin)
    expect(visit.part("o2", "status")).to_have_text("Enregistré : 5,3 %")
    assert 2 == len(visit.heard("releve-captured"))
    assert [] == [each for each in visit.complaints if "401 (Unauthorized)" not in each]


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("fr", r"Refusé : étalonnage de testo T549i : inconnu"),
        ("en", r"Refused: the calibration of testo T549i is unknown"),
    ],
)
@pytest.mark.parametrize("way", ["by_gateway", "by_agent"])
def test_a_refusal_says_its_reason_in_the_language_of_the_page(
    stage: Stage, show: Show, way: str, lang: str, says: str
) -> None:
    visit = show(
        tag("releve-field", field="suction", required="", **getattr(stage, way)), lang=lang
    )
    visit.page.evaluate("token => token && sessionStorage.setItem(...token)", token(stage))
    visit.measure()
    expect(visit.part("suction", "status")).to_have_text(re.compile(says))

    [refused] = visit.heard("releve-refused")
    assert ("rejected", ["suction"]) == (refused["code"], list(refused["fields"]))
    field = visit.page.locator("releve-field")
    assert refused["fields"]["suction"] == field.evaluate("each => each.validationMessage")
    visit.page.click("#send")
    expect(visit.part("suction", "button")).to_be_visible()
    assert visit.page.url.rstrip("/") == stage.near.origin
    assert [] == [each for each in visit.complaints if "409 (Conflict)" not in each]


def token(stage: Stage) -> list[str]:
    """Return the entry of the session's storage of somebody who is signed in on a page."""
    address = stage.office.agent.address
    session = stage.office.agent.post(
        "/v1/session", {"technician": TECHNICIAN[0], "pin": stage.office.pin}
    )
    return [f"releve.token@{address}", session["token"]]


@pytest.mark.parametrize("way", ["by_gateway", "by_agent"])
def test_a_group_is_saved_whole_or_not_at_all(stage: Stage, show: Show, way: str) -> None:
    stage.displays("7.1")
    before = stage.value("o2")
    group = tag("releve-group", fields="o2 co suction", label="Fumées", **getattr(stage, way))
    visit = show(group)
    visit.page.evaluate("token => sessionStorage.setItem(...token)", token(stage))
    visit.page.get_by_role("button", name="Mesurer : Fumées").click()
    expect(visit.part("suction", "status")).to_contain_text("Refusé : étalonnage de testo T549i")
    expect(visit.part("o2", "status")).to_have_text("Pas enregistré : un autre champ est refusé")
    expect(visit.page.get_by_text("Rien n’est enregistré : voyez les champs")).to_be_visible()
    assert (before, {}) == (stage.value("o2"), visit.data())
    assert 1 == len(visit.heard("releve-refused"))

    visit.page.evaluate("document.querySelector('[field=suction]').remove()")
    visit.page.get_by_role("button", name="Mesurer : Fumées").click()
    expect(visit.part("co", "value")).to_have_text("23 ppm")
    expect(visit.part("o2", "status")).to_have_text("Enregistré : 7,1 %")
    assert {"o2": "7.1", "co": "23"} == visit.data()
    assert {"o2", "co"} == {each["field"] for each in visit.heard("releve-captured")}


def test_where_several_instruments_could_serve_the_technician_chooses(
    stage: Stage, show: Show
) -> None:
    visit = show(tag("releve-field", "Pression", field="pressure", **stage.by_agent))
    visit.page.evaluate("token => sessionStorage.setItem(...token)", token(stage))
    visit.measure()
    choice = visit.page.get_by_label("Plusieurs appareils conviennent")
    expect(choice.locator("option")).to_have_text(
        [f"testo T549i n° {each}" for each in (SUCTION, SPARE)]
    )
    assert [] == visit.page.evaluate(TOO_SMALL)
    choice.select_option(f"testo T549i n° {SPARE}")
    visit.page.get_by_role("button", name="Mesurer avec cet appareil").click()

    expect(visit.part("pressure", "status")).to_contain_text("Enregistré : ")
    expect(visit.part("pressure", "instrument")).to_contain_text(f"n° {SPARE}")
    expect(visit.part("pressure", "value")).to_contain_text("bar")


def test_nobody_signed_in_on_the_device_is_said(stage: Stage, show: Show) -> None:
    stage.sign_out(stage.office.agent._client.headers["Authorization"].removeprefix("Bearer "))
    try:
        visit = show(tag("releve-field", field="o2", **stage.by_gateway))
        visit.measure()
        expect(visit.part("o2", "status")).to_have_text(
            "Refusé : personne n’est connecté sur l’appareil : connectez-vous-y"
        )
    finally:
        stage.sign_in()


def test_a_key_is_for_the_pages_it_was_made_for(stage: Stage, show: Show) -> None:
    foreign = stage.office.key("foreign", "https://other.example.net")
    attributes = {**stage.by_gateway, "key": foreign}
    visit = show(tag("releve-field", field="o2", **attributes))
    visit.measure()
    expect(visit.part("o2", "status")).to_contain_text(
        f"La clé n’est pas pour cette page ({stage.near.origin})"
    )

    # No key at all is for a page by this name: the browser hides the answer from it.
    address = stage.near.origin.replace("127.0.0.1", "localhost")
    visit = show(tag("releve-field", field="o2", **stage.by_gateway), address=address)
    visit.measure()
    expect(visit.part("o2", "status")).to_contain_text(
        f"La clé n’est pas pour cette page ({address})"
    )
    assert "origin" == visit.heard("releve-refused")[0]["code"]

    visit = show(tag("releve-field", field="o2", **{**stage.by_gateway, "key": "made-up"}))
    visit.measure()
    expect(visit.part("o2", "status")).to_contain_text("La passerelle ne connaît pas la clé")


def test_without_gateway_and_agent_both_are_said_to_be_missing(stage: Stage, show: Show) -> None:
    nowhere = f"http://127.0.0.1:{free_port(0)}"
    visit = show(tag("releve-field", field="o2", **{**stage.by_agent, "agent": nowhere}))
    visit.measure()
    expect(visit.part("o2", "status")).to_contain_text(
        "L’agent n’est pas démarré sur cet appareil"
    )
    assert "not_running" == visit.heard("releve-refused")[0]["code"]

    both = {**stage.by_gateway, "gateway": nowhere, "agent": nowhere}
    visit = show(tag("releve-field", field="o2", **both))
    visit.measure()
    expect(visit.part("o2", "status")).to_contain_text("La passerelle ne répond pas non plus")

    visit = show(tag("releve-field", field="o2", **both, via="gateway"), lang="en")
    visit.measure()
    expect(visit.part("o2", "status")).to_have_text("Refused: The gateway does not answer.")


def test_where_the_gateway_does_not_answer_the_agent_is_asked(stage: Stage, show: Show) -> None:
    stage.displays("4.4")
    nowhere = f"http://127.0.0.1:{free_port(0)}"
    attributes = {**stage.by_gateway, "gateway": nowhere, "agent": stage.office.agent.address}
    visit = show(tag("releve-field", field="o2", **attributes))
    visit.page.evaluate("token => sessionStorage.setItem(...token)", token(stage))
    visit.measure()

    expect(visit.part("o2", "value")).to_have_text("4,4 %")


def test_an_agent_that_does_not_know_the_page_is_not_said_to_be_stopped(
    stage: Stage, show: Show
) -> None:
    address = stage.near.origin.replace("127.0.0.1", "localhost")
    visit = show(tag("releve-field", field="o2", **stage.by_agent), address=address)
    visit.measure()

    expect(visit.part("o2", "status")).to_contain_text(
        f"ajoutez {address} à son réglage form_origins"
    )


@pytest.mark.parametrize("way", ["by_gateway", "by_agent"])
def test_a_stream_that_breaks_is_taken_up_again(stage: Stage, show: Show, way: str) -> None:
    stage.displays("5.6")
    visit = show(tag("releve-field", field="o2", **getattr(stage, way)))
    visit.page.evaluate("token => sessionStorage.setItem(...token)", token(stage))
    broken: list[str] = []

    def breaking(route: Route) -> None:
        if route.request.method == "GET" and len(broken) < 2:
            broken.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    visit.page.route("**/events", breaking)
    visit.measure()
    expect(visit.part("o2", "value")).to_have_text("5,6 %")
    assert 2 == len(broken)


def test_a_public_page_reaches_the_agent_once_the_browser_may(stage: Stage, show: Show) -> None:
    stage.displays("5.5")
    element = tag("releve-field", field="o2", **stage.by_agent)
    visit = show(element, site=stage.secure, permissions=["local-network-access"])
    visit.measure()
    visit.sign_in(stage.office.pin)

    expect(visit.part("o2", "value")).to_have_text("5,5 %")


def test_a_public_page_without_permission_says_how_to_give_it(stage: Stage, show: Show) -> None:
    with listener() as (agent, requests):
        visit = show(
            tag("releve-field", field="o2", **{**stage.by_agent, "agent": agent}),
            site=stage.secure,
        )
        visit.measure()
        expect(visit.part("o2", "status")).to_contain_text(
            "accès aux applications de cet appareil (réseau local)"
        )

        assert visit.heard("releve-refused")[0]["code"] in {
            "not_allowed",
            "not_allowed_or_running",
        }
        assert [] == requests


def test_a_public_page_by_http_says_that_it_must_be_secure(stage: Stage, show: Show) -> None:
    with listener() as (agent, requests):
        visit = show(
            tag("releve-field", field="o2", **{**stage.by_agent, "agent": agent}), site=stage.plain
        )
        visit.measure()
        expect(visit.part("o2", "status")).to_contain_text("Cette page doit être ouverte en https")

        assert "insecure" == visit.heard("releve-refused")[0]["code"]
        assert [] == requests


def test_before_the_browser_asks_the_component_says_so(stage: Stage, show: Show) -> None:
    visit = show(tag("releve-field", field="o2", **stage.by_agent), site=stage.secure)
    visit.page.evaluate("navigator.permissions.query = async () => ({ state: 'prompt' })")

    def unanswered(route: Route) -> None:
        visit.page.wait_for_timeout(1_500)
        route.abort()

    visit.page.route("**/v1/health", unanswered)
    visit.measure()
    expect(visit.part("o2", "hint")).to_contain_text("Le navigateur va demander")
    expect(visit.part("o2", "status")).to_contain_text("soit l’agent n’est pas démarré")
    expect(visit.part("o2", "hint")).to_be_empty()

    assert "not_allowed_or_running" == visit.heard("releve-refused")[0]["code"]


def test_what_the_gateway_could_not_pass_on_is_measured_by_this_device(
    stage: Stage, show: Show
) -> None:
    stage.displays("4.8")
    attributes = {**stage.by_gateway, "agent": stage.office.agent.address}
    visit = show(tag("releve-field", "Oxygène", field="o2", **attributes))
    visit.page.evaluate("token => sessionStorage.setItem(...token)", token(stage))
    reason = {"fr": "l’agent n’a pas répondu à temps", "en": "the agent did not answer in time"}
    expired = {"id": "x", "state": "expired", "reason": reason, "fields": {}, "values": None}
    headers = {"Access-Control-Allow-Origin": "*"}
    visit.page.route(
        "**/v1/form/captures", lambda route: route.fulfill(json=expired, headers=headers)
    )
    visit.measure()
    expect(visit.part("o2", "status")).to_have_text("Refusé : l’agent n’a pas répondu à temps")
    visit.page.get_by_role("button", name="Mesurer par cet appareil").click()

    expect(visit.part("o2", "value")).to_have_text("4,8 %")
    expect(visit.page.get_by_role("button", name="Mesurer par cet appareil")).to_be_hidden()


def test_it_is_a_control_like_any_other_of_its_form(stage: Stage, show: Show) -> None:
    element = tag("releve-field", field="o2", name="oxygen", required="", label="Oxygène", **PLACE)
    visit = show(f"<fieldset>{element}</fieldset>")
    field = visit.page.locator("releve-field")
    field.evaluate("each => { each.value = '4.2' }")
    expect(visit.part("o2", "value")).to_have_text("4,2")
    assert {"oxygen": "4.2"} == visit.data()

    field.evaluate("each => each.form.reset()")
    expect(visit.part("o2", "value")).to_have_text("vide")
    assert {} == visit.data()
    assert "À mesurer" == field.evaluate("each => each.validationMessage")
    visit.page.keyboard.press("Tab")
    expect(visit.page.get_by_role("button", name="Mesurer : Oxygène")).to_be_focused()
    visit.page.evaluate("document.querySelector('fieldset').disabled = true")
    expect(visit.page.get_by_role("button", name="Mesurer : Oxygène")).to_be_disabled()
    assert field.evaluate("each => !each.willValidate")


def test_what_was_measured_for_one_report_never_shows_in_another(stage: Stage, show: Show) -> None:
    group = tag("releve-group", tag("releve-field", field="co"), **PLACE)
    visit = show(tag("releve-field", field="o2", **PLACE) + group)
    for name in ("o2", "co"):
        visit.page.locator(f"[field={name}]").evaluate("each => { each.value = '4.2' }")
    visit.page.locator("releve-field").first.evaluate("each => { each.report = 'other' }")
    visit.page.locator("releve-group").evaluate("each => { each.intervention = 'other' }")

    assert {} == visit.data()


def test_what_the_page_set_before_the_component_was_loaded_counts(
    stage: Stage, show: Show
) -> None:
    visit = show("")
    visit.page.evaluate("""() => {
      const early = document.implementation.createHTMLDocument().createElement("releve-field");
      Object.assign(early, { field: "o2", value: "4.2", required: true });
      document.querySelector("form").append(early);
    }""")

    expect(visit.part("o2", "value")).to_have_text("4,2")
    assert {"o2": "4.2"} == visit.data()
