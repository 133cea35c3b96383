"""The agent as a process: memory, idle processor time, start to the first published capture."""

import asyncio
import os
import time
from pathlib import Path

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from agent.adapters import keyring
from agent.adapters.store.captures import SqliteCaptureStore
from agent.adapters.store.database import Database
from bench.edge import writing
from bench.result import Result
from contract.signing import SigningKey
from firmware_sims.demo.children import Child, Children, command, releve
from firmware_sims.demo.http import Api, waited

AGENT = "bench-van"
PROBES = tuple(f"testo-smart-probe:4651{n:04}:T549i" for n in range(4))
INSTRUMENTS = ("testo-300:61349163", *PROBES)
IDLE_SECONDS = 10.0
TICKS = os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """Return the resident memory of a process, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def processor(pid: int) -> float:
    """Return the processor time that a process has spent, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class AgentProcess:
    """One agent, with or without instruments."""

    def __init__(self, children: Children, broker_port: int, name: str = AGENT) -> None:
        self._children = children
        self._broker_port = broker_port
        self._folder = children.folder / name
        self._flags = ("agent", "--name", name, "--data", str(self._folder))
        who = command(*self._flags, "technician", "amira", "Amira B", "--json")
        self._pin = who["pin"]

    def with_instruments(self) -> list[Result]:
        """Pair five simulated instruments, and look at the process while they stream."""
        wanted = [word for each in INSTRUMENTS for word in ("--instrument", each)]
        air = self._children.start("air", releve("sim", "air", *wanted, "--udp-port", "0"))
        child = self.start(
            {
                "RELEVE_SIM_HCI": air.ready()["hci"],
                "RELEVE_AGENT_BLE_BACKEND": "firmware_sims.bleak_backend",
            }
        )
        api = self.signed_in(child.ready()["address"])
        seen = waited("five instruments", lambda: _five(api), 20)
        for each in seen:
            api.post(f"/v1/instruments/{each}/pair", {})
        waited("all connected", lambda: _connected(api) == len(INSTRUMENTS), 30)
        time.sleep(2)
        before, began = processor(child.pid), time.monotonic()
        time.sleep(IDLE_SECONDS)
        busy = (processor(child.pid) - before) / (time.monotonic() - began) * 100
        memory = resident(child.pid)
        api.close()
        child.stop()
        self._children.forget(child)
        remark = "the simulated radio (bumble) runs inside this process"
        return [
            Result(
                "agent, resident, 5 instruments",
                round(memory, 1),
                "MB",
                aim="≤ 80 MB",
                met=memory <= 80,
                remark=remark,
            ),
            Result("agent, processor, 5 streaming", round(busy, 1), "%", remark=remark),
        ]

    def idle(self) -> list[Result]:
        """Look at the process with nothing to do."""
        child = self.start({"RELEVE_AGENT_BLE": "false"})
        api = self.signed_in(child.ready()["address"])
        api.close()
        time.sleep(2)
        before, began = processor(child.pid), time.monotonic()
        time.sleep(IDLE_SECONDS)
        busy = (processor(child.pid) - before) / (time.monotonic() - began) * 100
        memory = resident(child.pid)
        child.stop()
        self._children.forget(child)
        return [
            Result(
                "agent, resident, idle", round(memory, 1), "MB", aim="≤ 80 MB", met=memory <= 80
            ),
            Result("agent, processor, idle", round(busy, 2), "%", aim="≤ 2 %", met=busy <= 2),
        ]

    def first_capture(self) -> list[Result]:
        """Start an agent whose outbox is not empty, and wait for its first message."""
        arrived: list[float] = []
        client = Client(CallbackAPIVersion.VERSION2, "first", protocol=MQTTv5)
        client.on_message = lambda *_: arrived.append(time.perf_counter())
        client.connect("127.0.0.1", self._broker_port)
        client.subscribe(f"releve/v1/main/{AGENT}/captures", 1)
        client.loop_start()
        spent: list[float] = []
        for _ in range(3):
            arrived.clear()
            began = time.perf_counter()
            child = self.start({"RELEVE_AGENT_BLE": "false"})
            waited("the first capture", lambda: bool(arrived), 30)
            spent.append(arrived[0] - began)
            child.stop()
            self._children.forget(child)
        client.disconnect()
        client.loop_stop()
        best = min(spent)
        return [
            Result(
                "start to first published capture", round(best, 2), "s", aim="≤ 2 s", met=best <= 2
            )
        ]

    def fill_outbox(self) -> None:
        """Save a capture for which no receipt will come: the gateway does not know this agent."""
        key = keyring.load_or_make(self._folder / "agent.key")
        asyncio.run(_save_one(self._folder, key))

    def start(self, environment: dict[str, str]) -> Child:
        """Start the agent's process."""
        flags = (
            *self._flags,
            "--broker-port",
            str(self._broker_port),
            "--http-port",
            "0",
            "--json",
        )
        return self._children.start("agent", releve(*flags, "--log-level", "WARNING"), environment)

    def signed_in(self, address: str) -> Api:
        """Return its API, with the technician signed in."""
        api = Api(address)
        session = api.post("/v1/session", {"technician": "amira", "pin": self._pin})
        api.sign(session["token"])
        return api


async def _save_one(folder: Path, key: SigningKey) -> None:
    database = Database(folder / "agent.db")
    store = SqliteCaptureStore(database, AGENT, key)
    async with database.open(), asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(database.run())
        await store.open_head()
        await store.append("bench", [writing(1)])
        writer.cancel()


def _five(api: Api) -> list[str] | None:
    near = [each["id"] for each in api.get("/v1/instruments")["items"]]
    return near if len(near) == len(INSTRUMENTS) else None


def _connected(api: Api) -> int:
    return sum(each["connected"] for each in api.get("/v1/instruments")["items"])


def measure(children: Children, broker_port: int) -> list[Result]:
    """Measure the agent's process."""
    agent = AgentProcess(children, broker_port)
    results = [*agent.idle(), *agent.with_instruments()]
    agent.fill_outbox()
    return [*results, *agent.first_capture()]
