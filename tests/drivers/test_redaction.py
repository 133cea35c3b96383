"""What of a text is masked, and what is left: tickets stay readable, names of ours stay themselves."""

import secrets
import uuid

import pytest

from agent.paying import _new_id
from drivers.payment.redaction import last_four, scrubbed
from drivers.payment.sumup import named
from tests.agent.canaries import WRITTEN, canaries

TICKET = """\
CARTE BANCAIRE
CREDIT AGRICOLE
LE 24/11/26 A 08:00:12
PLOMBERIE MARTIN
75011 PARIS
1234567
13507
############5305
CB SANS CONTACT
053 001042 C @
N AUTORISATION 222093
MONTANT
      1 125,00 EUR
TVA 20,00 %   187,50
TEL 01 42 33 44 55
DEBIT
TICKET CLIENT
A CONSERVER"""
"""As a French terminal prints it; the card's end is masked by the terminal."""


def test_a_real_ticket_is_left_as_it_is():
    assert TICKET == scrubbed(TICKET)


@pytest.mark.parametrize("form", WRITTEN)
def test_of_each_number_its_last_four_digits_are_left_however_it_is_written(form):
    for number in canaries():
        left = scrubbed(WRITTEN[form](number))

        digits = "".join(each for each in left.partition("=")[0] if each.isdigit())
        assert number[-4:] == digits, left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("4970100000000055", "************0055"),
        ("MONTANT 125,00 4970100000000055", None),
        ("SIRET 73282932000074", "SIRET **********0074"),
        ("SIRET 732 829 320 00074", "SIRET *** *** *** *0074"),
        ("SIREN 732829320", "SIREN 732829320"),
        ("AID A0000000421010", "AID A********21010"),
        ("4970100000000056", "4970100000000056"),
        ("24/11/2026", "24/11/2026"),
        ("12345678901", "12345678901"),
        ("", ""),
    ],
    ids=lambda each: each or "nothing",
)
def test_what_passes_for_a_card_number_is_masked_even_where_it_is_none(text, left):
    """A SIRET has fourteen digits and the same check digit, and CB's own number holds twelve such: nobody can tell."""
    if left is None:
        assert "49701000000" not in scrubbed(text)
        assert scrubbed(text).endswith("0055")
    else:
        assert left == scrubbed(text)


def test_masking_twice_changes_nothing_more():
    for number in canaries():
        once = scrubbed(f"CARTE {number} FIN")
        assert once == scrubbed(once)


def test_names_of_ours_stay_themselves():
    for _ in range(500):
        id_ = _new_id()
        assert id_ == scrubbed(id_)


@pytest.mark.parametrize("code", ["222093", "053201", "0042", "12345678", "T6F4A1B3C5", "00A1"])
def test_codes_and_receipts_of_terminals_stay_themselves(code):
    assert code == scrubbed(code)


def test_the_name_of_a_transaction_stays_itself_though_its_digits_may_be_those_of_a_card():
    numbers = canaries(50)
    for number in numbers:
        digits = number.zfill(20)[:20] + secrets.token_hex(6)
        name = str(uuid.UUID(digits.ljust(32, "0")))
        assert name == named(name)
    assert [f"{'*' * (len(each) - 4)}{each[-4:]}" for each in numbers] == list(map(named, numbers))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("4970100000000055", "0055"),
        ("497010######0055", "0055"),
        ("************0055", "0055"),
        ("497010EEEEEE0055", "0055"),
        (" 4970100000000055 ", "0055"),
        ("0055", None),
        ("49701000", None),
        ("tok_abcdefghijk", None),
        ("", None),
    ],
)
def test_only_the_end_of_a_card_number_is_its_end(said, left):
    assert left == last_four(said)
