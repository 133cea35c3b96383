"""What a terminal that speaks Caisse-AP knows afterwards, of the card, and prints."""

import pytest

from firmware_sims.kit.faults import Fault
from firmware_sims.payment.caisse_ap import Style
from firmware_sims.payment.customer import Habit
from tests.sims.tills import (
    REQUEST,
    STATE,
    STATUS,
    WITH_REFERENCE,
    at,
    caisse_ap,
    fields,
    paid,
    ticket,
)

CARD = "CC003001CI0011AC006222093AA016892699######5305AI021A00000000159352874191AB0042704"


# --- what it knows afterwards ---------------------------------------------------------------------


def test_the_state_of_a_payment_is_that_of_the_payment():
    front = at(caisse_ap(style=STATUS))
    front.ask(WITH_REFERENCE)
    front.ask(REQUEST + "CF002R2")
    said = fields(front.ask(STATE))

    assert ("10", "1250", "978", "R1") == tuple(said[tag] for tag in ("AE", "CB", "CE", "CF"))
    assert {"R1": 1, "R2": 1} == front.terminal.requests


def test_the_state_of_a_payment_that_goes_on_is_taken_on():
    front = at(caisse_ap(Habit.SLOW, style=STATUS))
    front.ask(WITH_REFERENCE)

    assert "11" == fields(front.ask(STATE))["AE"]


def test_the_state_of_what_it_never_heard_of_is_unknown():
    said = fields(at(caisse_ap(style=STATUS)).ask(STATE))

    assert ("01", "00", "R1") == (said["AE"], said["AF"], said["CF"])


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Fault.REBOOTED_AFTER_AUTHORISATION, "10"), (Fault.REBOOTED_BEFORE_AUTHORISATION, "01")],
)
def test_after_a_reboot_the_state_is_what_the_ledger_knows(fault: Fault, status: str):
    front = at(caisse_ap(style=STATUS), fault)
    assert "" == front.ask(WITH_REFERENCE, 6.0)

    assert status == fields(front.ask(STATE))["AE"]
    assert (status == "10") is bool(paid(front))


def test_a_duplicate_is_the_last_answer_with_its_ticket():
    front = at(caisse_ap(style=Style(knows_duplicate=True)))
    assert "00" == fields(front.ask("CZ0040300CA00201CD0013"))["AF"]
    front.ask(WITH_REFERENCE)
    said = fields(front.ask("CZ0040300CA00201CD0013CK003100"))

    assert ("10", "1250", "R1") == (said["AE"], said["CB"], said["CF"])
    assert "892699######5305" in ticket(said)
    assert 1 == len(paid(front))


# --- the card and the ticket ----------------------------------------------------------------------


def test_a_ticket_is_of_latin_1_and_masked_and_longer_than_a_first_read():
    said = at(caisse_ap()).ask(WITH_REFERENCE + "CK003100")
    printed = ticket(fields(said))

    assert "892699######5305" in printed
    assert "DÉBIT" in printed
    assert "12,50" in printed
    assert 1024 < len(said)


@pytest.mark.parametrize("wanted", ["", "CK003000", "CK003101", "CK003110"])
def test_no_ticket_where_no_plain_one_for_the_customer_is_wanted(wanted: str):
    assert "ZT" not in fields(at(caisse_ap()).ask(WITH_REFERENCE + wanted))


def test_a_whole_card_number_comes_only_where_it_was_asked_for():
    said = fields(at(caisse_ap(card="4970101234567890")).ask(WITH_REFERENCE + "CK003100"))

    assert "4970101234567890" == said["AA"]
    assert "4970101234567890" in ticket(said)
    assert "4970101234567890" not in at(caisse_ap()).ask(WITH_REFERENCE)


def test_a_terminal_that_gives_no_reference_back_never_does():
    style = Style(gives_reference_back=False)
    for habit in (Habit.PAYS, Habit.REFUSES):
        assert "CF" not in fields(at(caisse_ap(habit, style=style)).ask(WITH_REFERENCE))
