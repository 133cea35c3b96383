"""What comes from outside – instruments, the gateway, the disk, the clock – is refused or borne, and ends nothing."""

import asyncio
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from agent.adapters.store.database import Database, StoreDamagedError
from agent.ports import LinkLostError, StoreRefusedError
from agent.usecases import roster as roster_module
from agent.usecases.capturing import Asked
from agent.usecases.downlink import Downlink, Verdict
from agent.usecases.drafting import Drafter
from agent.usecases.forwarder import Forwarder
from agent.usecases.keeper import Hooks
from agent.usecases.live import MOST_UNMAPPED
from agent.usecases.presence import Presence
from agent.usecases.records import today
from agent.usecases.roster import Told
from agent.usecases.sampling import Sampled, Sampler
from agent.usecases.session import Lost, converse
from contract import number
from contract.forms.measure import Measure
from contract.instrument import CalibrationState, InstrumentIdentity
from contract.quantity import Quantity
from contract.reading import Reading
from contract.topics import AgentTopics
from contract.unit import Unit
from contract.wire.down import Assignment
from contract.wire.event import SealedType
from contract.wire.request import ENDED
from contract.wire.request import RequestState as State
from contract.wire.statement import Action, Measurement, parse
from drivers.catalog import BUILT_IN
from drivers.combustion import tjf
from drivers.kit.dialogue import (
    Act,
    FaultStated,
    IdentityStated,
    Outbound,
    ReadingsReceived,
    Unmapped,
)
from drivers.kit.link import Notified
from tests.agent.conftest import AGENT_KEY, opened
from tests.agent.making import (
    GATEWAY_KEYS,
    INTERVENTION,
    TOPICS,
    note,
    receipt,
    receipt_for,
    sealed,
)
from tests.agent.test_capturing import FORM
from tests.contract.making import BY, measurement, reading
from tests.fakes.link import FakeProbe
from tests.fakes.uplink import FakeUplink
from tests.fakes.van import until, van

ID = "testo-smart-probe.46512997"
LONG = "x" * 5000
SURROGATE = "\ud800"


class Says:
    """An instrument that says what the test wants, in the place of its dialogue."""

    next_timer = None

    def __init__(self, *events):
        self.out = Outbound()
        self._events = events

    def connection_made(self, now):
        for each in self._events:
            self.out.tell(each)

    def receive(self, event, now):
        pass

    def timer_fired(self, now):
        pass

    def act(self, act, now):
        pass


@pytest.fixture
async def here(store, clock):
    await store.records.keep_form(FORM)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=INTERVENTION)
    )
    async with van(store, clock) as running:
        running.uplink = FakeUplink()
        running.presence = Presence(
            topics=TOPICS,
            uplink=running.uplink,
            captures=store.captures,
            live=running.live,
            drafter=Drafter(clock, running.live, BUILT_IN, lambda: "0" * 32),
            catalogue=BUILT_IN,
            clock=clock,
            version="0",
            signed_in=lambda: None,
            paired=running.roster.paired,
            new_id=lambda: "e",
        )

        def changed(instrument):
            running.changed.append(instrument)
            for pairing in running.roster.paired():
                if pairing.instrument == instrument:
                    running.presence.say_instrument(pairing)
                    return
            running.presence.forget_instrument(instrument)

        running.roster._hooks = Hooks(
            changed=changed,
            scanned=running.scans.scanned,
            pressed=running.pressed.append,
            learned=running.learned.append,
        )
        yield running


async def paired(here, *events, probe=None):
    probe = probe or FakeProbe()
    sighting = probe.sighting()
    if events:
        sighting = replace(sighting, converse=lambda _: Says(*events))
    here.roster.seen(sighting)
    await here.roster.pair(ID, Told(), BY)
    await until(lambda: here.live.of(ID).connected)
    return probe


# --- hostile instruments --------------------------------------------------------------------------


