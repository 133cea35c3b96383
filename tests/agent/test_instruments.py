"""Pairing is a person's act; a session is kept with the paired instrument, and with no other."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from agent.api.reasons import said
from agent.usecases.keeper import InstrumentError
from agent.usecases.roster import Told
from agent.usecases.work import WorkError
from contract.forms.measure import Measure, Wanted
from contract.instrument import CalibrationState
from contract.quantity import Quantity
from contract.unit import Unit
from contract.words import Words
from drivers.kit.dialogue import Act, FuelStated, IdentityStated, PollsSkipped
from drivers.kit.listening import AdvertisementListening
from tests.contract.making import BY
from tests.fakes.link import FakeProbe
from tests.fakes.van import until, van

ID = "testo-smart-probe.46512997"
PRESSURE = (Quantity.DIFFERENTIAL_PRESSURE, None)


@pytest.fixture
async def here(store, clock):
    async with van(store, clock) as running:
        yield running


class Saying(AdvertisementListening):
    """Says a few things first, and then nothing."""

    def __init__(self, *events):
        super().__init__(lambda _: ())
        for each in events:
            self.out.tell(each)


@pytest.fixture
def probe():
    return FakeProbe()


async def paired(here, probe, **told):
    here.roster.seen(probe.sighting())
    pairing = await here.roster.pair(ID, Told(**told), BY)
    await until(lambda: here.live.of(ID).connected)
    return pairing


async def test_an_instrument_that_is_only_seen_is_never_connected(here, probe):
    here.roster.seen(probe.sighting())
    await asyncio.sleep(0.05)

    assert 0 == probe.opened
    assert [ID] == [each.identity.id for each in here.roster.near()]


async def test_a_paired_instrument_is_connected_and_heard(here, probe):
    await paired(here, probe)
    probe.state("00d0e945")
    await until(lambda: PRESSURE in here.live.of(ID).latest)

    assert "7482" == str(here.live.of(ID).latest[PRESSURE].reading.value)


async def test_the_fuel_that_an_instrument_is_set_to_is_shown_in_both_languages(here, probe):
    sighting = replace(
        probe.sighting(), converse=lambda _: Saying(FuelStated(Words("natural gas")))
    )
    here.roster.seen(sighting)
    await here.roster.pair(ID, Told(), BY)
    await until(lambda: here.live.of(ID).fuel)

    assert "natural gas" == said(here.live.of(ID).fuel, "en")
    assert "gaz naturel" == said(here.live.of(ID).fuel, "fr")


async def test_polls_that_were_left_out_are_counted(here, probe):
    sighting = probe.sighting()
    skipping = replace(sighting, converse=lambda _: Saying(PollsSkipped(2), PollsSkipped(1)))
    here.roster.seen(skipping)
    await here.roster.pair(ID, Told(), BY)
    await until(lambda: here.live.of(ID).skipped)

    assert 3 == here.live.of(ID).skipped


async def test_a_session_reads_with_the_key_of_the_pairing_and_a_new_key_begins_another(here):
    keys: list[bytes | None] = []
    probe = FakeProbe()

    def converse(key):
        keys.append(key)
        return probe.sighting().converse(key)

    here.roster.seen(replace(probe.sighting(), converse=converse))
    for told in (Told(), Told(bind_key="00ff"), Told(role="room"), Told(bind_key="00ff")):
        await here.roster.pair(ID, told, BY)
        await until(lambda: here.live.of(ID).connected)

    assert [None, b"\x00\xff"] == keys
    assert "00ff" == here.roster.pairing(ID).bind_key
    assert "00ff" not in repr(here.roster.pairing(ID))


async def test_what_is_not_near_cannot_be_paired(here, probe, clock):
    with pytest.raises(InstrumentError, match="scan again"):
        await here.roster.pair(ID, Told(), BY)
    here.roster.seen(probe.sighting())
    clock.pass_by(60)
    with pytest.raises(InstrumentError, match="scan again"):
        await here.roster.pair(ID, Told(), BY)


async def test_a_pairing_survives_a_restart_with_what_was_stated(here, store, probe):
    today = date(2026, 11, 24)
    await paired(
        here,
        probe,
        role="suction",
        calibrated_on=today,
        calibration_due=today + timedelta(days=365),
    )
    [kept] = await store.records.pairings()

    assert ("suction", BY) == (kept.role, kept.paired_by)
    assert CalibrationState.VALID is kept.calibration.state(today)
    assert CalibrationState.EXPIRED is kept.calibration.state(today + timedelta(days=366))


async def test_the_same_serial_at_another_address_is_refused(here, probe):
    here.roster.seen(probe.sighting())
    probe.reachable = False
    await here.roster.pair(ID, Told(), BY)
    await until(lambda: "cannot connect" in (here.live.of(ID).reason or ""))
    here.roster.seen(probe.sighting(address="EE:EE:EE:00:00:02"))

    assert 0 == probe.opened
    assert "another address" in here.live.of(ID).reason


async def test_a_pairing_is_corrected_while_connected_and_long_after_it_was_seen(
    here, probe, clock
):
    await paired(here, probe)
    await here.roster.act(ID, Act.ZERO)
    clock.pass_by(600)
    corrected = await here.roster.pair(ID, Told(role="suction"), BY)

    assert "suction" == corrected.role == here.roster.pairing(ID).role
    assert (1, 0) == (probe.opened, probe.closed)
    assert here.live.of(ID).zeroed


async def test_a_pairing_is_corrected_while_the_instrument_is_away(here, store, probe, clock):
    await paired(here, probe)
    probe.lose()
    await until(lambda: not here.live.of(ID).connected)
    clock.pass_by(600)
    await here.roster.pair(ID, Told(role="return"), BY)
    [kept] = await store.records.pairings()

    assert "return" == kept.role


async def test_an_instrument_at_a_new_address_can_be_paired_again(here, probe):
    await paired(here, probe)
    probe.lose()
    await until(lambda: not here.live.of(ID).connected)
    here.roster.seen(probe.sighting(address="EE:EE:EE:00:00:02"))
    pairing = await here.roster.pair(ID, Told(), BY)

    assert "EE:EE:EE:00:00:02" == pairing.address
    await until(lambda: here.live.of(ID).connected)


async def test_a_lost_link_is_made_again_when_the_instrument_shows_itself(here, probe):
    await paired(here, probe)
    probe.lose()
    await until(lambda: not here.live.of(ID).connected)
    here.roster.seen(probe.sighting())
    await until(lambda: here.live.of(ID).connected)

    assert (2, 1) == (probe.opened, probe.closed)


async def test_a_link_that_has_gone_silent_is_given_up(here):
    probe = FakeProbe(silent_after=0.2)
    await paired(here, probe)
    await until(lambda: here.live.of(ID).reason == "silent")

    assert 1 == probe.closed


async def test_noise_is_no_sign_of_life(here):
    probe = FakeProbe(silent_after=0.2)
    await paired(here, probe)

    async def hiss():
        while True:
            probe.noise()
            await asyncio.sleep(0.02)

    here.spawn(hiss())
    await until(lambda: here.live.of(ID).reason == "silent")


async def test_zeroing_is_told_when_acknowledged_and_lost_with_the_link(here, probe):
    await paired(here, probe)
    await here.roster.act(ID, Act.ZERO)

    assert here.live.of(ID).zeroed
    probe.lose()
    await until(lambda: not here.live.of(ID).connected)
    assert not here.live.of(ID).zeroed


async def test_an_act_that_is_not_acknowledged_is_an_error_and_is_sent_once(here, probe):
    await paired(here, probe)
    await until(lambda: len(probe.writes) >= 5)
    probe.acknowledges = False
    before = len(probe.writes)
    with pytest.raises(InstrumentError, match="did not do it"):
        await here.roster.act(ID, Act.ZERO)

    assert 2 == len(probe.writes) - before


async def test_an_act_on_what_is_not_connected_or_not_paired_is_refused(here, probe):
    with pytest.raises(InstrumentError, match="not paired"):
        await here.roster.act(ID, Act.ZERO)
    await paired(here, probe)
    probe.lose()
    await until(lambda: not here.live.of(ID).connected)
    with pytest.raises(InstrumentError, match="not connected"):
        await here.roster.act(ID, Act.ZERO)


async def test_an_act_under_way_ends_with_the_link(here, probe):
    await paired(here, probe)
    await until(lambda: len(probe.writes) >= 5)
    probe.acknowledges = False
    act = asyncio.ensure_future(here.roster.act(ID, Act.ZERO))
    await asyncio.sleep(0.05)
    probe.lose()
    with pytest.raises(InstrumentError, match="link was lost"):
        await act


async def test_an_unpaired_instrument_is_let_go(here, store, probe):
    await paired(here, probe)
    await here.roster.unpair(ID)
    await until(lambda: probe.closed == 1)

    assert [] == await store.records.pairings()
    with pytest.raises(InstrumentError, match="not paired"):
        here.roster.pairing(ID)


async def test_without_a_serial_the_identity_is_weak_and_bound_to_the_address(here, probe):
    here.roster.seen(probe.sighting(serial=None))
    [near] = here.roster.near()
    pairing = await here.roster.pair(near.identity.id, Told(), BY)

    assert here.drafter.serial(pairing) is None
    assert pairing.mistrusts(near.identity, "ble") is None
    assert pairing.mistrusts(probe.sighting(serial=None, address="X").identity, "ble")


# --- an instrument that says who it is only when it is spoken with --------------------------------

LINE = "testo-smart-probe.at-aa-bb-cc-00-00-01"
CALIBRATED = {"calibrated_on": date(2026, 1, 5), "calibration_due": date(2027, 1, 5)}
WANTED = Measure(
    quantity=Quantity.DIFFERENTIAL_PRESSURE,
    unit=Unit.PASCAL,
    instrument=Wanted(calibrated="required"),
)


async def on_a_line(here, *said, again=False):
    """Let an instrument show itself without a serial, and say these things once it is spoken with."""
    probe = FakeProbe()
    sighting = replace(probe.sighting(serial=None), converse=lambda _: Saying(*said))
    here.roster.seen(sighting)
    if not again:
        await here.roster.pair(LINE, Told(**CALIBRATED), BY)
    await until(lambda: probe.opened)
    await asyncio.sleep(0.05)
    return probe


def serial(here):
    return here.drafter.serial(here.roster.pairing(LINE))


async def test_the_serial_that_is_said_over_the_link_is_learned_and_stands_in_captures(here):
    await on_a_line(here, IdentityStated(serial="61349163"))

    assert "61349163" == serial(here)
    assert "61349163" == here.drafter.instrument(here.roster.pairing(LINE)).serial
    assert ["61349163"] == [each.stated_serial for each in here.learned]
    here.chooser.check("p", WANTED, here.roster.pairing(LINE))


async def test_without_a_serial_a_calibration_proves_nothing(here):
    await on_a_line(here)

    with pytest.raises(WorkError, match="states no serial"):
        here.chooser.check("p", WANTED, here.roster.pairing(LINE))


async def test_another_instrument_on_the_same_line_is_not_taken_for_the_one_that_was_paired(here):
    first = await on_a_line(here, IdentityStated(serial="61349163"))
    first.lose()
    await until(lambda: not here.live.of(LINE).connected)
    await on_a_line(here, IdentityStated(serial="70000000"), again=True)

    assert not here.live.of(LINE).connected
    assert "serial 70000000" in str(here.live.of(LINE).reason)
    assert serial(here) is None


async def test_a_serial_counts_only_once_it_was_said_again_in_this_session(here):
    """The line may by now lead to another instrument, which says nothing of itself."""
    first = await on_a_line(here, IdentityStated(serial="61349163"))
    first.lose()
    await until(lambda: not here.live.of(LINE).connected)
    await on_a_line(here, again=True)

    assert here.live.of(LINE).connected
    assert serial(here) is None
    with pytest.raises(WorkError, match="has not said its serial"):
        here.chooser.check("p", WANTED, here.roster.pairing(LINE))


async def test_what_is_learned_while_an_instrument_is_let_go_does_not_bring_it_back(here, store):
    await on_a_line(here, IdentityStated(serial="61349163"))
    [learned] = here.learned
    letting_go = asyncio.ensure_future(here.roster.unpair(LINE))
    await asyncio.sleep(0)
    await here.roster.remember(learned)
    await letting_go

    assert [] == await store.records.pairings()


async def test_what_is_learned_of_a_paired_instrument_is_kept(here, store):
    await on_a_line(here, IdentityStated(serial="61349163"))
    await here.roster.remember(here.learned[0])

    assert ["61349163"] == [each.stated_serial for each in await store.records.pairings()]


class Skipping(AdvertisementListening):
    """Polls in vain: all it has to tell is that polls were left out."""

    def __init__(self):
        super().__init__(lambda _: ())
        self.next_timer = 0.0

    def timer_fired(self, now):
        self.next_timer = now + 0.05
        self.out.tell(PollsSkipped(1))


async def test_polls_in_vain_are_no_sign_of_life(here):
    probe = FakeProbe(silent_after=0.2)
    here.roster.seen(replace(probe.sighting(), converse=lambda _: Skipping()))
    await here.roster.pair(ID, Told(), BY)
    await until(lambda: here.live.of(ID).skipped)
    await until(lambda: here.live.of(ID).reason == "silent")

    assert not here.live.of(ID).connected


async def test_the_fuel_is_forgotten_with_the_session_in_which_it_was_said(here, probe):
    sighting = replace(
        probe.sighting(), converse=lambda _: Saying(FuelStated(Words("natural gas")))
    )
    here.roster.seen(sighting)
    await here.roster.pair(ID, Told(), BY)
    await until(lambda: here.live.of(ID).fuel)
    probe.lose()
    await until(lambda: not here.live.of(ID).connected)

    assert here.live.of(ID).fuel is None


async def test_what_was_stated_of_one_instrument_is_not_offered_for_another_in_its_place(here):
    first = await on_a_line(here, IdentityStated(serial="61349163"))
    first.lose()
    await until(lambda: not here.live.of(LINE).connected)
    await on_a_line(here, IdentityStated(serial="70000000"), again=True)

    assert "70000000" == here.live.of(LINE).stranger
    await here.roster.pair(LINE, Told(), BY)
    assert here.live.of(LINE).stranger is None
    assert here.roster.pairing(LINE).calibrated_on is None
