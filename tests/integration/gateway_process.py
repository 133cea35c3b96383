"""The gateway as it is run, a real broker, and a van: processes for the tests of this folder."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from contract.signing import VerifyingKey
from contract.wire import down
from contract.wire.down import Assignment, Receipt
from contract.wire.event import SealedEvent, SignedCapture, unseal
from tests.gateway.edge import FORM, Edge, job
from tests.system_parts import require

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 30.0
RECOVERS_WITHIN = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], Any], within: float = RECOVERS_WITHIN) -> Any:
    """Return what ``holds`` returns once it is true."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.02)
    raise TimeoutError(f"not within {within} s: {holds}")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Mosquitto:
    """A real broker without persistence, on one port for its whole life."""

    def __init__(self, folder: Path) -> None:
        self._executable = require("mosquitto", because="the broker")
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        lines = [f"listener {self.port} 127.0.0.1", "allow_anonymous true", "persistence false"]
        # As root it would become another user, who may not read a test's folder.
        lines += ["user root"] if os.geteuid() == 0 else []
        self._config.write_text("\n".join(lines) + "\n")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._executable, "-c", self._config],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: listens(self.port))

    def __enter__(self) -> "Mosquitto":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Gateway:
    """The command ``releve gateway``, started as often as a test wants."""

    def __init__(self, folder: Path, broker_port: int) -> None:
        self.data = folder / "data"
        self._flags = ["--data", str(self.data), "--broker-port", str(broker_port)]
        self._process: subprocess.Popen[str] | None = None
        self.errors = folder / "gateway.log"
        self.url = ""
        self.key = ""
        self.created = False

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-W", "error", "-m", "releve", "gateway", *self._flags, *words]

    def start(self) -> None:
        with self.errors.open("a") as errors:
            self._process = subprocess.Popen(
                self.command("--port", "0", "--json"),
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self._process.stdout is not None
        said = json.loads(self._process.stdout.readline() or self.errors.read_text())
        assert said["ready"] is True
        self.url, self.key, self.created = said["gateway"], said["key"], said["created"]

    def __enter__(self) -> "Gateway":
        return self.started()

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGKILL)

    def started(self) -> "Gateway":
        self.start()
        wait_until(self.ready, STARTS_WITHIN)
        return self

    def ready(self) -> bool:
        return httpx.get(f"{self.url}/readyz").status_code == 200

    def stop(self, how: int = signal.SIGTERM) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(15)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
        return code

    def run(self, *words: str) -> str:
        return subprocess.run(
            self.command(*words), cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    def get(self, path: str) -> Any:
        return httpx.get(f"{self.url}{path}").json()

    def post(self, path: str, content: str) -> httpx.Response:
        return httpx.post(f"{self.url}{path}", content=content)

    def furnish(self, agent: Edge) -> None:
        """Enrol the agent while the gateway runs, and give it the job."""
        self.run("enrol", agent.name, "--key", agent.key.public)
        self.post("/v1/forms", FORM.to_json())
        self.post("/v1/interventions", job().to_json())
        answer = self.post("/v1/interventions/job-1/assign", json.dumps({"agent": agent.name}))
        assert answer.status_code == 200, answer.text

    def rows(self) -> list[tuple[int, str]]:
        """Return what is committed, read from beside the gateway."""
        file = f"file:{self.data / 'gateway.db'}?mode=ro"
        with sqlite3.connect(file, uri=True, timeout=5) as connection:
            rows = connection.execute("SELECT seq, outcome FROM capture ORDER BY seq").fetchall()
        connection.close()
        return rows

    def metric(self, name: str) -> float:
        text = httpx.get(f"{self.url}/metrics").text
        line = next(
            each for each in text.splitlines() if each.startswith(f"releve_gateway_{name} ")
        )
        return float(line.split()[1])


class Van:
    """An agent at a real broker: keeps every capture until a receipt closes it."""

    def __init__(self, edge: Edge, port: int, gateway_key: str) -> None:
        self.edge = edge
        self.open: dict[int, SignedCapture] = {}
        self.assignments: list[Assignment] = []
        self.receipts = 0
        self._keys = {VerifyingKey(gateway_key).id: VerifyingKey(gateway_key)}
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=edge.name,
            protocol=MQTTProtocolVersion.MQTTv5,
        )
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *_: client.subscribe(
            f"releve/v1/main/{edge.name}/#", qos=1
        )
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        *_, kind = message.topic.split("/")[4:5]
        if kind == "receipt":
            self._close(down.parse(Receipt, self._unsealed(message), self.edge.name))
        elif kind == "intervention":
            statement = self._unsealed(message)
            self.assignments.append(down.parse(Assignment, statement, self.edge.name))

    def _unsealed(self, message: MQTTMessage) -> str:
        event = SealedEvent.model_validate_json(message.payload)
        return unseal(event, self.edge.name, self._keys)

    def _close(self, receipt: Receipt) -> None:
        self.receipts += 1
        for each in receipt.ranges:
            for seq in range(each.first, each.last + 1):
                self.open.pop(seq, None)

    def take(self, number: int) -> None:
        for capture in self.edge.notes(number):
            self.open[int(capture.link.split(" ")[3])] = capture

    def send(self) -> None:
        """Send everything that no receipt has closed."""
        captures = list(self.open.values())
        for start in range(0, len(captures), 10):
            message = self.edge.message(captures[start : start + 10])
            self._client.publish(self.edge.topic, message, qos=1)

    def send_until_closed(self, within: float = RECOVERS_WITHIN) -> None:
        end = time.monotonic() + within
        while self.open:
            assert time.monotonic() < end, f"{len(self.open)} captures were never answered"
            self.send()
            time.sleep(0.3)

    def publish(self, topic: str, payload: bytes) -> None:
        self._client.publish(topic, payload, qos=1).wait_for_publish(5)

    def __enter__(self) -> "Van":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
