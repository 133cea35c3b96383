"""One simulated instrument and one central on an air of their own, in this process, without sockets."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from typing import Any

from bleak.backends.scanner import AdvertisementData
from bumble import hci
from bumble.core import UUID
from bumble.device import Device, Peer
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink

from firmware_sims.advertising import advertisement_data
from firmware_sims.kit.gatt import GattCharacteristic, Uuid
from firmware_sims.kit.instrument import Instrument
from firmware_sims.peripheral import Peripheral
from firmware_sims.radio import Air, AirController

TICK = 0.02


def characteristics(instrument: Instrument) -> dict[Uuid, GattCharacteristic]:
    return {
        each.uuid: each for service in instrument.services() for each in service.characteristics
    }


def read(instrument: Instrument, uuid: Uuid) -> bytes:
    reader = characteristics(instrument)[uuid].read
    assert reader is not None
    return reader()


async def until(holds: Callable[[], Any], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(TICK)


class Room:
    """The central's side."""

    def __init__(self, instrument: Instrument, peripheral: Peripheral, device: Device) -> None:
        self.instrument = instrument
        self.peripheral = peripheral
        self.heard: list[AdvertisementData] = []
        self._device = device
        device.on("advertisement", lambda said: self.heard.append(advertisement_data(said)))

    async def listen(self) -> None:
        """Begin to hear advertisements."""
        await self._device.start_scanning(active=True, filter_duplicates=False)

    async def connect(self) -> Peer:
        """Return the instrument with its characteristics found."""
        address = hci.Address(self.instrument.address)
        peer = Peer(await self._device.connect(address, timeout=3.0))
        await peer.discover_services()
        await peer.discover_characteristics()
        return peer

    def find(self, peer: Peer, uuid: Uuid) -> Any:
        wanted = UUID.from_16_bits(uuid) if isinstance(uuid, int) else UUID(uuid)
        (found,) = peer.get_characteristics_by_uuid(wanted)
        return found

    async def subscribe(self, peer: Peer, uuid: Uuid) -> list[bytes]:
        """Return a list that what comes is added to, by notification or indication as offered."""
        came: list[bytes] = []
        found = self.find(peer, uuid)
        await found.discover_descriptors()
        await found.subscribe(lambda piece: came.append(bytes(piece)))
        return came


@contextlib.asynccontextmanager
async def radio_room(instrument: Instrument, speed: float = 10.0) -> AsyncGenerator[Room]:
    """Let the instrument live, faster than real, while the context lasts."""
    air = Air()
    peripheral = Peripheral(instrument, air)
    await peripheral.start()
    controller = AirController("central", air)
    host = Host(controller, AsyncPipeSink(controller))
    device = Device(name="central", address=hci.Address("F0:F1:F2:F3:F4:F5"), host=host)
    await device.power_on()

    async def keep_time() -> None:
        while True:
            instrument.process(TICK * speed, datetime.now(UTC))
            peripheral.tend()
            await asyncio.sleep(TICK)

    async with asyncio.TaskGroup() as tasks:
        works = (keep_time(), peripheral.speak(), peripheral.tell_everybody())
        running = [tasks.create_task(each) for each in works]
        try:
            yield Room(instrument, peripheral, device)
        finally:
            for each in running:
                each.cancel()
