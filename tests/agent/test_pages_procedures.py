"""Procedures on the technician's page: one step has its turn, with its button, its timer, its danger."""

import re

import pytest

from agent.usecases.procedures import StepAct
from contract.wire.statement import Action
from tests.agent.test_pages import HOSTILE, Elements, signed_in
from tests.agent.test_procedures import (
    RestartedClock,
    begin,
    enter,
    form,
    furnish,
    say,
    to_probe,
    to_the_end,
)
from tests.contract.making import BY
from tests.fakes.van import van

PAGE = "/pages/interventions/i-1"
PROCEDURE = "report-r-1-procedure-ambient-co"


@pytest.fixture
async def here(store, clock):
    await furnish(store)
    await store.records.keep_technician(BY, "1234")
    async with van(store, clock) as running:
        yield running


async def page(here, language="en", path=PAGE) -> str:
    async with signed_in(here) as client:
        answer = await client.get(path, headers={"Accept-Language": language})
    assert 200 == answer.status_code
    return answer.text


async def procedure(here, language="en") -> str:
    """Return the section of the first report's procedure."""
    text = await page(here, language)
    found = re.search(rf'<section id="{PROCEDURE}".*?</section>', text, re.DOTALL)
    assert found
    return found[0]


async def test_only_the_step_whose_turn_it_is_has_a_button(here):
    text = await procedure(here)

    assert 1 == text.count('aria-current="step"')
    assert 1 == text.count("<form")
    assert f'id="{PROCEDURE}-air-finish"' in text
    assert "danger" not in text


async def test_once_begun_a_procedure_can_be_begun_again(here):
    await say(here, "air")

    assert f'id="{PROCEDURE}-restart"' in await procedure(here)


async def test_a_step_that_is_done_says_by_whom(here):
    await say(here, "air")

    assert re.search(r"✓ .*by Amira Benali", await procedure(here))


async def test_a_decision_offers_its_choices(here):
    await say(here, "air")
    text = await procedure(here)

    assert ["off", "none"] == re.findall(r'name="choice" value="(\w+)"', text)


@pytest.mark.parametrize(
    ("seconds", "clock_face", "over"),
    [(0, "3:00", False), (59.5, "2:01", False), (179, "0:01", False), (180, "0:00", True)],
)
async def test_a_timer_shows_what_is_left_and_no_button_before_it_is_over(
    here, seconds, clock_face, over
):
    await say(here, "air")
    await say(here, "others", choice="off")
    await begin(here, "nominal")
    here.clock.pass_by(seconds)
    text = await procedure(here)

    assert f'<span class="clock">{clock_face}</span>' in text
    assert 'role="timer"' in text
    assert over is (f'id="{PROCEDURE}-nominal-finish"' in text)
    assert over is ("The time is over." in text)


async def test_a_timer_that_was_lost_says_so_and_is_begun_again(here):
    await say(here, "air")
    await say(here, "others", choice="off")
    await begin(here, "nominal")
    here.clock.reading = RestartedClock().reading
    text = await procedure(here)

    assert "The device restarted" in text
    assert f'id="{PROCEDURE}-nominal-begin"' in text
    assert 'role="timer"' not in text


async def test_measuring_names_the_field_and_offers_to_measure_it(here):
    await to_probe(here)
    text = await procedure(here)

    assert 'href="#report-r-1-co"' in text
    assert 'data-measures-one="co" data-form="report-r-1-measure"' in text
    assert f'id="{PROCEDURE}-probe-finish"' not in text


async def test_danger_is_seen_and_must_be_acknowledged(here):
    await to_probe(here)
    here.clock.pass_by(30)
    await enter(here, value="50")
    await say(here, "probe")
    text = await procedure(here)

    assert 'class="notice bad danger" role="alert"' in text
    assert "I acknowledge this" in text
    await say(here, "danger", StepAct.ACKNOWLEDGE)
    after = await procedure(here)
    assert "acknowledged" in after
    assert "finished" in after
    assert 'role="alert"' not in after


async def test_closing_names_the_procedures_that_are_not_finished(here):
    text = await page(here)
    dialog = text[text.index('<dialog id="closing"') :]

    assert "These procedures are not finished:" in dialog
    assert "Close as incomplete" in dialog


async def test_a_report_whose_procedure_is_not_finished_is_not_complete(here):
    await to_the_end(here)

    assert "procedure to finish" in await page(here)
    assert "procedure to finish" in await page(here, path="/pages/interventions")


async def test_what_a_form_does_not_ask_for_any_more_has_no_button(store, clock):
    await furnish(store, form(when=[{"field": "sealed", "in": [False]}]))
    await store.records.keep_technician(BY, "1234")
    async with van(store, clock) as here:
        assert PROCEDURE not in await page(here)
        for sealed in (False, True):
            await here.work.enter("i-1", "r-1", "sealed", sealed, unit=None, reason=None, by=BY)
            if not sealed:
                await say(here, "air")
        text = await procedure(here)

    assert "does not ask for it any more" in text
    assert "<form" not in text


async def test_what_is_over_hides_its_buttons(here):
    await here.work.step("i-1", Action.CLOSE, BY, incomplete=True)
    text = await procedure(here)

    assert re.search(r'-air-act" class="only-open"', text)


@pytest.mark.parametrize(("language", "word"), [("fr", "Procédure"), ("en", "Procedure")])
async def test_it_is_said_in_both_languages(here, language, word):
    assert word in await procedure(here, language)


async def test_what_a_form_says_cannot_break_out_of_the_page(store, clock):
    said = {"fr": HOSTILE, "en": HOSTILE}
    steps = [
        {"id": "a", "kind": "decide", "says": said, "choices": {"x": said, HOSTILE: said}},
        {"id": "b", "kind": "acknowledge", "says": said, "source": HOSTILE},
    ]
    basis = {"origin": "trade", "source": HOSTILE}
    await furnish(store, form(title=said, basis=basis, steps=steps))
    await store.records.keep_technician(BY, "1234")
    async with van(store, clock) as here:
        first = await page(here)
        await say(here, "a", choice=HOSTILE)
        second = await page(here)

    for text in (first, second):
        elements = Elements()
        elements.feed(text)
        assert HOSTILE not in text
        assert not {"img", "script"} & elements.names
        assert not any(each.startswith("on") for each in elements.attributes)