@pytest.mark.parametrize("stated", [LONG, SURROGATE, "", "é\0"])
async def test_no_firmware_that_an_instrument_states_stops_the_captures(here, store, stated):
    value = Reading(Quantity.DIFFERENTIAL_PRESSURE, Decimal(5), Unit.PASCAL)
    await paired(here, IdentityStated(firmware=stated))
    ticket = await here.capturing.begin(
        Asked(intervention="i-1", report="r-1", fields=("free",)), BY
    )
    here.spawn(here.capturing.carry_out(ticket))
    await until(lambda: ticket.state is State.WAITING)
    here.live.hear(ID, (value,), 0.0)
    await until(lambda: ticket.state in ENDED)

    assert State.ACCEPTED is ticket.state
    [saved] = await store.captures.of_intervention("i-1")
    assert len(saved.statement.instrument.firmware or "") <= 200


@pytest.mark.parametrize("reason", [LONG, SURROGATE, ""])
async def test_no_reason_for_a_lost_link_is_too_odd_to_be_told(here, reason):
    probe = await paired(here)
    probe._lost(reason)
    await until(lambda: not here.live.of(ID).connected)

    assert 1 <= len(here.live.of(ID).reason) <= 200
    assert here.uplink.published


@pytest.mark.parametrize(
    "said",
    [IdentityStated(serial=LONG), IdentityStated(serial=SURROGATE), FaultStated(LONG)],
)
async def test_nothing_that_an_instrument_says_of_itself_is_too_long(here, said):
    sighting = replace(FakeProbe().sighting(), converse=lambda _: Says(said))
    here.roster.seen(sighting)
    await here.roster.pair(ID, Told(), BY)
    await until(lambda: here.live.of(ID).reason not in {None, "not seen yet"})

    assert len(here.live.of(ID).reason) <= 200


async def test_names_that_an_instrument_invents_fill_no_memory(here):
    await paired(here, *(Unmapped(f"{n} {LONG}{SURROGATE}") for n in range(5000)))
    live = here.live.of(ID)
    await until(lambda: live.unmapped)

    assert MOST_UNMAPPED == len(live.unmapped)
    assert max(len(each.encode()) for each in live.unmapped) <= 200


async def test_an_instrument_with_odd_texts_can_still_be_paired(here):
    probe = FakeProbe()
    here.roster.seen(probe.sighting(address=LONG, firmware=LONG))

    assert 200 == len((await here.roster.pair(ID, Told(), BY)).firmware)


async def test_a_crowd_of_invented_instruments_is_bounded_and_pushes_out_the_oldest(here, clock):
    for n in range(1000):
        here.roster.seen(FakeProbe(serial=str(n)).sighting())
        here.roster.seen(FakeProbe(serial="7777").sighting())
        clock.pass_by(0.001)

    ids = [each.identity.id for each in here.roster.near()]
    assert roster_module.MOST_NEAR == len(ids)
    assert {"testo-smart-probe.999", "testo-smart-probe.7777"} <= set(ids)


@pytest.mark.parametrize(
    "serial", ["#", "+", "a/b", "\0", "é", "\ud800", "%2f", 'x"<', "..", "A:B"]
)
def test_an_instruments_id_fits_a_topic_whatever_it_calls_itself(serial):
    identity = InstrumentIdentity(slug="testo-300", vendor="testo", model="300", serial=serial)
    topic = AgentTopics("main", "van-7").instrument(identity.id, "state")

    assert 6 == topic.count("/")
    assert not set(topic) & set("#+\0")
    assert topic.isascii()


async def test_a_flood_gives_up_the_link_and_its_end_is_never_unheard():
    class Flooding:
        async def open(self, deliver, lost):
            for _ in range(5000):
                deliver(Notified("x", b"y"))
            lost("")

        async def close(self):
            pass

    inbox = asyncio.Queue(1000)
    with pytest.raises(LinkLostError, match="more came than could be taken in"):
        async for _ in converse(Flooding(), Says(), inbox, silence=None, opened=lambda: None):
            pass

    assert isinstance(inbox.get_nowait(), Lost)


@pytest.mark.parametrize("value", [1e30, 3.4e38, 1e-30, 1e25, -1e25])
def test_a_number_that_the_wire_has_no_room_for_is_no_value(value):
    stated = number.from_float32(value)

    assert stated is None or number.parse(number.write(stated)) == stated


