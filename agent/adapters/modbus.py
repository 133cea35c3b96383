"""Instruments on Modbus, RTU over a serial line or TCP, through pymodbus. Several may share one line."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from agent.adapters.places import hanging, on_network
from agent.adapters.tty import TERMINAL_ERRORS, possible
from agent.ports import LinkLostError, Sighting
from contract.words import Words
from drivers.kit.description import Instrument, LineSettings, ModbusLink
from drivers.kit.link import Failed, LinkEvent, ReadRegisters, RegistersRead, Request

ANSWER_WITHIN = 1.0
"""Seconds; one silent device must not keep the others of its line waiting for long."""
STALE_AFTER = 3
"""Reads without an answer after which the line is opened afresh."""
LINE_ERRORS: tuple[type[Exception], ...] = (ModbusException, OSError, ValueError, *TERMINAL_ERRORS)

# What it logs of every lost connection is told by us, in our words and once.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)

_PARITY = {"none": "N", "even": "E", "odd": "O"}
Client = AsyncModbusSerialClient | AsyncModbusTcpClient


@dataclass(slots=True)
class Line:
    """One open line, and how many links use it."""

    client: Client
    users: int
    turn: asyncio.Lock
    unanswered: int = 0
    """Reads in a row, of whichever device."""


Lines = dict[str, Line]
"""The open lines, by port; shared by all places."""


@dataclass(frozen=True, slots=True)
class ModbusPlace:
    """Where a person says that an instrument hangs; there while its device file is, on the network always."""

    instrument: Instrument
    link: ModbusLink
    port: str
    """A serial device, or ``host:port``."""
    device: int
    lines: Lines

    def is_there(self) -> bool:
        return on_network(self.port) is not None or Path(self.port).exists()

    def sighting(self) -> Sighting:
        """Return the instrument as it shows itself."""
        address = f"{self.port}/{self.device}"
        return hanging(self.instrument, self.link, address, lambda: ModbusDevice(self))


class ModbusDevice:
    """A Link to one device on a line that others may share."""

    def __init__(self, place: ModbusPlace) -> None:
        self._place = place
        self._lines = place.lines
        self._line: Line | None = None

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        port = self._place.port
        line = self._lines.get(port)
        if line is None:
            line = Line(_client(port, possible(port, self._place.link.line)), 0, asyncio.Lock())
            self._lines[port] = line
        line.users += 1
        self._line = line
        async with line.turn:
            if not line.client.connected and not await _connected(line.client):
                await self.close()
                raise LinkLostError(
                    Words("cannot open {path}: is it plugged in, and free?", path=port)
                )

    async def carry_out(self, request: Request) -> LinkEvent | None:
        line = self._line
        if line is None:
            raise LinkLostError("the link is closed")
        if not isinstance(request, ReadRegisters):
            return Failed(request, "not possible over Modbus")
        async with line.turn:
            if not line.client.connected and not await _connected(line.client):
                raise LinkLostError(Words("{path} is gone", path=self._place.port))
            event = await self._read(line.client, request)
            line.unanswered = line.unanswered + 1 if event is None else 0
            if event is None and not (line.client.connected and self._place.is_there()):
                line.client.close()
                raise LinkLostError(Words("{path} is gone", path=self._place.port))
            if line.unanswered >= STALE_AFTER:
                # A device that was pulled out and put in again leaves a handle on which nothing ever comes.
                line.client.close()
                line.unanswered = 0
            return event or Failed(request, "no answer")

    async def _read(self, client: Client, request: ReadRegisters) -> LinkEvent | None:
        read = (
            client.read_input_registers
            if request.table == "input"
            else client.read_holding_registers
        )
        try:
            answer = await read(request.address, count=request.count, device_id=self._place.device)
        except LINE_ERRORS:
            return None
        if answer.isError():
            return Failed(request, f"the device refused with exception {answer.exception_code}")
        return RegistersRead(request, tuple(answer.registers))

    async def close(self) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        line.users -= 1
        if line.users == 0:
            self._lines.pop(self._place.port, None)
            line.client.close()


async def _connected(client: Client) -> bool:
    try:
        return bool(await client.connect())
    except LINE_ERRORS:
        return False


def _client(port: str, line: LineSettings) -> Client:
    network = on_network(port)
    if network is not None:
        host, number = network
        return AsyncModbusTcpClient(
            host, port=number, timeout=ANSWER_WITHIN, retries=0, reconnect_delay=0
        )
    return AsyncModbusSerialClient(
        port,
        baudrate=line.baud_rate,
        bytesize=line.data_bits,
        parity=_PARITY[line.parity],
        stopbits=line.stop_bits,
        timeout=ANSWER_WITHIN,
        retries=0,
        reconnect_delay=0,
    )
