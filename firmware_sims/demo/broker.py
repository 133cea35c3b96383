"""A broker for the demonstration: mosquitto when it is on the PATH, otherwise iotcore, and never a silent third."""

import os
import shutil
import socket
import sys
import time
from pathlib import Path

from firmware_sims.demo.children import Child, ChildError, Children

LOOPBACK = "127.0.0.1"
UP_WITHIN = 10.0
MAX_PAYLOAD = 1_000_000

_IOTCORE = f"""\
id = 0
[router]
id = 0
max_connections = 1000
max_outgoing_packet_count = 200
max_segment_size = 104857600
max_segment_count = 10
[v5.1]
name = "v5"
listen = "{LOOPBACK}:{{port}}"
next_connection_delay_ms = 1
[v5.1.connections]
connection_timeout_ms = 60000
max_payload_size = {MAX_PAYLOAD}
max_inflight_count = 100
dynamic_filters = true
"""

_SERVE_IOTCORE = """\
import sys, iotcore
iotcore.IotCoreBroker(config_path=sys.argv[1]).run_forever()
"""


def free_port(wanted: int) -> int:
    """Return ``wanted`` if it is free on the loopback, otherwise another port."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            own: int = probe.getsockname()[1]
            return own
    raise ChildError("no port is free on the loopback")


class Broker:
    """A broker without persistence, on the loopback, that can be cut off and come back at the same port."""

    def __init__(self, children: Children, port: int) -> None:
        self._children = children
        self.port = port
        mosquitto = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        self.kind = "mosquitto" if mosquitto else "iotcore"
        self._command = self._mosquitto(mosquitto) if mosquitto else self._iotcore()
        self._child: Child | None = None

    def start(self) -> None:
        """Start it and wait until it answers; raises ChildError."""
        child = self._children.start("broker", self._command)
        self._child = child
        deadline = time.monotonic() + UP_WITHIN
        while time.monotonic() < deadline:
            if not child.running:
                raise ChildError(f"{self.kind} did not start: {child.said()}")
            with socket.socket() as probe:
                if probe.connect_ex((LOOPBACK, self.port)) == 0:
                    return
            time.sleep(0.05)
        raise ChildError(f"{self.kind} does not answer on port {self.port}")

    def cut(self) -> None:
        """End it as a power cut would; everything it held is gone."""
        if self._child is not None:
            self._child.kill()
            self._children.forget(self._child)
            self._child = None

    def _mosquitto(self, program: str) -> list[str]:
        lines = [
            f"listener {self.port} {LOOPBACK}",
            "allow_anonymous true",
            "persistence false",
            "max_queued_messages 0",
            "set_tcp_nodelay true",
        ]
        if os.geteuid() == 0:
            # Otherwise it changes to a user that may not read this folder.
            lines.append("user root")
        return [program, "-c", str(self._write("mosquitto.conf", "\n".join(lines) + "\n"))]

    def _iotcore(self) -> list[str]:
        file = self._write("iotcore.toml", _IOTCORE.format(port=self.port))
        return [sys.executable, "-P", "-c", _SERVE_IOTCORE, str(file)]

    def _write(self, name: str, text: str) -> Path:
        file = self._children.folder / name
        file.write_text(text)
        return file
