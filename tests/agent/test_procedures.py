"""Leading through a procedure on a real store: each step a capture in its turn, a refusal that says what to do."""

import json
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from agent.api.reasons import said as in_words
from agent.usecases.procedures import Said, StepAct, StepPlace
from agent.usecases.work import UnknownError, WorkError
from contract.forms.form import Form
from contract.unit import Unit
from contract.wire.captured import ClockReading
from contract.wire.down import Assignment
from contract.wire.statement import Action, Decision, Entry, Step, StepEvent
from tests.agent.asking import Desk
from tests.agent.conftest import opened
from tests.agent.making import INTERVENTION
from tests.contract.making import BY
from tests.fakes.clock import FakeClock
from tests.fakes.van import van

LABEL = {"fr": "Étape", "en": "Step"}
CO = {
    "type": "number",
    "x-label": LABEL,
    "x-measure": {
        "quantity": "carbon_monoxide_ambient",
        "unit": "[ppm]",
        "round": 0,
        "edit": "free",
    },
}
CHOICES = {"off": {"fr": "éteints", "en": "off"}, "none": {"fr": "aucun", "en": "none"}}
STEPS = [
    {"id": "air", "kind": "do", "says": LABEL},
    {"id": "others", "kind": "decide", "says": LABEL, "choices": CHOICES, "field": "others"},
    {"id": "nominal", "kind": "wait", "says": LABEL, "seconds": 180},
    {"id": "probe", "kind": "measure", "says": LABEL, "fields": ["co"], "seconds": 30},
    {
        "id": "danger",
        "kind": "acknowledge",
        "says": LABEL,
        "field": "aware",
        "when": [{"field": "co", "at_least": "50"}],
    },
]
PROPERTIES = {
    "co": CO,
    "others": {"type": "string", "x-label": LABEL, "enum": ["off", "none"]},
    "aware": {"type": "boolean", "x-label": LABEL},
    "sealed": {"type": "boolean", "x-label": LABEL},
}


def form(**procedure) -> Form:
    said = {
        "id": "ambient-co",
        "title": LABEL,
        "basis": {"origin": "proposed"},
        "required": True,
        "steps": STEPS,
        **procedure,
    }
    schema = {"type": "object", "x-procedures": [said], "properties": PROPERTIES}
    text = {"id": "combustion", "version": 1, "title": LABEL, "schema": schema}
    return Form.model_validate_json(json.dumps(text))


FORM = form()


class RestartedClock(FakeClock):
    """The clock of the device after it was switched off and on again."""

    def __init__(self, boot: str = "boot-2") -> None:
        super().__init__()
        self.boot, self.passed = boot, 10.0

    def reading(self) -> ClockReading:
        return super().reading().model_copy(update={"boot": self.boot})


async def furnish(store, form=FORM, **changes) -> None:
    await store.records.keep_form(form)
    intervention = INTERVENTION.model_copy(update=changes)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=intervention)
    )


@pytest.fixture
async def here(store, clock):
    await furnish(store)
    async with van(store, clock) as running:
        yield running


async def say(here, step, act=StepAct.DONE, choice=None, *, report="r-1", procedure="ambient-co"):
    place = StepPlace(intervention="i-1", report=report, procedure=procedure, step=step)
    return await here.procedures.say(place, Said(act=act, choice=choice), BY)


async def begin(here, step):
    return await say(here, step, StepAct.BEGIN)


async def enter(here, name="co", value="3"):
    return await here.work.enter(
        "i-1", "r-1", name, value, unit=Unit.PPM if name == "co" else None, reason=None, by=BY
    )


async def standing(here):
    return (await here.work.view("i-1")).reports[0].procedures[0]


async def current(here):
    step = (await standing(here)).current
    return step.step.id if step else None


async def refused(here, *how, error=WorkError, **more):
    """Return the field and the reason of a refusal; nothing is saved."""
    before = await here.store.captures.depth()
    with pytest.raises(error) as raised:
        await say(here, *how, **more)
    assert before == await here.store.captures.depth()
    return raised.value.field, str(raised.value.remedy)


