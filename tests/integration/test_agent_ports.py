"""The real adapters keep what their ports promise: the same tests as the fakes."""

import asyncio
import contextlib
import json
import os
import pty
import tty
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from bleak import BleakScanner

from agent.adapters import lan
from agent.adapters.gatt import Backend, GattLink
from agent.adapters.lan import HttpLink, LanWatcher
from agent.adapters.mqtt import Broker, MqttUplink, Will
from agent.adapters.serial_line import SerialLine
from agent.ports import Link, LinkLostError, Sighting
from contract.instrument import InstrumentIdentity
from drivers.catalog import BUILT_IN
from drivers.kit.description import LanSighting, LineSettings
from drivers.kit.link import (
    Failed,
    HttpAnswered,
    HttpGet,
    Notified,
    Received,
    Send,
    Subscribe,
    Subscribed,
)
from drivers.probe.testo_smart_probe.dialogue import NOTIFY, OPENING, WRITE_AT_ONCE
from drivers.probe.testo_smart_probe.frame import Frame
from firmware_sims import bleak_backend, testo_300_lan
from firmware_sims.air import Setup, bench
from firmware_sims.bleak_radio import HCI_VARIABLE
from firmware_sims.broken_wire import BrokenWire, WireOrder
from firmware_sims.catalogue import build
from firmware_sims.kit.faults import Fault
from firmware_sims.testo_300 import FlueGasAnalyser
from firmware_sims.testo_300_lan import announce, web
from tests.integration.agent_line import Office, gone
from tests.integration.gateway_process import Mosquitto, free_port
from tests.ports.suites import UNKNOWN, LinkSuite, UplinkSuite, until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(20)]


# --- GattLink: a simulated T549i behind bumble ----------------------------------------------------


class GattSubject:
    request = Subscribe(NOTIFY)
    unknown = UNKNOWN
    answer = Subscribed
    unasked = Notified
    tells_its_end = True

    def __init__(self, air: Any, device: Any) -> None:
        self._air = air
        self._device = device
        self._links: list[GattLink] = []

    def link(self) -> Link:
        async def at_once(connect: Any) -> None:
            async with asyncio.timeout(2):
                await connect()

        self._links.append(GattLink(self._device, Backend("firmware_sims.bleak_backend"), at_once))
        return self._links[-1]

    async def say(self) -> None:
        """Open the stream as the dialogue does."""
        client = self._links[-1]._client
        assert client is not None
        for step in OPENING:
            data = Frame(step.opcode, 0, step.payload).encoded()
            for start in range(0, len(data), WRITE_AT_ONCE):
                await client.write_gatt_char(
                    "0000fff1-0000-1000-8000-00805f9b34fb", data[start : start + WRITE_AT_ONCE]
                )

    async def lose(self) -> None:
        self._air.instruments[0].set_fault(Fault.LINK_LOSS, on=True)
        self._air.tend()


class TestGattLink(LinkSuite):
    @pytest.fixture
    async def subject(self, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GattSubject]:
        probe = build("testo-smart-probe:46512997:T549i", 1)
        async with bench(Setup(instruments=(probe,), lan=False, announce_to=None)) as air:
            assert air.hci is not None
            monkeypatch.setenv(HCI_VARIABLE, air.hci)
            device = await BleakScanner.find_device_by_name(
                "T549i SN:46512997", backend=bleak_backend.Scanner
            )
            yield GattSubject(air, device)


# --- HttpLink: a simulated testo 300 --------------------------------------------------------------


def sighting(host: str, *ports: int) -> LanSighting:
    identity = InstrumentIdentity(slug="testo-300", vendor="testo", model="300", serial="1")
    return LanSighting(identity=identity, host=host, ports=ports)


class HttpSubject:
    request = HttpGet("/data")
    unknown = UNKNOWN
    answer = HttpAnswered
    unasked = None
    tells_its_end = False

    def __init__(self, port: int, stack: contextlib.AsyncExitStack) -> None:
        self._stack = stack
        # The vendor's page and its demonstration disagree on the port: the first of them answers nothing.
        self._ports = (free_port(), port)

    def link(self) -> Link:
        return HttpLink(sighting("127.0.0.1", *self._ports))

    async def say(self) -> None:
        """It never does."""

    async def lose(self) -> None:
        await self._stack.aclose()


@pytest.fixture
def analyser() -> FlueGasAnalyser:
    made = build("testo-300:61349163", 1)
    assert isinstance(made, FlueGasAnalyser)
    return made


class TestHttpLink(LinkSuite):
    @pytest.fixture
    async def subject(self, analyser: FlueGasAnalyser) -> AsyncIterator[HttpSubject]:
        async with contextlib.AsyncExitStack() as stack:
            yield HttpSubject(await stack.enter_async_context(web(analyser)), stack)


async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with a document that never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    with contextlib.suppress(OSError):
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            await writer.drain()
    writer.transport.abort()


async def dripping(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer a byte at a time, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    with contextlib.suppress(OSError):
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)
    writer.transport.abort()


