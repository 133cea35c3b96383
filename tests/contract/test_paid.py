"""What is due and was paid for an intervention, folded from its captures."""

import json
from pathlib import Path

import pytest

from contract.payment.money import Money
from contract.wire.intervention import Intervention
from contract.wire.paid import standing
from contract.wire.statement import Payment

FIXTURE = Path(__file__).parents[1] / "fixtures/wire/v1/statement.payment.json"


def payment(attempt="0000000001", paid=12500, **how) -> tuple[str, Payment]:
    said = {**json.loads(FIXTURE.read_text()), "attempt": attempt, "paid_minor_units": paid, **how}
    if paid is None:
        del said["paid_minor_units"]
    return "van-7", Payment.model_validate_json(json.dumps(said))


def visit(due="125.00", currency="EUR") -> Intervention:
    return Intervention(id="i-1", title="Entretien", amount_due=due, currency=currency)


def test_nothing_paid_leaves_all_to_be_paid():
    assert Money(12500, "EUR") == standing(visit(), []).difference


def test_what_was_paid_is_summed_and_the_difference_is_known():
    found = standing(visit(), [payment(paid=10000), payment("0000000002", paid=1000)])

    assert {"EUR": 11000} == found.paid.total
    assert Money(1500, "EUR") == found.difference


def test_more_than_is_due_is_a_difference_too():
    assert Money(-100, "EUR") == standing(visit(), [payment(paid=12600)]).difference


def test_money_that_went_back_is_subtracted():
    back = payment("0000000002", paid=2500, operation="refund", of="0000000001")

    found = standing(visit(), [payment(), back])

    assert {"EUR": 10000} == found.paid.total
    assert Money(2500, "EUR") == found.difference


def test_what_nobody_knows_is_in_no_total_and_is_named():
    found = standing(visit(), [payment(paid=None, state="unknown")])

    assert {} == found.paid.total
    assert Money(12500, "EUR") == found.difference
    assert ["0000000001"] == [each.attempt for each in found.paid.unknown]


def test_a_later_word_about_an_attempt_takes_the_place_of_an_earlier_one():
    found = standing(visit(), [payment(paid=None, state="unknown"), payment()])

    assert {"EUR": 12500} == found.paid.total
    assert () == found.paid.unknown
    assert 1 == len(found.payments)


def test_both_branches_of_a_fork_count_once():
    assert {"EUR": 12500} == standing(visit(), [payment(), payment()]).paid.total


def test_the_same_attempt_number_of_another_agent_is_another_payment():
    (_, one) = payment()

    found = standing(visit(), [("van-7", one), ("van-8", one)])

    assert {"EUR": 25000} == found.paid.total


def test_another_currency_pays_nothing_of_what_is_due():
    found = standing(visit(), [payment(currency="CHF")])

    assert Money(12500, "EUR") == found.difference
    assert [Money(12500, "CHF")] == found.paid.monies


def test_a_currency_without_cents_has_none():
    assert Money(12500, "JPY") == standing(visit("12500", "JPY"), []).difference


@pytest.mark.parametrize(("due", "currency"), [(None, None), ("12.345", "EUR"), ("1", "QQQ")])
def test_what_is_no_amount_is_not_due(due, currency):
    found = standing(visit(due, currency), [])

    assert found.due is None
    assert found.difference is None
    assert found.empty


def test_an_amount_and_its_currency_go_together():
    for half in ({"amount_due": "1.00"}, {"currency": "EUR"}):
        with pytest.raises(ValueError, match="go together"):
            Intervention(id="i-1", title="Entretien", **half)