async def to_probe(here) -> None:
    """Go on to the step that measures, and begin it."""
    await say(here, "air")
    await say(here, "others", choice="off")
    await begin(here, "nominal")
    here.clock.pass_by(180)
    await say(here, "nominal")
    await begin(here, "probe")


async def to_the_end(here, value="3") -> None:
    await to_probe(here)
    here.clock.pass_by(30)
    await enter(here, value=value)
    await say(here, "probe")
    if Decimal(value) >= 50:
        await say(here, "danger", StepAct.ACKNOWLEDGE)


# --- step by step ---------------------------------------------------------------------------------


async def test_each_step_is_a_signed_capture_in_its_turn(here):
    await to_the_end(here, "50")
    kept = [each.statement for each in await here.store.captures.of_intervention("i-1")]
    told = [
        (each.step, each.event.value if isinstance(each, Step) else each.choice)
        for each in kept
        if isinstance(each, Step | Decision)
    ]

    assert [
        ("air", "done"),
        ("others", "off"),
        ("nominal", "begun"),
        ("nominal", "done"),
        ("probe", "begun"),
        ("probe", "done"),
        ("danger", "acknowledged"),
    ] == told
    assert (await standing(here)).finished
    assert {"i-1"} == set(here.saved)


async def test_a_decision_and_its_answer_are_saved_together_or_not_at_all(here):
    await say(here, "air")
    [decision, answer] = await say(here, "others", choice="none")

    assert isinstance(decision.statement, Decision)
    assert isinstance(answer.statement, Entry)
    assert ("others", "none") == (answer.statement.field, answer.statement.value)
    assert decision.link.seq + 1 == answer.link.seq


async def test_an_answer_that_is_given_again_replaces_the_one_before(here):
    await to_the_end(here)
    await say(here, "air", StepAct.RESTART)
    await say(here, "air")
    await say(here, "others", choice="none")

    assert "none" == (await here.work.view("i-1")).reports[0].values["others"].value


async def test_a_step_can_be_begun_again_once_the_device_restarted(here, clock):
    await say(here, "air")
    await say(here, "others", choice="off")
    await begin(here, "nominal")
    clock.reading = RestartedClock().reading

    lost = await refused(here, "nominal")
    [again] = await begin(here, "nominal")

    assert (
        "event",
        "the device restarted, and how long it lasted is not known: begin it again",
    ) == lost
    assert StepEvent.BEGUN is again.statement.event


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "field", "reason"),
    [
        (("air", StepAct.BEGIN), "event", "this step has no beginning"),
        (("air", StepAct.ACKNOWLEDGE), "event", "nothing to acknowledge here"),
        (("air", StepAct.DONE, "off"), "choice", "there is nothing to choose here"),
        (("air", StepAct.RESTART), "event", "nothing of it is done yet"),
        (("others", StepAct.DONE, "off"), "step", "not the turn of this step: that is air"),
        (("others", StepAct.RESTART), "step", "from its first step, air"),
        (("danger", StepAct.ACKNOWLEDGE), "step", "not the turn of this step"),
    ],
)
async def test_what_does_not_go_with_the_first_step_is_refused(here, how, field, reason):
    at, why = await refused(here, *how)

    assert field == at
    assert reason in why


async def test_what_is_not_there_is_not_found(here):
    step = await refused(here, "elsewhere", error=UnknownError)
    procedure = await refused(here, "air", procedure="other", error=UnknownError)
    report = await refused(here, "air", report="r-9", error=UnknownError)

    assert ("step", "procedure", "report") == (step[0], procedure[0], report[0])


@pytest.mark.parametrize("choice", [None, "on", ""])
async def test_a_choice_is_one_of_those_offered(here, choice):
    await say(here, "air")

    assert ("choice", "choose one of off, none") == await refused(here, "others", choice=choice)


