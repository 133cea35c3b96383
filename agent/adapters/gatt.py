"""A connection to one instrument over GATT, through bleak and whatever backend it is given."""

import asyncio
import importlib
from collections.abc import Callable
from typing import Any

import structlog
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice

from agent.adapters.radio import RADIO_ERRORS, why
from agent.ports import LinkLostError
from contract.words import Words
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
                raise LinkLostError(why(error)) from error
            return Failed(request, why(error))

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