@pytest.mark.parametrize("value", ["1" * 29, "0." + "1" * 28])
def test_a_statement_that_could_not_be_read_again_is_never_written(value):
    with pytest.raises(ValueError, match="28 digits"):
        measurement(reading(value=value))
    parse(measurement(reading(value="1" * 28)).to_json())


@pytest.mark.parametrize("exponent", [0, 3, 6])
def test_no_number_in_a_document_is_too_large_to_be_shown(exponent):
    document = (
        '{"channels":[{"type":{"xmlid":"O2"},"unit":{"xmlid":"UNIT_PERCENT"},'
        f'"values":[{{"value":1e25,"exponent":{exponent}}}]}}]}}'
    )
    [heard] = tjf.parse(document.encode())

    assert isinstance(heard, ReadingsReceived)


def test_a_mean_of_numbers_far_apart_has_as_many_digits_as_there_is_room():
    measure = Measure.model_validate_json(
        '{"quantity":"differential_pressure","unit":"Pa","capture":{"method":"mean","window":1}}'
    )
    sampler = Sampler(measure)
    for at, value in enumerate(("1e22", "0.000000123", "1e22")):
        stated = Decimal(number.write(Decimal(value)))
        sample = sampler.take(Reading(Quantity.DIFFERENTIAL_PRESSURE, stated, Unit.PASCAL), at)

    assert isinstance(sample, Sampled)
    assert number.parse(number.write(sample.reading.value)) == sample.reading.value


def test_a_mean_keeps_one_digit_more_than_its_finest_value():
    measure = Measure.model_validate_json(
        '{"quantity":"oxygen","unit":"%","capture":{"method":"mean","window":2}}'
    )
    sampler = Sampler(measure)
    for at, value in enumerate(("5.2", "5.3", "5.3")):
        sample = sampler.take(Reading(Quantity.OXYGEN, Decimal(value), Unit.PERCENT), at)

    assert Decimal("5.27") == sample.reading.value


# --- pairing --------------------------------------------------------------------------------------


async def test_pairing_again_begins_anew_not_connected_and_not_zeroed(here):
    probe = await paired(here)
    await here.roster.act(ID, Act.ZERO)
    await here.roster.unpair(ID)
    probe.reachable = False
    here.roster.seen(probe.sighting())
    await here.roster.pair(ID, Told(role="suction"), BY)

    assert (False, False) == (here.live.of(ID).connected, here.live.of(ID).zeroed)


async def test_a_pairing_that_no_driver_knows_any_more_does_not_keep_the_agent_from_starting(
    here, store
):
    await paired(here)
    [kept] = await store.records.pairings()
    lost = kept.model_copy(update={"slug": "of-a-later-version", "instrument": "later.1"})
    await store.records.keep_pairing(lost)
    await here.roster.unpair(ID)
    await here.roster.load()

    assert [] == here.roster.paired()
    assert ["later.1"] == [each.instrument for each in await store.records.pairings()]


async def test_strangers_are_not_spoken_of_to_the_broker(here):
    here.roster.seen(FakeProbe(serial="49990001").sighting())

    assert ["testo-smart-probe.49990001"] == here.changed
    assert [] == here.uplink.published


async def test_an_instrument_let_go_without_a_connection_is_taken_back_at_the_next(here):
    await paired(here)
    here.presence.say_instrument(here.roster.pairing(ID))
    here.uplink.connected = False
    await here.roster.unpair(ID)
    here.uplink.connected = True
    here.uplink.published.clear()
    await here.presence.say_all()
    await here.presence.say_all()

    taken_back = [topic for topic, payload, retain in here.uplink.published if not payload]
    assert [TOPICS.instrument(ID, leaf) for leaf in ("descriptor", "state")] == taken_back


# --- the day of calibration -----------------------------------------------------------------------


