"""A scanned code is an answer like any other: the form says what its field can hold."""

import pytest
from biip.gs1_application_identifiers import GS1ApplicationIdentifier
from hypothesis import given
from hypothesis import strategies as st

from agent.usecases.codes import elements
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


# --- GS1 ------------------------------------------------------------------------------------------

WHOLE = "0103453120000011" + "21AB77\x1d8004ASSET-9"


def said(text, aim):
    return [(each.identifier, each.value) for each in elements(text, aim)]


@pytest.mark.parametrize(
    ("text", "aim", "found"),
    [
        (WHOLE, "]C1", [("01", "03453120000011"), ("21", "AB77"), ("8004", "ASSET-9")]),
        (WHOLE, "]d2", [("01", "03453120000011"), ("21", "AB77"), ("8004", "ASSET-9")]),
        (WHOLE, "]Q3", [("01", "03453120000011"), ("21", "AB77"), ("8004", "ASSET-9")]),
        ("3103000500", "]C1", [("3103", "0.500")]),
        ("80082611241405", "]C1", [("8008", "2026-11-24T14:05")]),
        ("17260131", "]C1", [("17", "2026-01-31")]),
        ("0103453120000012" + "21AB77", "]C1", [("21", "AB77")]),
        ("5901234123457", "]E0", []),
        ("98765432109213", "]I1", []),
        ("ZZZ", "]C1", []),
        ("", "]C1", []),
    ],
)
def test_a_code_of_gs1_is_split_into_its_elements(text, aim, found):
    assert found == said(text, aim)


@pytest.mark.parametrize("aim", [None, "]C0", "]A0", "]d1", "]X9", "]"])
def test_digits_that_only_look_like_an_identifier_are_not_split(aim):
    assert [] == said("2112345", aim)


@given(text=st.text(max_size=80), aim=st.sampled_from(["]C1", "]d2", "]Q3", "]e0", "]zz", ""]))
def test_any_code_is_survived(text, aim):
    elements(text, aim)


async def test_one_element_of_a_code_is_the_answer_and_the_whole_code_is_kept_beside_it(here):
    pairing = here.roster.paired()[0]
    here.scans.scanned(pairing, WHOLE, "]C1")
    saved = await here.scans.attach(3, INTERVENTION.id, REPORT, "remarks", BY, element="21")

    statement = saved.statement
    assert ("AB77", "21", "]C1", WHOLE) == (
        statement.text,
        statement.element,
        statement.symbology,
        statement.code,
    )


async def test_an_element_that_the_code_does_not_have_is_refused(here, store):
    with pytest.raises(WorkError, match="no element 21"):
        await here.scans.attach(1, INTERVENTION.id, REPORT, "remarks", BY, element="21")

    assert 0 == await store.captures.depth()


@pytest.mark.parametrize(
    ("identifier", "format_"),
    [
        ("01", "N14"),
        ("10", "X..20"),
        ("11", "N6"),
        ("15", "N6"),
        ("17", "N6"),
        ("21", "X..20"),
        ("240", "X..30"),
        ("241", "X..30"),
        ("8003", "N14[+X..16]"),
        ("8004", "X..30"),
        ("3103", "N6"),
    ],
)
def test_the_library_knows_the_identifiers_as_the_gs1_syntax_dictionary_has_them(
    identifier, format_
):
    known = GS1ApplicationIdentifier.extract(identifier + "0" * 30)

    assert f"N{len(identifier)}+{format_}" == known.format
