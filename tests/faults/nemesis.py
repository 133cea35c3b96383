"""Kill -9 of agent, gateway and broker while captures are taken, and what is left afterwards."""

import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

from firmware_sims.demo.broker import Broker, free_port
from firmware_sims.demo.children import Child, Children, command, releve

AGENT, JOB = "van-7", "job-1"
ROOT = Path(__file__).parents[2]
QUIET_WITHIN = 60.0
TRUSTING = [sys.executable, "-P", "-m", "tests.faults.puback_agent"]
"""The command of the agent that closes its outbox on PUBACK."""


@dataclass
class Outcome:
    """What was shown to the technician as saved, and what the gateway holds."""

    shown: list[str] = field(default_factory=list)
    attached: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    waiting: int = 0

    @property
    def lost(self) -> list[str]:
        return [text for text in self.shown if not self.attached[text]]

    @property
    def doubled(self) -> list[str]:
        return [text for text, times in self.attached.items() if times > 1]


def victims(kills: int, chance: Random) -> list[str]:
    """Return who dies, in an order by chance, each about as often as the others."""
    order = ["agent", "gateway", "broker"] * (kills // 3 + 1)
    del order[kills:]
    chance.shuffle(order)
    return order


class Nemesis:
    """A broker without persistence, a gateway and an agent, each of which may die at any moment."""

    def __init__(self, children: Children, *, agent: list[str] | None = None) -> None:
        self._children = children
        self._agent_command = agent
        self._broker = Broker(children, free_port(0))
        self._ports = {"gateway": free_port(0), "agent": free_port(0)}
        self._running: dict[str, Child] = {}
        self._token = "none yet"
        self._over = threading.Event()
        self.outcome = Outcome()

    def set_up(self) -> None:
        self._broker.start()
        self._start("gateway")
        key = command(*self._agent_flags(), "key", "--json")["key"]
        enrolled = command(*self._gateway_flags(), "enrol", AGENT, "--key", key, "--json")
        self._gateway_key = enrolled["gateway"]
        self._pin = command(*self._agent_flags(), "technician", "amira", "Amira B", "--json")[
            "pin"
        ]
        with self._http("gateway") as gateway:
            gateway.post(
                "/v1/interventions", json={"id": JOB, "title": "Essai"}
            ).raise_for_status()
            gateway.post(
                f"/v1/interventions/{JOB}/assign", json={"agent": AGENT}
            ).raise_for_status()
        self._start("agent")
        self._until(self._assigned, 20)

    def rage(self, captures: int, kills: int, seed: int) -> Outcome:
        """Take captures while killing; then let everything come to rest, and compare."""
        chance = Random(seed)
        writer = threading.Thread(target=self._write, args=(captures,), daemon=True)
        writer.start()
        for victim in victims(kills, chance):
            time.sleep(chance.uniform(0.1, 0.8))
            self._kill(victim)
        writer.join(QUIET_WITHIN)
        self._over.set()
        self._until(self._quiet, QUIET_WITHIN)
        with self._http("gateway") as gateway:
            items = gateway.get(f"/v1/interventions/{JOB}/captures").json()["items"]
        self.outcome.attached.update(each["capture"]["text"] for each in items)
        return self.outcome

    def _write(self, captures: int) -> None:
        attempt = 0
        while len(self.outcome.shown) < captures and not self._over.is_set():
            attempt += 1
            text = f"note {attempt}"
            if self._note(text):
                self.outcome.shown.append(text)

    def _note(self, text: str) -> bool:
        """Tell whether the technician saw that it was saved."""
        try:
            with self._http("agent") as agent:
                headers = {"Authorization": f"Bearer {self._token}"}
                path = f"/v1/interventions/{JOB}/notes"
                answer = agent.post(path, json={"text": text}, headers=headers)
                if answer.status_code == 401:
                    who = {"technician": "amira", "pin": self._pin}
                    self._token = (
                        agent.post("/v1/session", json=who).json().get("token", "refused")
                    )
                return answer.status_code == 201
        except (httpx.HTTPError, ValueError):
            time.sleep(0.05)
            return False

    def _kill(self, name: str) -> None:
        self.outcome.kills[name] += 1
        if name == "broker":
            self._broker.cut()
            self._broker.start()
            return
        child = self._running[name]
        child.kill()
        self._children.forget(child)
        self._start(name)

    def _start(self, name: str) -> None:
        if name == "gateway":
            line = [*self._gateway_flags(), "--port", str(self._ports["gateway"]), "--json"]
            child = self._children.start(name, releve(*line))
        else:
            line = [*self._agent_flags(), "--gateway-key", self._gateway_key, "--json"]
            line += [
                "--broker-port",
                str(self._broker.port),
                "--http-port",
                str(self._ports["agent"]),
            ]
            line += ["--log-level", "WARNING"]
            program = [*self._agent_command, *line] if self._agent_command else releve(*line)
            child = self._children.start(
                name, program, {"RELEVE_AGENT_BLE": "false", "PYTHONPATH": str(ROOT)}
            )
        child.ready()
        self._running[name] = child

    def _assigned(self) -> bool:
        return self._note("assigned?") and not self.outcome.shown

    def _quiet(self) -> bool:
        with self._http("agent") as agent:
            headers = {"Authorization": f"Bearer {self._token}"}
            answer = agent.get("/v1/outbox", headers=headers)
            if answer.status_code == 401:
                self._note("signing in again")
                return False
            self.outcome.waiting = answer.json()["depth"]
            return self.outcome.waiting == 0

    def _until(self, holds, within: float) -> None:
        deadline = time.monotonic() + within
        while not holds():
            if time.monotonic() > deadline:
                return
            time.sleep(0.1)

    def _http(self, name: str) -> httpx.Client:
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self._ports[name]}", timeout=10, trust_env=False
        )

    def _agent_flags(self) -> list[str]:
        return ["agent", "--name", AGENT, "--data", str(self._children.folder / "agent")]

    def _gateway_flags(self) -> list[str]:
        data = str(self._children.folder / "gateway")
        return ["gateway", "--data", data, "--broker-port", str(self._broker.port)]
