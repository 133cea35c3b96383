"""The agent on the air: simulated instruments, real ATT, and every way in which a radio lets one down."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bleak.backends.scanner import BaseBleakScanner

from agent.adapters import ble
from agent.adapters.ble import BleWatcher
from agent.adapters.gatt import Backend, GattLink
from agent.adapters.looking import Instruments, Looking
from agent.ports import LinkLostError
from agent.settings import Settings
from agent.stored import key_of, store_of
from agent.usecases.keeper import InstrumentError
from agent.usecases.roster import Told
from agent.wiring import Agent
from contract.quantity import Quantity
from drivers.catalog import BUILT_IN, Catalogue
from drivers.kit.dialogue import Act
from firmware_sims.air import RunningBench, Setup, bench
from firmware_sims.bleak_radio import HCI_VARIABLE
from firmware_sims.catalogue import build
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.instrument import Instrument
from firmware_sims.kit.quantities import Quantity as Sensed
from firmware_sims.peripheral import Peripheral
from tests.agent.making import GATEWAY_KEY
from tests.contract.making import BY
from tests.integration.agent_line import until
from tests.integration.gateway_process import free_port
from tests.integration.test_air import sim

pytestmark = [pytest.mark.integration, pytest.mark.timeout(40)]
RECOVERS_WITHIN = 30.0
T549I, T115I, ANALYSER = "46512997", "42001187", "61349163"
PROBE = f"testo-smart-probe.{T549I}"
PRESSURE = (Quantity.DIFFERENTIAL_PRESSURE, None)


class Van:
    """An agent that looks for instruments on the simulated air."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.roster = agent.roster

    def live(self, id: str = PROBE) -> Any:
        return self.agent._live.of(id)

    def value(self, id: str = PROBE, key: Any = PRESSURE) -> Any:
        heard = self.live(id).latest.get(key)
        return heard.reading.value if heard else None

    def near(self) -> set[str]:
        return {each.identity.id for each in self.roster.near()}

    async def pair(self, id: str = PROBE) -> None:
        await until(lambda: id in self.near(), 8)
        await self.roster.pair(id, Told(), BY)

    async def heard(self, id: str = PROBE, within: float = 8.0) -> None:
        """Wait for a value that is stated from now on."""
        self.live(id).latest.clear()
        await until(lambda: self.live(id).connected and self.live(id).latest, within)


@asynccontextmanager
async def van(
    folder: Path,
    backend: str | None = "firmware_sims.bleak_backend",
    catalogue: Catalogue = BUILT_IN,
) -> Any:
    settings = Settings(
        name="van-7", data=folder / "agent", gateway_keys=(GATEWAY_KEY.public,), ble=True
    )
    key = key_of(settings)
    store = store_of(settings, key)
    running: list[asyncio.Task[None]] = []
    async with store.database.open(), asyncio.TaskGroup() as tasks:

        def spawn(work: Any) -> asyncio.Task[None]:
            running.append(tasks.create_task(work))
            return running[-1]

        spawn(store.database.run())
        await store.captures.open_head()
        watcher = BleWatcher(catalogue, Backend(backend))
        agent = Agent(settings, key, store, Instruments(catalogue, Looking([watcher]), {}), spawn)
        await agent.roster.load()
        spawn(watcher.watch(agent.roster.seen))
        try:
            yield Van(agent)
        finally:
            for each in reversed(running):
                each.cancel()


@pytest.fixture
async def air(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunningBench]:
    """A T549i on the air, in this process."""
    probe = build(f"testo-smart-probe:{T549I}:T549i", 1)
    async with bench(Setup(instruments=(probe,), lan=False, announce_to=None)) as running:
        assert running.hci is not None
        monkeypatch.setenv(HCI_VARIABLE, running.hci)
        yield running


@pytest.fixture
async def here(air: RunningBench, tmp_path: Path) -> AsyncIterator[Van]:
    async with van(tmp_path) as running:
        yield running


def instrument(air: RunningBench, serial: str = T549I) -> Instrument:
    return next(each for each in air.instruments if each.serial == serial)


def fault(air: RunningBench, which: Fault, *, on: bool = True, serial: str = T549I) -> None:
    instrument(air, serial).set_fault(which, on=on)
    air.tend()


# --- the usual ------------------------------------------------------------------------------------


