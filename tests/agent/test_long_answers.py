"""A text of a terminal that a capture has no room for, or that is none, costs nobody the payment."""

from dataclasses import dataclass

import pytest

from agent.usecases.payments.attempt import State
from contract.wire.statement import Payment
from tests.agent.canaries import Card
from tests.agent.card_visit import visit

LONG, LONGEST = 200, 10_000


@dataclass(frozen=True)
class Saying(Card):
    """In the place of a card: any text."""

    said: str = ""

    @property
    def text(self) -> str:
        return self.said

    @property
    def line(self) -> str:
        return self.said


async def captured(path, kind, place, said) -> Payment:
    async with visit(path) as here, here.desk.client() as client:
        await here.pay(client, kind, place, Saying("4970100000000055", "whole", said))
        saved = await here.desk.van.store.captures.of_intervention("i-1")
        assert [State.APPROVED] == here.states
    return saved[-1].statement


@pytest.mark.parametrize(
    ("kind", "place", "field"),
    [
        ("caisse-ap", "AC", "authorisation"),
        ("sumup", "auth_code", "authorisation"),
        ("sumup", "transaction_code", "trace"),
        ("sumup", "transaction id", "receipt"),
        ("sumup", "card type", "application"),
    ],
)
async def test_of_a_text_that_is_too_long_its_beginning_is_kept(tmp_path, kind, place, field):
    statement = await captured(tmp_path / "agent.db", kind, place, "9A" * 150)

    assert ("9A" * 150)[:LONG] == getattr(statement, field)


@pytest.mark.parametrize("place", ["auth_code", "transaction_code", "transaction id", "card type"])
async def test_a_text_that_is_empty_was_not_said(tmp_path, place):
    statement = await captured(tmp_path / "agent.db", "sumup", place, "")

    fields = (statement.authorisation, statement.trace, statement.receipt, statement.application)
    assert 1 == fields.count(None)


async def test_a_terminal_number_that_is_too_long_is_kept_as_far_as_there_is_room(tmp_path):
    statement = await captured(tmp_path / "agent.db", "caisse-ap", "CG", "7B" * 150)

    assert ("7B" * 150)[:LONG] == statement.terminal.terminal_id


async def test_of_a_receipt_that_does_not_end_its_beginning_is_kept(tmp_path):
    statement = await captured(tmp_path / "agent.db", "zvt", "print lines", "word " * 5000)

    assert LONGEST == len(statement.ticket)
    assert statement.ticket.startswith("CARTE BANCAIRE\nTICKET CLIENT\nword word")
