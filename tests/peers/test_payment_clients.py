"""Other people's tills at our simulated terminals: pyTeliumManager, pypostelium, and Odoo's module for Caisse-AP.

What is believed is the terminal's ledger; what a till makes of the answer is its own affair.
"""

from typing import Any

import pytest

from firmware_sims.demo.http import waited
from firmware_sims.testing import Releve, Simulator
from tests.peers.running import told

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]

NOT_PAYING = ("refuses", "abandons", "wrong_pin")
SOON = 10.0
ENQ, ACK, NAK, EOT = "05", "06", "15", "04"


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Open the way to the control of a terminal, and to a terminal."""


def telium(simulator: Simulator, amount: str, *words: str) -> Any:
    return told("telium/client.py", str(simulator.port), amount, *words)


def postelium(simulator: Simulator, amount: str, *words: str) -> Any:
    return told("postelium/client.py", str(simulator.port), amount, *words)


def odoo(simulator: Simulator, amount: str, *words: str) -> Any:
    where = (simulator.ready["address"], str(simulator.ready["port"]))
    # Odoo's amount may be negative: no option.
    return told("odoo/client.py", *words, "--", *where, amount)


def paid(simulator: Simulator) -> list[tuple[str, int, str]]:
    """Return what the ledger has of each authorisation, once no customer is at the terminal."""
    waited("ready", lambda: "ready" == simulator.about()["state"], SOON)
    return [(row["kind"], row["amount"], row["currency"]) for row in simulator.ledger()]


# --- pyTeliumManager ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "card"), [((), ""), (("--card",), "892699######5305")], ids=["short", "with card"]
)
def test_pyteliummanager_sees_a_payment_as_paid(releve: Releve, words, card):
    simulator = releve.simulator("concert-v2")
    seen = telium(simulator, "12.50", "--look-first", *words)

    assert (True, True, True) == (seen["there"], seen["taken"], seen["paid"])
    assert ("01", "12.50", "978", card) == (
        seen["till"],
        seen["amount"],
        seen["currency"],
        seen["card"],
    )
    assert [("debit", 1250, "978")] == paid(simulator)
    assert {"": 1} == simulator.requests()


def test_pyteliummanager_sees_that_nothing_was_paid(releve: Releve):
    simulator = releve.simulator("concert-v2")
    for habit in NOT_PAYING:
        simulator.customer(habit)
        seen = telium(simulator, "12.50")
        assert (True, False, "12.50") == (seen["taken"], seen["paid"], seen["amount"]), habit

    assert ([], {"": len(NOT_PAYING)}) == (paid(simulator), simulator.requests())


@pytest.mark.parametrize(("kind", "ours"), [("credit", "credit"), ("refund", "cancellation")])
def test_pyteliummanager_gives_money_back(releve: Releve, kind: str, ours: str):
    simulator = releve.simulator("concert-v2")
    seen = telium(simulator, "99999.99", "--kind", kind, "--currency", "CHF")

    assert (True, "99999.99", "756") == (seen["paid"], seen["amount"], seen["currency"])
    assert [(ours, 9_999_999, "756")] == paid(simulator)


def test_pyteliummanager_does_not_see_as_paid_what_was_only_taken_on(releve: Releve):
    simulator = releve.simulator("concert-v2")
    seen = telium(simulator, "68.32", "--at-once")

    assert (True, False) == (seen["taken"], seen["paid"])
    assert [("debit", 6832, "978")] == paid(simulator)


def test_pyteliummanager_sends_nothing_to_a_busy_terminal(releve: Releve):
    simulator = releve.simulator("concert-v2", "--fault", "busy:1")
    seen = telium(simulator, "12.50")

    assert {"error": "TerminalInitializationFailedException"} == seen
    assert ([], {}) == (paid(simulator), simulator.requests())


@pytest.mark.parametrize(
    ("fault", "seen", "requests"),
    [
        ("request_refused:1", {"there": None, "taken": False}, {"": 1}),
        ("wrong_check:1", {"error": "LrcChecksumException"}, {"": 1}),
    ],
)
def test_control_pyteliummanager_sees_what_is_wrong_in_the_dialogue(
    releve: Releve, fault: str, seen, requests
):
    simulator = releve.simulator("concert-v2", "--fault", fault)

    assert seen == telium(simulator, "12.50")
    assert requests == simulator.requests()


# --- pypostelium ----------------------------------------------------------------------------------


def frame(body: str) -> str:
    """Return a frame in hexadecimal."""
    covered = body.encode("ascii") + b"\x03"
    check = 0
    for each in covered:
        check ^= each
    return (b"\x02" + covered + bytes((check,))).hex()


ASKED = frame("0100001250010978" + " " * 10 + "A011B010")
TAKEN_ON = frame("01900001250" + "1978" + " " * 10)


def test_pypostelium_has_a_payment_made_byte_for_byte(releve: Releve):
    simulator = releve.simulator("concert-v2")
    seen = postelium(simulator, "12.50")

    assert [ENQ, ASKED, EOT, ACK, ACK] == seen["written"]
    assert [ACK, ACK, ENQ, TAKEN_ON, EOT] == seen["read"]
    assert 28 == len(bytes.fromhex(TAKEN_ON))
    assert [("debit", 1250, "978")] == paid(simulator)


def test_pypostelium_takes_a_refusal_for_done_and_nothing_is_paid(releve: Releve):
    simulator = releve.simulator("concert-v2", "--customer", "refuses")
    seen = postelium(simulator, "12.50")

    assert seen["taken"]
    assert [ACK, ACK, ENQ, TAKEN_ON, EOT] == seen["read"]
    assert ([], {"": 1}) == (paid(simulator), simulator.requests())


@pytest.mark.parametrize(
    ("words", "currency", "body"),
    [
        (("--currency", "CHF"), "756", "0100000007010756"),
        (("--mode", "check"), "978", "01000000070C0978"),
    ],
)
def test_pypostelium_pays_in_another_currency_and_by_cheque(
    releve: Releve, words, currency: str, body: str
):
    simulator = releve.simulator("concert-v2")
    seen = postelium(simulator, "0.07", *words)

    assert frame(body + " " * 10 + "A011B010") == seen["written"][1]
    assert [("debit", 7, currency)] == paid(simulator)


def test_pypostelium_tries_a_busy_terminal_again_and_pays_once(releve: Releve):
    simulator = releve.simulator("concert-v2", "--fault", "busy:1")
    seen = postelium(simulator, "12.50", "--again", "1")

    assert [ENQ, EOT, ENQ, ASKED, EOT, ACK, ACK] == seen["written"]
    assert NAK == seen["read"][0]
    assert [("debit", 1250, "978")] == paid(simulator)
    assert {"": 1} == simulator.requests()


# --- Odoo -----------------------------------------------------------------------------------------

BEGINS = "CZ0040300CJ012012345678901CA00201CE003978CD0010"


def test_odoo_sees_a_payment_as_paid(releve: Releve):
    simulator = releve.simulator("caisse-ap")
    seen = odoo(simulator, "12.50")

    assert BEGINS + "CB0041250" == seen["asked"]
    assert "success" == seen["status"]
    assert f"AC-{seen['answered']['AC']}" in seen["made"]["transaction_id"]
    assert [("debit", 1250, "978")] == paid(simulator)


def test_odoo_sees_that_nothing_was_paid(releve: Releve):
    simulator = releve.simulator("caisse-ap")
    for habit in NOT_PAYING:
        simulator.customer(habit)
        seen = odoo(simulator, "12.50")
        assert ("failure", "01") == (seen["status"], seen["answered"]["AE"]), habit

    assert ([], {"": len(NOT_PAYING)}) == (paid(simulator), simulator.requests())


@pytest.mark.parametrize(
    ("amount", "words", "echoed", "row"),
    [
        ("-20", (), {"CD": "1"}, ("credit", 2000, "978")),
        ("20", ("--mode", "check"), {"CC": "00C"}, ("debit", 2000, "978")),
        ("500", ("--currency", "XPF"), {"CE": "953"}, ("debit", 500, "953")),
        ("68.32", ("--currency", "CHF"), {"CE": "756"}, ("debit", 6832, "756")),
    ],
    ids=["money back", "cheque", "francs without cents", "Swiss francs"],
)
def test_odoo_finds_in_the_answer_what_it_asked_for(
    releve: Releve, amount: str, words, echoed, row
):
    known = [word for each in ("978", "756", "953") for word in ("--currency", each)]
    simulator = releve.simulator("caisse-ap", *known)
    seen = odoo(simulator, amount, *words)

    assert "success" == seen["status"]
    assert echoed.items() <= seen["answered"].items()
    assert [row] == paid(simulator)


@pytest.mark.parametrize(
    ("flags", "ledger"),
    [
        (("--fault", "wrong_amount:1"), [("debit", 1250, "978")]),
        (("--fault", "wrong_currency:1"), [("debit", 1250, "978")]),
        (("--customer", "pays_partly"), [("debit", 625, "978")]),
        (("--fault", "contradiction:1"), []),
    ],
    ids=["wrong amount", "wrong currency", "a part", "contradiction"],
)
def test_odoo_notices_an_answer_that_is_about_something_else(releve: Releve, flags, ledger):
    simulator = releve.simulator("caisse-ap", *flags)
    seen = odoo(simulator, "12.50")

    assert ("issue", "10") == (seen["status"], seen["answered"]["AE"])
    assert ledger == paid(simulator)


def test_odoo_knows_nothing_of_a_payment_whose_answer_was_lost_and_the_ledger_does(
    releve: Releve,
):
    simulator = releve.simulator("caisse-ap", "--fault", "answer_lost:1")
    seen = odoo(simulator, "12.50", "--seconds", "1.5")

    assert ("issue", None) == (seen["status"], seen["answered"])
    assert [("debit", 1250, "978")] == paid(simulator)


@pytest.mark.parametrize(
    ("amount", "words", "reason"), [("0.05", (), "09"), ("12.50", ("--currency", "USD"), "13")]
)
def test_odoo_sees_that_the_terminal_did_not_take_what_it_does_not_know(
    releve: Releve, amount: str, words, reason: str
):
    simulator = releve.simulator("caisse-ap")
    seen = odoo(simulator, amount, *words)

    assert ("failure", reason) == (seen["status"], seen["answered"]["AF"])
    assert [] == paid(simulator)
