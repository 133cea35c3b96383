"""From "fill these fields" to captures on disk: all or nothing, never crossed, never from elsewhere."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from agent.usecases import capturing as capturing_module
from agent.usecases.capturing import Asked
from agent.usecases.roster import Told
from agent.usecases.work import UnknownError, WorkError
from contract.forms.form import Form
from contract.forms.value import FieldState
from contract.instrument import CalibrationState
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from contract.wire.down import Assignment
from contract.wire.intervention import FormReference
from contract.wire.request import ENDED, FieldStatus
from contract.wire.request import RequestState as State
from contract.wire.statement import Action, Measurement
from drivers.kit.dialogue import Act
from tests.agent.making import INTERVENTION
from tests.contract.making import BY
from tests.fakes.link import FakeProbe
from tests.fakes.van import until, van

ID = "testo-smart-probe.46512997"
FORM = Form.model_validate_json(
    """{"id":"combustion","version":1,"title":{"fr":"F","en":"F"},"schema":{"type":"object","required":["suction"],
    "properties":{
     "suction":{"type":"number","x-label":{"fr":"P","en":"P"},"x-measure":{"quantity":"differential_pressure",
       "unit":"bar","round":3,"role":"suction","limits":{"reject":{"maximum":"40"}},
       "instrument":{"calibrated":"required","zeroed":"required"},"edit":"locked"}},
     "free":{"type":"number","x-label":{"fr":"L","en":"F"},"x-measure":{"quantity":"differential_pressure","unit":"Pa"}},
     "humidity":{"type":"number","x-label":{"fr":"H","en":"H"},"x-measure":{"quantity":"relative_humidity","unit":"%"}},
     "read_off":{"type":"number","x-label":{"fr":"R","en":"R"},"x-measure":{"quantity":"differential_pressure","unit":"Pa",
       "capture":{"method":"manual"}}},
     "leak":{"type":"string","x-label":{"fr":"C","en":"C"},"x-compute":{"formula":"ambient_carbon_monoxide_sentence",
       "inputs":{"carbon_monoxide_ambient":{"value":"9"}}}},
     "remarks":{"type":"string","x-label":{"fr":"O","en":"R"}}}}}"""
)
CALIBRATED = Told(role="suction", calibrated_on=date(2026, 1, 5), calibration_due=date(2027, 1, 5))


@pytest.fixture
async def here(store, clock):
    await store.records.keep_form(FORM)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=INTERVENTION)
    )
    async with van(store, clock) as running:
        yield running


@pytest.fixture
async def probe(here):
    return await paired(here, FakeProbe(), CALIBRATED)


async def paired(here, probe, told):
    sighting = probe.sighting()
    here.roster.seen(sighting)
    await here.roster.pair(sighting.identity.id, told, BY)
    await until(lambda: here.live.of(sighting.identity.id).connected)
    return probe


def asked(*fields, report="r-1", **how):
    return Asked(intervention="i-1", report=report, fields=fields, **how)


async def taken(here, *fields, states=(), **how):
    """Begin a request, have values stated, and return the ticket when it has ended."""
    ticket = await here.capturing.begin(asked(*fields, **how), BY)
    here.spawn(here.capturing.carry_out(ticket))
    await until(lambda: ticket.state is State.WAITING)
    for state in states:
        state()
        await asyncio.sleep(0.01)
    await until(lambda: ticket.state in ENDED)
    return ticket


async def test_a_value_ends_in_its_field_with_its_provenance(here, probe, store):
    await here.roster.act(ID, Act.ZERO)
    ticket = await taken(here, "suction", states=[lambda: probe.state("00d0e945")])

    assert State.ACCEPTED is ticket.state
    [view] = await here.work.views()
    value = view.reports[0].values["suction"]
    assert ("0.075", Unit.BAR) == (value.value, value.unit)
    assert ("46512997", CalibrationState.VALID, True) == (
        value.instrument.serial,
        value.instrument.calibration.state,
        value.instrument.zeroed,
    )
    assert 1 == await store.captures.depth()
    assert ["i-1"] == here.saved


async def test_the_other_boiler_is_never_touched(here, probe):
    await here.roster.act(ID, Act.ZERO)
    await taken(here, "suction", report="r-1", states=[lambda: probe.state("00d0e945")])
    [view] = await here.work.views()

    assert FieldState.EMPTY is view.reports[1].values["suction"].state


async def test_a_value_stated_before_the_request_cannot_fill_it(here, probe):
    probe.state("00d0e945")
    await until(lambda: here.live.of(ID).latest)
    ticket = await here.capturing.begin(asked("free"), BY)
    here.spawn(here.capturing.carry_out(ticket))
    await asyncio.sleep(0.1)

    assert State.WAITING is ticket.state


async def test_an_unzeroed_probe_is_refused_with_that_reason(here, probe):
    with pytest.raises(WorkError, match="was not zeroed") as refused:
        await here.capturing.begin(asked("suction"), BY)

    assert "suction" == refused.value.field


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (Told(role="suction"), "calibration of testo T549i is unknown"),
        (
            Told(role="suction", calibrated_on=date(2024, 1, 1), calibration_due=date(2025, 1, 1)),
            "calibration of testo T549i is expired",
        ),
        (Told(role="return"), "with the role 'suction'"),
        (Told(), "with the role 'suction'"),
    ],
)
async def test_an_instrument_that_the_form_does_not_want_is_refused(here, told, reason):
    await paired(here, FakeProbe(), told)
    await here.roster.act(ID, Act.ZERO)
    with pytest.raises(WorkError, match=reason):
        await here.capturing.begin(asked("suction"), BY)


async def test_a_weak_identity_proves_no_calibration(here):
    probe = FakeProbe(serial=None)
    await paired(here, probe, CALIBRATED)
    await here.roster.act(probe.sighting().identity.id, Act.ZERO)
    with pytest.raises(WorkError, match="states no serial"):
        await here.capturing.begin(asked("suction"), BY)


async def test_an_instrument_that_is_not_paired_fills_nothing(here, probe):
    here.roster.seen(FakeProbe(serial="49990001").sighting())
    with pytest.raises(WorkError, match="not paired"):
        await here.capturing.begin(
            asked("free", instruments={"free": "testo-smart-probe.49990001"}), BY
        )


async def test_when_two_could_serve_a_person_chooses(here, probe):
    other = await paired(here, FakeProbe(serial="7", address="AA:BB:CC:00:00:07"), Told())
    with pytest.raises(WorkError, match="choose one of"):
        await here.capturing.begin(asked("free"), BY)
    ticket = await taken(
        here,
        "free",
        instruments={"free": "testo-smart-probe.7"},
        states=[lambda: probe.state("00d0e945"), lambda: other.state("0020ff43")],
    )

    assert Decimal("510.25") == ticket.fields["free"].sampled.reading.value


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("humidity", "no paired instrument"),
        ("remarks", "type the answer"),
        ("read_off", "type the answer"),
        ("leak", "type the answer"),
        ("none", "no such field"),
    ],
)
async def test_a_field_that_nothing_can_fill_is_named(here, probe, field, reason):
    with pytest.raises(WorkError, match=reason) as refused:
        await here.capturing.begin(asked(field), BY)

    assert field == refused.value.field


async def test_what_a_form_wants_typed_is_typed_without_a_reason(here):
    await here.work.enter("i-1", "r-1", "read_off", "12.5", unit=None, reason=None, by=BY)

    assert "12.5" == (await here.work.open_report("i-1", "r-1")).values["read_off"].value


async def test_what_a_form_calculates_is_not_typed(here):
    with pytest.raises(WorkError, match="the form calculates this value"):
        await here.work.enter("i-1", "r-1", "leak", "tout va bien", unit=None, reason="x", by=BY)


async def test_a_value_outside_what_the_form_accepts_is_refused_and_nothing_is_saved(
    here, probe, store
):
    await here.roster.act(ID, Act.ZERO)
    ticket = await taken(
        here, "suction", "free", states=[lambda: probe.state("00000049000000"[:0] or "00c8b64a")]
    )

    assert (State.REJECTED, 0) == (ticket.state, await store.captures.depth())
    assert "outside" in ticket.reason


async def test_a_request_that_nothing_answers_expires_with_the_reason(here, probe, monkeypatch):
    monkeypatch.setattr(capturing_module, "EXPIRES_AFTER", 0.05)
    ticket = await here.capturing.begin(asked("free"), BY)
    ticket.fields["free"].measure = ticket.fields["free"].measure.model_copy(update={"maxage": 0})
    await here.capturing.carry_out(ticket)

    assert State.EXPIRED is ticket.state
    assert "free" in ticket.reason


async def test_capturing_again_takes_the_place_of_the_former_value_and_both_are_kept(
    here, probe, store
):
    await here.roster.act(ID, Act.ZERO)
    for bits in ("00d0e945", "0020ff43"):
        await taken(here, "suction", states=[lambda bits=bits: probe.state(bits)])
    [view] = await here.work.views()

    assert "0.005" == view.reports[0].values["suction"].value
    assert 2 == len(await store.captures.of_intervention("i-1"))


async def test_an_intervention_closed_meanwhile_takes_no_capture(here, probe, store):
    ticket = await here.capturing.begin(asked("free"), BY)
    here.spawn(here.capturing.carry_out(ticket))
    await until(lambda: ticket.state is State.WAITING)
    await here.work.step("i-1", Action.CLOSE, BY, incomplete=True)
    probe.state("00d0e945")
    await until(lambda: ticket.state in ENDED)

    assert (State.REJECTED, "it is closed") == (ticket.state, ticket.reason[14:26])
    assert not [
        each
        for each in await store.captures.of_intervention("i-1")
        if isinstance(each.statement, Measurement)
    ]


@pytest.mark.parametrize(("intervention", "report"), [("i-9", "r-1"), ("i-1", "r-9")])
async def test_what_is_not_assigned_here_is_unknown(here, probe, intervention, report):
    with pytest.raises(UnknownError):
        await here.capturing.begin(
            Asked(intervention=intervention, report=report, fields=("free",)), BY
        )


async def test_a_withdrawn_intervention_takes_no_new_capture(here, probe, store):
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=2, intervention=INTERVENTION, withdrawn=True)
    )
    with pytest.raises(WorkError, match="somebody else"):
        await here.capturing.begin(asked("free"), BY)


async def test_an_error_of_the_instrument_rejects_the_request(here, probe, store):
    bad = Reading(
        Quantity.DIFFERENTIAL_PRESSURE, None, Unit.PASCAL, Status.ERROR, detail="status 00ff"
    )
    ticket = await taken(here, "free", states=[lambda: here.live.hear(ID, (bad,), 0.0)])

    assert (State.REJECTED, "free: status 00ff") == (ticket.state, ticket.reason)


GROUPED = Form.model_validate_json(
    """{"id":"combustion","version":2,"title":{"fr":"F","en":"F"},"schema":{"type":"object",
    "x-groups":{"air":{"x-label":{"fr":"Air","en":"Air"},"inputs":["remarks"],
      "x-measure":{"instrument":{"class":"probe"}}}},
    "properties":{
     "remarks":{"type":"string","x-label":{"fr":"O","en":"R"}},
     "pressure":{"type":"number","x-label":{"fr":"P","en":"P"},"x-measure":{"quantity":"differential_pressure","unit":"Pa",
       "group":"air"}},
     "limited":{"type":"number","x-label":{"fr":"L","en":"L"},"x-measure":{"quantity":"differential_pressure","unit":"bar",
       "group":"air","limits":{"reject":{"maximum":"0.05"}}}},
     "never":{"type":"number","x-label":{"fr":"N","en":"N"},"x-when":[{"field":"remarks","in":["no"]}],
       "x-measure":{"quantity":"differential_pressure","unit":"Pa","group":"air"}},
     "alone":{"type":"number","x-label":{"fr":"S","en":"A"},"x-measure":{"quantity":"differential_pressure","unit":"Pa"}},
     "analysed":{"type":"number","x-label":{"fr":"S","en":"A"},"x-measure":{"quantity":"differential_pressure","unit":"Pa",
       "instrument":{"class":"combustion_analyser"}}}}}}"""
)


@pytest.fixture
async def grouped(store, clock):
    """A van whose report has a group of two pressures."""
    of_second = FormReference(id="combustion", version=2)
    reports = tuple(each.model_copy(update={"form": of_second}) for each in INTERVENTION.reports)
    intervention = INTERVENTION.model_copy(update={"reports": reports})
    await store.records.keep_form(GROUPED)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=intervention)
    )
    async with van(store, clock) as running:
        running.probe = await paired(running, FakeProbe(), CALIBRATED)
        yield running


async def say(here, text="ready"):
    await here.work.enter("i-1", "r-1", "remarks", text, unit=None, reason=None, by=BY)


async def test_one_field_of_a_group_brings_the_others_that_are_asked_for(grouped):
    await say(grouped)
    ticket = await grouped.capturing.begin(asked("pressure"), BY)

    assert ["pressure", "limited"] == list(ticket.fields)


async def test_a_field_without_a_group_comes_alone(grouped):
    ticket = await grouped.capturing.begin(asked("alone"), BY)

    assert ["alone"] == list(ticket.fields)


async def test_a_group_waits_for_its_inputs(grouped):
    with pytest.raises(WorkError, match="fill this in first") as refused:
        await grouped.capturing.begin(asked("pressure"), BY)

    assert "remarks" == refused.value.field


async def test_a_group_is_saved_whole_or_not_at_all_and_says_how_each_field_stands(grouped, store):
    await say(grouped)
    before = await store.captures.depth()
    ticket = await grouped.capturing.begin(asked("pressure"), BY)
    assert {FieldStatus.WAITING} == {each.state for each in ticket.fields.values()}
    grouped.spawn(grouped.capturing.carry_out(ticket))
    await until(lambda: ticket.state is State.WAITING)
    grouped.probe.state("00d0e945")  # 7482 Pa, more than the second field takes
    await until(lambda: ticket.state in ENDED)

    assert State.REJECTED is ticket.state
    assert {"pressure": FieldStatus.SAMPLED, "limited": FieldStatus.REFUSED} == {
        name: each.state for name, each in ticket.fields.items()
    }
    assert before == await store.captures.depth()


async def test_an_instrument_of_another_class_is_refused(grouped):
    with pytest.raises(WorkError, match="the form wants combustion_analyser"):
        await grouped.capturing.begin(asked("analysed"), BY)
