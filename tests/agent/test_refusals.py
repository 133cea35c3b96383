"""What is refused, each for its own reason and with a remedy; and a thousand attempts by strangers."""

import asyncio
import random
from datetime import date
from decimal import Decimal

import pytest

from agent.api.reasons import said
from agent.usecases import capturing as capturing_module
from agent.usecases.capturing import Asked
from agent.usecases.roster import Told
from agent.usecases.work import WorkError
from contract.forms.form import Form
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from contract.wire.down import Assignment
from contract.wire.request import ENDED, RequestState
from drivers.kit.dialogue import Act
from tests.agent.making import INTERVENTION
from tests.contract.making import BY
from tests.fakes.link import FakeProbe
from tests.fakes.van import until, van

ID = "testo-smart-probe.46512997"
PRESSURE = '"quantity":"differential_pressure","unit":"Pa"'
FORM = Form.model_validate_json(
    '{"id":"combustion","version":1,"title":{"fr":"F","en":"F"},"schema":{"type":"object","properties":{'
    + ",".join(
        f'"{name}":{{"type":"number","x-label":{{"fr":"P","en":"P"}},"x-measure":{{{block}}}}}'
        for name, block in {
            "strict": PRESSURE + ',"instrument":{"calibrated":"required","zeroed":"required"}',
            "sure": PRESSURE + ',"instrument":{"calibrated":"required"}',
            "steady": PRESSURE
            + ',"capture":{"method":"stable","frames":3,"tolerance":"1"},"maxage":1',
            "limited": PRESSURE + ',"limits":{"reject":{"maximum":"100"}}',
            "plain": PRESSURE + ',"maxage":1',
            "humid": '"quantity":"relative_humidity","unit":"%"',
            "gas": '"quantity":"concentration","unit":"[ppm]","substance":"R134a","maxage":1',
            "boiler": PRESSURE + ',"instrument":{"class":"combustion_analyser"}',
            "flow": PRESSURE + ',"role":"flow"',
        }.items()
    )
    + "}}}"
)
VALID = Told(calibrated_on=date(2026, 1, 5), calibration_due=date(2027, 1, 5))
EXPIRED = Told(calibrated_on=date(2024, 1, 5), calibration_due=date(2025, 1, 5))


@pytest.fixture
async def here(store, clock, monkeypatch):
    monkeypatch.setattr(capturing_module, "EXPIRES_AFTER", 0.6)
    await store.records.keep_form(FORM)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=INTERVENTION)
    )
    async with van(store, clock) as running:
        yield running


async def paired(here, told=VALID):
    probe = FakeProbe()
    here.roster.seen(probe.sighting())
    await here.roster.pair(ID, told, BY)
    await until(lambda: here.live.of(ID).connected)
    return probe


async def begun(here, field, chosen=None):
    return await here.capturing.begin(
        Asked(
            intervention="i-1",
            report="r-1",
            fields=(field,),
            instruments={field: chosen} if chosen else {},
        ),
        BY,
    )


async def refused(here, field, *readings, chosen=None):
    """Return why a field is not filled by these readings, or at all."""
    try:
        ticket = await begun(here, field, chosen)
    except WorkError as error:
        return error.remedy
    here.spawn(here.capturing.carry_out(ticket))
    await until(lambda: ticket.state is RequestState.WAITING)
    for each in readings:
        here.live.hear(ID, (each,), here.clock.elapsed())
        await asyncio.sleep(0.01)
    await until(lambda: ticket.state in ENDED, within=5)
    assert ticket.state in {RequestState.REJECTED, RequestState.EXPIRED}, ticket.state
    return ticket.fields[field].reason


def pascal(value, unit=Unit.PASCAL, status=Status.OK):
    number = None if value is None else Decimal(value)
    return Reading(Quantity.DIFFERENTIAL_PRESSURE, number, unit, status)