async def test_too_early_says_how_long_to_wait(here, clock):
    await say(here, "air")
    await say(here, "others", choice="off")
    not_begun = await refused(here, "nominal")
    await begin(here, "nominal")
    twice = await refused(here, "nominal", StepAct.BEGIN)
    clock.pass_by(179.2)

    assert ("event", "this step has not begun: begin it") == not_begun
    assert ("event", "this step has begun already: say when it is done") == twice
    assert ("event", "too early: wait 1 s more") == await refused(here, "nominal")
    clock.pass_by(0.8)
    assert await say(here, "nominal")


@pytest.mark.parametrize("days", [365, -365])
async def test_a_wall_clock_that_jumps_lets_nobody_through(here, clock, days):
    await say(here, "air")
    await say(here, "others", choice="off")
    await begin(here, "nominal")
    clock.pass_by(10)
    clock.jump(days=days)

    assert ("event", "too early: wait 170 s more") == await refused(here, "nominal")


async def test_a_field_that_is_still_empty_is_named(here, clock):
    await to_probe(here)
    clock.pass_by(30)

    assert ("co", "still empty: fill it, then say that the step is done") == await refused(
        here, "probe"
    )


async def test_a_value_from_before_the_step_is_not_taken(here, clock):
    await enter(here)
    await to_probe(here)
    clock.pass_by(30)
    at, why = await refused(here, "probe")
    await enter(here, value="4")

    assert ("co", True) == (at, "does not come from this step" in why)
    assert await say(here, "probe")


async def test_a_danger_is_acknowledged_and_nothing_else_will_do(here, clock):
    await to_probe(here)
    clock.pass_by(30)
    await enter(here, value="50")
    await say(here, "probe")

    assert "danger" == await current(here)
    assert "must be acknowledged" in (await refused(here, "danger"))[1]
    assert "no beginning" in (await refused(here, "danger", StepAct.BEGIN))[1]
    await say(here, "danger", StepAct.ACKNOWLEDGE)
    assert await current(here) is None
    assert "is finished" in (await refused(here, "danger", StepAct.ACKNOWLEDGE))[1]


async def test_a_procedure_that_the_form_does_not_ask_for_is_refused(store, clock):
    await furnish(store, form(when=[{"field": "sealed", "in": [False]}]))
    async with van(store, clock) as here:
        before = await refused(here, "air")
        await here.work.enter("i-1", "r-1", "sealed", False, unit=None, reason=None, by=BY)

        assert "procedure" == before[0]
        assert await say(here, "air")


async def test_a_closed_intervention_takes_no_step(here):
    await here.work.step("i-1", Action.CLOSE, BY, incomplete=True)

    assert ("intervention", "it is closed: have the office reopen it") == await refused(
        here, "air"
    )


async def test_a_withdrawn_intervention_takes_no_step(here, store):
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=2, intervention=INTERVENTION, withdrawn=True)
    )

    assert "intervention" == (await refused(here, "air"))[0]


async def test_a_refusal_is_said_in_french_too(here):
    with pytest.raises(WorkError) as raised:
        await say(here, "others", choice="off")

    assert "step : ce n’est pas le tour de cette étape : c’est air" == in_words(
        raised.value.words, "fr"
    )


# --- closing --------------------------------------------------------------------------------------


async def test_a_required_procedure_that_is_not_finished_keeps_an_intervention_open(store, clock):
    await furnish(store, reports=INTERVENTION.reports[:1])
    async with van(store, clock) as here:
        await say(here, "air")
        with pytest.raises(WorkError) as raised:
            await here.work.step("i-1", Action.CLOSE, BY)
        assert "not finished: r-1/ambient-co" in raised.value.remedy

        await say(here, "air", StepAct.RESTART)
        await to_the_end(here)
        assert await here.work.step("i-1", Action.CLOSE, BY)


@pytest.mark.parametrize(
    "procedure", [{"required": False}, {"when": [{"field": "sealed", "in": [False]}]}]
)
async def test_one_that_is_not_required_or_not_there_does_not(store, clock, procedure):
    await furnish(store, form(**procedure))
    async with van(store, clock) as here:
        assert await here.work.step("i-1", Action.CLOSE, BY)


# --- a restart in the middle ----------------------------------------------------------------------


@asynccontextmanager
async def started(path, clock):
    """Start an agent on a store as it was left."""
    async with opened(path) as store, van(store, clock) as running:
        yield running


