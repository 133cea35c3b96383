"""Set the demonstration up: broker, gateway, air, scanner, agent, forms, interventions."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

from firmware_sims.demo.broker import Broker, free_port
from firmware_sims.demo.children import Children, command, releve
from firmware_sims.demo.http import Api

AGENT = "demo-van"
TECHNICIAN = ("amira", "Amira Benali")
TESTO_300 = "testo-300:61349163"
T549I = "testo-smart-probe:46512997:T549i"
T115I = "testo-smart-probe:42001187:T115i"
STRANGER = "testo-smart-probe:49990001:T549i"
"""A probe of another van, in reach, never paired."""

BUILDING = "building-12"
BOILERS = ("boiler-north", "boiler-south")
COLD_ROOM = "cold-room-3"
CIRCUIT = "circuit-1"

DEFAULT_PORTS = {"broker": 1883, "gateway": 7400, "agent": 7300}


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the processes listen."""

    broker: int
    gateway: int
    agent: int
    taken: tuple[str, ...] = ()
    """What was wanted and is in use, in words."""


def usual_ports() -> Ports:
    """Return the documented ports, or others where they are taken."""
    ports = {name: free_port(wanted) for name, wanted in DEFAULT_PORTS.items()}
    taken = tuple(
        f"port {wanted} is taken: the {name} is on {ports[name]} instead"
        for name, wanted in DEFAULT_PORTS.items()
        if ports[name] != wanted
    )
    return Ports(**ports, taken=taken)


def free_ports() -> Ports:
    """Return ports that nobody else uses."""
    return Ports(free_port(0), 0, 0)


class Stage:
    """The running demonstration."""

    def __init__(self, children: Children, ports: Ports) -> None:
        self._children = children
        self._ports = ports
        self.broker = Broker(children, ports.broker)
        self.gateway: Api
        self.agent: Api
        self.air: Api
        self.scanner: Api
        self.wire: Api | None = None
        self.pin = ""
        self._gateway_key = ""
        self._hci = ""
        self.pty = ""
        self._uplink = ports.broker

    def close(self) -> None:
        """Let go of the HTTP connections."""
        for name in ("gateway", "agent", "air", "scanner", "wire"):
            api = getattr(self, name, None)
            if api is not None:
                api.close()

    def ended(self, within: float) -> str | None:
        """Return which process ended by itself and how, None while all run; wait so many seconds for one to end."""
        return self._children.ended(within)

    def start_office(self) -> None:
        """Start broker and gateway, and make the agent known to it."""
        self.broker.start()
        data = str(self._children.folder / "gateway")
        where = ("--data", data, "--broker-port", str(self._ports.broker))
        child = self._children.start(
            "gateway",
            releve("gateway", *where, "--port", str(self._ports.gateway), "--json"),
        )
        self.gateway = Api(child.ready()["gateway"])
        key = command("agent", *self._agent_flags(), "key", "--json")["key"]
        enrolled = command("gateway", *where, "enrol", AGENT, "--key", key, "--json")
        self._gateway_key = enrolled["gateway"]

    def insert_wire(self) -> None:
        """Put a wire that can be broken between agent and broker."""
        child = self._children.start(
            "wire", releve("sim", "wire", "--to", f"127.0.0.1:{self._ports.broker}")
        )
        ready = child.ready()
        self._uplink = ready["port"]
        self.wire = Api(ready["control"])

    def start_air(self, *instruments: str) -> None:
        """Start the instruments, and a scanner on a line."""
        flags = [word for each in instruments for word in ("--instrument", each)]
        air = self._children.start("air", releve("sim", "air", *flags, "--udp-port", "0"))
        scanner = self._children.start("scanner", releve("sim", "scanner-line"))
        ready = air.ready()
        self.air = Api(ready["control"])
        self._hci = ready["hci"]
        line = scanner.ready()
        self.scanner = Api(line["control"])
        self.pty = line["path"]

    def start_agent(self) -> None:
        """Start the agent, and let the technician sign in on it."""
        flags = self._agent_flags()
        self.pin = command("agent", *flags, "technician", *TECHNICIAN, "--json")["pin"]
        child = self._children.start(
            "agent",
            releve(
                "agent",
                *flags,
                "--gateway-key",
                self._gateway_key,
                "--broker-port",
                str(self._uplink),
                "--http-port",
                str(self._ports.agent),
                "--json",
            ),
            {
                "RELEVE_SIM_HCI": self._hci,
                "RELEVE_AGENT_BLE_BACKEND": "firmware_sims.bleak_backend",
                "RELEVE_AGENT_SERIAL": json.dumps([{"slug": "scanner-line", "path": self.pty}]),
            },
        )
        self.agent = Api(child.ready()["address"])

    def plan(self) -> None:
        """Publish the forms, and create and assign the interventions."""
        for name in ("combustion", "refrigeration"):
            self.gateway.post("/v1/forms", _form(name))
        tomorrow = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
        for intervention in (_building(tomorrow), _cold_room(tomorrow + timedelta(hours=3))):
            self.gateway.post("/v1/interventions", intervention)
            self.gateway.post(f"/v1/interventions/{intervention['id']}/assign", {"agent": AGENT})

    def _agent_flags(self) -> tuple[str, ...]:
        return ("--name", AGENT, "--data", str(self._children.folder / "agent"))


def _form(name: str) -> Any:
    file = resources.files("firmware_sims.demo.forms") / f"{name}.json"
    return json.loads(file.read_text("utf-8"))


def _building(starts: datetime) -> dict[str, Any]:
    return {
        "id": BUILDING,
        "title": "Entretien annuel, deux chaudières",
        "customer": "Copropriété Les Tilleuls",
        "address": "12 rue des Tilleuls, 69003 Lyon",
        "starts": starts.isoformat(),
        "appliances": [
            {"id": BOILERS[0], "name": "Chaudière nord"},
            {"id": BOILERS[1], "name": "Chaudière sud"},
        ],
        "reports": [
            {
                "id": f"{each}-combustion",
                "appliance": each,
                "form": {"id": "combustion", "version": 1},
            }
            for each in BOILERS
        ],
    }


def _cold_room(starts: datetime) -> dict[str, Any]:
    return {
        "id": COLD_ROOM,
        "title": "Contrôle du circuit frigorifique",
        "customer": "Boucherie Perrin",
        "address": "3 place du Marché, 69007 Lyon",
        "starts": starts.isoformat(),
        "appliances": [{"id": CIRCUIT, "name": "Groupe froid 1"}],
        "reports": [
            {
                "id": f"{CIRCUIT}-readings",
                "appliance": CIRCUIT,
                "form": {"id": "refrigeration", "version": 1},
            }
        ],
    }
