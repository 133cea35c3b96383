"""Simulated instruments end to end: real ATT over a TCP HCI, HTTP, UDP, and the broken wire."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakBluetoothNotAvailableError, BleakDeviceNotFoundError, BleakError
from bumble import hci
from bumble.core import UUID
from bumble.device import Device, Peer
from bumble.transport import open_transport

from firmware_sims.bleak_backend import Client, Scanner
from firmware_sims.kit import float32
from firmware_sims.mqtt_cutter import MqttCutter, renumbered

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket, pytest.mark.timeout(30)]

ANALYSER, T549I, T115I = "61349163", "46512997", "42001187"
OPENING = tuple(
    bytes.fromhex(request)
    for request in (
        "56 00 03 00 00 00 0c 69 02 3e 81",
        "20 00 00 00 00 00 07 7b",
        "11 00 00 00 00 00 03 5a",
    )
)
ZERO = bytes.fromhex("05001300000004ca0c0000005a65726f507265737375726501 62e5")


def uuid(short: int) -> str:
    return f"0000{short:04x}-0000-1000-8000-00805f9b34fb"


REQUESTS, NOTIFICATIONS = uuid(0xFFF1), uuid(0xFFF2)


class Bench:
    """A running bench by its ready line."""

    def __init__(self, line: dict[str, Any]) -> None:
        self.line = line

    def control(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.line["control"])

    async def ask(self, serial: str, what: str, **body: Any) -> None:
        async with self.control() as control:
            path = f"/v1/instruments/{serial}/{what}"
            (await control.post(path, json=body)).raise_for_status()

    async def fault(self, serial: str, fault: str, *, on: bool = True) -> None:
        await self.ask(serial, "faults", fault=fault, on=on)

    async def set(self, serial: str, *, hold: bool = False, **values: str) -> None:
        async with self.control() as control:
            wanted = {"hold": hold, "set": values}
            path = f"/v1/instruments/{serial}"
            (await control.patch(path, json=wanted)).raise_for_status()

    async def reset(self) -> None:
        """Take back what an earlier test has asked for."""
        async with self.control() as control:
            listed = (await control.get("/v1/instruments")).json()["instruments"]
        for each in listed:
            await self.set(each["serial"])
            for fault in each["faults"]:
                await self.fault(each["serial"], fault, on=False)
            if each["state"] == "stopped":
                await self.ask(each["serial"], "acts", act="toggle_measurement")


class Process(Bench):
    """A bench with a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, line: dict[str, Any]) -> None:
        super().__init__(line)
        self.process = process

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()


