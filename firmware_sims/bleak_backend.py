"""A bleak 3 backend over bumble: `BleakScanner(backend=Scanner)`, `BleakClient(backend=Client)`.

The environment variable `RELEVE_SIM_HCI` names the radio's HCI transport.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Literal, TypeVar, cast

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import (
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError, BleakGATTProtocolError
from bleak.uuids import normalize_uuid_str
from bumble.att import ATT_DEFAULT_MTU, ATT_Error
from bumble.core import UUID, BaseBumbleError
from bumble.device import Advertisement, Connection, Peer
from bumble.gatt import Characteristic
from bumble.gatt_client import DescriptorProxy

from firmware_sims.advertising import advertisement_data
from firmware_sims.bleak_radio import GRACE_SECONDS, radio
from firmware_sims.bumble_types import RemoteCharacteristic, RemoteService

LONGEST_MTU = 517

_Answer = TypeVar("_Answer")


class Scanner(BaseBleakScanner):
    """Scans with the process's radio."""

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"],
        **_options: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode != "passive"

    async def start(self) -> None:
        """Start scanning; raise bleak's error when there is no radio."""
        self.seen_devices = {}
        await radio().scan(self, self._heard, active=self._active)

    async def stop(self) -> None:
        await radio().stop_scan(self)

    def _heard(self, advertisement: Advertisement) -> None:
        said = advertisement_data(advertisement)
        if not self.is_allowed_uuid(said.service_uuids):
            return
        address = advertisement.address.to_string(with_type_qualifier=False)
        known = self.seen_devices.get(address)
        name = said.local_name or (known[0].name if known else None)
        device = self.create_or_update_device(address, address, name, None, said)
        self.call_detection_callbacks(device, said)