@pytest.mark.parametrize(("serve", "why"), [(endless, "more than"), (dripping, "Timeout")])
async def test_a_document_without_end_is_given_up(
    monkeypatch: pytest.MonkeyPatch, serve: Any, why: str
):
    monkeypatch.setattr(lan, "ANSWER_WITHIN", 0.5)
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        link = HttpLink(sighting("127.0.0.1", server.sockets[0].getsockname()[1]))
        with pytest.raises(LinkLostError, match="does not answer on"):
            await link.open(lambda _: None, lambda _: None)
        link = HttpLink(sighting("127.0.0.1", server.sockets[0].getsockname()[1]))
        monkeypatch.setattr(HttpLink, "_answers", lambda *_: asyncio.sleep(0, result=True))
        await link.open(lambda _: None, lambda _: None)
        failed = await link.carry_out(HttpGet("/data"))
        await link.close()
        await asyncio.sleep(0.1)  # the other side sees it

    assert isinstance(failed, Failed)
    assert why in failed.reason


@pytest.mark.parametrize(
    "stated", ["", "127.0.0.1", "x" * 5000, "[", "a b", "evil.example", "127.0.0.1/x?", "\ud800"]
)
async def test_an_announcement_is_believed_only_with_an_address(
    analyser: FlueGasAnalyser, monkeypatch: pytest.MonkeyPatch, stated: str
):
    """Whatever one datagram holds, the next one is heard."""
    port = free_port()
    seen: list[Sighting] = []
    watching = asyncio.ensure_future(
        LanWatcher(BUILT_IN, "127.0.0.1", {"testo-300": port}).watch(seen.append)
    )
    await asyncio.sleep(0.05)
    genuine = testo_300_lan.announcement(analyser, 54000)
    hostile = json.dumps({**json.loads(genuine), "HttpServerIPv4": stated}).encode()
    monkeypatch.setattr(testo_300_lan, "announcement", lambda *_: hostile)
    monkeypatch.setattr(testo_300_lan, "ANNOUNCEMENT_SECONDS", 0.05)
    announcing = asyncio.ensure_future(announce(analyser, 54000, ("127.0.0.1", port)))
    await asyncio.sleep(0.2)
    believed = len(seen)
    monkeypatch.setattr(testo_300_lan, "announcement", lambda *_: genuine)
    await until(lambda: len(seen) > believed)
    for each in (announcing, watching):
        each.cancel()
    await asyncio.wait([announcing, watching])

    assert (believed > 0) is (stated in {"", "127.0.0.1"})


# --- SerialLine: a pseudo-terminal ----------------------------------------------------------------


class SerialSubject:
    request = Send(b"hello\r\n")
    unknown = UNKNOWN
    answer = None
    unasked = Received
    tells_its_end = True

    def __init__(self) -> None:
        self._near, self._far = pty.openpty()
        tty.setraw(self._near)
        tty.setraw(self._far)
        self._path = os.ttyname(self._far)
        self._plugged = True

    def link(self) -> Link:
        return SerialLine(self._path, LineSettings())

    async def say(self) -> None:
        os.write(self._near, b"3760012345678\r\n")

    async def lose(self) -> None:
        """Unplug: the device goes away with its last end."""
        if self._plugged:
            os.close(self._near)
            os.close(self._far)
            self._plugged = False
            await asyncio.sleep(0.05)


class TestSerialLine(LinkSuite):
    @pytest.fixture
    async def subject(self) -> AsyncIterator[SerialSubject]:
        subject = SerialSubject()
        yield subject
        await subject.lose()


async def test_a_line_has_one_owner(tmp_path: Path):
    subject = SerialSubject()
    first, second = subject.link(), subject.link()
    await first.open(lambda _: None, lambda _: None)
    # Another process, or another of ours, would take half of the bytes.
    with pytest.raises(LinkLostError, match="cannot open"):
        await second.open(lambda _: None, lambda _: None)
    await first.close()
    await subject.lose()


# --- MqttUplink: a real broker --------------------------------------------------------------------


class MqttSubject:
    def __init__(self, mosquitto: Mosquitto, office: Office, wire: BrokenWire, port: int) -> None:
        self._mosquitto, self._office, self._wire = mosquitto, office, wire
        self.uplink = MqttUplink(
            Broker("127.0.0.1", port, "van-7"),
            Will("releve/v1/main/van-7/will", b""),
            ("releve/v1/main/van-7/receipt",),
            lambda *_: asyncio.sleep(0),
            connected=lambda: None,
            lost=lambda: None,
            chance=lambda: 0.0,
        )

    async def connect(self) -> None:
        self._wire.obey(WireOrder(down=False))
        await until(lambda: self.uplink.connected)

    async def cut(self) -> None:
        self._wire.obey(WireOrder(down=True))
        await until(lambda: not self.uplink.connected)

    async def arrived(self, topic: str) -> list[bytes]:
        return [payload for name, payload, _ in self._office.heard if name == topic]

    async def kept(self, topic: str) -> bytes | None:
        async with Office(self._mosquitto.port) as newcomer:
            await asyncio.sleep(0.2)
        return next((payload for name, payload, _ in newcomer.heard if name == topic), None)


class TestMqttUplink(UplinkSuite):
    @pytest.fixture
    async def subject(self, tmp_path: Path) -> AsyncIterator[MqttSubject]:
        with Mosquitto(tmp_path) as mosquitto:
            wire = BrokenWire(("127.0.0.1", mosquitto.port))
            server = await asyncio.start_server(wire.converse, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            async with Office(mosquitto.port, receipts=False) as office:
                subject = MqttSubject(mosquitto, office, wire, port)
                running = asyncio.ensure_future(subject.uplink.run())
                yield subject
                running.cancel()
                await asyncio.wait([running])
            await gone(wire, server)