@contextlib.asynccontextmanager
async def sim(*words: str, stdin: int | None = None) -> AsyncGenerator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        "-m",
        "firmware_sims.cli",
        *words,
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        yield Process(process, json.loads(await process.stdout.readline()))
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@pytest.fixture(scope="module")
def ready_line() -> Iterator[dict[str, Any]]:
    """Start one bench for all tests that leave it alive: it takes longer than they do."""
    command = [sys.executable, "-W", "error", "-m", "firmware_sims.cli", "air", "--udp-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


@pytest.fixture
async def air(ready_line: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("RELEVE_SIM_HCI", ready_line["hci"])
    bench = Bench(ready_line)
    await bench.reset()
    return bench


async def find(serial: str) -> BLEDevice:
    device = await BleakScanner.find_device_by_filter(
        lambda device, _: serial in (device.name or ""), timeout=5.0, backend=Scanner
    )
    assert device is not None
    return device


async def write(client: BleakClient, request: bytes) -> None:
    for at in range(0, len(request), 20):
        await client.write_gatt_char(REQUESTS, request[at : at + 20], response=True)


async def read_document(client: BleakClient) -> Any:
    count = int((await client.read_gatt_char(uuid(0x3000))).decode("ascii"))
    pieces = [bytes(await client.read_gatt_char(uuid(0x3001 + at))) for at in range(count)]
    return json.loads(b"".join(pieces).decode("utf-8"))


async def until(holds: Any) -> None:
    async with asyncio.timeout(5.0):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


async def test_a_scan_finds_all_with_name_and_service(air: Bench):
    found = await BleakScanner.discover(timeout=0.5, return_adv=True, backend=Scanner)

    names = {
        (device.name, service) for device, said in found.values() for service in said.service_uuids
    }
    assert {
        (f"testo 300 {ANALYSER}", uuid(0x2000)),
        (f"testo 300 {ANALYSER}", uuid(0x2001)),
        (f"T549i SN:{T549I}", uuid(0xFFF0)),
        (f"T115i SN:{T115I}", uuid(0xFFF0)),
    } == names
    assert {each["address"] for each in air.line["instruments"]} == set(found)


async def test_a_passive_scan_hears_no_name(air: Bench):
    found = await BleakScanner.discover(
        timeout=0.5, return_adv=True, backend=Scanner, scanning_mode="passive"
    )

    assert 3 == len(found)
    assert {None} == {said.local_name for _, said in found.values()}


async def test_the_document_of_a_testo_300_is_what_it_displays(air: Bench):
    await air.set(ANALYSER, hold=True, oxygen="5.2", carbon_monoxide="125")
    async with BleakClient(await find(ANALYSER), backend=Client) as client:
        assert 517 == client.mtu_size
        document = await read_document(client)

    values = {
        (each["type"]["xmlid"], each["unit"]["xmlid"]): each["values"][0]
        for each in document["channels"]
    }
    assert 5.2 == round(values["O2", "UNIT_PERCENT"]["value"], 1)
    assert 125 == values["CO_Dil", "UNIT_PPM"]["value"]


async def test_the_measurement_is_toggled(air: Bench):
    async with BleakClient(await find(ANALYSER), backend=Client) as client:
        await client.write_gatt_char(uuid(0x3100), b"TOGGLE_MEASUREMENT", response=True)
        document = await read_document(client)

    assert [2] == [error["errorcode"] for error in document["errors"]]


async def test_a_t549i_streams_and_is_zeroed(air: Bench):
    heard: list[bytes] = []
    await air.set(T549I, differential_pressure="-4086.25")
    async with BleakClient(await find(T549I), backend=Client) as client:
        await client.start_notify(NOTIFICATIONS, lambda _, piece: heard.append(bytes(piece)))
        for request in OPENING:
            await write(client, request)
        await until(lambda: len(heard) >= 5)
        await write(client, ZERO)
        await until(lambda: len(heard) >= 7)
        await client.stop_notify(NOTIFICATIONS)

    assert [0x07, 0x07, 0x07] == [frame[0] for frame in heard[:3]]
    assert bytes.fromhex("07 00 00 00 00 00 01 ac") in heard[4:]
    assert b"DifferentialPressure" in heard[3]
    assert 0xC5 == heard[3][35]
    assert 0xC5 != heard[-1][35]


async def test_what_was_sent_is_in_the_log_of_displayed_sets(air: Bench):
    heard: list[bytes] = []
    async with BleakClient(await find(T115I), backend=Client) as client:
        await client.start_notify(NOTIFICATIONS, lambda _, piece: heard.append(bytes(piece)))
        for request in OPENING:
            await write(client, request)
        await until(lambda: len(heard) >= 6)
    async with air.control() as control:
        answer = await control.get(f"/v1/instruments/{T115I}/displayed", params={"last": 500})

    shown = {each["displayed"]["line_temperature"]["value"] for each in answer.json()["displayed"]}
    sent = {
        f"{float32.shortest(float32.from_bytes(frame[27:31])):f}"
        for frame in heard
        if frame[0] == 0x10
    }
    assert 3 <= len(sent)
    assert sent <= shown


async def test_split_pieces_join_to_the_same_frames(air: Bench):
    await air.fault(T549I, "split")
    heard: list[bytes] = []
    async with BleakClient(await find(T549I), backend=Client) as client:
        await client.start_notify(NOTIFICATIONS, lambda _, piece: heard.append(bytes(piece)))
        for request in OPENING:
            await write(client, request)
        await until(lambda: b"DifferentialPressure" in b"".join(heard))

    assert max(len(piece) for piece in heard) <= 7
    assert b"".join(heard).startswith(bytes.fromhex("07000000000001ac"))


@pytest.mark.parametrize("way", ["link_loss", "drop_link"])
async def test_a_lost_link_is_told_and_can_be_made_again(air: Bench, way: str):
    lost = asyncio.Event()
    device = await find(T549I)
    client = BleakClient(device, lambda _: lost.set(), backend=Client)
    await client.connect()

    if way == "link_loss":
        await air.fault(T549I, "link_loss")
    else:
        await air.ask(T549I, "acts", act="drop_link")
    await asyncio.wait_for(lost.wait(), 1.0)
    assert not client.is_connected
    if way == "link_loss":
        with pytest.raises(BleakDeviceNotFoundError):
            await BleakClient(device, timeout=0.5, backend=Client).connect()
        await air.fault(T549I, "link_loss", on=False)

    await client.connect()
    assert client.is_connected
    await client.disconnect()


async def test_a_request_in_flight_fails_with_the_link(air: Bench):
    await air.fault(ANALYSER, "silence")
    async with BleakClient(await find(ANALYSER), backend=Client) as client:
        reading = asyncio.ensure_future(client.read_gatt_char(uuid(0x3000)))
        await asyncio.sleep(0.2)
        assert not reading.done()
        await air.fault(ANALYSER, "link_loss")

        with pytest.raises(BleakError, match="disconnected"):
            await reading


async def test_a_late_answer_is_not_taken_for_the_next_one(air: Bench):
    await air.fault(ANALYSER, "silence")
    async with BleakClient(await find(ANALYSER), backend=Client) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await client.read_gatt_char(uuid(0x3000))
        await air.fault(ANALYSER, "silence", on=False)

        assert (await client.read_gatt_char(uuid(0x3001))).startswith(b'{"schemaVersion"')


async def test_the_end_of_the_air_is_told_and_the_next_use_opens_the_radio_again(
    monkeypatch: pytest.MonkeyPatch,
):
    lost = asyncio.Event()
    async with sim("air", "--udp-port", "0") as first:
        monkeypatch.setenv("RELEVE_SIM_HCI", first.line["hci"])
        client = BleakClient(await find(T549I), lambda _: lost.set(), backend=Client)
        await client.connect()
        await first.kill()
        await asyncio.wait_for(lost.wait(), 1.0)
        assert not client.is_connected
        with pytest.raises(BleakBluetoothNotAvailableError):
            await client.connect()

    async with sim("air", "--udp-port", "0") as second:
        monkeypatch.setenv("RELEVE_SIM_HCI", second.line["hci"])
        await client.connect()
        assert client.is_connected
        await client.disconnect()


async def test_the_air_may_end_during_a_scan(monkeypatch: pytest.MonkeyPatch):
    async with sim("air", "--udp-port", "0") as air:
        monkeypatch.setenv("RELEVE_SIM_HCI", air.line["hci"])
        async with BleakScanner(backend=Scanner) as scanner:
            await air.kill()
            await asyncio.sleep(0.1)

    assert scanner.discovered_devices is not None


@pytest.mark.parametrize("seconds", [0.3, 1.0])
async def test_an_absent_device_is_not_found_in_the_time_asked(air: Bench, seconds: float):
    clock = asyncio.get_running_loop().time
    began = clock()
    with pytest.raises(BleakDeviceNotFoundError):
        await BleakClient("C0:00:00:00:00:01", timeout=seconds, backend=Client).connect()

    assert seconds <= clock() - began < seconds + 0.5
    async with BleakClient(await find(T549I), backend=Client) as client:
        assert client.is_connected


async def test_a_connection_attempt_that_is_cancelled_blocks_no_other(air: Bench):
    device = await find(T549I)
    attempt = asyncio.ensure_future(
        BleakClient("C0:00:00:00:00:01", timeout=20.0, backend=Client).connect()
    )
    await asyncio.sleep(0.2)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt

    async with BleakClient(device, timeout=3.0, backend=Client) as client:
        assert client.is_connected


async def test_without_a_radio_the_error_is_bleaks_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("RELEVE_SIM_HCI", raising=False)

    with pytest.raises(BleakBluetoothNotAvailableError, match="RELEVE_SIM_HCI"):
        await BleakScanner.discover(timeout=0.1, backend=Scanner)


async def test_ten_probes_stream_at_once(monkeypatch: pytest.MonkeyPatch):
    serials = [f"4650000{number}" for number in range(10)]
    words = [f"--instrument=testo-smart-probe:{serial}:T549i" for serial in serials]
    heard: dict[str, int] = dict.fromkeys(serials, 0)

    async def stream(serial: str, device: BLEDevice) -> None:
        def count(*_: Any) -> None:
            heard[serial] += 1

        async with BleakClient(device, backend=Client) as client:
            await client.start_notify(NOTIFICATIONS, count)
            for request in OPENING:
                await write(client, request)
            await until(lambda: all(number >= 6 for number in heard.values()))

    async with sim("air", "--udp-port", "0", *words) as air:
        monkeypatch.setenv("RELEVE_SIM_HCI", air.line["hci"])
        devices = await BleakScanner.discover(timeout=1.0, backend=Scanner)
        by_serial = {str(device.name)[-8:]: device for device in devices}
        async with asyncio.TaskGroup() as tasks:
            for serial in serials:
                tasks.create_task(stream(serial, by_serial[serial]))


CENTRAL = """
import asyncio, sys
from bleak import BleakClient, BleakScanner
from firmware_sims.bleak_backend import Client, Scanner

async def main():
    device = await BleakScanner.find_device_by_name(sys.argv[1], backend=Scanner)
    async with BleakClient(device, backend=Client) as client:
        print("connected", flush=True)
        await asyncio.to_thread(sys.stdin.readline)

asyncio.run(main())
"""


async def central(name: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-c", CENTRAL, name, stdin=pipe, stdout=pipe
    )
    assert process.stdout is not None
    assert b"connected\n" == await process.stdout.readline()
    return process


async def test_two_central_processes_have_a_controller_each(air: Bench):
    first, second = await central(f"T549i SN:{T549I}"), await central(f"T115i SN:{T115I}")

    first.kill()
    await first.communicate()
    async with BleakClient(await find(T549I), backend=Client) as client:
        assert client.is_connected  # the probe lost its link and advertises again
    await second.communicate(b"\n")

    assert 0 == second.returncode


# --- a bare stack, where bleak would hide what is tested --------------------------------------


@contextlib.asynccontextmanager
async def bare_device(air: Bench) -> AsyncGenerator[Device]:
    async with await open_transport(air.line["hci"]) as transport:
        address = hci.Address.generate_static_address()
        device = Device.with_hci("bare", address, transport.source, transport.sink)
        await device.power_on()
        yield device
    await asyncio.wait({transport.source.terminated}, timeout=1.0)


def address_of(air: Bench, serial: str) -> hci.Address:
    (address,) = (each["address"] for each in air.line["instruments"] if each["serial"] == serial)
    return hci.Address(address)


async def characteristic(peer: Peer, short: int) -> Any:
    await peer.discover_services()
    await peer.discover_characteristics()
    (found,) = peer.get_characteristics_by_uuid(UUID.from_16_bits(short))
    return found


async def test_a_piece_is_read_whole_at_the_smallest_mtu(air: Bench):
    async with bare_device(air) as device:
        peer = Peer(await device.connect(address_of(air, ANALYSER)))
        count = await characteristic(peer, 0x3000)
        piece = await characteristic(peer, 0x3001)
        await count.read_value()

        assert 500 == len(await piece.read_value())
        assert 23 == peer.connection.att_mtu


async def test_notifications_are_cut_in_halves_at_the_smallest_mtu(air: Bench):
    heard: list[bytes] = []
    async with bare_device(air) as device:
        peer = Peer(await device.connect(address_of(air, T549I)))
        requests = await characteristic(peer, 0xFFF1)
        notifications = await characteristic(peer, 0xFFF2)
        await notifications.subscribe(heard.append)
        for request in OPENING:
            await requests.write_value(request, with_response=True)
        await until(lambda: len(heard) >= 5)

    assert [8, 12, 8, 20, 20] == [len(piece) for piece in heard[:5]]


async def test_a_lost_link_has_reason_eight(air: Bench):
    reasons: list[int] = []
    async with bare_device(air) as device:
        connection = await device.connect(address_of(air, T549I))
        connection.on("disconnection", reasons.append)
        await air.fault(T549I, "link_loss")
        await until(lambda: reasons)

    assert [0x08] == reasons


async def test_of_two_centrals_at_once_one_gets_the_link(air: Bench):
    async with bare_device(air) as first, bare_device(air) as second:
        await asyncio.gather(
            first.connect(address_of(air, T549I), timeout=1.0),
            second.connect(address_of(air, T549I), timeout=1.0),
            return_exceptions=True,
        )
        await asyncio.sleep(0.2)

        assert 1 == len([*first.connections, *second.connections])


async def test_a_radio_that_does_not_answer_is_given_up_and_opened_again(
    monkeypatch: pytest.MonkeyPatch,
):
    async with sim("air", "--udp-port", "0") as air:
        monkeypatch.setenv("RELEVE_SIM_HCI", air.line["hci"])
        other = BleakClient(await find(T115I), backend=Client)
        await other.connect()
        os.kill(air.process.pid, signal.SIGSTOP)
        try:
            with pytest.raises(BleakBluetoothNotAvailableError):
                await BleakClient("C0:00:00:00:00:01", timeout=0.5, backend=Client).connect()
            assert not other.is_connected
        finally:
            os.kill(air.process.pid, signal.SIGCONT)
        async with BleakClient(await find(T115I), backend=Client) as client:
            assert client.is_connected


async def test_http_and_announcement_of_a_testo_300():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        port = listener.getsockname()[1]
        async with sim("testo-300", "--link", "http", "--udp-port", str(port)) as analyser:
            loop = asyncio.get_running_loop()
            said = json.loads(await asyncio.wait_for(loop.sock_recv(listener, 2000), 3.0))
            assert str(analyser.line["port"]) == said["HttpServerPort"]
            async with httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{said['HttpServerPort']}"
            ) as web:
                assert "1.0.5" == (await web.get("/data")).json()["schemaVersion"]
                assert "t300" == (await web.get("/deviceInfo")).json()["app"]
                await analyser.fault(ANALYSER, "split")
                assert "1.0.5" == (await web.get("/data")).json()["schemaVersion"]
                await analyser.fault(ANALYSER, "silence")
                with pytest.raises(httpx.ReadTimeout):
                    await web.get("/data", timeout=0.3)
                await analyser.fault(ANALYSER, "silence", on=False)
                await analyser.fault(ANALYSER, "link_loss")
                with pytest.raises(httpx.TransportError):
                    await web.get("/data")


async def test_a_scanner_prints_its_path_and_scans():
    async with sim("scanner-line") as scanner:
        line = os.open(scanner.line["path"], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            await scanner.ask("1001", "acts", act="scan", text="3760012345678")
            said = bytearray()

            def whole() -> bool:
                with contextlib.suppress(BlockingIOError):
                    said.extend(os.read(line, 100))
                return said.endswith(b"\r\n")

            await until(whole)
            assert b"3760012345678\r\n" == said
        finally:
            os.close(line)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_in_good_order(sign: signal.Signals):
    async with sim("testo-smart-probe", "--model", "T115i") as probe:
        assert {"slug", "link", "address", "hci", "control"} <= set(probe.line)
        probe.process.send_signal(sign)
        assert 0 == await asyncio.wait_for(probe.process.wait(), 3.0)


async def test_it_ends_with_its_parents_pipe():
    async with sim("scanner-line", "--with-parent", stdin=asyncio.subprocess.PIPE) as scanner:
        assert scanner.process.stdin is not None
        scanner.process.stdin.close()
        assert 0 == await asyncio.wait_for(scanner.process.wait(), 3.0)


async def test_it_ends_with_its_parent():
    command = (
        f'"{sys.executable}" -m firmware_sims.cli scanner-line --with-parent < /dev/null & wait'
    )
    shell = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    assert shell.stdout is not None
    await shell.stdout.readline()
    shell.kill()

    # The orphan holds the other end: only its own end brings the end of the stream.
    assert b"" == await asyncio.wait_for(shell.stdout.read(), 3.0)
    await shell.wait()


async def test_a_port_in_use_is_exit_code_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "firmware_sims.cli", "testo-300", "--hci-port", port,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, errors = await process.communicate()

    assert 1 == process.returncode
    assert errors.startswith(b"cannot run: ")


# --- the broken wire -------------------------------------------------------------------------

PUBLISHES = [bytes((0x32, 7, 0, 1, 0x61, 0, number, 0x78, 0x79)) for number in range(1, 6)]
PING = b"\xc0\x00"


class Broker:
    """Takes packets and sends one back for each."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cutter = MqttCutter()
        with contextlib.suppress(OSError):
            while piece := await reader.read(1000):
                for packet in cutter.cut(piece):
                    self.packets.append(packet)
                    writer.write(b"\xd0\x00")
        writer.close()


class Wire:
    """A running wire, its broker behind it and a client in front of it."""

    def __init__(self, process: Process, broker: Broker) -> None:
        self.process = process
        self.broker = broker

    async def order(self, **wanted: bool | float | str) -> dict[str, Any]:
        async with self.process.control() as control:
            answer = await control.post("/v1/wire", json=wanted)
            return dict(answer.raise_for_status().json())

    @contextlib.asynccontextmanager
    async def call(self) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.process.line["port"])
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def assert_ended(reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(ConnectionResetError):
        assert b"" == await asyncio.wait_for(reader.read(), 3.0)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    broker = Broker()
    server = await asyncio.start_server(broker.converse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with sim("wire", "--to", f"127.0.0.1:{port}") as process:
        yield Wire(process, broker)
    server.close()
    await asyncio.sleep(0.05)


async def test_a_held_publish_is_overtaken_until_it_is_released(wire: Wire):
    async with wire.call() as (_, writer):
        await wire.order(hold_next=True)
        writer.write(b"".join(PUBLISHES[:3]))
        await until(lambda: len(wire.broker.packets) == 2)
        state = await wire.order(release=True)
        await until(lambda: len(wire.broker.packets) == 3)

    assert [PUBLISHES[1], PUBLISHES[2], PUBLISHES[0]] == wire.broker.packets
    assert (3, 0, 1) == (state["publishes"], state["held"], state["released"])


async def test_a_held_publish_is_lost_with_its_connection(wire: Wire):
    async with wire.call() as (reader, writer):
        await wire.order(hold_next=True)
        writer.write(PUBLISHES[0] + PING)
        await reader.readexactly(2)
        state = await wire.order(down=True)
        await assert_ended(reader)
    state = await wire.order(down=False, release=True)

    assert [PING] == wire.broker.packets
    assert (0, 1) == (state["held"], state["lost"])


async def test_the_next_publish_is_sent_twice(wire: Wire):
    async with wire.call() as (_, writer):
        await wire.order(duplicate_next=True)
        writer.write(PING + PUBLISHES[0] + PUBLISHES[1])
        await until(lambda: len(wire.broker.packets) == 4)

    again = renumbered(PUBLISHES[0], 0xFFFF)
    assert again != PUBLISHES[0]
    assert [PING, PUBLISHES[0], again, PUBLISHES[1]] == wire.broker.packets


async def test_another_topic_is_neither_held_nor_repeated(wire: Wire):
    async with wire.call() as (_, writer):
        await wire.order(duplicate_next=True, hold_next=True, topic="/captures")
        writer.write(PUBLISHES[0] + PUBLISHES[1])
        await until(lambda: len(wire.broker.packets) == 2)

    assert list(PUBLISHES[:2]) == wire.broker.packets


async def test_slices_change_nothing_but_the_pieces(wire: Wire):
    async with wire.call() as (reader, writer):
        await wire.order(slices=True)
        writer.write(PUBLISHES[0])

        assert b"\xd0\x00" == await asyncio.wait_for(reader.readexactly(2), 3.0)


async def test_down_ends_connections_and_takes_none_until_it_is_up(wire: Wire):
    async with wire.call() as (reader, writer):
        writer.write(PING)
        await reader.readexactly(2)
        await wire.order(down=True)
        await assert_ended(reader)
    async with wire.call() as (reader, _):
        await assert_ended(reader)

    state = await wire.order(down=False)
    async with wire.call() as (reader, writer):
        writer.write(PING)
        assert b"\xd0\x00" == await asyncio.wait_for(reader.readexactly(2), 3.0)
    assert (1, 1) == (state["refused"], state["connections"])


async def test_nothing_passes_a_blackhole_and_all_passes_after_it(wire: Wire):
    async with wire.call() as (reader, writer):
        await wire.order(blackhole=True)
        writer.write(PUBLISHES[0] + PUBLISHES[1])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.3)
        assert [] == wire.broker.packets

        await wire.order(blackhole=False)
        await asyncio.wait_for(reader.readexactly(4), 3.0)
    assert PUBLISHES[:2] == wire.broker.packets


async def test_a_delayed_packet_comes_later(wire: Wire):
    async with wire.call() as (reader, writer):
        await wire.order(delay=0.2)
        clock = asyncio.get_running_loop().time
        began = clock()
        writer.write(PING)
        await asyncio.wait_for(reader.readexactly(2), 3.0)

    assert 0.4 <= clock() - began


async def test_an_unknown_order_is_refused_by_name(wire: Wire):
    async with wire.process.control() as control:
        answer = await control.post("/v1/wire", json={"up": True})
        counts = (await control.get("/v1/wire")).json()

    assert 422 == answer.status_code
    assert "up" == answer.json()["field"]
    assert "hold_next" in answer.json()["allowed"]
    assert not counts["down"]
