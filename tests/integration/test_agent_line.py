"""The agent's line to a real broker, broken in every way: nothing is lost, nothing is believed, nothing storms."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from agent.adapters import mqtt
from agent.adapters.mqtt import SESSION_TAKEN_OVER, Broker, MqttUplink, Will
from agent.ports import NotConnectedError
from agent.usecases import forwarder as forwarder_module
from agent.usecases.forwarder import Forwarder
from agent.usecases.roster import Told
from contract.wire.down import Assignment
from contract.wire.event import SealedType
from tests.agent.making import INTERVENTION, STRANGER_KEY, TOPICS, receipt, sealed
from tests.contract.making import BY
from tests.fakes.link import FakeProbe
from tests.gateway import scripted
from tests.gateway.scripted import ScriptedBroker
from tests.integration.agent_line import Line, Office, line, until
from tests.integration.gateway_process import ROOT, Mosquitto

pytestmark = [pytest.mark.integration, pytest.mark.timeout(30)]
RETURN_WITHIN = 3.0
DISCONNECT_TAKEN_OVER = bytes((0xE0, 2, SESSION_TAKEN_OVER, 0))
PROBE = "testo-smart-probe.46512997"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the waits of a half-open link short; their lengths are not what is tested."""
    monkeypatch.setattr(mqtt, "KEEPALIVE", 1)
    monkeypatch.setattr(mqtt, "STOP_WITHIN", 0.5)
    monkeypatch.setattr(forwarder_module, "RESEND_FIRST", 0.4)


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path) as mosquitto:
        yield mosquitto


@pytest.fixture
async def office(mosquitto: Mosquitto) -> AsyncIterator[Office]:
    async with Office(mosquitto.port) as office:
        yield office


@pytest.fixture
async def edge(tmp_path: Path, mosquitto: Mosquitto, office: Office) -> AsyncIterator[Line]:
    async with line(tmp_path, mosquitto.port) as edge:
        await edge.up()
        yield edge


# --- the link's return ----------------------------------------------------------------------------


async def returned(edge: Line, office: Office, within: float) -> float:
    """Cut the link for so long that the pauses are at their longest, and time what comes after its return."""
    edge.break_(down=True)
    await until(lambda: not edge.uplink.connected)
    await edge.take(3)
    await asyncio.sleep(2.0)
    edge.break_(down=False)
    began = time.monotonic()
    await until(lambda: office.sequences, within)
    return time.monotonic() - began


async def test_the_first_data_come_soon_after_the_link(edge: Line, office: Office) -> None:
    assert RETURN_WITHIN > await returned(edge, office, RETURN_WITHIN)
    await edge.delivered()
    assert [1, 2, 3] == sorted(set(office.sequences))


async def test_control_with_long_pauses_they_do_not(
    edge: Line, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt, "RETRY_FIRST", 20.0)
    monkeypatch.setattr(mqtt, "RETRY_MOST", 20.0)
    with pytest.raises(TimeoutError):
        await returned(edge, office, RETURN_WITHIN)


@pytest.mark.parametrize("fault", [{"slices": True}, {"delay": 0.05}])
async def test_a_poor_link_delivers_all_the_same(
    edge: Line, office: Office, fault: dict[str, Any]
) -> None:
    edge.break_(**fault)
    await edge.take(20)
    await edge.delivered(10)

    assert list(range(1, 21)) == sorted(set(office.sequences))


async def test_captures_taken_while_the_link_breaks_again_and_again_all_arrive(
    edge: Line, office: Office
) -> None:
    for _ in range(4):
        await edge.take(5)
        edge.break_(down=True)
        await until(lambda: not edge.uplink.connected)
        await edge.take(5)
        edge.break_(down=False)
        await edge.up()
    await edge.delivered()

    assert list(range(1, 41)) == sorted(set(office.sequences))


# --- half-open ------------------------------------------------------------------------------------


async def swallowed(edge: Line) -> None:
    """Have captures vanish in a link that is dead and does not say so, and then have it live again."""
    edge.break_(blackhole=True)
    await edge.take(3)
    await asyncio.sleep(0.1)
    await until(lambda: not edge.uplink.connected, 8)
    # What the dead link still holds is lost with it.
    edge.break_(down=True)
    edge.break_(down=False, blackhole=False)
    await edge.up(8)