class Client(BaseBleakClient):
    """A central's side of one link."""

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        services: set[str] | None = None,
        **_options: Any,
    ) -> None:
        super().__init__(
            address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout
        )
        self._name: str | None = None
        if isinstance(address_or_ble_device, BLEDevice):
            self._name = address_or_ble_device.name
        self._wanted = services
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._requests: set[asyncio.Task[Any]] = set()
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        return self._name or self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        return self._connection.att_mtu if self._connection else ATT_DEFAULT_MTU

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    # --- the link ------------------------------------------------------------

    async def connect(self, pair: bool, **_options: Any) -> None:  # noqa: FBT001 - bleak's own
        """Connect, agree on the MTU and discover; all within the timeout given to the client."""
        if self._connection is not None:
            msg = "the client is already connected"
            raise BleakError(msg)
        until = asyncio.get_running_loop().time() + self._timeout
        connection = await radio().connect(self, self.address, self._timeout)
        connection.on("disconnection", self._lost)
        self._connection, self._peer = connection, Peer(connection)
        if connection.device.connections.get(connection.handle) is not connection:
            self._lost(0)
        try:
            async with asyncio.timeout_at(until + GRACE_SECONDS):
                await self._asked(self._peer.request_mtu(LONGEST_MTU))
                self.services = await self._asked(self._discover(self._peer))
                if pair:
                    await self.pair()
        except TimeoutError:
            await self.disconnect()
            msg = f"{self.address} did not answer in {self._timeout} s"
            raise BleakError(msg) from None
        except BaseException:
            await self.disconnect()
            raise

    async def disconnect(self) -> None:
        """End the link if there is one; return when it has ended."""
        connection = self._connection
        if connection is not None:
            try:
                async with asyncio.timeout(GRACE_SECONDS):
                    await connection.disconnect()
            except (TimeoutError, BaseBumbleError):
                if self._connection is not None:
                    # The controller does not answer any more.
                    radio().abandon()
                    self._lost(0)
            except asyncio.CancelledError:
                if _cancelled_by_caller():
                    raise
        await radio().leave(self)

    def _lost(self, _reason: int) -> None:
        if self._connection is None:
            return
        self._connection = self._peer = self.services = None
        self._subscribers.clear()
        for request in self._requests:
            request.cancel()
        radio().release(self)
        if self._disconnected_callback is not None:
            asyncio.get_running_loop().call_soon(self._disconnected_callback)

    async def pair(self, *_args: Any, **_options: Any) -> None:
        """Pair as the two sides' abilities allow."""
        if self._connection is not None:
            await self._asked(self._connection.pair())

    async def unpair(self) -> None:
        msg = "this backend keeps no pairing"
        raise BleakError(msg)

    # --- requests ------------------------------------------------------------

    async def _asked(self, request: Coroutine[Any, Any, _Answer]) -> _Answer:
        """Await a request; raise bleak's errors, also when the link ends meanwhile.

        A caller may give up waiting: the request goes on, since a late answer must not be
        taken for the answer to the next one.
        """
        if self._connection is None:
            request.close()
            msg = "not connected"
            raise BleakError(msg)
        task = asyncio.ensure_future(request)
        self._requests.add(task)
        task.add_done_callback(self._answered)
        try:
            return await asyncio.shield(task)
        except ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except BaseBumbleError as error:
            raise BleakError(str(error)) from error
        except asyncio.CancelledError:
            if _cancelled_by_caller() or not task.cancelled():
                raise
            msg = "disconnected"
            raise BleakError(msg) from None

    def _answered(self, task: asyncio.Task[Any]) -> None:
        self._requests.discard(task)
        if not task.cancelled():
            task.exception()  # the caller may be gone

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, **_options: Any
    ) -> bytearray:
        return bytearray(await self._asked(_characteristic(characteristic).read_value()))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, **_options: Any
    ) -> bytearray:
        proxy = cast("DescriptorProxy", descriptor.obj)
        return bytearray(await self._asked(proxy.read_value()))

    async def write_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        data: SizedBuffer,
        response: bool,  # noqa: FBT001 - bleak's own
    ) -> None:
        proxy = _characteristic(characteristic)
        await self._asked(proxy.write_value(bytes(data), with_response=response))

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        proxy = cast("DescriptorProxy", descriptor.obj)
        await self._asked(proxy.write_value(bytes(data), with_response=True))

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **_options: Any,
    ) -> None:
        if characteristic.handle in self._subscribers:
            msg = f"notifications of {characteristic.uuid} are already started"
            raise BleakError(msg)

        def heard(piece: bytes) -> None:
            callback(bytearray(piece))

        await self._asked(_characteristic(characteristic).subscribe(heard))
        self._subscribers[characteristic.handle] = heard

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        heard = self._subscribers.pop(characteristic.handle, None)
        if heard is not None:
            await self._asked(_characteristic(characteristic).unsubscribe(heard))

    # --- discovery -----------------------------------------------------------

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        found = BleakGATTServiceCollection()
        for service in await peer.discover_services():
            uuid = _text(service.uuid)
            if self._wanted is None or uuid in self._wanted:
                await self._add_service(found, cast("RemoteService", service), uuid)
        return found

    async def _add_service(
        self, found: BleakGATTServiceCollection, proxy: RemoteService, uuid: str
    ) -> None:
        service = BleakGATTService(proxy, proxy.handle, uuid)
        found.add_service(service)
        for each in await proxy.discover_characteristics():
            characteristic = BleakGATTCharacteristic(
                each, each.handle, _text(each.uuid), _properties(each), self._room, service
            )
            found.add_characteristic(characteristic)
            for descriptor in await each.discover_descriptors():
                found.add_descriptor(
                    BleakGATTDescriptor(
                        descriptor, descriptor.handle, _text(descriptor.type), characteristic
                    )
                )

    def _room(self) -> int:
        return self.mtu_size - 3


def _characteristic(characteristic: BleakGATTCharacteristic) -> RemoteCharacteristic:
    return cast("RemoteCharacteristic", characteristic.obj)


def _properties(proxy: RemoteCharacteristic) -> list[CharacteristicPropertyName]:
    names = [
        str(each.name).lower().replace("_", "-")
        for each in Characteristic.Properties
        if each in proxy.properties
    ]
    return cast("list[CharacteristicPropertyName]", names)


def _text(uuid: UUID) -> str:
    return normalize_uuid_str(uuid.to_hex_str("-").lower())


def _cancelled_by_caller() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
