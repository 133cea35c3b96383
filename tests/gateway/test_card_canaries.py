"""What an agent captured at terminals that say card numbers holds none at the gateway either."""

import json
from pathlib import Path

import pytest

from agent.adapters import sumup_line
from contract.wire.intervention import Intervention
from drivers.payment import carriers
from drivers.payment.caisse_ap import fields
from drivers.payment.zvt import paying
from tests.agent.canaries import WRITTEN, Card, Search, canaries
from tests.agent.card_terminals import PLACES
from tests.agent.card_visit import visit
from tests.gateway.edge import Edge, job
from tests.gateway.world import World

NUMBERS = canaries()
FORMS = list(WRITTEN)
WITH_TICKETS = [("caisse-ap", "AK"), ("zvt", "print lines")]
CAPTURED = [each for each in PLACES if each[1] != "another payment"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carriers, "QUIET_BEFORE", 0.0)
    monkeypatch.setattr(sumup_line, "LOOK_EVERY", 0.001)
    monkeypatch.setattr(sumup_line, "RESULT_WITHIN", 0.01)


async def said(path: Path, places: list[tuple[str, str]]) -> list[str]:
    """Return the statements of an agent that took a payment at each of these places."""
    async with visit(path) as here, here.desk.client() as client:
        for number, (kind, place) in enumerate(places):
            card = Card(NUMBERS[number], FORMS[number % len(FORMS)])
            await here.pay(client, kind, place, card)
        saved = await here.desk.van.store.captures.everything()
    return [each.text for each in saved]


async def seen(world: World, statements: list[str]) -> dict[str, str]:
    """Have statements arrive at the gateway, and return what it says of them to others."""
    agent = Edge()
    await world.furnished(agent, jobs=())
    document = {**json.loads(job("i-1").to_json()), "amount_due": "125.00", "currency": "EUR"}
    await world.office.create(Intervention.model_validate_json(json.dumps(document)))
    await world.office.assign("i-1", agent.name)
    for statement in statements:
        await world.send(agent, [agent.capture(statement)])
    async with world.client() as client:
        answers = {
            path: await client.get(path)
            for path in ("/v1/interventions/i-1/payments", "/interventions/i-1?lang=fr")
        }
    assert {200} == {each.status_code for each in answers.values()}
    return {path: each.text for path, each in answers.items()}


@pytest.mark.timeout(60)
async def test_the_office_sees_nothing_of_a_number(small_world: World, tmp_path: Path) -> None:
    statements = await said(tmp_path / "agent.db", CAPTURED)

    found = await seen(small_world, statements)

    search = Search(NUMBERS)
    assert all("MERCI" in text for text in found.values())
    assert {} == {path: left for path, text in found.items() if (left := search.text(text))}


@pytest.mark.timeout(60)
async def test_control_without_redaction_the_office_would_see_them(
    small_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in (fields, paying):
        monkeypatch.setattr(each, "scrubbed", lambda text: text)

    found = await seen(small_world, await said(tmp_path / "agent.db", WITH_TICKETS))

    for text in found.values():
        assert set(NUMBERS[:2]) == Search(NUMBERS).text(text)
