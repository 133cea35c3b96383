"""For other people's tests: simulated instruments and, if wanted, an agent and a gateway, as processes of their own."""

import json
import os
import subprocess
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from firmware_sims.demo.broker import Broker, free_port
from firmware_sims.demo.children import Child, ChildError, Children, command, releve
from firmware_sims.demo.http import Api

BACKEND = "firmware_sims.bleak_backend"
SECRETS: Mapping[str, Mapping[str, str]] = {
    "concert-v2": {},
    "caisse-ap": {},
    "zvt": {"password": "123456"},
    "sumup": {"api_key": "key-of-the-simulated-merchant", "affiliate_key": "affiliate"},
}
"""Of each kind of payment terminal, as its simulator has them unless it is told otherwise."""
TECHNICIAN = ("tester", "Test Technician")


class Simulator:
    """A running simulator: where it is, and its control."""

    def __init__(self, ready: Mapping[str, Any], api: Api, child: Child | None = None) -> None:
        self.ready = ready
        """The line it printed: slug, link, address and, by link, hci, path or port."""
        self.slug: str = ready["slug"]
        self.serial: str = ready.get("serial", "")
        self._api = api
        self._child = child

    def set(self, *, hold: bool | None = None, **values: str) -> None:
        """Have it sense these values, and hold the display if wanted; raises RefusedError."""
        body: dict[str, Any] = {"set": values}
        if hold is not None:
            body["hold"] = hold
        self._api.patch(f"/v1/instruments/{self.serial}", body)

    def fault(self, name: str, *, on: bool = True, times: int | None = None) -> None:
        """Switch a fault, for so many times where it is counted; raises RefusedError."""
        body = {"fault": name, "on": on, "times": times}
        self._api.post(f"/v1/instruments/{self.serial}/faults", body)

    def act(self, name: str, text: str = "") -> None:
        """Do by hand what a person would."""
        self._api.post(f"/v1/instruments/{self.serial}/acts", {"act": name, "text": text})

    def displayed(self) -> dict[str, str | None]:
        """Return what it displays now, by quantity."""
        shown = self._api.get(f"/v1/instruments/{self.serial}")["displayed"]
        return {quantity: each["value"] for quantity, each in shown.items()}

    def customer(
        self,
        does: str | None = None,
        *,
        seconds: float | None = None,
        percent: int | None = None,
    ) -> None:
        """Have the customer of a terminal do something else, in its usual time if none is said; raises RefusedError."""
        body = {"does": does, "seconds": seconds, "percent": percent}
        self._api.patch(f"/v1/instruments/{self.serial}/customer", body)

    def ledger(self) -> list[dict[str, Any]]:
        """Return every authorisation that a terminal gave, in their order."""
        rows: list[dict[str, Any]] = self.about()["ledger"]
        return rows

    def authorisations(self) -> dict[str, int]:
        """Return how many authorisations a terminal gave, by reference."""
        counts: dict[str, int] = self.about()["authorisations"]
        return counts

    def standing(self) -> dict[str, int]:
        """Return the same without what was undone, and without what undid it."""
        counts: dict[str, int] = self.about()["standing"]
        return counts

    def requests(self) -> dict[str, int]:
        """Return how many requests for a payment reached a terminal, taken or not, by reference."""
        counts: dict[str, int] = self.about()["requests"]
        return counts

    def about(self) -> dict[str, Any]:
        """Return all that its control tells of it."""
        told: dict[str, Any] = self._api.get(f"/v1/instruments/{self.serial}")
        return told

    def kill(self) -> None:
        """End it as a power cut would; only for one that was started alone."""
        if self._child is None:
            raise ChildError(f"{self.slug} {self.serial} has no process of its own")
        self._child.kill()

    @property
    def port(self) -> str | None:
        """Where it hangs, for --port; None for what is reached by radio or network."""
        if "path" in self.ready:
            return str(self.ready["path"])
        if self.ready.get("link") == "tcp":
            return f"{self.ready['address']}:{self.ready['port']}"
        return None

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to meet it by radio."""
        if "hci" not in self.ready:
            return {}
        met = {"RELEVE_SIM_HCI": self.ready["hci"], "RELEVE_AGENT_BLE_BACKEND": BACKEND}
        key = self.ready.get("bind_key")
        return met if key is None else {**met, "RELEVE_BIND_KEY": key}


class Office:
    """A gateway and one agent that is enrolled with it."""

    def __init__(self, gateway: Api, agent: Api, pin: str, where: Iterable[str]) -> None:
        self.gateway = gateway
        """Its API, on the loopback."""
        self.agent = agent
        """Its API, with a technician signed in."""
        self.pin = pin
        """With which that technician signs in."""
        self._where = tuple(where)

    def key(self, name: str, *origins: str) -> str:
        """Return a new key with which pages of these origins have fields filled by the gateway; raises ChildError."""
        pages = [word for each in origins for word in ("--origin", each)] or ["--no-page"]
        made = command("gateway", *self._where, "key", "add", name, *pages, "--json")
        secret: str = made["key"]
        return secret


class Releve:
    """Starts simulators, and the product around them; everything ends with the test."""

    def __init__(self, children: Children) -> None:
        self._children = children
        self._apis: list[Api] = []
        self._number = 0

    def close(self) -> None:
        """Let go of the HTTP connections."""
        for each in self._apis:
            each.close()

    def simulator(self, slug: str, *flags: str) -> Simulator:
        """Start one simulator, as `releve sim SLUG FLAGS…` does; raises ChildError."""
        child = self._child(f"sim-{slug}", "sim", slug, "--with-parent", *flags)
        ready = child.ready()
        return Simulator(ready, self._api(ready["control"]), child)

    def air(self, *instruments: str) -> dict[str, Simulator]:
        """Start several instruments on one air, each as slug:serial[:model]; return them by serial."""
        wanted = [word for each in instruments for word in ("--instrument", each)]
        ready = self._start("air", "sim", "air", "--udp-port", "0", "--with-parent", *wanted)
        return self._several(ready)

    def scenario(self, path: Path, *flags: str) -> dict[str, Simulator]:
        """Play a file, as `releve sim scenario FILE FLAGS…` does; return its instruments by serial."""
        ready = self._start("scenario", "sim", "scenario", str(path), "--with-parent", *flags)
        return self._several(ready)

    def _several(self, ready: Mapping[str, Any]) -> dict[str, Simulator]:
        api = self._api(ready["control"])
        return {each["serial"]: Simulator(each, api) for each in ready["instruments"]}

    def read(self, simulator: Simulator, seconds: float = 4.0) -> list[dict[str, Any]]:
        """Return what `releve read` says of a simulator within a time; raises ChildError when it cannot be read."""
        port = () if simulator.port is None else ("--port", simulator.port)
        words = ("read", simulator.slug, "--seconds", str(seconds), *port, "--json")
        return _said(words, simulator.environment)

    def decode(self, slug: str, source: str) -> list[dict[str, Any]]:
        """Return what `releve decode` reads in hexadecimal, a file or a recording; raises ChildError without it."""
        return _said(("decode", slug, source, "--json"), {})

    def office(self, *simulators: Simulator, form_origins: Iterable[str] = ()) -> Office:
        """Start broker, gateway and an agent that reaches these simulators; pages of ``form_origins`` may call it."""
        broker = Broker(self._children, free_port(0))
        broker.start()
        folder = self._children.folder
        where = ("--data", str(folder / "gateway"), "--broker-port", str(broker.port))
        gateway = self._start("gateway", "gateway", *where, "--port", "0", "--json")
        who = ("--name", "van", "--data", str(folder / "agent"))
        key = command("agent", *who, "key", "--json")["key"]
        believed = command("gateway", *where, "enrol", "van", "--key", key, "--json")["gateway"]
        pin = command("agent", *who, "technician", *TECHNICIAN, "--json")["pin"]
        flags = ("--gateway-key", believed, "--broker-port", str(broker.port), "--http-port", "0")
        pages = {"RELEVE_AGENT_FORM_ORIGINS": json.dumps([*form_origins])}
        paying = _terminals(simulators)
        environment = {**_environment(simulators), **pages, **paying}
        agent = self._start("agent", "agent", *who, *flags, "--json", environment=environment)
        api = self._api(agent["address"])
        session = api.post("/v1/session", {"technician": TECHNICIAN[0], "pin": pin})
        api.sign(session["token"])
        for each in simulators:
            if each.slug in SECRETS:
                api.post(f"/v1/terminals/{each.slug}/pair", {})
        return Office(self._api(gateway["gateway"]), api, pin, where)

    def _start(
        self, name: str, *words: str, environment: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        return self._child(name, *words, environment=environment).ready()

    def _child(
        self, name: str, *words: str, environment: Mapping[str, str] | None = None
    ) -> Child:
        self._number += 1
        return self._children.start(f"{name}-{self._number}", releve(*words), environment)

    def _api(self, address: str) -> Api:
        self._apis.append(Api(address))
        return self._apis[-1]


def _terminals(simulators: tuple[Simulator, ...]) -> dict[str, str]:
    """Name each payment terminal in the agent's settings, by its slug."""
    named: list[dict[str, Any]] = []
    for each in simulators:
        if each.slug in SECRETS:
            place = each.ready.get("reader") or each.port
            told = {"name": each.slug, "kind": each.slug, "at": place}
            options = {}
            if "reader" in each.ready:
                wanted = ("merchant", "url")
                options = {"app": "releve", **{one: each.ready[one] for one in wanted}}
            named.append({**told, "options": options, "secrets": dict(SECRETS[each.slug])})
    return {"RELEVE_AGENT_TERMINALS": json.dumps(named)} if named else {}


