"""A scanned code is an answer like any other: the form says what its field can hold."""

import pytest

from agent.usecases.roster import Told
from agent.usecases.work import WorkError
from contract.forms.form import Form
from contract.wire.down import Assignment
from tests.agent.making import INTERVENTION
from tests.contract.making import AT, BY, FORM
from tests.fakes.link import FakeProbe
from tests.fakes.van import van

REPORT = INTERVENTION.reports[0].id


@pytest.fixture
async def here(store, clock):
    form = FORM.model_dump(by_alias=True)
    form["schema"]["properties"]["remarks"]["pattern"] = "^[A-Z]{2}[0-9]+$"
    async with van(store, clock) as running:
        await store.records.keep_form(Form.model_validate(form))
        await store.records.keep_assignment(
            Assignment(agent="van-7", id="a-1", at=AT, revision=1, intervention=INTERVENTION)
        )
        sighting = FakeProbe().sighting()
        running.roster.seen(sighting)
        pairing = await running.roster.pair(sighting.identity.id, Told(), BY)
        for code in ("AB123", "3760012345678"):
            running.scans.scanned(pairing, code)
        yield running


async def test_a_code_that_the_field_can_hold_is_saved(here):
    saved = await here.scans.attach(1, INTERVENTION.id, REPORT, "remarks", BY)

    assert "AB123" == saved.statement.text


async def test_a_code_that_it_cannot_hold_is_refused_and_nothing_is_saved(here, store):
    with pytest.raises(WorkError, match="remarks"):
        await here.scans.attach(2, INTERVENTION.id, REPORT, "remarks", BY)

    assert 0 == await store.captures.depth()
