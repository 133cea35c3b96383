"""Runs in the guest: the agent's Bluetooth over bleak and BlueZ, against the simulated instruments.

Prints one line a finding, in the order of STEPS, and stops at the first that fails.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from agent.adapters.ble import BleWatcher
from agent.adapters.clock import SystemClock
from agent.adapters.gatt import Backend
from agent.ports import Sighting
from agent.usecases.keeper import Hooks, InstrumentError
from agent.usecases.live import LiveInstrument, LiveValues
from agent.usecases.records import Pairing
from agent.usecases.roster import Roster, Told
from contract.quantity import Quantity
from contract.wire.captured import Technician
from drivers.catalog import BUILT_IN
from drivers.kit.dialogue import Act

BLUETOOTHD = "/usr/libexec/bluetooth/bluetoothd"
INSTRUMENTS = Path(__file__).with_name("instruments_on_vhci.py")
CONTROLLER = Path("/sys/class/bluetooth/hci0")
FINDING = "FINDING "
PROBE, ANALYSER = "46512997", "61349163"
TECHNICIAN = Technician(id="t1", name="Ada")


class Records:
    """Pairings in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Pairing] = {}

    async def pairings(self) -> list[Pairing]:
        return list(self.kept.values())

    async def keep_pairing(self, pairing: Pairing) -> None:
        self.kept[pairing.instrument] = pairing

    async def drop_pairing(self, instrument: str) -> bool:
        return self.kept.pop(instrument, None) is not None


