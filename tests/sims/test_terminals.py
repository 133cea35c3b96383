"""The ledger of a simulated terminal, its control, its command line and its process."""

import json
import socket
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from firmware_sims.air import RunningBench
from firmware_sims.catalogue import build
from firmware_sims.cli import app
from firmware_sims.control import control_app
from firmware_sims.demo.children import ChildError
from firmware_sims.demo.http import RefusedError, waited
from firmware_sims.kit.faults import Fault
from firmware_sims.payment.caisse_ap import CaisseApTerminal
from firmware_sims.payment.ledger import Ledger, LedgerError
from firmware_sims.testing import Simulator, bench
from tests.sims.on_a_line import NOW
from tests.sims.tills import (
    ONCE,
    ORDINARY,
    REQUEST,
    STATE,
    WITH_REFERENCE,
    Till,
    at,
    caisse_ap,
    concert,
    fields,
    opened,
    paid,
    sealed,
)

# --- the ledger -----------------------------------------------------------------------------------


def test_the_ledger_is_a_json_line_an_authorisation_before_anything_is_told(tmp_path: Path):
    file = tmp_path / "ledger.jsonl"
    front = at(concert(ledger=file))
    front.order(ORDINARY)
    front.terminal.process(0.3, NOW)

    (line,) = file.read_text().splitlines()
    row = {"n": 1, "reference": "R1", "kind": "debit", "amount": 1250, "currency": "978"}
    assert row | {"at": "2026-03-04T05:06:07.000Z"} == json.loads(line)


def test_a_ledger_is_read_again_and_counted_on(tmp_path: Path):
    file = tmp_path / "ledger.jsonl"
    for _ in range(2):
        front = at(concert(ledger=file))
        front.order(ORDINARY)
        front.given()

    assert ONCE * 2 == paid(concert(ledger=file))
    assert [1, 2] == [json.loads(line)["n"] for line in file.read_text().splitlines()]


def test_a_line_that_was_torn_was_told_to_nobody(tmp_path: Path):
    file = tmp_path / "ledger.jsonl"
    front = at(concert(ledger=file))
    front.order(ORDINARY)
    front.given()
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:30])

    assert ONCE == paid(concert(ledger=file))
    assert whole == file.read_bytes()


@pytest.mark.parametrize("line", ["{}", "[]", "not json", '{"n": 1, "kind": "gift"}'])
def test_what_is_no_ledger_is_not_taken_for_one(tmp_path: Path, line: str):
    file = tmp_path / "ledger.jsonl"
    file.write_text(line + "\n")

    with pytest.raises(LedgerError, match="no ledger"):
        Ledger(file)


def test_a_ledger_that_cannot_be_is_named_at_the_start(tmp_path: Path):
    with pytest.raises(LedgerError, match="nowhere"):
        Ledger(tmp_path / "nowhere" / "ledger.jsonl")


# --- the control ----------------------------------------------------------------------------------


@pytest.fixture
def control() -> tuple[CaisseApTerminal, httpx.AsyncClient]:
    made = caisse_ap()
    running = RunningBench(instruments=(made, build("scanner-line", 1)))
    transport = httpx.ASGITransport(app=control_app(running))
    return made, httpx.AsyncClient(transport=transport, base_url="http://bench")


async def test_the_control_tells_of_the_ledger_the_customer_and_the_requests(control):
    made, client = control
    Till(made).ask(WITH_REFERENCE)
    told = (await client.get("/v1/instruments/7002")).json()

    assert "R1" == told["ledger"][0]["reference"]
    assert {"R1": 1} == told["authorisations"] == told["requests"]
    assert {"does": "pays", "seconds": 0.3, "percent": 50} == told["customer"]
    assert "ready" == told["state"]
    assert "ledger" not in (await client.get("/v1/instruments/1001")).json()


async def test_the_control_sets_customer_and_faults(control):
    made, client = control
    wanted = {"does": "pays_partly", "percent": 20}
    told = (await client.patch("/v1/instruments/7002/customer", json=wanted)).json()
    assert {"does": "pays_partly", "seconds": 0.3, "percent": 20} == told["customer"]

    fault = {"fault": "answer_lost", "on": True, "times": 2}
    told = (await client.post("/v1/instruments/7002/faults", json=fault)).json()
    assert (["answer_lost"], {"answer_lost": 2}) == (told["faults"], told["fault_times"])
    Till(made).ask(WITH_REFERENCE)
    assert {Fault.ANSWER_LOST: 1} == made.fault_times


@pytest.mark.parametrize(
    ("path", "body", "field", "allowed"),
    [
        ("7002/customer", {"does": "sings"}, "does", "wrong_pin"),
        ("7002/customer", {"percent": 0}, "percent", None),
        ("1001/customer", {"does": "pays"}, "serial", "7002"),
        ("7002/faults", {"fault": "request_refused", "on": True}, "fault", "answer_lost"),
        ("7002/faults", {"fault": "silence", "on": True, "times": 1}, "times", "answer_lost"),
        ("1001/faults", {"fault": "silence", "on": True, "times": 1}, "times", None),
    ],
)
async def test_what_is_not_known_is_refused_by_name_with_what_is(
    control, path: str, body: dict[str, object], field: str, allowed: str | None
):
    _, client = control
    method = "POST" if path.endswith("faults") else "PATCH"
    answer = await client.request(method, f"/v1/instruments/{path}", json=body)

    assert field == answer.json()["field"]
    assert answer.is_client_error
    assert allowed is None or allowed in answer.json()["allowed"]


