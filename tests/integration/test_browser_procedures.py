"""A procedure in a real browser: the timer goes down by itself, and each step's button comes in its turn."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect, sync_playwright

from firmware_sims.demo.children import Children
from firmware_sims.demo.stage import AGENT, Stage, free_ports
from tests.integration.test_browser_agent import Visit, _visit
from tests.system_parts import require

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(90)]

PROCEDURE = "report-visit-procedure-lead"
CO = {
    "type": "number",
    "x-label": {"fr": "CO", "en": "CO"},
    "x-measure": {"quantity": "carbon_monoxide_ambient", "unit": "[ppm]", "edit": "free"},
}


def says(text: str) -> dict[str, str]:
    return {"fr": text, "en": text}


STEPS: list[dict[str, Any]] = [
    {"id": "aired", "kind": "decide", "says": says("Aérez."), "choices": {"yes": says("fait")}},
    {"id": "nominal", "kind": "wait", "seconds": 4, "says": says("Attendez.")},
    {"id": "probe", "kind": "measure", "fields": ["co"], "says": says("Mesurez.")},
    {
        "id": "danger",
        "kind": "acknowledge",
        "says": says("Danger grave et imminent."),
        "when": [{"field": "co", "at_least": "50"}],
    },
]
FORM = {
    "id": "led",
    "version": 1,
    "title": says("CO ambiant"),
    "schema": {
        "type": "object",
        "x-procedures": [
            {
                "id": "lead",
                "title": says("Mesure du CO"),
                "basis": {"origin": "proposed"},
                "required": True,
                "steps": STEPS,
            }
        ],
        "properties": {"co": CO},
    },
}
JOB = {
    "id": "boiler-9",
    "title": "Chaudière, CO ambiant",
    "appliances": [{"id": "a", "name": "Chaudière"}],
    "reports": [{"id": "visit", "appliance": "a", "form": {"id": "led", "version": 1}}],
}


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    require("mosquitto", because="the broker between agent and gateway")
    chromium = require("chromium", because="the browser")
    with Children(tmp_path) as children:
        stage = Stage(children, free_ports())
        try:
            stage.start_office()
            stage.start_air()
            stage.gateway.post("/v1/forms", FORM)
            stage.gateway.post("/v1/interventions", JOB)
            stage.gateway.post("/v1/interventions/boiler-9/assign", {"agent": AGENT})
            stage.start_agent()
            with sync_playwright() as playwright:
                yield from _visit(playwright, chromium, stage)
        finally:
            stage.close()


def step(visit: Visit, name: str) -> Locator:
    return visit.page.locator(f"#{PROCEDURE}-{name}")


def has_its_turn(visit: Visit, name: str) -> None:
    expect(step(visit, name)).to_have_attribute("aria-current", "step")


def test_a_procedure_leads_from_step_to_step_with_a_timer_that_goes_down(visit: Visit) -> None:
    visit.open("/interventions/boiler-9")
    visit.sign_in()
    has_its_turn(visit, "aired")
    visit.fits()
    step(visit, "aired").get_by_label("fait").check()
    step(visit, "aired").get_by_role("button", name="Enregistrer ce choix").click()

    has_its_turn(visit, "nominal")
    step(visit, "nominal").get_by_role("button", name="Lancer le minuteur").click()
    face = step(visit, "nominal").locator(".clock")
    expect(face).to_have_text(re.compile(r"0:0[34]"))
    expect(face).to_have_text("0:02")
    expect(step(visit, "nominal").get_by_role("button")).to_have_count(0)
    visit.fits()
    step(visit, "nominal").get_by_role("button", name="Étape suivante").click()

    has_its_turn(visit, "probe")
    step(visit, "probe").get_by_role("button", name="Commencer").click()
    expect(step(visit, "probe").get_by_role("link", name="CO")).to_be_visible()
    field = visit.page.locator("#report-visit-co")
    field.locator("summary").click()
    field.locator("input[name=value]").fill("60")
    field.get_by_role("button", name="Enregistrer").click()
    step(visit, "probe").get_by_role("button", name="Étape suivante").click()

    has_its_turn(visit, "danger")
    expect(step(visit, "danger").get_by_role("alert")).to_contain_text("Danger grave et imminent.")
    visit.fits()
    step(visit, "danger").get_by_role("button", name="J’en prends acte").click()
    expect(visit.page.locator(f"#{PROCEDURE}-title")).to_contain_text("terminée")
    assert [] == visit.complaints
