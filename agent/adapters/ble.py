"""Instruments over Bluetooth Low Energy, through bleak and whatever backend it is given."""

import asyncio
import importlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

from agent.ports import Link, LinkLostError, Sighting
from contract.words import Words
from drivers.catalog import INSTRUMENTS
from drivers.kit.description import BleLink
from drivers.kit.link import (
    CharacteristicRead,
    CharacteristicWritten,
    Failed,
    LinkEvent,
    Notified,
    ReadCharacteristic,
    Request,
    Subscribe,
    Subscribed,
    WriteCharacteristic,
)

log = structlog.get_logger()

CONNECT_WITHIN = 15.0
ANSWER_WITHIN = 5.0
SCAN_AGAIN_AFTER = 3.0
"""Seconds of rest after the scanner failed."""
DEAF_AFTER = 10.0
"""Seconds in which nothing at all is heard, after which scanning begins afresh: some stacks never say that it ended."""
SWITCHED_WITHIN = 10.0
"""Seconds that a radio may take to start or to stop scanning."""

RADIO_ERRORS = (BleakError, OSError, EOFError)
"""What bleak lets through; its D-Bus library says EOFError when the bus is gone."""


NO_ADAPTER = Words("there is no Bluetooth adapter: plug one in")
IS_OFF = Words("Bluetooth is off: switch it on")
NOT_ALLOWED = Words("this user may not use Bluetooth: have it allowed")
NO_SERVICE = Words("the Bluetooth service does not answer: start bluetoothd")
_UNAVAILABLE: Mapping[BleakBluetoothNotAvailableReason, Words] = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: NO_ADAPTER,
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: NO_ADAPTER,
    BleakBluetoothNotAvailableReason.POWERED_OFF: IS_OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: NOT_ALLOWED,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: NOT_ALLOWED,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: NOT_ALLOWED,
}
_ON_THE_BUS: Mapping[str, Words] = {
    "org.bluez.Error.NotReady": IS_OFF,
    "org.freedesktop.DBus.Error.AccessDenied": NOT_ALLOWED,
    "org.freedesktop.DBus.Error.NameHasNoOwner": NO_SERVICE,
    "org.freedesktop.DBus.Error.ServiceUnknown": NO_SERVICE,
}


def why(error: Exception) -> str:
    """Return what went wrong: in our words when the radio itself cannot be used, otherwise as the library says it."""
    words: Words | None = None
    match error:
        case BleakBluetoothNotAvailableError():
            words = _UNAVAILABLE.get(error.reason)
        case BleakDBusError():
            words = _ON_THE_BUS.get(error.dbus_error)
        case FileNotFoundError() | ConnectionError() | EOFError():
            words = NO_SERVICE  # its bus is not there
        case _:
            pass
    return words or str(error) or type(error).__name__


class BackendError(ValueError):
    """The module named as backend cannot be used."""


class Backend:
    """The classes that bleak is given; None leaves the choice to bleak."""

    def __init__(self, dotted_name: str | None) -> None:
        try:
            module = importlib.import_module(dotted_name) if dotted_name else None
            self.scanner: Any = module.Scanner if module else None
            self.client: Any = module.Client if module else None
        except (ImportError, AttributeError, ValueError) as error:
            raise BackendError(f"{dotted_name} is no bleak backend: {error}") from error


class BleWatcher:
    """A Watcher over one radio. The radio does one thing at a time: scanning stops while a connection is made."""

    def __init__(self, backend: Backend) -> None:
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
            for sighting in self._sightings(device, advertisement):
                seen(sighting)

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

    def _sightings(self, device: BLEDevice, advertisement: AdvertisementData) -> list[Sighting]:
        name = advertisement.local_name or device.name or ""
        found: list[Sighting] = []
        for instrument in INSTRUMENTS:
            for link in instrument.links:
                if isinstance(link, BleLink) and (identity := link.identify(name)) is not None:
                    found.append(
                        Sighting(
                            instrument=instrument,
                            identity=replace(identity, address=device.address),
                            medium="ble",
                            rssi=advertisement.rssi,
                            connect=lambda: self._link(device),
                            converse=link.converse,
                        )
                    )
        return found

    def _link(self, device: BLEDevice) -> Link:
        return GattLink(device, self._backend, self._connecting)

    async def _connecting(self, connect: Callable[[], Any]) -> None:
        async with self._radio:
            self.rescan()
            async with asyncio.timeout(2 * SWITCHED_WITHIN):
                await self._quiet.wait()
            async with asyncio.timeout(CONNECT_WITHIN + ANSWER_WITHIN):
                await connect()


class GattLink:
    """A Link over one GATT connection."""

    def __init__(
        self,
        device: BLEDevice,
        backend: Backend,
        connecting: Callable[[Callable[[], Any]], Any],
    ) -> None:
        self._device = device
        self._backend = backend
        self._connecting = connecting
        self._client: BleakClient | None = None
        self._deliver: Callable[[LinkEvent], None] = _nowhere

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        self._deliver = deliver
        client = BleakClient(
            self._device,
            disconnected_callback=lambda _: lost("the link was lost"),
            timeout=CONNECT_WITHIN,
            backend=self._backend.client,
        )
        try:
            await self._connecting(client.connect)
        except RADIO_ERRORS as error:
            raise LinkLostError(Words("cannot connect: {error}", error=why(error))) from error
        self._client = client

    async def carry_out(self, request: Request) -> LinkEvent | None:
        if self._client is None or not self._client.is_connected:
            raise LinkLostError("the link was lost")
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await self._ask(self._client, request)
        except TimeoutError:
            return Failed(request, f"no answer within {ANSWER_WITHIN:g} s")
        except RADIO_ERRORS as error:
            if not self._client.is_connected:
                raise LinkLostError(str(error)) from error
            return Failed(request, str(error))

    async def _ask(self, client: BleakClient, request: Request) -> LinkEvent | None:
        match request:
            case Subscribe(uuid=uuid):
                await client.start_notify(uuid, self._notified)
                return Subscribed(uuid)
            case ReadCharacteristic(uuid=uuid):
                return CharacteristicRead(uuid, bytes(await client.read_gatt_char(uuid)))
            case WriteCharacteristic(uuid=uuid, data=data, response=response):
                await client.write_gatt_char(uuid, data, response=response)
                return CharacteristicWritten(uuid)
            case _:
                return Failed(request, "not possible over GATT")

    def _notified(self, characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        self._deliver(Notified(characteristic.uuid, bytes(data)))

    async def close(self) -> None:
        if self._client is None:
            return
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._client.disconnect()
        except RADIO_ERRORS as error:
            log.debug("disconnect failed", error=str(error))


def _nowhere(_: LinkEvent) -> None:
    """Drop what comes before the link is open."""
