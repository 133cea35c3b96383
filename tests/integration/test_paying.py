"""A payment as a technician makes it: the whole product, each kind of simulated terminal, commands and pages."""

import json
import os
import subprocess
import sys
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from firmware_sims.demo.http import waited
from firmware_sims.testing import bench
from tests.system_parts import require

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
COMMAND = Path(sys.executable).with_name("releve")
WHO = ("--technician", "tester")
VISIT = {"id": "i-1", "title": "Entretien", "amount_due": "125.00", "currency": "EUR"}
CHROMIUM_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run")


class Van:
    """An agent with terminals, and its commands."""

    def __init__(self, office, terminals) -> None:
        self.office, self.terminals = office, terminals
        self._visits = count(1)

    def visit(self) -> str:
        """Return a new intervention with something due, once the agent has it."""
        id_ = f"i-{next(self._visits)}"
        self.office.gateway.post("/v1/interventions", {**VISIT, "id": id_})
        self.office.gateway.post(f"/v1/interventions/{id_}/assign", {"agent": "van"})
        waited("the intervention", lambda: id_ in self._assigned(), 10)
        return id_

    def _assigned(self) -> set[str]:
        return {each["id"] for each in self.office.agent.get("/v1/interventions")["items"]}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        port = str(urlsplit(self.office.agent.address).port)
        done = subprocess.run(
            [COMMAND, *words, "--http-port", port],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "RELEVE_PIN": self.office.pin},
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def pay(self, terminal: str, visit: str, *more: str, amount="125.00"):
        asked = ("--terminal", terminal, "--amount", amount, "--intervention", visit)
        return self.run("pay", *asked, *WHO, "--json", *more)


def last(done) -> dict:
    return json.loads(done.stdout.splitlines()[-1])


KINDS = ("concert-v2", "caisse-ap", "zvt", "sumup")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """Start everything once: each test has an intervention of its own."""
    require("mosquitto", because="the broker between agent and gateway")
    with bench(tmp_path_factory.mktemp("office")) as releve:
        terminals = {each: releve.simulator(each) for each in KINDS}
        yield Van(releve.office(*terminals.values()), terminals)


@pytest.fixture
def van(running, socket_enabled):
    for each in running.terminals.values():
        each.customer("pays", seconds=0.3)
    return running


@pytest.fixture
def terminal(van):
    return van.terminals["caisse-ap"]


def test_each_kind_of_terminal_takes_a_payment_that_arrives_at_the_office(van):
    visit = van.visit()
    for number, (name, terminal) in enumerate(van.terminals.items(), start=1):
        before = len(terminal.ledger())

        done = van.pay(name, visit, amount=f"{number}.05")

        assert 0 == done.returncode, done.stderr + done.stdout
        assert ("approved", f"{number}.05") == (last(done)["state"], last(done)["paid"])
        assert [number * 100 + 5] == [row["amount"] for row in terminal.ledger()[before:]]

    def paid():
        found = van.office.gateway.get(f"/v1/interventions/{visit}/payments")
        return found if len(found["items"]) == len(KINDS) else None

    found = waited("payments at the office", paid, 10)
    assert [{"amount": "10.20", "currency": "EUR"}] == found["paid"]
    assert {"amount": "114.80", "currency": "EUR"} == found["difference"]


def test_a_refused_payment_leaves_with_1_and_may_be_tried_again(van, terminal):
    visit, before = van.visit(), len(terminal.ledger())
    terminal.customer("refuses")

    refused = van.pay("caisse-ap", visit)
    terminal.customer("pays")
    again = van.pay("caisse-ap", visit)

    assert (1, "declined") == (refused.returncode, last(refused)["state"])
    assert (0, "approved") == (again.returncode, last(again)["state"])
    assert 1 == len(terminal.ledger()) - before


def test_what_nobody_knows_leaves_with_3_blocks_and_is_settled_by_a_person(van, terminal):
    visit, before = van.visit(), len(terminal.ledger())
    terminal.fault("cut_after_authorisation", times=1)

    lost = van.pay("caisse-ap", visit)
    id_ = last(lost)["id"]
    blocked = van.pay("caisse-ap", van.visit())
    settled = van.run("payments", "resolve", id_, "--paid", "--reason", "ticket 0042", *WHO)

    assert (3, "unknown") == (lost.returncode, last(lost)["state"])
    assert "look at the terminal" in lost.stderr
    assert 1 == blocked.returncode
    assert id_ in blocked.stderr
    assert 0 == settled.returncode
    assert "Test Technician: ticket 0042" in settled.stdout
    assert 1 == len(terminal.ledger()) - before


def test_the_same_key_is_the_same_payment(van):
    visit, terminal = van.visit(), van.terminals["zvt"]
    before = len(terminal.ledger())

    first = van.pay("zvt", visit, "--key", visit)
    again = van.pay("zvt", visit, "--key", visit)

    assert last(first)["id"] == last(again)["id"]
    assert 1 == len(terminal.ledger()) - before


def test_the_totals_of_a_terminal_are_held_against_the_journal(van):
    van.run("payments", "totals", "zvt", "--close-day", *WHO)
    for amount in ("100.00", "25.00"):
        van.pay("zvt", van.visit(), amount=amount)

    agree = van.run("payments", "totals", "zvt", *WHO)
    closed = van.run("payments", "totals", "zvt", "--close-day", *WHO, "--json")

    assert (0, True) == (agree.returncode, "they agree" in agree.stdout), (
        agree.stdout + agree.stderr
    )
    assert "2 payments, 125.00 EUR" in agree.stdout
    assert (True, True) == (last(closed)["equal"], last(closed)["closed"])