async def test_what_a_half_open_link_swallowed_is_sent_again_on_a_new_one(
    edge: Line, office: Office
) -> None:
    await swallowed(edge)
    await edge.delivered()

    assert [1, 2, 3] == sorted(set(office.sequences))
    assert edge.wire.state.connections >= 2


async def test_control_sent_once_it_is_lost(
    edge: Line, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarder_module, "RESEND_FIRST", 60.0)
    monkeypatch.setattr(Forwarder, "connected", lambda _: None)
    await swallowed(edge)
    await asyncio.sleep(1.0)

    assert [] == office.sequences
    assert 3 == await edge.store.captures.depth()


@pytest.mark.parametrize("resends", [True, False])
async def test_a_message_that_vanishes_in_a_live_link_is_sent_again_by_the_clock(
    edge: Line, office: Office, monkeypatch: pytest.MonkeyPatch, resends: bool
) -> None:
    """Nothing is lost with the connection, so nothing but the timer sends again; the control has none."""
    monkeypatch.setattr(forwarder_module, "RESEND_FIRST", 0.4 if resends else 60.0)
    edge.break_(hold_next=True)
    await edge.take()
    await asyncio.sleep(1.2)

    assert ([1] if resends else []) == office.sequences[:1]
    assert 1 == edge.wire.state.connections


# --- acknowledgements -----------------------------------------------------------------------------


async def by_id_alone(self: MqttUplink) -> None:
    while True:
        _, message = await self._inbox.get()
        await self._handler(message.topic, bytes(message.payload))
        if isinstance(self._client, Client):
            self._client.ack(message.mid, message.qos)


@pytest.mark.parametrize("protected", [True, False])
async def test_a_message_of_a_lost_connection_is_not_acknowledged_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    """On the next connection its id belongs to another message. The control acknowledges by id alone."""
    monkeypatch.setattr(mqtt, "KEEPALIVE", 20)
    if not protected:
        monkeypatch.setattr(MqttUplink, "run_inbox", by_id_alone)
    async with ScriptedBroker() as broker, line(tmp_path, broker.port) as edge:
        gates = [asyncio.Event(), asyncio.Event()]
        handled = []

        async def slow(topic: str, payload: bytes) -> None:
            handled.append(payload)
            await gates[len(handled) - 1].wait()

        edge.uplink._handler = slow
        first = await broker.client(1)
        first.deliver(TOPICS.receipt, b"first", 1)
        await until(lambda: handled)
        first.cut()
        second = await broker.client(2)
        await edge.up()
        second.deliver(TOPICS.receipt, b"second", 1)
        gates[0].set()
        await until(lambda: len(handled) == 2)
        await asyncio.sleep(0.2)
        early = list(second.acknowledged)
        gates[1].set()
        await until(lambda: len(second.acknowledged) > len(early))

    assert ([] if protected else [1]) == early


async def test_a_topic_that_is_no_text_is_taken_away_and_the_next_message_is_handled(
    tmp_path: Path,
) -> None:
    async with ScriptedBroker() as broker, line(tmp_path, broker.port) as edge:
        client = await broker.client(1)
        await edge.up()
        body = b"\x00\x03\xff\xfe\xfd" + b"\x00\x05" + b"\0" + b"x"
        client.writer.write(b"\x32" + bytes([len(body)]) + body)
        client.deliver(TOPICS.receipt, b"{}", 6)
        await until(lambda: len(client.acknowledged) == 2)

    assert [5, 6] == client.acknowledged


def flood(uplink: MqttUplink, messages: int) -> None:
    for _ in range(messages):
        uplink.publish(TOPICS.response, b"x")


async def test_a_broker_that_acknowledges_nothing_fills_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt, "QUEUED", 8)
    answer = scripted.Client._answer

    def deaf(self: scripted.Client, kind: int, body: bytes) -> None:
        if kind >> 4 != 3:
            answer(self, kind, body)

    monkeypatch.setattr(scripted.Client, "_answer", deaf)
    async with ScriptedBroker() as broker, line(tmp_path, broker.port) as edge:
        await broker.client(1)
        await edge.up()
        with pytest.raises(NotConnectedError):
            flood(edge.uplink, 100)
        await edge.take(3)
        await asyncio.sleep(0.2)

        assert edge.uplink.connected
        assert len(edge.uplink._client._out_messages) <= 8