async def test_a_paired_instrument_says_what_its_display_shows(here: Van, air: RunningBench):
    await here.pair()
    probe = instrument(air)
    probe.set_values({Sensed.DIFFERENTIAL_PRESSURE: Decimal("7482")})
    probe.hold = True
    await until(lambda: str(here.value()) == "7482", 8)

    assert "T549i" == here.roster.pairing(PROBE).model
    assert 0 == here.live().rejected


async def test_a_probe_is_zeroed_when_a_person_asks_and_not_after_its_link_was_lost(
    here: Van, air: RunningBench
):
    await here.pair()
    await here.heard()
    await here.roster.act(PROBE, Act.ZERO)
    zeroed = here.live().zeroed
    air.drop_link(instrument(air))
    await until(lambda: not here.live().connected)
    await here.heard()

    assert (True, False) == (zeroed, here.live().zeroed)


FIVE = (
    f"testo-smart-probe:{T549I}:T549i",
    f"testo-smart-probe:{T115I}:T115i",
    "testo-smart-probe:40500001:T405i",
    "testo-smart-probe:46512998:T549i",
    f"testo-300:{ANALYSER}",
)
STRANGER = "49990001"


async def test_five_at_once_are_heard_and_a_stranger_is_never_connected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    words = (*FIVE, f"testo-smart-probe:{STRANGER}:T549i")
    ids = [".".join(each.split(":")[:2]) for each in FIVE]
    instruments = tuple(build(each, 1) for each in words)
    async with bench(Setup(instruments=instruments, lan=False, announce_to=None)) as air:
        monkeypatch.setenv(HCI_VARIABLE, air.hci)
        async with van(tmp_path) as here:
            await until(lambda: set(ids) <= here.near(), 8)
            for each in ids:
                await here.roster.pair(each, Told(), BY)
            for each in ids:
                await here.heard(each, 20)
            states = {each.serial: each.state for each in air.instruments}
            await until(lambda: f"testo-smart-probe.{STRANGER}" in here.near())
            connected = [each for each in ids if here.live(each).connected]

    assert ids == connected
    assert "idle" == states.pop(STRANGER)
    assert {"streaming", "measuring"} == set(states.values())


async def test_scanning_goes_on_while_instruments_are_connected(here: Van, air: RunningBench):
    late = build("testo-smart-probe:40500001:T405i", 1)
    await here.pair()
    await here.heard()
    peripheral = Peripheral(late, next(iter(air.peripherals.values()))._air)
    await peripheral.start()

    await until(lambda: "testo-smart-probe.40500001" in here.near(), 8)
    assert here.live().connected


async def test_a_rescan_finds_again_and_disturbs_nobody(here: Van, air: RunningBench):
    await here.pair()
    await here.heard()
    for _ in range(5):
        here.agent._looking.rescan()
        await asyncio.sleep(0.1)
    await here.heard()

    assert here.live().reason is None


async def test_one_that_was_let_go_is_free_for_others(here: Van, air: RunningBench):
    await here.pair()
    await here.heard()
    await here.roster.unpair(PROBE)
    await until(lambda: instrument(air).state == "idle")

    await until(lambda: PROBE in here.near())
    with pytest.raises(InstrumentError):
        here.roster.pairing(PROBE)


# --- faults ---------------------------------------------------------------------------------------


async def test_a_lost_link_is_made_again_when_the_instrument_is_back(here: Van, air: RunningBench):
    await here.pair()
    await here.heard()
    fault(air, Fault.LINK_LOSS)
    await until(lambda: not here.live().connected)
    reason = here.live().reason
    fault(air, Fault.LINK_LOSS, on=False)
    await here.heard(within=RECOVERS_WITHIN)

    assert "lost" in reason


@pytest.mark.parametrize("watched", [True, False])
async def test_a_link_that_says_nothing_any_more_is_given_up_and_made_again(
    air: RunningBench, tmp_path: Path, watched: bool
):
    """The control has no watchdog: it goes on showing an old value as if it were connected."""
    slug = "testo-smart-probe"
    watchful = replace(BUILT_IN[slug], silent_after=1.5 if watched else 1000)
    async with van(tmp_path, catalogue={**BUILT_IN, slug: watchful}) as here:
        await _falls_silent(here, air, watched=watched)


async def _falls_silent(here: Van, air: RunningBench, *, watched: bool) -> None:
    await here.pair()
    await here.heard()
    fault(air, Fault.SILENCE)
    noticed = True
    try:
        await until(lambda: here.live().reason == "silent", 3)
    except TimeoutError:
        noticed = False
    fault(air, Fault.SILENCE, on=False)
    if watched:
        await here.heard(within=RECOVERS_WITHIN)

    assert watched is noticed