# --- the command line -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["caisse-ap", "--fault", "request_refused"], "caisse-ap knows"),
        (["caisse-ap", "--fault", "silence:1"], "caisse-ap counts"),
        (["caisse-ap", "--fault", "answer_lost:often"], "answer_lost:1"),
        (["concert-v2", "--no-handshake", "--fault", "acknowledgement_lost"], "concert-v2 knows"),
        (["caisse-ap", "--ledger", "/nowhere/ledger"], "is no ledger"),
        (["caisse-ap", "--currency", "euro"], "is not of 3 digits"),
        (["caisse-ap", "--full-card-number", "4970-1012"], "digits"),
        (["caisse-ap", "--link", "pty", "--port", "8888"], "write --link tcp"),
        (["caisse-ap", "--customer", "sings"], "wrong_pin"),
        (["caisse-ap", "--protocol", "e"], "--protocol"),
        (["concert-v2", "--serial", "a-b"], "letters and digits"),
    ],
)
def test_wrong_use_is_refused_with_what_would_be_right(words: list[str], said: str):
    refused = CliRunner().invoke(app, words, env={"COLUMNS": "400"})

    assert 2 == refused.exit_code
    assert said in refused.stderr


# --- a process ------------------------------------------------------------------------------------


def asked(simulator: Simulator, message: str, seconds: float = 5.0) -> str:
    """Ask once over a connection of its own; what comes until it is whole, or until the end."""
    with socket.create_connection(("127.0.0.1", int(simulator.ready["port"])), 5.0) as line:
        line.settimeout(seconds)
        line.sendall(message.encode())
        try:
            return line.recv(4096).decode("latin-1")
        except (ConnectionResetError, TimeoutError):
            return ""


@pytest.mark.integration
@pytest.mark.timeout(60)
def test_a_ledger_survives_a_kill_and_is_counted_on(socket_enabled: None, tmp_path: Path):
    file = tmp_path / "ledger.jsonl"
    flags = ("--ledger", str(file), "--knows-status", "--speed", "5")
    with bench(tmp_path) as releve:
        simulator = releve.simulator("caisse-ap", *flags, "--fault", "answer_lost:1")
        assert "" == asked(simulator, WITH_REFERENCE, 0.5)
        assert 1 == len(simulator.ledger())
        simulator.kill()
        assert [1] == [json.loads(line)["n"] for line in file.read_text().splitlines()]

        port = str(simulator.ready["port"])
        simulator = releve.simulator("caisse-ap", *flags, "--port", port)
        assert f"127.0.0.1:{port}" == simulator.port
        assert "10" == fields(asked(simulator, STATE))["AE"]
        assert "10" == fields(asked(simulator, REQUEST + "CF002R2"))["AE"]
        assert {"R1": 1, "R2": 1} == simulator.authorisations()
        assert [1, 2] == [row["n"] for row in simulator.ledger()]


@pytest.mark.integration
@pytest.mark.timeout(60)
def test_a_process_is_set_refuses_connections_and_is_back(socket_enabled: None, tmp_path: Path):
    with bench(tmp_path) as releve:
        simulator = releve.simulator("caisse-ap", "--speed", "5")
        simulator.customer("refuses", seconds=0.1)
        assert "04" == fields(asked(simulator, WITH_REFERENCE))["AF"]
        assert ([], {"R1": 1}) == (simulator.ledger(), simulator.requests())

        simulator.fault("busy")
        with pytest.raises(ConnectionRefusedError):
            asked(simulator, WITH_REFERENCE)
        simulator.fault("busy", on=False)
        simulator.customer("pays")
        simulator.fault("rebooted_after_authorisation", times=1)
        assert "" == asked(simulator, WITH_REFERENCE)
        with pytest.raises(ConnectionRefusedError):
            asked(simulator, WITH_REFERENCE)
        waited("back", lambda: "ready" == simulator.about()["state"], 5.0)
        assert "10" == fields(asked(simulator, REQUEST + "CF002R2"))["AE"]
        assert {"R1": 1, "R2": 1} == simulator.authorisations()
        with pytest.raises(RefusedError, match="wrong_pin"):
            simulator.customer("sings")


@pytest.mark.integration
@pytest.mark.timeout(60)
def test_concert_v2_is_spoken_over_tcp_and_without_its_single_bytes(
    socket_enabled: None, tmp_path: Path
):
    body = "0100001250010978R1        A010B010"
    with bench(tmp_path) as releve:
        simulator = releve.simulator("concert-v2", "--link", "tcp", "--no-handshake")
        said = asked(simulator, sealed(body).decode("latin-1"))

        assert "010000012501978R1        " == opened(said.encode("latin-1"))
        assert "concert-v2" == simulator.slug
        with pytest.raises(ChildError, match="no process"):
            Simulator(simulator.ready, simulator._api).kill()
