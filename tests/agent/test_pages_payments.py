"""The pages of payments, in both languages, in every state."""

import pytest

from agent.usecases.payments.attempt import State
from agent.usecases.payments.events import Answer
from contract.payment.stated import Doubt, Stated, Unsent, Verdict, Why
from contract.wire.payment import SettledBy
from tests.agent.paying import APPROVED, EUROS, PAYS, ScriptedLine, attempt, terminal
from tests.agent.test_pages import HOSTILE, Elements, assigned, signed_in, visiting
from tests.contract.making import BY
from tests.fakes.van import van

LANGUAGES = ("fr", "en")
SHOWN = {
    State.APPROVED: {"stated": APPROVED, "settled_by": SettledBy.TERMINAL},
    State.DECLINED: {
        "stated": Stated(verdict=Verdict.DECLINED, why=Why.REFUSED, look=True, ticket=HOSTILE)
    },
    State.CANCELLED: {"stated": Stated(verdict=Verdict.CANCELLED, why=Why.ABANDONED)},
    State.NOT_SENT: {"unsent": Unsent.NO_CONNECTION},
    State.UNKNOWN: {"doubt": Doubt.LINK_LOST},
}


@pytest.fixture
async def here(store, clock):
    async with van(store, clock) as running:
        await store.records.keep_technician(BY, "1234")
        await assigned(running, amount_due="150.00", currency="EUR")
        yield running


async def with_terminal(here, paired=True, **how):
    line = ScriptedLine(*PAYS, **how)
    here.known_terminals["tpe"] = terminal(line)
    if paired:
        await here.payments.terminals.pair("tpe", BY)
    return line


async def seen(client, path, language="en"):
    answer = await client.get(f"{path}?lang={language}")
    assert 200 == answer.status_code
    return answer.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", State)
async def test_every_state_shows_its_amount_what_it_is_and_what_to_do(here, state, language):
    await with_terminal(here)
    await here.store.payments.open(attempt(state=state, **SHOWN.get(state, {})))

    async with signed_in(here) as client:
        page = await seen(client, "/pages/payments/K7WQ2M9XHT", language)

    elements = Elements()
    elements.feed(page)
    assert ("125,00 EUR" if language == "fr" else "125.00 EUR") in page
    assert f"paying.{state}" not in page
    assert f"paying_do.{state}" not in page
    assert "script" not in elements.names
    assert "onerror" not in elements.attributes


@pytest.mark.parametrize("path", ["/pages/payments", "/pages/payments/K7WQ2M9XHT"])
async def test_a_page_of_payments_needs_the_token(here, path):
    async with visiting(here) as client:
        assert 401 == (await client.get(path)).status_code


async def test_what_nobody_knows_explains_itself_and_offers_three_ways_out(here):
    await with_terminal(here, can={"tell_state"})
    await here.store.payments.open(attempt(state=State.UNKNOWN, doubt=Doubt.SILENT))

    async with signed_in(here) as client:
        page = await seen(client, "/pages/payments/K7WQ2M9XHT")

    assert "the terminal did not answer in time" in page
    for way in (
        "Ask the terminal again",
        "Paid, I saw the ticket",
        "Not paid, I checked the terminal",
    ):
        assert way in page
    assert "Do not pay a second time" in page


async def test_a_terminal_that_cannot_tell_is_not_asked(here):
    await with_terminal(here)
    await here.store.payments.open(attempt(state=State.UNKNOWN, doubt=Doubt.SILENT))

    async with signed_in(here) as client:
        page = await seen(client, "/pages/payments/K7WQ2M9XHT")

    assert "Ask the terminal again" not in page
    assert "Paid, I saw the ticket" in page


async def test_an_intervention_shows_what_is_due_and_proposes_it(here):
    await with_terminal(here)

    async with signed_in(here) as client:
        page = await seen(client, "/pages/interventions/i-1", "fr")

    assert "150,00 EUR" in page
    assert 'value="150,00"' in page


async def test_while_a_payment_is_open_no_other_is_offered(here):
    await with_terminal(here)
    await here.store.payments.open(attempt(state=State.UNKNOWN, doubt=Doubt.SILENT))

    async with signed_in(here) as client:
        page = await seen(client, "/pages/interventions/i-1")

    assert "This payment is not settled yet" in page
    assert 'id="pay"' not in page


async def test_a_terminal_that_is_not_paired_is_not_offered(here):
    await with_terminal(here, paired=False)

    async with signed_in(here) as client:
        page = await seen(client, "/pages/interventions/i-1")
        terminals = await seen(client, "/pages/payments")

    assert 'id="pay"' not in page
    assert "No terminal is paired" in page
    assert "Pair this terminal" in terminals


async def test_without_terminals_nothing_speaks_of_payments(store, clock):
    await store.records.keep_technician(BY, "1234")
    async with van(store, clock) as plain, signed_in(plain) as client:
        await assigned(plain)
        page = await seen(client, "/pages/interventions/i-1")
        shell = await seen(client, "/")

    assert "paying" not in page
    assert "/payments" not in shell


async def test_an_answer_that_fits_nothing_is_shown_first_until_somebody_looked(here):
    await with_terminal(here)
    await here.store.payments.open(attempt(state=State.PENDING))
    stray = Stated(verdict=Verdict.APPROVED, why=Why.AUTHORISED, money=EUROS, reference="OTHER")
    await here.payments.till.record("K7WQ2M9XHT", Answer(stray, Doubt.OTHER_REFERENCE))

    async with signed_in(here) as client:
        page = await seen(client, "/pages/payments")
        [one] = (await client.get("/v1/payments")).json()["unmatched"]
        await client.post(f"/v1/payments/unmatched/{one['id']}/seen")
        after = await seen(client, "/pages/payments")

    assert "A terminal gave an answer that fits no payment" in page
    assert "fits no payment" not in after