@pytest.fixture
def zone(monkeypatch):
    def set_to(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield set_to
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("name", "at", "day"),
    [
        ("Europe/Paris", "2026-11-24T22:59:59", date(2026, 11, 24)),
        ("Europe/Paris", "2026-11-24T23:00:00", date(2026, 11, 25)),
        ("Europe/Paris", "2026-07-24T22:00:00", date(2026, 7, 25)),
        ("Pacific/Kiritimati", "2026-11-24T10:00:00", date(2026, 11, 25)),
        ("America/Martinique", "2026-11-25T03:59:00", date(2026, 11, 24)),
        ("UTC", "2026-12-31T23:59:59", date(2026, 12, 31)),
    ],
)
def test_calibration_is_judged_on_the_day_where_the_van_is(zone, name, at, day):
    zone(name)

    assert day == today(datetime.fromisoformat(at).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 1, 4), CalibrationState.UNKNOWN),
        (date(2026, 1, 5), CalibrationState.VALID),
        (date(2027, 1, 5), CalibrationState.VALID),
        (date(2027, 1, 6), CalibrationState.EXPIRED),
    ],
)
async def test_the_due_day_itself_still_counts(here, store, day, state):
    await paired(here)
    [pairing] = await store.records.pairings()
    stated = pairing.model_copy(
        update={"calibrated_on": date(2026, 1, 5), "calibration_due": date(2027, 1, 5)}
    )

    assert state is stated.calibration.state(day)


# --- captures and closing -------------------------------------------------------------------------


@pytest.mark.parametrize("protected", [True, False])
async def test_a_close_while_a_capture_is_saved_comes_after_it(
    here, store, monkeypatch, protected
):
    """The close names the last capture; one that came after it would be nowhere in what it promises.

    The control takes the turn away, and the close overtakes.
    """
    if not protected:
        monkeypatch.setattr(here.work, "turn", NoTurn())
    gate, reached = asyncio.Event(), asyncio.Event()
    append = here.capturing._captures.append

    async def slow(intervention, builds):
        if reached.is_set():
            return await append(intervention, builds)
        reached.set()
        await gate.wait()
        return await append(intervention, builds)

    monkeypatch.setattr(store.captures, "append", slow)
    probe = await paired(here)
    ticket = await here.capturing.begin(
        Asked(intervention="i-1", report="r-1", fields=("free",)), BY
    )
    here.spawn(here.capturing.carry_out(ticket))
    await until(lambda: ticket.state is State.WAITING)
    probe.state("00d0e945")
    await reached.wait()
    closing_it = here.spawn(here.work.step("i-1", Action.CLOSE, BY, incomplete=True))
    await asyncio.sleep(0.05)
    gate.set()
    await closing_it
    await until(lambda: ticket.state in ENDED)

    kinds = [type(each.statement) for each in await store.captures.of_intervention("i-1")]
    assert (kinds.index(Measurement) == 0) is protected


class NoTurn:
    async def __aenter__(self):
        return None

    async def __aexit__(self, *_):
        return None


# --- the store ------------------------------------------------------------------------------------


def downlink(store, clock):
    return Downlink(
        topics=TOPICS,
        keys=GATEWAY_KEYS,
        captures=store.captures,
        work=store.records,
        commands=store.records,
        clock=clock,
        settled=lambda: None,
        respond=lambda _: None,
        orders={},
    )


async def test_a_receipt_that_a_full_store_cannot_take_ends_nothing_and_is_taken_later(
    store, clock
):
    desk = downlink(store, clock)
    saved = await store.captures.append("i-1", [note("x" * 3000)])
    [row] = await store.database.read("PRAGMA page_count")
    await store.database._writer.execute(f"PRAGMA max_page_count={row[0]}")
    form = sealed(
        SealedType.ASSIGNMENT,
        Assignment(
            agent="van-7",
            revision=3,
            intervention=INTERVENTION.model_copy(update={"instructions": "x" * 9000}),
        ),
    )
    full = await desk.handle(TOPICS.intervention("i-1"), form)
    await store.database._writer.execute("PRAGMA max_page_count=1000000")

    assert Verdict.UNSAVED is full.verdict
    assert Verdict.ACCEPTED is (await desk.handle(TOPICS.intervention("i-1"), form)).verdict
    assert Verdict.ACCEPTED is (await desk.handle(TOPICS.receipt, receipt(*saved))).verdict