async def test_more_messages_than_the_inbox_holds_do_not_stop_the_line(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This broker's version sends retained messages beyond the Receive Maximum as soon as one is acknowledged."""
    monkeypatch.setattr(mqtt, "INBOX", 4)
    async with Office(mosquitto.port) as office:
        for number in range(40):
            office.publish(TOPICS.intervention(f"i-{number}"), b"{}", retain=True)
        await asyncio.sleep(0.2)
        async with line(tmp_path, mosquitto.port) as edge:
            handled = set()
            handle = edge.uplink._handler

            async def slow(topic: str, payload: bytes) -> None:
                await asyncio.sleep(0.01)
                handled.add(topic)
                await handle(topic, payload)

            edge.uplink._handler = slow
            await edge.up()
            await until(lambda: len(handled) >= 8)
            await edge.take()
            await edge.delivered()

            assert edge.uplink._inbox.maxsize == 8


# --- the thread -----------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("watched", [True, False])
async def test_the_death_of_the_network_thread_is_noticed_and_mended(
    edge: Line, office: Office, monkeypatch: pytest.MonkeyPatch, watched: bool
) -> None:
    """An error in a callback ends paho's thread without a word; the control does not watch it."""
    if not watched:
        edge.uplink._client.ended = lambda: None

    def broken(*_: Any) -> None:
        raise RuntimeError("an error nobody thought of")

    edge.uplink._client.on_message = broken
    office.publish(TOPICS.receipt, b"{}")
    await asyncio.sleep(0.3)
    await edge.take()
    await asyncio.sleep(1.5)

    # Without the thread paho still writes; it is what comes back that nobody reads.
    assert (0 if watched else 1) == await edge.store.captures.depth()
    assert (2 if watched else 1) == edge.wire.state.connections


# --- what the broker keeps of us ------------------------------------------------------------------


async def test_the_caches_are_said_again_at_each_connection(
    edge: Line, mosquitto: Mosquitto, office: Office
) -> None:
    edge.agent.roster.seen(FakeProbe().sighting())
    await edge.agent.roster.pair(PROBE, Told(), BY)
    kept = {
        TOPICS.state,
        TOPICS.instrument(PROBE, "descriptor"),
        TOPICS.instrument(PROBE, "state"),
    }
    await until(lambda: kept <= {topic for topic, _, _ in office.heard})
    mosquitto.kill()
    await until(lambda: not edge.uplink.connected)
    mosquitto.start()
    await edge.up()
    await asyncio.sleep(0.3)
    async with Office(mosquitto.port) as newcomer:
        await until(lambda: len(newcomer.heard) >= 3)

    assert kept <= {topic for topic, _, retained in newcomer.heard if retained}
    assert newcomer.state() is True


@pytest.fixture
def process(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-W", "error", "-m", "releve", "agent", "--json", "--name", "van-7"]
    command += ["--http-port", "0", "--data", str(tmp_path / "data")]
    command += ["--broker-port", str(mosquitto.port)]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, "RELEVE_AGENT_BLE": "false"},
        ) as process,
    ):
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["ready"]
        yield process
        process.kill()


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
async def test_an_agent_that_ends_is_offline_for_those_who_look(
    process: subprocess.Popen[str], mosquitto: Mosquitto, sign: signal.Signals
) -> None:
    async with Office(mosquitto.port) as office:
        await until(lambda: office.state() is True)
        process.send_signal(sign)
        await until(lambda: office.state() is False)
        assert (-9 if sign is signal.SIGKILL else 0) == await asyncio.to_thread(process.wait, 8)


@pytest.mark.parametrize("patient", [True, False])
async def test_two_by_one_name_do_not_throw_each_other_out_for_ever(
    edge: Line,
    mosquitto: Mosquitto,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    patient: bool,
) -> None:
    """The other one comes back at once, every time; the control does the same."""
    monkeypatch.setattr(mqtt, "BRIEF_AT_MOST", 1 if patient else 1000)
    monkeypatch.setattr(mqtt, "RETRY_MOST", 0.3)
    other = Client(CallbackAPIVersion.VERSION2, client_id="van-7", protocol=MQTTv5)
    other.reconnect_delay_set(1, 1)
    taken = []
    other.on_connect = lambda *_: taken.append(time.monotonic())
    other.connect("127.0.0.1", mosquitto.port)
    other.loop_start()
    try:
        await asyncio.sleep(5)
    finally:
        other.disconnect()
        await asyncio.to_thread(other.loop_stop)

    assert (edge.wire.state.connections <= 2) is patient
    assert taken
    assert patient is (1 == capsys.readouterr().out.count("another agent may use this name"))


