"""Instruments over Bluetooth Low Energy, through bleak and whatever backend it is given."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from agent.adapters.gatt import ANSWER_WITHIN, CONNECT_WITHIN, Backend, GattLink
from agent.adapters.radio import RADIO_ERRORS, why
from agent.ports import Link, LinkLostError, Sighting
from drivers.catalog import Catalogue
from drivers.kit.description import BleLink, BroadcastLink, Conversation
from drivers.kit.link import AdvertisementSeen, Failed, LinkEvent, Request

log = structlog.get_logger()

SCAN_AGAIN_AFTER = 3.0
"""Seconds of rest after the scanner failed."""
DEAF_AFTER = 10.0
"""Seconds in which nothing at all is heard, after which scanning begins afresh: some stacks never say that it ended."""
SWITCHED_WITHIN = 10.0
"""Seconds that a radio may take to start or to stop scanning."""


class BleWatcher:
    """A Watcher over one radio. The radio does one thing at a time: scanning stops while a connection is made."""

    def __init__(self, catalogue: Catalogue, backend: Backend) -> None:
        self._instruments = tuple(catalogue.values())
        self._listeners: dict[str, Callable[[LinkEvent], None]] = {}
        """Who listens to the advertisements of an address."""
        self._backend = backend
        self._radio = asyncio.Lock()
        self._again = asyncio.Event()
        self._quiet = asyncio.Event()
        """Set while the scanner does not run."""
        self._quiet.set()
        self._heard = False
        self.trouble: str | None = None
        """Why the radio does not scan; None while it does."""

    def rescan(self) -> None:
        self._again.set()

    async def watch(self, seen: Callable[[Sighting], None]) -> None:
        def detected(device: BLEDevice, advertisement: AdvertisementData) -> None:
            self._heard = True
            said = _said(device, advertisement)
            for sighting in self._sightings(device, said, advertisement.rssi):
                seen(sighting)
            listener = self._listeners.get(device.address)
            if listener is not None:
                listener(said)

        while True:
            self._again.clear()
            try:
                self._quiet.clear()
                await self._scan(BleakScanner(detected, backend=self._backend.scanner))
            except RADIO_ERRORS as error:
                self._failed(error)
                await asyncio.sleep(SCAN_AGAIN_AFTER)
            finally:
                self._quiet.set()
            # A connection that waits for the radio goes first.
            async with self._radio:
                pass

    def _failed(self, error: Exception) -> None:
        trouble = why(error)
        if trouble != self.trouble:
            log.warning("scan failed", reason=trouble, detail=repr(error))
        self.trouble = trouble

    async def _scan(self, scanner: BleakScanner) -> None:
        """Scan until somebody wants it afresh, or nothing is heard any more."""
        async with asyncio.timeout(SWITCHED_WITHIN):
            await scanner.start()
        self.trouble = None
        try:
            self._heard = True
            while self._heard:
                self._heard = False
                with suppress(TimeoutError):
                    async with asyncio.timeout(DEAF_AFTER):
                        await self._again.wait()
                        return
        finally:
            # Nothing that a radio does may take the place of our being cancelled.
            with suppress(*RADIO_ERRORS):
                async with asyncio.timeout(SWITCHED_WITHIN):
                    await scanner.stop()

    def _sightings(
        self, device: BLEDevice, said: AdvertisementSeen, rssi: int
    ) -> Generator[Sighting]:
        for instrument in self._instruments:
            for link in instrument.links:
                if not isinstance(link, BleLink | BroadcastLink):
                    continue
                identity = link.identify(said)
                if identity is not None:
                    broadcast = isinstance(link, BroadcastLink)
                    yield Sighting(
                        instrument=instrument,
                        identity=replace(identity, address=device.address),
                        medium=link.medium,
                        rssi=rssi,
                        connect=partial(self._link, device, broadcast=broadcast),
                        converse=_converse(link),
                    )

    def _link(self, device: BLEDevice, *, broadcast: bool) -> Link:
        if broadcast:
            return AdvertisementLink(device.address, self._listeners)
        return GattLink(device, self._backend, self._connecting)

    async def _connecting(self, connect: Callable[[], Any]) -> None:
        async with self._radio:
            self.rescan()
            async with asyncio.timeout(2 * SWITCHED_WITHIN):
                await self._quiet.wait()
            async with asyncio.timeout(CONNECT_WITHIN + ANSWER_WITHIN):
                await connect()


def _said(device: BLEDevice, advertisement: AdvertisementData) -> AdvertisementSeen:
    return AdvertisementSeen(
        local_name=advertisement.local_name or device.name or "",
        address=device.address,
        service_uuids=frozenset(each.lower() for each in advertisement.service_uuids),
        service_data={key.lower(): each for key, each in advertisement.service_data.items()},
        manufacturer_data=dict(advertisement.manufacturer_data),
    )


def _converse(link: BleLink | BroadcastLink) -> Callable[[bytes | None], Conversation]:
    return link.converse if isinstance(link, BroadcastLink) else lambda _: link.converse()


class AdvertisementLink:
    """A Link on which nothing is ever asked: the advertisements of one address."""

    def __init__(self, address: str, listeners: dict[str, Callable[[LinkEvent], None]]) -> None:
        self._address = address
        self._listeners = listeners
        self._open = False

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        self._listeners[self._address] = deliver
        self._open = True

    async def carry_out(self, request: Request) -> LinkEvent | None:
        if not self._open:
            raise LinkLostError("the link is closed")
        return Failed(request, "nothing can be asked by advertisement")

    async def close(self) -> None:
        if self._open:
            self._listeners.pop(self._address, None)
            self._open = False
