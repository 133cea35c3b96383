"""The bench process: instruments on the air, on the LAN and on a line, and their control."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bumble.transport.common import StreamPacketSink, StreamPacketSource

from firmware_sims.control import control_app
from firmware_sims.kit.cable import Cable, Jack, on_tcp
from firmware_sims.kit.instrument import Instrument
from firmware_sims.kit.ports import listening
from firmware_sims.kit.serving import LOOPBACK, served
from firmware_sims.kit.wired import WiredInstrument
from firmware_sims.peripheral import Peripheral
from firmware_sims.radio import Air, AirController
from firmware_sims.testo_300 import FlueGasAnalyser
from firmware_sims.testo_300_lan import ANNOUNCEMENT_PORT, announce, web

TICK_SECONDS = 0.05


class Antenna(StreamPacketSource):
    """One TCP HCI connection: a controller of its own, for as long as it lasts."""

    def __init__(self, air: Air) -> None:
        super().__init__()
        self._air = air
        self._controller: AirController | None = None
        self._transport: asyncio.Transport | None = None

    def hang_up(self) -> None:
        """Close the connection from this side."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            msg = "an HCI connection is a stream"
            raise TypeError(msg)
        self._transport = transport
        name = "central {}:{}".format(*transport.get_extra_info("peername"))
        self._controller = AirController(name, self._air)
        self._controller.host = StreamPacketSink(transport)
        self.set_packet_sink(self._controller)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the air: peers see their links lost with reason 0x08."""
        if self._controller is not None:
            self._controller.host = None
            self._air.leave(self._controller)
            self._controller = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What to start. Port 0 is one the system chooses."""

    instruments: tuple[Instrument, ...]
    radio: bool = True
    lan: bool = True
    tcp_port: int | None = None
    """Where a wired instrument listens; None: on a pseudo-terminal."""
    speed: float | None = 1.0
    """Seconds that pass for the instruments in one of ours; None: somebody else keeps their time."""
    links: Mapping[str, str] = field(default_factory=dict[str, str])
    """By serial; whoever is named here hangs on that link alone."""
    hci_port: int = 0
    announce_to: tuple[str, int] | None = (LOOPBACK, ANNOUNCEMENT_PORT)
    """None: the testo 300 is not announced on the LAN."""

    def hangs_on(self, instrument: Instrument, link: str) -> bool:
        """Whether an instrument that can is on a link."""
        if instrument.serial in self.links:
            return self.links[instrument.serial] == link
        wired = "pty" if self.tcp_port is None else "tcp"
        return {"ble": self.radio, "http": self.lan}.get(link, link == wired)


@dataclass(kw_only=True)
class RunningBench:
    """A started bench."""

    instruments: Sequence[Instrument]
    peripherals: dict[Instrument, Peripheral] = field(default_factory=dict[Instrument, Peripheral])
    cables: dict[Instrument, Cable | Jack] = field(default_factory=dict[Instrument, Cable | Jack])
    ports: dict[Instrument, int] = field(default_factory=dict[Instrument, int])
    hci: str | None = None
    control: str = ""

    def drop_link(self, instrument: Instrument) -> None:
        """Lose the instrument's present link once; without a radio there is none to lose."""
        if peripheral := self.peripherals.get(instrument):
            peripheral.drop_link()

    def tick(self, dt: float, now: datetime) -> None:
        """Let time pass for every instrument."""
        for instrument in self.instruments:
            instrument.process(dt, now)
        self.tend()

    def tend(self) -> None:
        """Follow the faults that concern links, and send what is waiting."""
        for peripheral in self.peripherals.values():
            peripheral.tend()
        for cable in self.cables.values():
            cable.tend()

    def about(self, instrument: Instrument) -> dict[str, Any]:
        """Return the line that says how an instrument is reached."""
        line: dict[str, Any] = {
            "slug": instrument.slug,
            "serial": instrument.serial,
            "name": instrument.name,
            "address": instrument.address,
        }
        if instrument in self.peripherals:
            line |= {"link": "ble", "hci": self.hci}
        elif instrument in self.cables:
            line |= _wired(instrument)
        else:
            line |= {"link": "http", "address": LOOPBACK}
        if instrument in self.ports:
            line["port"] = self.ports[instrument]
        if instrument.bind_key is not None:
            line["bind_key"] = instrument.bind_key.hex()
        return line | {"control": self.control}


def _wired(instrument: Instrument) -> dict[str, Any]:
    host, _, port = instrument.address.rpartition(":")
    if port.isdecimal():
        return {"link": "tcp", "address": host, "port": int(port)}
    return {"link": "pty", "path": instrument.address}


@contextlib.asynccontextmanager
async def bench(setup: Setup) -> AsyncGenerator[RunningBench]:
    """Run a bench while the context lasts."""
    running = RunningBench(instruments=setup.instruments)
    async with contextlib.AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        background: list[asyncio.Task[None]] = []
        for instrument in setup.instruments:
            if isinstance(instrument, WiredInstrument):
                running.cables[instrument] = (
                    stack.enter_context(Cable(instrument))
                    if setup.hangs_on(instrument, "pty")
                    else await stack.enter_async_context(on_tcp(instrument, setup.tcp_port or 0))
                )
            if isinstance(instrument, FlueGasAnalyser) and setup.hangs_on(instrument, "http"):
                running.ports[instrument] = await stack.enter_async_context(web(instrument))
        if setup.radio:
            running.hci = await stack.enter_async_context(_on_the_air(running, setup))
        control_port = await stack.enter_async_context(served(control_app(running)))
        running.control = f"http://{LOOPBACK}:{control_port}"
        running.tick(TICK_SECONDS, datetime.now(UTC))
        background += [tasks.create_task(work) for work in _background(running, setup)]
        try:
            yield running
        finally:
            for task in background:
                task.cancel()


def _background(running: RunningBench, setup: Setup) -> list[Any]:
    works: list[Any] = [] if setup.speed is None else [_keep_time(running, setup.speed)]
    for each in running.peripherals.values():
        works += [each.speak(), each.tell_everybody()]
    if setup.announce_to is not None:
        works += [
            announce(instrument, port, setup.announce_to)
            for instrument, port in running.ports.items()
            if isinstance(instrument, FlueGasAnalyser)
        ]
    return works


async def _keep_time(running: RunningBench, speed: float) -> None:
    """Tick by the loop's clock, or faster, for ever."""
    clock = asyncio.get_running_loop().time
    before = clock()
    while True:
        await asyncio.sleep(TICK_SECONDS)
        now = clock()
        running.tick((now - before) * speed, datetime.now(UTC))
        before = now


@contextlib.asynccontextmanager
async def _on_the_air(running: RunningBench, setup: Setup) -> AsyncGenerator[str]:
    """Put every instrument with a radio on the air; yield the name of its HCI transport."""
    air = Air()
    for instrument in running.instruments:
        if instrument.has_radio and setup.hangs_on(instrument, "ble"):
            peripheral = Peripheral(instrument, air)
            await peripheral.start()
            running.peripherals[instrument] = peripheral
    antennas: list[Antenna] = []

    def antenna() -> Antenna:
        antennas.append(Antenna(air))
        return antennas[-1]

    loop = asyncio.get_running_loop()
    with listening(setup.hci_port, "--hci-port"):
        server = await loop.create_server(antenna, LOOPBACK, setup.hci_port)
    try:
        yield f"tcp-client:{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for each in antennas:
            each.hang_up()
        # The transports finish closing in the loop's next round.
        await asyncio.sleep(0)
