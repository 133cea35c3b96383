"""The pages in a real browser: their policy lets them run, they move by themselves, the office assigns."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.gateway.edge import Edge
from tests.integration.gateway_process import Gateway, Mosquitto, Van
from tests.system_parts import require

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.timeout(90)]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def page() -> Iterator[Page]:
    chromium = require("chromium", because="the pages")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser.new_page(locale="fr-FR", viewport={"width": 390, "height": 844})
        browser.close()


def test_a_value_appears_by_itself_and_the_office_assigns(tmp_path: Path, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    edge, other = Edge(), Edge("van-8")
    with Mosquitto(tmp_path) as mosquitto, Gateway(tmp_path, mosquitto.port) as gateway:
        gateway.furnish(edge)
        gateway.run("enrol", "van-8", "--key", other.key.public)
        with Van(edge, mosquitto.port, gateway.key) as van:
            page.goto(f"{gateway.url}/interventions/job-1")
            van.open[1] = edge.measurement("6.25")
            van.send_until_closed()
            page.get_by_text("6,3").wait_for(timeout=10_000)
            wide = page.evaluate("() => document.documentElement.scrollWidth")

            page.goto(f"{gateway.url}/captures")
            cut = page.evaluate(
                "() => { const box = document.querySelector('.scroll'); return box.scrollWidth - box.clientWidth; }"
            )
            page.goto(f"{gateway.url}/interventions/job-1")

            page.select_option("#agent", "van-8")
            page.get_by_role("button", name="Confier").click()
            page.get_by_role("link", name="van-8").wait_for(timeout=10_000)

    assert [] == complaints
    assert wide <= 390
    assert 0 == cut