async def test_damaged_bytes_are_rejected_and_counted_and_the_values_go_on(
    here: Van, air: RunningBench
):
    await here.pair()
    await here.heard()
    fault(air, Fault.CORRUPT_BYTE)
    here.live().latest.clear()
    await until(lambda: here.live().rejected >= 3, 8)
    damaged = dict(here.live().latest)
    fault(air, Fault.CORRUPT_BYTE, on=False)
    await here.heard()

    assert {} == damaged
    assert here.live().connected


async def test_pieces_of_any_size_are_joined(here: Van, air: RunningBench):
    fault(air, Fault.SPLIT)
    await here.pair()
    await here.heard()

    assert 0 == here.live().rejected


@pytest.mark.parametrize("listening", [True, False])
async def test_a_radio_that_died_and_came_back_is_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listening: bool
):
    """kill -9 of the air: no scanner is told. The control goes on listening to a scanner that hears nothing."""
    monkeypatch.setattr(ble, "DEAF_AFTER", 2.0 if listening else 1000.0)
    monkeypatch.setattr(ble, "SCAN_AGAIN_AFTER", 0.5)
    port = free_port()
    words = ("air", "--udp-port", "0", "--hci-port", str(port))
    monkeypatch.setenv(HCI_VARIABLE, f"tcp-client:127.0.0.1:{port}")
    async with sim(*words) as first, van(tmp_path) as here:
        await here.pair()
        await here.heard()
        await first.kill()
        await until(lambda: not here.live().connected)
        async with sim(*words):
            if listening:
                await here.heard(within=RECOVERS_WITHIN)
            else:
                with pytest.raises(TimeoutError):
                    await here.heard(within=5)
            here.agent._looking.rescan()
            await here.heard(within=10)


async def test_one_that_answers_with_another_serial_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    analyser = build(f"testo-300:{ANALYSER}", 1)
    wanted = f"testo-300.{ANALYSER}"
    async with bench(Setup(instruments=(analyser,), lan=False, announce_to=None)) as air:
        monkeypatch.setenv(HCI_VARIABLE, air.hci)
        analyser.serial = "99999999"  # its name on the air stays
        async with van(tmp_path) as here:
            await here.pair(wanted)
            await until(lambda: "another instrument" in (here.live(wanted).reason or ""), 8)
            latest = dict(here.live(wanted).latest)

    assert {} == latest


# --- radios that hang -----------------------------------------------------------------------------


class HangingScanner(BaseBleakScanner):
    """A scanner whose radio never answers; the class remembers how often it was asked."""

    started = 0
    hangs_at_start = True

    def __init__(self, callback: Any, uuids: Any, _mode: Any, **_: Any) -> None:
        super().__init__(callback, uuids)

    async def start(self) -> None:
        type(self).started += 1
        if self.hangs_at_start:
            await asyncio.Event().wait()

    async def stop(self) -> None:
        await asyncio.Event().wait()


@pytest.mark.parametrize("at_start", [True, False])
async def test_a_scanner_that_hangs_is_given_up_and_started_afresh(
    monkeypatch: pytest.MonkeyPatch, at_start: bool
):
    monkeypatch.setattr(ble, "SWITCHED_WITHIN", 0.1)
    monkeypatch.setattr(ble, "SCAN_AGAIN_AFTER", 0.05)
    monkeypatch.setattr(ble, "DEAF_AFTER", 0.1)
    monkeypatch.setattr(HangingScanner, "hangs_at_start", at_start)
    monkeypatch.setattr(HangingScanner, "started", 0)
    watcher = BleWatcher(BUILT_IN, Backend(None))
    watcher._backend.scanner = HangingScanner
    watching = asyncio.ensure_future(watcher.watch(lambda _: None))
    try:
        await until(lambda: HangingScanner.started >= 3)
    finally:
        watching.cancel()
        await asyncio.wait([watching])


@pytest.mark.parametrize("error", [EOFError(), OSError(), BrokenPipeError("bus gone")])
async def test_whatever_the_stack_beneath_raises_is_a_lost_link(error: Exception):
    async def connecting(_: Callable[[], Awaitable[None]]) -> None:
        raise error

    link = GattLink("C0:00:00:00:00:01", Backend("firmware_sims.bleak_backend"), connecting)
    with pytest.raises(LinkLostError, match=r"cannot connect: \S"):
        await link.open(lambda _: None, lambda _: None)