def _environment(simulators: tuple[Simulator, ...]) -> dict[str, str]:
    links = {each["slug"]: each["links"] for each in _said(("instruments", "--json"), {})}
    found: dict[str, str] = {"RELEVE_AGENT_BLE": "false"}
    serial: list[dict[str, str]] = []
    modbus: list[dict[str, str]] = []
    for each in simulators:
        if each.environment:
            found |= {**each.environment, "RELEVE_AGENT_BLE": "true"}
        elif each.slug in SECRETS:
            continue
        elif each.port is not None and "modbus" in links.get(each.slug, ()):
            modbus.append({"slug": each.slug, "port": each.port})
        elif each.port is not None:
            serial.append({"slug": each.slug, "path": each.port})
    lines = {"RELEVE_AGENT_SERIAL": serial, "RELEVE_AGENT_MODBUS": modbus}
    return found | {name: json.dumps(each) for name, each in lines.items()}


def _said(words: tuple[str, ...], environment: Mapping[str, str]) -> list[dict[str, Any]]:
    done = subprocess.run(  # noqa: S603 - our own command, with the words of a test
        releve(*words),
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    said = [json.loads(line) for line in done.stdout.splitlines()]
    # A command that could not do its work must not pass for an instrument that said nothing.
    if done.returncode and not said:
        raise ChildError(f"releve {' '.join(words)}: {done.stderr.strip()}")
    return said


@contextmanager
def bench(folder: Path) -> Generator[Releve]:
    """Yield what starts simulators; leaving the block ends all that was started."""
    with Children(folder) as children:
        made = Releve(children)
        try:
            yield made
        finally:
            made.close()