def test_bad_input_is_refused_with_the_remedy(van, terminal):
    visit, before = van.visit(), len(terminal.requests())

    for words, said in (
        (("--amount", "12,50"), "point before the cents"),
        (("--amount", "0"), "more than nothing"),
        (("--currency", "EUROS"), "currency"),
        (("--terminal", "other"), "no terminal other"),
        (("--intervention", "i-none"), "i-none"),
        (("--refund-of", "0000000000"), "right"),
    ):
        done = van.pay("caisse-ap", visit, *words)
        assert done.returncode in {1, 2}
        assert said in done.stderr, done.stderr
    assert "no payments yet" in van.run("payments", "--intervention", visit, *WHO).stdout
    assert before == len(terminal.requests())


def test_a_doctor_looks_at_terminals_and_asks_for_no_money(van, tmp_path):
    there = {each: van.terminals[each] for each in ("concert-v2", "caisse-ap", "zvt")}
    before = {name: each.about() for name, each in there.items()}
    config = tmp_path / "van.toml"
    config.write_text(
        "".join(
            f'[[terminals]]\nname = "{name}"\nkind = "{name}"\nat = "{each.port}"\n'
            + ('[terminals.secrets]\npassword = "123456"\n' if name == "zvt" else "")
            for name, each in there.items()
        )
        + '[[terminals]]\nname = "away"\nkind = "caisse-ap"\nat = "127.0.0.1:9"\n'
    )

    done = subprocess.run(
        [COMMAND, "doctor", "terminal", "--config", config, "--json"],
        check=False,
        capture_output=True,
        text=True,
    )

    found = {each["about"].split()[0]: each for each in map(json.loads, done.stdout.splitlines())}
    assert 1 == done.returncode, done.stderr
    assert {"concert-v2", "caisse-ap", "zvt"} == {
        name for name, each in found.items() if each["good"]
    }, found
    assert "cable" in found["away"]["remedy"]
    for name, each in there.items():
        for what in ("ledger", "requests"):
            assert before[name][what] == each.about()[what]


# --- in a browser ---------------------------------------------------------------------------------


@pytest.fixture
def browser():
    chromium = require("chromium", because="the browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def opened(browser, van, path, locale="fr-FR"):
    page = browser.new_page(locale=locale, viewport={"width": 390, "height": 844})
    page.set_default_timeout(15_000)
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(van.office.agent.address + path)
    page.fill("#sign-in-name", "tester")
    page.fill("#sign-in-pin", van.office.pin)
    page.click("#sign-in-form button")
    return page


@pytest.mark.browser
def test_a_technician_takes_a_payment_on_the_page_and_a_double_tap_is_one(van, terminal, browser):
    before = len(terminal.ledger())
    page = opened(browser, van, f"/interventions/{van.visit()}")

    page.click("#paying-take summary")
    expect(page.locator("#pay-amount")).to_have_value("125,00")
    page.locator("#pay button").dblclick()

    expect(page.locator(".sum")).to_have_text("125,00 EUR")
    expect(page.locator(".now")).to_have_text("Accepté")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert 1 == len(terminal.ledger()) - before
    assert [] == page.complaints


@pytest.mark.browser
def test_two_browsers_on_the_same_page_take_one_payment(van, terminal, browser):
    visit, before = van.visit(), len(terminal.ledger())
    one, other = (opened(browser, van, f"/interventions/{visit}") for _ in range(2))
    for page in (one, other):
        page.click("#paying-take summary")

    one.click("#pay button")
    expect(one.locator(".now")).to_have_text("Accepté")
    if other.locator("#pay button").is_visible():
        # It may not have heard yet: pressing it must not charge again.
        other.click("#pay button", timeout=2000, no_wait_after=True)
    other.wait_for_timeout(1000)

    assert 1 == len(terminal.ledger()) - before


@pytest.mark.browser
def test_what_nobody_knows_is_explained_and_settled_on_the_page(van, terminal, browser):
    terminal.fault("cut_after_authorisation", times=1)
    id_ = last(van.pay("caisse-ap", van.visit()))["id"]

    page = opened(browser, van, f"/payments/{id_}")
    expect(page.locator(".now")).to_have_text("À vérifier")
    expect(page.locator("#unknown-title")).to_contain_text("Personne ne sait")
    page.get_by_label("Payé, j’ai vu le ticket").check()
    page.fill("#decide-reason", "ticket 0042")
    page.click("#decide button")
    page.click("#confirmation button[value=yes]")

    expect(page.locator(".now")).to_have_text("Accepté")
    expect(page.locator("#details")).to_contain_text("ticket 0042")
    assert [] == page.complaints


@pytest.mark.browser
def test_a_terminal_is_paired_and_unpaired_on_the_page(van, browser):
    page = opened(browser, van, "/payments", locale="en-GB")
    row = page.locator("#terminal-caisse-ap")

    row.get_by_role("button", name="Unpair").click()
    page.click("#confirmation button[value=yes]")
    expect(row.get_by_text("not paired", exact=True)).to_be_visible()
    refused = van.pay("caisse-ap", van.visit())
    row.get_by_role("button", name="Pair this terminal").click()
    page.click("#confirmation button[value=yes]")
    expect(row.get_by_text("paired by Test Technician")).to_be_visible()

    assert 1 == refused.returncode
    assert "not paired" in refused.stderr
    assert [] == page.complaints
