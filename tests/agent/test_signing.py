"""Signing on the agent: what was shown is what is signed, and closing wants the signatures that the form requires."""

import pytest

from agent.usecases.signing import Hand
from agent.usecases.work import UnknownError, WorkError
from contract.forms.signed import SignatureState
from contract.wire.down import Assignment
from contract.wire.intervention import Appliance, FormReference, Intervention, Report
from contract.wire.statement import Action
from tests.agent.asking import Desk
from tests.contract.making import BY
from tests.contract.test_signed import FORM, LINE
from tests.fakes.van import van

INTERVENTION = Intervention(
    id="i-1",
    title="Entretien",
    appliances=(Appliance(id="north", name="Nord"),),
    reports=(Report(id="r-1", appliance="north", form=FormReference(id="signed", version=1)),),
)


@pytest.fixture
async def here(store, clock):
    await store.records.keep_form(FORM)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=INTERVENTION)
    )
    async with van(store, clock) as running:
        yield running


async def report(here):
    [view] = await here.work.views()
    return view.reports[0]


async def sign(here, signatory="technician", shown=None, name="Amira Benali"):
    hand = Hand(
        signatory=signatory,
        name=name,
        capacity=None,
        drawing=LINE,
        shown=shown or (await report(here)).digest,
    )
    return await here.signing.sign("i-1", "r-1", hand, BY)


async def remark(here, text="clean"):
    await here.work.enter("i-1", "r-1", "remarks", text, unit=None, reason=None, by=BY)


async def test_a_signature_is_a_capture_under_the_report_as_it_is_shown(here, store):
    await remark(here)
    await sign(here)

    stands = (await report(here)).signatures["technician"]
    assert SignatureState.SIGNED is stands.state
    assert ("Amira Benali", LINE) == (stands.signature.name, stands.signature.drawing)
    assert 2 == await store.captures.depth()
    assert "i-1" in here.saved


async def test_a_report_that_changed_since_it_was_shown_is_not_signed(here, store):
    seen = (await report(here)).digest
    await remark(here)
    with pytest.raises(WorkError, match="has changed since"):
        await sign(here, shown=seen)

    assert SignatureState.MISSING is (await report(here)).signatures["technician"].state
    assert 1 == await store.captures.depth()


async def test_signing_again_replaces_what_became_outdated(here):
    await sign(here)
    await remark(here)
    assert SignatureState.OUTDATED is (await report(here)).signatures["technician"].state

    await sign(here, name="Amira B.")
    stands = (await report(here)).signatures["technician"]
    assert (SignatureState.SIGNED, "Amira B.") == (stands.state, stands.signature.name)


async def test_a_signature_that_the_form_does_not_ask_for_is_refused(here):
    with pytest.raises(UnknownError, match="no such signature"):
        await sign(here, signatory="mayor")


async def test_an_intervention_is_not_complete_while_a_required_signature_is_missing(here):
    with pytest.raises(WorkError, match="r-1/technician"):
        await here.work.step("i-1", Action.CLOSE, BY)
    await sign(here)
    await here.work.step("i-1", Action.CLOSE, BY)

    with pytest.raises(WorkError, match="closed"):
        await sign(here, signatory="owner")


async def test_it_may_be_closed_as_incomplete_without_the_signature(here):
    assert await here.work.step("i-1", Action.CLOSE, BY, incomplete=True)


BODY = {
    "intervention": "i-1",
    "report": "r-1",
    "signatory": "technician",
    "name": "Amira Benali",
    "drawing": {"width": 100, "height": 40, "strokes": [[[1, 2], [3, 4]]]},
}


@pytest.fixture
async def asking(here):
    desk = Desk(here)
    await desk.sign()
    async with desk.client() as client:
        yield client


async def test_the_route_signs_the_digest_that_the_report_was_given_with(asking):
    given = (await asking.get("/v1/interventions/i-1")).json()["reports"][0]
    answer = await asking.post("/v1/signatures", json={**BODY, "shown": given["digest"]})
    after = (await asking.get("/v1/interventions/i-1")).json()["reports"][0]

    assert (201, "signature") == (answer.status_code, answer.json()["kind"])
    assert ["technician"] == given["unsigned"]
    assert [] == after["unsigned"]
    assert ["signed", "missing"] == [each["state"] for each in after["signatures"]]
    assert "M1 2 L3 4" == after["signatures"][0]["path"]


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"drawing": {"width": 1, "height": 1, "strokes": []}}, "drawing", "strokes"),
        ({"drawing": {"width": 1, "height": 1, "strokes": [[[9, 9]]]}}, "drawing", "outside"),
        ({"drawing": "{}{x}"}, "drawing", ""),
        ({"name": ""}, "name", "empty"),
        ({"shown": "abc"}, "shown", ""),
        ({"signatory": "mayor", "shown": "0" * 64}, "signatory", "no such signature"),
        ({"shown": "0" * 64}, "shown", "has changed"),
    ],
)
async def test_what_cannot_be_signed_is_refused_by_its_field(asking, wrong, field, said):
    given = (await asking.get("/v1/interventions/i-1")).json()["reports"][0]
    answer = await asking.post("/v1/signatures", json={**BODY, "shown": given["digest"], **wrong})

    assert answer.status_code in {404, 409, 422}
    assert field == answer.json()["errors"][0]["field"]
    assert said in answer.json()["errors"][0]["remedy"]
