"""The gateway as it is run: its own process, a real broker, kills and restarts."""

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.gateway.edge import Edge, job
from tests.gateway.scripted import ScriptedBroker
from tests.integration.gateway_process import (
    RECOVERS_WITHIN,
    ROOT,
    Gateway,
    Mosquitto,
    Van,
    wait_until,
)

pytestmark = [pytest.mark.integration, pytest.mark.timeout(90)]
RECEIPTS = "releve/v1/main/van-7/receipt"


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path) as mosquitto:
        yield mosquitto


@pytest.fixture
def gateway(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Gateway]:
    with Gateway(tmp_path, mosquitto.port) as gateway:
        yield gateway


@pytest.fixture
def van(mosquitto: Mosquitto, gateway: Gateway) -> Iterator[Van]:
    edge = Edge()
    gateway.furnish(edge)
    with Van(edge, mosquitto.port, gateway.key) as van:
        yield van


def test_a_capture_goes_from_the_van_into_the_report(gateway: Gateway, van: Van) -> None:
    [assignment] = wait_until(lambda: van.assignments)
    capture = van.edge.measurement("5.2")
    van.open[1] = capture

    van.send_until_closed()

    report = gateway.get("/v1/interventions/job-1/reports/r1")
    assert job() == assignment.intervention
    assert ("5.2", "filled") == (report["fields"][0]["value"], report["fields"][0]["state"])


def test_only_the_first_start_says_that_it_made_a_gateway(gateway: Gateway) -> None:
    first = gateway.created
    gateway.stop()
    gateway.started()

    assert (True, False) == (first, gateway.created)


def test_a_new_gateway_tells_people_where_it_was_made(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "releve", "gateway", "--data", str(tmp_path), "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.terminate()

    assert f"A new gateway was made in {tmp_path}\n" == said


def test_a_broker_that_is_not_reached_is_named_with_its_port(
    gateway: Gateway, mosquitto: Mosquitto
) -> None:
    mosquitto.kill()

    wait_until(lambda: "broker not reached" in gateway.errors.read_text())
    assert f'"broker": "127.0.0.1:{mosquitto.port}"' in gateway.errors.read_text()


def test_kills_of_the_gateway_lose_nothing_and_store_nothing_twice(
    gateway: Gateway, van: Van
) -> None:
    for _ in range(3):
        van.take(40)
        van.send()
        time.sleep(0.05)
        gateway.stop(signal.SIGKILL)
        van.send()
        gateway.started()
    van.send_until_closed()

    assert [(seq, "attached") for seq in range(1, 121)] == gateway.rows()


def test_after_a_restart_of_the_broker_all_is_as_before(
    gateway: Gateway, van: Van, mosquitto: Mosquitto
) -> None:
    van.take(5)
    van.send_until_closed()
    van.leave()
    mosquitto.kill()
    wait_until(lambda: not gateway.ready())

    mosquitto.start()

    wait_until(gateway.ready)
    # The broker forgot everything it retained: who comes now learns its job all the same.
    late = Van(van.edge, mosquitto.port, gateway.key)
    wait_until(lambda: late.assignments)
    late.take(5)
    late.send_until_closed()
    late.leave()
    assert 10 == len(gateway.rows())


def test_hostile_messages_on_every_topic_stop_nothing(gateway: Gateway, van: Van) -> None:
    base = "releve/v1/main/van-7"
    junk = [b"", b"\xff\xfe", b"[" * 100_000, b"{}", b'{"a":NaN}', b"\0" * 10, b"x" * 400_000]
    topics = [f"{base}/captures", f"{base}/state", f"{base}/response"]
    topics += [f"{base}/instrument/é/state", f"{base}/instrument/x/descriptor"]
    topics += ["releve/v1/main/NOT A NAME/captures", "releve/v1/main//captures"]
    for topic in topics:
        for payload in junk:
            van.publish(topic, payload)
    van.take(5)

    van.send_until_closed()

    assert gateway.ready()
    assert 5 == len(gateway.rows())
    assert gateway.metric("refused_total") >= 15


def test_events_are_resumed_over_a_real_connection(gateway: Gateway, van: Van) -> None:
    van.take(3)
    van.send_until_closed()
    events = f"{gateway.url}/v1/events"

    def cursors(after: str, number: int) -> list[str]:
        found: list[str] = []
        headers = {"last-event-id": after}
        with httpx.stream("GET", events, headers=headers, timeout=10) as answer:
            for line in answer.iter_lines():
                if line.startswith("id: ") and line != f"id: {after}":
                    found.append(line.removeprefix("id: "))
                if len(found) == number:
                    break
        return found

    first = cursors("0", 3)
    assert ["1", "2", "3"] == first
    assert ["4", "5"] == cursors(first[-1], 2)


def test_it_listens_on_the_loopback_alone_and_stops_cleanly(gateway: Gateway, van: Van) -> None:
    port = int(gateway.url.rsplit(":", 1)[1])
    others = {
        each[4][0] for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    } - {"127.0.0.1"}
    van.take(200)
    van.send()

    reachable = []
    for each in others:
        with socket.socket() as probe:
            probe.settimeout(1)
            if not each.startswith("127.") and probe.connect_ex((each, port)) == 0:
                reachable.append(each)
    started = time.monotonic()

    assert 0 == gateway.stop()
    assert [] == reachable
    assert time.monotonic() - started < 8


async def test_killed_between_commit_and_acknowledgement_it_holds_the_capture_once(
    tmp_path: Path,
) -> None:
    """The broker reads nothing after it delivered, so that the acknowledgement never leaves."""
    agent = Edge()
    capture = agent.note()
    message = agent.message([capture])
    async with ScriptedBroker() as broker:
        gateway = Gateway(tmp_path, broker.port)
        await asyncio.to_thread(gateway.start)
        try:
            client = await broker.client(1)
            await asyncio.to_thread(gateway.furnish, agent)
            client.reads.clear()
            client.deliver(agent.topic, message, 1)
            await asyncio.to_thread(wait_until, gateway.rows)
            await asyncio.to_thread(gateway.stop, signal.SIGKILL)
            unheard = list(client.acknowledged)

            await asyncio.to_thread(gateway.start)
            again = await broker.client(2)
            again.deliver(agent.topic, message, 1)
            async with asyncio.timeout(RECOVERS_WITHIN):
                while RECEIPTS not in again.published or not again.acknowledged:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.02)

            assert [] == unheard
            assert [(1, "attached")] == gateway.rows()
            assert [1] == again.acknowledged
        finally:
            await asyncio.to_thread(gateway.stop, signal.SIGKILL)


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-P", "-m", "releve", "gateway", "--data", str(tmp_path)]
        done = subprocess.run(
            [*command, "--port", str(port)], check=False, capture_output=True, text=True
        )

    assert 1 == done.returncode
    assert f"port {port}: Address already in use; choose another" in done.stderr