async def test_a_restart_of_the_agent_in_the_middle_forgets_nothing_and_the_timer_goes_on(
    tmp_path, clock
):
    path = tmp_path / "agent.db"
    async with started(path, clock) as here:
        await furnish(here.store)
        await say(here, "air")
        await say(here, "others", choice="off")
        await begin(here, "nominal")
    clock.pass_by(100)
    clock.jump(days=-365)
    async with started(path, clock) as here:
        stands = await standing(here)
        left = stands.current.left(clock.reading())
        early = await refused(here, "nominal")
        clock.pass_by(80)
        await say(here, "nominal")
        after = await current(here)

    assert ("nominal", 80) == (stands.current.step.id, left)
    assert ("event", "too early: wait 80 s more") == early
    assert "probe" == after


async def test_after_a_restart_of_the_device_what_was_done_stays_and_what_ran_begins_again(
    tmp_path, clock
):
    path = tmp_path / "agent.db"
    async with started(path, clock) as here:
        await furnish(here.store)
        await to_probe(here)
    later = RestartedClock()
    async with started(path, later) as here:
        stands = await standing(here)
        unknown = stands.current.left(later.reading())
        await begin(here, "probe")
        later.pass_by(30)
        await enter(here)
        await say(here, "probe")
        finished = (await standing(here)).finished

    assert ("probe", None, True) == (stands.current.step.id, unknown, finished)


# --- over the API ---------------------------------------------------------------------------------

STEP = "/v1/interventions/i-1/reports/r-1/procedures/ambient-co/steps"


@pytest.fixture
async def desk(here):
    desk = Desk(here)
    await desk.sign()
    return desk


async def shown(client):
    return (await client.get("/v1/interventions/i-1")).json()["reports"][0]["procedures"][0]


async def test_the_api_leads_from_step_to_step(desk, clock):
    async with desk.client() as client:
        done = await client.post(f"{STEP}/air", json={"event": "done"})
        decided = await client.post(f"{STEP}/others", json={"event": "done", "choice": "off"})
        begun = await client.post(f"{STEP}/nominal", json={"event": "begin"})
        clock.pass_by(59.5)
        stands = await shown(client)

    assert [201, 201, 201] == [each.status_code for each in (done, decided, begun)]
    assert ["decision", "entry"] == [each["kind"] for each in decided.json()["captures"]]
    assert ("nominal", False, 1) == (stands["current"], stands["finished"], stands["runs"])
    air, others, nominal, probe, danger = stands["steps"]
    assert ("done", "Amira Benali", "off") == (air["state"], air["by"], others["choice"])
    assert ("running", 180, 121, False) == (
        nominal["state"],
        nominal["seconds"],
        nominal["seconds_left"],
        nominal["lost"],
    )
    assert ("to_do", None, "skipped") == (
        probe["state"],
        probe["seconds_left"],
        danger["state"],
    )


async def test_the_api_names_what_is_refused(desk):
    async with desk.client() as client:
        early = await client.post(f"{STEP}/others", json={"event": "done", "choice": "off"})
        unknown = await client.post(f"{STEP}/nowhere", json={"event": "done"})
        slip = await client.post(f"{STEP}/air", json={"event": "finished"})
        more = await client.post(f"{STEP}/air", json={"event": "done", "at": "now"})

    assert [409, 404, 422, 422] == [each.status_code for each in (early, unknown, slip, more)]
    assert ["step", "step", "event", "at"] == [
        each.json()["errors"][0]["field"] for each in (early, unknown, slip, more)
    ]


async def test_the_api_says_when_a_timer_was_lost(desk, clock):
    async with desk.client() as client:
        await client.post(f"{STEP}/air", json={"event": "done"})
        await client.post(f"{STEP}/others", json={"event": "done", "choice": "off"})
        await client.post(f"{STEP}/nominal", json={"event": "begin"})
        clock.reading = RestartedClock().reading
        stands = await shown(client)

    assert (None, True) == (stands["steps"][2]["seconds_left"], stands["steps"][2]["lost"])