class Van:
    """The agent's roster over the real Bluetooth stack, and what is done to that stack."""

    def __init__(self, instruments: asyncio.subprocess.Process, spawn: Callable[..., Any]) -> None:
        self.clock = SystemClock()
        self.live = LiveValues()
        self.instruments = instruments
        self.spawn = spawn
        self.bluetoothd: subprocess.Popen[bytes] | None = None
        self.last_seen: dict[str | None, float] = {}
        self.roster = Roster(
            records=Records(),
            catalogue=BUILT_IN,
            live=self.live,
            clock=self.clock,
            chance=lambda: 0.5,
            spawn=spawn,
            hooks=Hooks(
                changed=lambda _: None,
                scanned=lambda *_: None,
                pressed=lambda _: None,
                learned=lambda _: None,
            ),
        )

    # --- the stack -----------------------------------------------------------

    def start_bluetoothd(self) -> None:
        self.bluetoothd = subprocess.Popen(
            [BLUETOOTHD, "-n"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill_bluetoothd(self) -> None:
        if self.bluetoothd is not None:
            self.bluetoothd.kill()
            self.bluetoothd.wait()

    def lose_link(self, serial: str) -> None:
        assert self.instruments.stdin is not None
        self.instruments.stdin.write(f"lose {serial}\n".encode())

    # --- the instruments -----------------------------------------------------

    def seen(self, sighting: Sighting) -> None:
        self.last_seen[sighting.identity.serial] = self.clock.elapsed()
        self.roster.seen(sighting)

    def id_of(self, serial: str) -> str:
        for sighting in self.roster.near():
            if sighting.identity.serial == serial:
                return sighting.identity.id
        for pairing in self.roster.paired():
            if pairing.serial == serial:
                return pairing.instrument
        raise InstrumentError(f"{serial} was not seen")

    def of(self, serial: str) -> LiveInstrument:
        return self.live.of(self.id_of(serial))

    def values(self, serial: str) -> dict[str, str]:
        latest = self.of(serial).latest
        return {key[0].value: str(heard.reading.value) for key, heard in latest.items()}

    def speaks_since(self, serial: str, moment: float) -> bool:
        return any(heard.elapsed > moment for heard in self.of(serial).latest.values())

    async def until(self, holds: Callable[[], object], within: float) -> float:
        """Return after how many seconds ``holds`` did; raises TimeoutError."""
        began = self.clock.elapsed()
        async with asyncio.timeout(within):
            while not holds():  # noqa: ASYNC110 - what is waited for tells nobody
                await asyncio.sleep(0.02)
        return round(self.clock.elapsed() - began, 2)

    async def until_both_speak(self, within: float) -> float:
        moment = self.clock.elapsed()
        return await self.until(
            lambda: all(self.speaks_since(each, moment) for each in (PROBE, ANALYSER)), within
        )


async def both_are_found(van: Van) -> dict[str, Any]:
    """Scan: both show themselves, by name."""
    seconds = await van.until(lambda: {PROBE, ANALYSER} <= van.last_seen.keys(), 30)
    return {
        "seconds": seconds,
        "found": sorted((each.identity.slug, each.identity.serial) for each in van.roster.near()),
        "rssi": [each.rssi for each in van.roster.near()],
    }


async def the_probe_streams(van: Van) -> dict[str, Any]:
    """Pair the T549i: opening, firmware, readings."""
    probe = van.id_of(PROBE)
    await van.roster.pair(probe, Told(), TECHNICIAN)
    connected = await van.until(lambda: van.of(PROBE).connected, 30)
    key = (Quantity.DIFFERENTIAL_PRESSURE, None)
    streamed = await van.until(lambda: len(van.of(PROBE).history.get(key, ())) >= 6, 30)
    return {
        "seconds_to_connect": connected,
        "seconds_to_six_readings": streamed,
        "firmware": van.roster.pairing(probe).firmware,
        "values": van.values(PROBE),
        "rejected": van.of(PROBE).rejected,
        "unmapped": sorted(van.of(PROBE).unmapped),
    }


async def the_probe_is_zeroed(van: Van) -> dict[str, Any]:
    """Have it zeroed: acknowledged, and then it says so."""
    began = van.clock.elapsed()
    await van.roster.act(van.id_of(PROBE), Act.ZERO)
    acknowledged = round(van.clock.elapsed() - began, 2)
    # The reading on its way may be older.
    for _ in range(2):
        moment = van.clock.elapsed()
        await van.until(lambda: van.speaks_since(PROBE, moment), 5)  # noqa: B023 - awaited here
    return {
        "seconds": acknowledged,
        "zeroed": van.of(PROBE).zeroed,
        "values": van.values(PROBE),
    }


async def the_analyser_is_read(van: Van) -> dict[str, Any]:
    """Pair the testo 300 beside it: a document of many pieces, and both sessions live."""
    await van.roster.pair(van.id_of(ANALYSER), Told(), TECHNICIAN)
    connected = await van.until(lambda: van.of(ANALYSER).connected, 30)
    read = await van.until(lambda: van.of(ANALYSER).latest, 30)
    both = await van.until_both_speak(10)
    return {
        "seconds_to_connect": connected,
        "seconds_to_first_document": read,
        "seconds_until_both_speak": both,
        "values": van.values(ANALYSER),
        "rejected": van.of(ANALYSER).rejected,
    }


async def a_lost_link_is_made_again(van: Van) -> dict[str, Any]:
    """Lose the probe's link on the air."""
    van.lose_link(PROBE)
    noticed = await van.until(lambda: not van.of(PROBE).connected, 10)
    reason, other = van.of(PROBE).reason, van.of(ANALYSER).connected
    back = await van.until_both_speak(45)
    return {
        "seconds_to_notice": noticed,
        "reason": reason,
        "other_stayed": other,
        "seconds_to_both_speaking": back,
    }


async def a_link_let_go_ends(van: Van) -> dict[str, Any]:
    """Unpair the analyser: free again, it advertises; then take it back."""
    moment = van.clock.elapsed()
    await van.roster.unpair(van.id_of(ANALYSER))
    free = await van.until(lambda: van.last_seen.get(ANALYSER, 0) > moment, 30)
    await van.roster.pair(van.id_of(ANALYSER), Told(), TECHNICIAN)
    return {"seconds_to_be_seen": free, "seconds_to_both_speaking": await van.until_both_speak(30)}


async def a_bluetoothd_back_at_once_costs_seconds(van: Van) -> dict[str, Any]:
    """Kill it and start it again, as D-Bus or a service manager does."""
    van.kill_bluetoothd()
    await asyncio.sleep(1)
    van.start_bluetoothd()
    return {"seconds_to_both_speaking": await van.until_both_speak(60)}


async def a_dead_bluetoothd_is_noticed(van: Van) -> dict[str, Any]:
    """Kill it: nobody says that the links are gone, only the silence shows it."""
    return await given_up(van, van.kill_bluetoothd, 60)


async def it_returns(van: Van) -> dict[str, Any]:
    """Start it again: nothing else is done."""
    van.start_bluetoothd()
    return {"seconds_to_both_speaking": await van.until_both_speak(60)}


async def the_radio_is_switched_off(van: Van) -> dict[str, Any]:
    """Switch it off, as an operator would."""
    switching: list[asyncio.Task[None]] = []
    return await given_up(van, lambda: switching.append(van.spawn(power("off"))), 30)


async def the_radio_is_switched_on(van: Van) -> dict[str, Any]:
    """Switch it on again."""
    await power("on")
    return {"seconds_to_both_speaking": await van.until_both_speak(60)}


STEPS = (
    both_are_found,
    the_probe_streams,
    the_probe_is_zeroed,
    the_analyser_is_read,
    a_lost_link_is_made_again,
    a_link_let_go_ends,
    a_bluetoothd_back_at_once_costs_seconds,
    a_dead_bluetoothd_is_noticed,
    it_returns,
    the_radio_is_switched_off,
    the_radio_is_switched_on,
)


async def given_up(van: Van, end: Callable[[], object], within: float) -> dict[str, Any]:
    """Do what ends both sessions; return when each was given up, and why."""
    moments: dict[str, float] = {}
    reasons: dict[str, str | None] = {}
    began = van.clock.elapsed()
    end()

    def both() -> bool:
        for each in (PROBE, ANALYSER):
            if not van.of(each).connected:
                moments.setdefault(each, round(van.clock.elapsed() - began, 2))
                reasons.setdefault(each, van.of(each).reason)
        return len(moments) == 2

    await van.until(both, within)
    return {
        "seconds_to_give_up": list(moments.values()),
        "reasons": list(reasons.values()),
    }


async def power(switch: str) -> None:
    """Try until it is done: a bluetoothd just started knows no radio yet."""
    async with asyncio.timeout(30):
        while True:
            process = await asyncio.create_subprocess_exec(
                *("bluetoothctl", "power", switch),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
            )
            if await process.wait() == 0:
                return
            await asyncio.sleep(0.5)


@asynccontextmanager
async def van() -> AsyncGenerator[Van]:
    instruments = await asyncio.create_subprocess_exec(
        sys.executable,
        str(INSTRUMENTS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert instruments.stdout is not None
    assert b"ready\n" == await instruments.stdout.readline()
    async with asyncio.TaskGroup() as tasks:
        running: list[asyncio.Task[None]] = []

        def spawn(work: Any) -> "asyncio.Task[None]":
            running.append(tasks.create_task(work))
            return running[-1]

        made = Van(instruments, spawn)
        made.start_bluetoothd()
        await made.until(CONTROLLER.exists, 30)
        spawn(BleWatcher(BUILT_IN, Backend(None)).watch(made.seen))
        yield made
        for task in running:
            task.cancel()


def say(step: str, found: dict[str, Any]) -> None:
    print(FINDING + json.dumps({"finding": step} | found), flush=True)  # noqa: T201 - for the host


async def main() -> int:
    async with van() as here:
        for step in STEPS:
            try:
                say(step.__name__, await step(here))
            except (TimeoutError, InstrumentError) as error:
                said = {
                    each.identity.serial: here.live.of(each.identity.id).reason
                    for each in here.roster.near()
                }
                say(step.__name__, {"failed": repr(error), "reasons": said})
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