async def test_a_revision_beyond_what_a_store_can_count_is_refused(store, clock):
    beyond = Assignment(agent="van-7", revision=2**70, intervention=INTERVENTION)
    handled = await downlink(store, clock).handle(
        TOPICS.intervention("i-1"), sealed(SealedType.ASSIGNMENT, beyond)
    )

    assert Verdict.UNSAVED is handled.verdict


async def test_what_waits_when_the_store_is_closed_is_refused_and_not_left_waiting(tmp_path):
    async with opened(tmp_path / "a.db") as store:
        waiting = [
            asyncio.ensure_future(store.captures.append("i-1", [note(str(n))])) for n in range(50)
        ]
        await asyncio.sleep(0)
    results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 2)
    async with opened(tmp_path / "a.db") as again:
        kept = await again.captures.depth()

    assert kept == sum(not isinstance(each, StoreRefusedError) for each in results)
    with pytest.raises(StoreRefusedError, match="stopping"):
        await asyncio.wait_for(store.captures.append("i-1", [note()]), 2)


async def test_a_job_that_is_under_way_at_the_end_is_brought_to_its_end_and_told_truly(tmp_path):
    """Wherever the end falls, what is told as refused is not on disk, and what is on disk was told."""
    for turns in range(1, 13):
        path = tmp_path / f"{turns}.db"
        database = Database(path)
        async with database.open():
            running = asyncio.ensure_future(database.run())

            async def job(connection):
                await connection.execute("CREATE TABLE t (n)")
                await connection.execute("INSERT INTO t VALUES (1)")
                return True

            told = asyncio.ensure_future(database.write(job))
            for _ in range(turns):
                await asyncio.sleep(0.0003)
            running.cancel()
            [ended] = await asyncio.wait_for(asyncio.gather(running, return_exceptions=True), 2)
            [result] = await asyncio.wait_for(asyncio.gather(told, return_exceptions=True), 2)
        with closing(sqlite3.connect(path)) as connection:
            tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 't'")
            [(there,)] = tables.fetchall()

        assert isinstance(ended, asyncio.CancelledError)
        assert (result is True) is bool(there)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"\0" * 100 + data[100:],
        lambda data: data[: len(data) // 2],
        lambda data: b"not a database, but long enough to be one" * 100,
        lambda data: data[:4096] + b"\xff" * 4096 + data[8192:],
    ],
)
async def test_a_store_that_is_no_longer_one_is_kept_named_and_let_go_of(tmp_path, damage):
    path = tmp_path / "a.db"
    async with opened(path) as store:
        await store.captures.append("i-1", [note("x" * 100) for _ in range(100)])
    data = damage(path.read_bytes())
    path.write_bytes(data)
    threads = threading.active_count()
    with pytest.raises(StoreDamagedError, match="keep the file"):
        async with Database(path).open():
            pass

    assert data == path.read_bytes()
    # A connection's thread ends a moment after the connection.
    await until(lambda: threading.active_count() <= threads)


async def test_a_store_of_a_newer_version_is_left_alone(tmp_path):
    path = tmp_path / "a.db"
    async with opened(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=99")
    with pytest.raises(StoreDamagedError, match="newer version"):
        async with Database(path).open():
            pass


# --- the forwarder --------------------------------------------------------------------------------


async def test_an_epoch_that_ends_while_messages_are_in_flight_loses_none(store, clock):
    uplink = FakeUplink()
    forwarder = Forwarder(
        store=store.captures,
        uplink=uplink,
        topics=TOPICS,
        key_id=AGENT_KEY.id,
        clock=clock,
        chance=lambda: 1.0,
    )
    old = [(await store.captures.append("i-1", [note(str(n))]))[0] for n in range(3)]
    await forwarder.send_due()
    await store.captures.settle(receipt_for(old[0], link="f" * 64))
    await store.captures.append("i-1", [note("after")])
    await forwarder.send_due()
    clock.pass_by(10)
    await forwarder.send_due()

    sent = [[each.link for each in event.data.captures] for event in uplink.captures()]
    assert [3, 1, 3] == [len(each) for each in sent[:3]]
    assert 4 == len({link for each in sent for link in each})
    assert sent[1][0].split()[2] != sent[0][0].split()[2]
