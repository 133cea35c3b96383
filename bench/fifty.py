"""One agent with fifty instruments read twice a second, and the same devices through a bare pymodbus loop."""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from agent.adapters.modbus import ModbusPlace
from agent.ports import Link
from agent.usecases.live import LiveValues
from agent.usecases.session import converse
from bench.fifty_devices import DEVICES
from bench.process import AgentProcess, processor, resident
from bench.result import Result, percentile
from drivers.generic.file import read
from drivers.kit.description import ModbusLink
from drivers.kit.dialogue import ReadingsReceived
from drivers.kit.link import LinkEvent, Request
from firmware_sims.demo.children import Child, Children
from firmware_sims.demo.http import Api, waited

EVERY = 0.5
SECONDS = 60.0
BARE_SECONDS = 15.0
VALUES = 3
"""That each read states."""
DESCRIPTION = f"""\
slug = "bench-device"
vendor = "Bench"
model = "Modbus device"
grade = "synthetic"
source = "bench/fifty_devices.py"

[modbus]
every = {EVERY}

[[modbus.value]]
quantity = "carbon_dioxide_ambient"
unit = "[ppm]"
table = "input"
address = 0
type = "u16"

[[modbus.value]]
quantity = "temperature"
unit = "Cel"
table = "input"
address = 1
type = "s16"
scale = "0.1"

[[modbus.value]]
quantity = "relative_humidity"
unit = "%"
table = "input"
address = 2
type = "u16"
scale = "0.1"
"""


def measure(children: Children, broker_port: int) -> list[Result]:
    """Run the agent with fifty instruments, then its sessions with a clock inside, then the bare loop."""
    counts = children.folder / "fifty.json"
    devices = children.start("fifty", [sys.executable, "-m", "bench.fifty_devices", str(counts)])
    ports: list[str] = devices.ready()["ports"]
    results = [
        *_as_a_process(children, broker_port, ports, counts),
        *asyncio.run(_byte_to_live(ports)),
        *_bare(children, ports, counts),
    ]
    devices.stop()
    children.forget(devices)
    return results


def _as_a_process(
    children: Children, broker_port: int, ports: list[str], counts: Path
) -> list[Result]:
    child, api = _agent_with(children, broker_port, ports)
    near = waited("fifty instruments", lambda: _all_near(api), 30)
    for each in near:
        api.post(f"/v1/instruments/{each}/pair", {})
    waited("all connected", lambda: _connected(api) == DEVICES, 30)
    time.sleep(2)
    before, busy, began = _reads(counts), processor(child.pid), time.monotonic()
    time.sleep(SECONDS)
    spent, took = processor(child.pid) - busy, time.monotonic() - began
    reads = _reads(counts) - before
    seen = api.get("/v1/instruments")["items"]
    missed = sum(each["skipped"] + each["rejected"] for each in seen)
    memory = resident(child.pid)
    api.close()
    child.stop()
    children.forget(child)
    remark = f"{reads} reads in {took:.0f} s, of {DEVICES * took / EVERY:.0f} due"
    return [
        Result(
            "50 instruments at 2 Hz, polls missed",
            missed,
            "",
            aim="0",
            met=missed == 0,
            remark=remark,
        ),
        Result(
            "50 instruments, processor",
            round(spent / (VALUES * reads) * 1000, 3),
            "s/1,000 readings",
        ),
        Result("50 instruments, processor share", round(spent / took * 100, 1), "%"),
        Result("50 instruments, resident", round(memory, 1), "MB"),
    ]


def _agent_with(children: Children, broker_port: int, ports: list[str]) -> tuple[Child, Api]:
    """Start an agent with an instrument at each port, and sign in."""
    description = children.folder / "bench-device.toml"
    description.write_text(DESCRIPTION)
    modbus = [{"slug": "bench-device", "port": each} for each in ports]
    agent = AgentProcess(children, broker_port, "fifty-van")
    child = agent.start(
        {
            "RELEVE_AGENT_BLE": "false",
            "RELEVE_AGENT_INSTRUMENT_FILES": json.dumps([str(description)]),
            "RELEVE_AGENT_MODBUS": json.dumps(modbus),
        }
    )
    return child, agent.signed_in(child.ready()["address"])


def _all_near(api: Api) -> list[str] | None:
    near = [each["id"] for each in api.get("/v1/instruments")["items"]]
    return near if len(near) == DEVICES else None


def _connected(api: Api) -> int:
    return sum(each["connected"] for each in api.get("/v1/instruments")["items"])


def _reads(counts: Path) -> int:
    return sum(json.loads(counts.read_text())["reads"])


# --- inside ---------------------------------------------------------------------------------------


class _Timed:
    """A Link that notes when an answer came."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.came = 0.0

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        await self._link.open(deliver, lost)

    async def carry_out(self, request: Request) -> LinkEvent | None:
        answer = await self._link.carry_out(request)
        self.came = time.perf_counter()
        return answer

    async def close(self) -> None:
        await self._link.close()


async def _byte_to_live(ports: list[str]) -> list[Result]:
    """Hold the sessions in this process, and take the time from an answer to its live value."""
    instrument = read(DESCRIPTION, "bench-device.toml")
    [link] = [each for each in instrument.links if isinstance(each, ModbusLink)]
    live, spent = LiveValues(), list[float]()

    async def keep(port: str) -> None:
        sighting = ModbusPlace(instrument, link, port, link.device, {}).sighting()
        timed = _Timed(sighting.connect())
        events = converse(
            timed, sighting.converse(None), asyncio.Queue(), silence=None, opened=lambda: None
        )
        async for event in events:
            if isinstance(event, ReadingsReceived):
                live.hear(port, event.readings, 0.0)
                spent.append(time.perf_counter() - timed.came)

    tasks = [asyncio.ensure_future(keep(each)) for each in ports]
    await asyncio.sleep(BARE_SECONDS)
    for each in tasks:
        each.cancel()
    await asyncio.wait(tasks)
    p99 = percentile(spent, 0.99) * 1000
    return [
        Result(
            "50 instruments, answer to live value, p99",
            round(p99, 2),
            "ms",
            aim="≤ 20 ms",
            met=p99 <= 20,
        )
    ]


# --- bare -----------------------------------------------------------------------------------------


def _bare(children: Children, ports: list[str], counts: Path) -> list[Result]:
    child = children.start("bare", [sys.executable, "-m", "bench.bare_modbus", *ports])
    child.ready()
    time.sleep(1)
    before, busy = _reads(counts), processor(child.pid)
    time.sleep(BARE_SECONDS)
    spent, reads = processor(child.pid) - busy, _reads(counts) - before
    memory = resident(child.pid)
    child.stop()
    children.forget(child)
    return [
        Result(
            "the same devices, bare pymodbus loop",
            round(spent / (VALUES * reads) * 1000, 3),
            "s/1,000 readings",
        ),
        Result("the same, resident", round(memory, 1), "MB"),
    ]