async def test_one_that_was_thrown_out_for_another_says_so_once_and_gives_it_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt, "TAKEN_OVER_PAUSE", 1.0)
    pauses = []
    with structlog.testing.capture_logs() as entries:
        async with ScriptedBroker() as broker, line(tmp_path, broker.port) as edge:
            for number in (1, 2):
                client = await broker.client(number)
                await edge.up()
                client.writer.write(DISCONNECT_TAKEN_OVER)
                await until(lambda: not edge.uplink.connected)
                thrown_out = time.monotonic()
                await edge.up()
                pauses.append(time.monotonic() - thrown_out)
    [told] = [each for each in entries if each["event"] == "another agent uses this name"]

    assert ("warning", "van-7") == (told["log_level"], told["name"])
    assert "a name and a data folder of its own" in told["remedy"]
    assert min(pauses) > 0.4


async def test_a_broker_that_is_not_reached_is_named_once_an_outage(mosquitto: Mosquitto) -> None:
    mosquitto.kill()
    uplink = MqttUplink(
        Broker("127.0.0.1", mosquitto.port, "van-7"),
        Will(f"{TOPICS.base}/will", b""),
        (TOPICS.receipt,),
        lambda *_: asyncio.sleep(0),
        connected=lambda: None,
        lost=lambda: None,
        chance=lambda: 0.0,
    )
    with structlog.testing.capture_logs() as entries:

        def told() -> list[str]:
            return [
                each["broker"]
                for each in entries
                if (each["event"], each["log_level"]) == ("broker not reached", "warning")
            ]

        running = asyncio.ensure_future(uplink.run())
        await asyncio.sleep(1.0)
        first = told()
        await asyncio.to_thread(mosquitto.start)
        await until(lambda: uplink.connected)
        mosquitto.kill()
        await until(lambda: len(told()) == 2)
        running.cancel()
        await asyncio.wait([running])

    assert [f"127.0.0.1:{mosquitto.port}"] == first


# --- what is sent to us ---------------------------------------------------------------------------


def hostile() -> list[tuple[str, bytes]]:
    topics = [
        TOPICS.receipt,
        TOPICS.command,
        TOPICS.intervention("i-1"),
        f"{TOPICS.base}/intervention/..",
        f"{TOPICS.base}/form/x/y",
        TOPICS.form("combustion", 1),
    ]
    forged = sealed(
        SealedType.ASSIGNMENT,
        Assignment(agent="van-7", revision=9, intervention=INTERVENTION),
        key=STRANGER_KEY,
    )
    payloads = [
        b"",
        b"\0\xff" * 100,
        b"[" * 100_000,
        b'{"a":' * 5000,
        b"x" * 300_000,
        b"null",
        b'{"specversion": "1.0"}',
        forged,
        forged.replace(b"van-7", b"van-8"),
    ]
    return [(topic, payload) for topic in topics for payload in payloads]


async def test_hostile_bytes_on_every_topic_are_refused_and_a_genuine_receipt_is_taken(
    edge: Line, office: Office
) -> None:
    office.receipts = False
    await edge.take(2)
    await until(lambda: office.events)
    stored = await edge.store.captures.unsent(10)
    for topic, payload in hostile():
        office.publish(topic, payload)
    office.publish(TOPICS.receipt, receipt(*stored, key=STRANGER_KEY))
    office.publish(TOPICS.receipt, receipt(*stored, to="van-8"))
    await asyncio.sleep(0.5)
    before = await edge.store.captures.depth()
    office.publish(TOPICS.receipt, receipt(*stored))
    await edge.delivered()

    assert 2 == before
    assert [] == await edge.store.records.assignments()
    assert edge.uplink.connected
    assert 1 == edge.wire.state.connections
