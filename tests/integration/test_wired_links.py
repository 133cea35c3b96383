"""Modbus, Bluetooth Classic and advertisements keep what a Link promises: the same tests as the other media.

No radio is here: Bluetooth Classic is tried over a socket pair in the place of an RFCOMM socket.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from agent.adapters.ble import AdvertisementLink
from agent.adapters.bonding import Bonded, BondingError
from agent.adapters.modbus import Lines, ModbusDevice, ModbusPlace
from agent.adapters.places import PlaceWatcher
from agent.adapters.rfcomm import RfcommStream, RfcommWatcher, World
from agent.ports import Link, LinkLostError, Sighting
from contract.instrument import InstrumentIdentity
from drivers.generic.file import read
from drivers.kit.description import Instrument, ModbusLink, RfcommLink
from drivers.kit.link import (
    AdvertisementSeen,
    Failed,
    LinkEvent,
    ReadRegisters,
    Received,
    RegistersRead,
    Send,
)
from drivers.scanner.scanner_line import SCANNER_LINE
from tests.drivers.test_generic import MODBUS
from tests.integration.pty_pair import PtyPair
from tests.ports.suites import UNKNOWN, LinkSuite, until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(30)]

BLOCK = ReadRegisters("input", 3, 2)
INSTRUMENT = read(MODBUS, "x1.toml")
[MODBUS_LINK] = INSTRUMENT.links
assert isinstance(MODBUS_LINK, ModbusLink)


def devices(*addresses: int) -> list[SimDevice]:
    """Devices whose registers 3 and 4 hold their own address and 904."""
    return [
        SimDevice(each, [SimData(3, values=[each, 904], datatype=DataType.REGISTERS)])
        for each in addresses
    ]


def place(port: str, device: int = 7, lines: Lines | None = None) -> ModbusPlace:
    return ModbusPlace(INSTRUMENT, MODBUS_LINK, port, device, {} if lines is None else lines)


# --- ModbusDevice ---------------------------------------------------------------------------------


class ModbusSubject:
    request = BLOCK
    unknown = Send(b"")
    answer = RegistersRead
    unasked = None
    tells_its_end = False

    def __init__(self, port: str, server: ModbusTcpServer | ModbusSerialServer) -> None:
        self._port = port
        self._server = server
        self._lines: Lines = {}

    def link(self) -> Link:
        return ModbusDevice(place(self._port, lines=self._lines))

    async def say(self) -> None:
        """It never does."""

    async def lose(self) -> None:
        await self._server.shutdown()


@contextlib.asynccontextmanager
async def over_tcp(*addresses: int) -> AsyncIterator[tuple[str, ModbusTcpServer]]:
    server = ModbusTcpServer(devices(*addresses), address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    assert server.transport is not None
    port = server.transport.sockets[0].getsockname()[1]
    try:
        yield f"127.0.0.1:{port}", server
    finally:
        await server.shutdown()


class TestModbusTcp(LinkSuite):
    @pytest.fixture
    async def subject(self) -> AsyncIterator[ModbusSubject]:
        async with over_tcp(7) as (port, server):
            yield ModbusSubject(port, server)


@contextlib.asynccontextmanager
async def over_a_line(*addresses: int) -> AsyncIterator[tuple[PtyPair, ModbusSerialServer]]:
    pair = PtyPair()
    pair.join()
    server = ModbusSerialServer(devices(*addresses), port=pair.paths[1], baudrate=19200)
    await server.serve_forever(background=True)
    try:
        yield pair, server
    finally:
        await server.shutdown()
        pair.cut()


async def opened(link: Link) -> Link:
    await link.open(lambda _: None, lambda _: None)
    return link


async def test_devices_on_one_line_are_read_in_turn_and_a_silent_one_costs_only_its_own_reads():
    async with over_a_line(7, 8) as (pair, _):
        lines: Lines = {}
        seven, eight, nobody = [
            await opened(ModbusDevice(place(pair.paths[0], each, lines))) for each in (7, 8, 9)
        ]
        answers = await asyncio.gather(
            *(each.carry_out(BLOCK) for each in (nobody, seven, eight, seven))
        )
        for each in (seven, eight, nobody):
            await each.close()

    assert isinstance(answers[0], Failed)
    assert [(7, 904), (8, 904), (7, 904)] == [
        each.values for each in answers[1:] if isinstance(each, RegistersRead)
    ]
    assert {} == lines


async def test_a_refusal_is_told_with_its_exception_and_the_next_read_goes_well():
    async with over_tcp(7) as (port, _):
        link = await opened(ModbusDevice(place(port)))
        refused = await link.carry_out(ReadRegisters("input", 90, 2))
        read_well = await link.carry_out(BLOCK)
        await link.close()

    assert isinstance(refused, Failed)
    assert "exception 2" in refused.reason
    assert isinstance(read_well, RegistersRead)


async def test_a_corrupted_answer_costs_one_read():
    async with over_a_line(7) as (pair, _):
        link = await opened(ModbusDevice(place(pair.paths[0])))
        good = await link.carry_out(BLOCK)
        pair.mangle = lambda data, to: data if to else bytes([data[0] ^ 1, *data[1:]])
        damaged = await link.carry_out(BLOCK)
        pair.mangle = lambda data, to: data
        again = await link.carry_out(BLOCK)
        await link.close()

    assert [RegistersRead, Failed, RegistersRead] == [
        type(each) for each in (good, damaged, again)
    ]


async def test_a_line_that_is_pulled_out_is_a_lost_link():
    async with over_a_line(7) as (pair, _):
        link = await opened(ModbusDevice(place(pair.paths[0])))
        await link.carry_out(BLOCK)
        pair.cut()
        with contextlib.suppress(LinkLostError):
            await link.carry_out(BLOCK)
        with pytest.raises(LinkLostError, match="is gone"):
            await link.carry_out(BLOCK)
        await link.close()


async def test_a_place_shows_its_instrument_while_the_device_file_is_there():
    pair = PtyPair()
    pair.join()
    seen: list[Sighting] = []
    watcher = PlaceWatcher((place(pair.paths[0]), place("192.0.2.1:502"), place("/dev/nope")))
    watching = asyncio.ensure_future(watcher.watch(seen.append))
    await until(lambda: len(seen) >= 2)
    watching.cancel()
    await asyncio.wait([watching])
    pair.cut()

    assert {f"{pair.paths[0]}/7", "192.0.2.1:502/7"} == {each.identity.address for each in seen}


# --- RfcommStream ---------------------------------------------------------------------------------


class RfcommSubject:
    request = Send(b"hello")
    unknown = UNKNOWN
    answer = None
    unasked = Received
    tells_its_end = True

    def __init__(self) -> None:
        self._there: socket.socket | None = None
        self._gone = False

    async def connect(self, address: str, channel: int) -> socket.socket:
        assert ("00:11:22:33:44:55", 1) == (address, channel)
        if self._gone:
            raise OSError(113, "No route to host")
        here, self._there = socket.socketpair()
        here.setblocking(False)
        return here

    def link(self) -> Link:
        return RfcommStream("00:11:22:33:44:55", 1, self.connect)

    async def say(self) -> None:
        assert self._there is not None
        self._there.sendall(b"\x21\x80\x0f")

    async def lose(self) -> None:
        self._gone = True
        if self._there is not None:
            self._there.close()


class TestRfcommStream(LinkSuite):
    @pytest.fixture
    async def subject(self) -> AsyncIterator[RfcommSubject]:
        subject = RfcommSubject()
        yield subject
        await subject.lose()


def identify(name: str) -> InstrumentIdentity | None:
    if not name.startswith("X9 "):
        return None
    return InstrumentIdentity(slug="acme-x9", vendor="Acme", model="X9", serial=name[3:])


async def watched(world: World) -> tuple[list[Sighting], RfcommWatcher]:
    link = RfcommLink(identify=identify, converse=SCANNER_LINE.links[0].converse)
    known = Instrument(
        slug="acme-x9",
        vendor="Acme",
        model="X9",
        grade=INSTRUMENT.grade,
        quantities=frozenset(),
        links=(link,),
        decode=INSTRUMENT.decode,
    )
    seen: list[Sighting] = []
    watcher = RfcommWatcher({known.slug: known}, world)
    watching = asyncio.ensure_future(watcher.watch(seen.append))
    await until(lambda: seen or watcher.trouble)
    watching.cancel()
    await asyncio.wait([watching])
    return seen, watcher


async def test_a_bonded_device_is_known_by_its_name():
    async def bonded() -> list[Bonded]:
        return [Bonded("X9 4711", "00:11:22:33:44:55"), Bonded("headphones", "00:00:00:00:00:01")]

    [sighting], watcher = await watched(World(bonded=bonded))

    assert ("4711", "00:11:22:33:44:55", "rfcomm") == (
        sighting.identity.serial,
        sighting.identity.address,
        sighting.medium,
    )
    assert watcher.trouble is None


async def test_without_a_bluetooth_service_the_trouble_is_told():
    async def bonded() -> list[Bonded]:
        raise BondingError("the Bluetooth service does not answer: start bluetoothd")

    seen, watcher = await watched(World(bonded=bonded))

    assert [] == seen
    assert "start bluetoothd" in (watcher.trouble or "")


# --- AdvertisementLink ----------------------------------------------------------------------------


async def test_an_advertisement_link_delivers_while_it_is_open_and_asks_nothing():
    listeners: dict = {}
    delivered: list[LinkEvent] = []
    link = AdvertisementLink("AA:BB", listeners)
    await link.open(delivered.append, lambda _: None)
    listeners["AA:BB"](AdvertisementSeen("x"))
    failed = await link.carry_out(BLOCK)
    await link.close()

    assert [AdvertisementSeen("x")] == delivered
    assert isinstance(failed, Failed)
    assert {} == listeners
    with pytest.raises(LinkLostError):
        await link.carry_out(BLOCK)
