"""Where a byte stream hangs: a device file, a TCP port, a bonded Bluetooth device; and the last words over it."""

import asyncio
import os
import socket
from contextlib import aclosing, suppress

import pytest

from agent.adapters.places import on_network
from agent.adapters.rfcomm import BondedPlace, RfcommStream
from agent.adapters.serial_line import SerialPort
from agent.adapters.streams import stream_at
from agent.ports import LinkLostError
from agent.usecases.session import converse
from drivers.catalog import BUILT_IN
from drivers.combustion.testo_330.commands import LEAVE_SLAVE_MODE
from drivers.kit.link import Received, Send
from tests.integration.pty_pair import PtyPair
from tests.ports.suites import until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(30)]

ANALYSER, SCANNER = BUILT_IN["testo-330-1-ll"], BUILT_IN["scanner-line"]


@pytest.mark.parametrize(
    ("instrument", "where", "kind"),
    [
        (ANALYSER, "/dev/serial/by-id/usb-x", SerialPort),
        (ANALYSER, "COM7", SerialPort),
        (ANALYSER, "00:13:ef:00:1a:2B", BondedPlace),
        (SCANNER, "192.168.1.20:4001", SerialPort),
        (SCANNER, "00:13:ef:00:1a:2b", BondedPlace),
        (BUILT_IN["winsen-mhz19"], "00:13:ef:00:1a:2b", type(None)),
        (BUILT_IN["senseair"], "/dev/ttyS0", type(None)),
    ],
)
def test_one_text_says_where_a_stream_hangs(instrument, where, kind):
    assert kind is type(stream_at(instrument, where))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("192.168.1.20:502", ("192.168.1.20", 502)),
        ("meter.example:502", ("meter.example", 502)),
        ("/dev/ttyUSB0", None),
        ("/dev/x:1", None),
        ("COM7", None),
    ],
)
def test_a_host_and_a_port_are_told_from_a_device_file(text, place):
    assert place == on_network(text)


async def test_a_line_behind_a_network_adapter_is_read_and_its_end_is_told():
    async def adapter(reader, writer):
        writer.write(b"3666123456789\r\n")
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(adapter, "127.0.0.1", 0)
    place = stream_at(SCANNER, f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
    heard, ends = [], []
    link = place.sighting().connect()
    assert place.is_there()
    await link.open(heard.append, ends.append)
    await until(lambda: b"".join(each.data for each in heard) == b"3666123456789\r\n")
    await link.carry_out(Send(b"x"))
    await until(lambda: ends)
    await link.close()
    server.close()

    assert all(isinstance(each, Received) for each in heard)
    assert 1 == len(ends)


async def test_an_adapter_that_is_not_there_is_a_lost_link():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = stream_at(SCANNER, f"127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(LinkLostError, match="cannot open"):
            await place.sighting().connect().open(lambda _: None, lambda _: None)


# --- last words -----------------------------------------------------------------------------------


async def converse_until(link, conversation, parting, end):
    events = converse(
        link, conversation, asyncio.Queue(), silence=0.2, opened=lambda: None, parting=parting
    )
    with suppress(LinkLostError, TimeoutError):
        async with asyncio.timeout(end), aclosing(events):
            async for _ in events:
                pass


@pytest.mark.parametrize(("end", "why"), [(5.0, "silence"), (0.1, "cancelled")])
@pytest.mark.parametrize("says_them", [True, False])
async def test_the_slave_mode_is_left_however_the_conversation_ends_over_bluetooth(
    end, why, says_them
):
    """Over a socket pair in the place of an RFCOMM socket; the control leaves the keypad locked."""
    here, there = socket.socketpair()
    here.setblocking(False)

    async def connect(_address, _channel):
        return here

    place = BondedPlace(ANALYSER, ANALYSER.links[0], "00:13:EF:00:1A:2B", connect)
    sighting = place.sighting()
    assert isinstance(sighting.connect(), RfcommStream), why
    parting = sighting.parting if says_them else ()
    await converse_until(sighting.connect(), sighting.converse(None), parting, end)
    there.setblocking(False)
    said = there.recv(4096)
    there.close()

    assert said.endswith(LEAVE_SLAVE_MODE) is says_them


async def test_the_slave_mode_is_left_on_a_serial_line_too():
    pair = PtyPair()
    pair.join()
    sighting = stream_at(ANALYSER, pair.paths[0]).sighting()
    far = os.open(pair.paths[1], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    await converse_until(sighting.connect(), sighting.converse(None), sighting.parting, 0.3)
    said = b""
    for _ in range(50):
        with suppress(BlockingIOError):
            said += os.read(far, 4096)
        await asyncio.sleep(0.01)
    os.close(far)
    pair.cut()

    assert said.endswith(LEAVE_SLAVE_MODE)


async def test_a_link_that_is_lost_is_closed_without_last_words():
    here, there = socket.socketpair()
    here.setblocking(False)

    async def connect(_address, _channel):
        there.close()
        return here

    sighting = BondedPlace(ANALYSER, ANALYSER.links[0], "00:13:EF:00:1A:2B", connect).sighting()
    await converse_until(sighting.connect(), sighting.converse(None), sighting.parting, 5.0)

    assert -1 == here.fileno()