CASES = {
    "unpaired": ("plain", None, (), "is not paired: pair it first", ID),
    "nobody knows it": ("humid", VALID, (), "pair one that does", None),
    "wrong quantity": ("humid", VALID, (), "does not state", ID),
    "wrong class": ("boiler", VALID, (), "the form wants combustion_analyser, pair one", None),
    "wrong role": ("flow", VALID, (), "pair one in that role", None),
    "calibration lapsed": ("sure", EXPIRED, (), "is expired: use another one", None),
    "calibration unknown": ("sure", Told(), (), "is unknown: say its date", None),
    "not zeroed": ("strict", VALID, (), "was not zeroed since it was switched on: zero it", None),
    "unstable": (
        "steady",
        VALID,
        tuple(pascal(each) for each in (0, 50, 0, 50)),
        "keep still, and measure again",
        None,
    ),
    "stale": ("plain", VALID, (), "stated no value: start the measurement on it", None),
    "out of range": (
        "limited",
        VALID,
        (pascal(101),),
        "is outside what the form accepts: look",
        None,
    ),
    "instrument's error": (
        "plain",
        VALID,
        (pascal(None, status=Status.ERROR),),
        "the instrument states an error",
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_reading_that_must_not_fill_a_field_is_refused_for_its_own_reason(
    here, store, case
):
    field, told, readings, wanted, chosen = CASES[case]
    if told is not None:
        await paired(here, told)
    reason = await refused(here, field, *readings, chosen=chosen)

    assert wanted in reason
    assert said(reason, "fr") != said(reason, "en")
    assert 0 == await store.captures.depth()


def test_each_of_them_has_a_reason_of_its_own():
    assert len(CASES) == len({wanted for _, _, _, wanted, _ in CASES.values()})


async def test_a_value_of_another_substance_is_refused_and_says_which(here, monkeypatch, store):
    await paired(here)
    monkeypatch.setattr(
        type(here.chooser), "able", lambda self, measure: [*self._paired()], raising=True
    )
    other = Reading(Quantity.CONCENTRATION, Decimal(5), Unit.PPM, Status.OK, "R410A")
    here.live.hear(ID, (other,), here.clock.elapsed())
    reason = await refused(here, "gas", other)

    assert "states R410A, and the form wants R134a" in reason
    assert 0 == await store.captures.depth()


def test_a_reading_in_a_unit_of_another_kind_is_none():
    with pytest.raises(ValueError, match="cannot be stated in Cel"):
        pascal(1, unit=Unit.CELSIUS)


async def test_what_is_right_in_all_of_this_is_taken(here, store):
    probe = await paired(here)
    await here.roster.act(ID, Act.ZERO)
    ticket = await begun(here, "strict")
    here.spawn(here.capturing.carry_out(ticket))
    await until(lambda: ticket.state is RequestState.WAITING)
    probe.state("00d0e945")
    await until(lambda: ticket.state in ENDED)

    assert RequestState.ACCEPTED is ticket.state
    assert 1 == await store.captures.depth()


# --- strangers ------------------------------------------------------------------------------------


async def by_id(here, stranger, value):
    """Ask for the stranger by its name."""
    with pytest.raises(WorkError, match="is not paired"):
        await begun(here, "plain", stranger)


async def by_its_voice(here, stranger, value):
    """The stranger speaks while a request waits for the paired one."""
    ticket = await begun(here, "plain")
    here.spawn(here.capturing.carry_out(ticket))
    await until(lambda: ticket.state is RequestState.WAITING)
    here.live.hear(stranger, (pascal(value),), here.clock.elapsed())
    await asyncio.sleep(0)
    assert ticket.state is RequestState.WAITING
    ticket.move(RequestState.EXPIRED)


async def by_its_nearness(here, stranger, value):
    """The stranger is near, and nobody made it ours."""
    here.roster.seen(FakeProbe(serial=stranger.rpartition(".")[2]).sighting())
    ticket = await begun(here, "plain")
    assert ID == ticket.fields["plain"].pairing.instrument
    ticket.move(RequestState.EXPIRED)


async def by_a_past_pairing(here, stranger, value):
    """The stranger was ours once, and was let go."""
    probe = FakeProbe(serial=stranger.rpartition(".")[2])
    sighting = probe.sighting()
    here.roster.seen(sighting)
    await here.roster.pair(sighting.identity.id, VALID, BY)
    await here.roster.unpair(sighting.identity.id)
    here.live.hear(sighting.identity.id, (pascal(value),), here.clock.elapsed())
    with pytest.raises(WorkError, match="is not paired"):
        await begun(here, "plain", sighting.identity.id)


async def by_likeness(here, stranger, value):
    """The stranger's name is the paired one's but for a letter."""
    at = value % len(ID)
    alike = ID[:at] + ("x" if ID[at] != "x" else "y") + ID[at + 1 :]
    with pytest.raises(WorkError, match="is not paired"):
        await begun(here, "plain", alike)


@pytest.mark.timeout(60)
async def test_a_thousand_attempts_of_five_kinds_by_strangers_write_nothing(here, store):
    await paired(here)
    chance = random.Random(7)
    kinds = (by_id, by_its_voice, by_its_nearness, by_a_past_pairing, by_likeness)
    for number in range(1000):
        stranger = f"testo-smart-probe.{chance.randrange(10**7, 10**8)}"
        await kinds[number % 5](here, stranger, chance.randrange(1, 9000))

    assert 0 == await store.captures.depth()
    [view] = await here.work.views()
    assert all(each.statement is None for each in view.reports[0].values.values())


async def test_control_the_paired_instrument_writes_where_the_strangers_did_not(here, store):
    await paired(here)
    ticket = await begun(here, "plain")
    here.spawn(here.capturing.carry_out(ticket))
    await until(lambda: ticket.state is RequestState.WAITING)
    here.live.hear(ID, (pascal(7),), here.clock.elapsed())
    await until(lambda: ticket.state in ENDED)

    assert (RequestState.ACCEPTED, 1) == (ticket.state, await store.captures.depth())
