"""An instrument on the air: a bumble device with real GATT around a simulated instrument."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

from bumble import att, gatt, hci
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink

from firmware_sims.cancelling import heed_cancellation
from firmware_sims.kit.faults import Fault, slices
from firmware_sims.kit.gatt import (
    Broadcast,
    GattCharacteristic,
    GattService,
    Said,
    Uuid,
    WriteRefusedError,
)
from firmware_sims.kit.instrument import Instrument
from firmware_sims.kit.waiting import until
from firmware_sims.kit.way import delay
from firmware_sims.radio import Air, AirController

ADVERTISING_MILLISECONDS = 100.0
SECONDS_BETWEEN_PIECES = 0.02
NOTIFICATION_OVERHEAD = 3
FLAGS = b"\x06"
"""General discoverable, no classic Bluetooth."""

KIND = AdvertisingData.Type
_Properties = gatt.Characteristic.Properties


def _uuid(named: Uuid) -> UUID:
    return UUID.from_16_bits(named) if isinstance(named, int) else UUID(named)


def advertised(
    services: Sequence[Uuid], broadcast: Broadcast | None
) -> list[tuple[AdvertisingData.Type, bytes]]:
    """Return the advertising structures that name services and carry what is told to everybody."""
    short = [each for each in services if isinstance(each, int)]
    whole = [bytes(UUID(each)) for each in services if isinstance(each, str)]
    structures: list[tuple[AdvertisingData.Type, bytes]] = []
    if short:
        uuids = b"".join(bytes((each & 255, each >> 8)) for each in short)
        structures.append((KIND.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, uuids))
    if whole:
        structures.append((KIND.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, b"".join(whole)))
    if broadcast is not None and broadcast.service is not None:
        head = bytes((broadcast.service & 255, broadcast.service >> 8))
        structures.append((KIND.SERVICE_DATA_16_BIT_UUID, head + broadcast.data))
    if broadcast is not None and broadcast.maker is not None:
        head = bytes((broadcast.maker & 255, broadcast.maker >> 8))
        structures.append((KIND.MANUFACTURER_SPECIFIC_DATA, head + broadcast.data))
    return structures


class Peripheral:
    """One instrument with its own radio. Start it, then `tend` it at every tick."""

    def __init__(self, instrument: Instrument, air: Air) -> None:
        self.instrument = instrument
        self._air = air
        self._controller = AirController(instrument.name, air)
        address = hci.Address(instrument.address)
        host = Host(self._controller, AsyncPipeSink(self._controller))
        config = DeviceConfiguration(name=instrument.name, address=address)
        self._device = Device(config=config, host=host)
        self._speakers: dict[Uuid, gatt.Characteristic[bytes]] = {}
        self._told: Broadcast | None = None
        self._connection: Connection | None = None
        self._indicating: asyncio.Future[None] | None = None
        self._frames: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        """With the time of the loop at which each leaves."""
        services = instrument.services()
        self._device.add_services([self._service(service) for service in services])
        self._device.on("connection", self._connected)

    async def start(self) -> None:
        """Switch the radio on and advertise."""
        await self._device.power_on()
        await self._advertise()

    async def _advertise(self) -> None:
        broadcast = self.instrument.broadcast()
        self._told = broadcast
        services = [each.uuid for each in self.instrument.services() if each.advertised]
        structures = advertised(services, broadcast)
        name = AdvertisingData(
            [(AdvertisingData.Type.COMPLETE_LOCAL_NAME, self.instrument.name.encode("utf-8"))]
        )
        await self._device.start_advertising(
            auto_restart=True,
            advertising_data=bytes(AdvertisingData([(KIND.FLAGS, FLAGS), *structures])),
            scan_response_data=bytes(name),
            advertising_interval_min=ADVERTISING_MILLISECONDS,
            advertising_interval_max=ADVERTISING_MILLISECONDS,
        )

    async def tell_everybody(self) -> None:
        """Follow what the instrument broadcasts, for ever."""
        while True:
            heed_cancellation()
            await until(lambda: self.instrument.broadcast() != self._told)
            await self._device.stop_advertising()
            await self._advertise()

    def tend(self) -> None:
        """Follow the link loss fault, and hand over what the instrument says unasked."""
        lost = Fault.LINK_LOSS in self.instrument.faults
        if lost and self._controller in self._air.controllers:
            self._air.leave(self._controller)
        elif not lost and self._controller not in self._air.controllers:
            self._air.add_controller(self._controller)
        self._say()

    def drop_link(self) -> None:
        """Lose the present link once, reason 0x08."""
        self._controller.lose_links()

    async def speak(self) -> None:
        """Send frames as notifications, in order, for ever."""
        while True:
            due, frame = await self._frames.get()
            connection, speaker = self._connection, self._speaker_of(frame)
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            if connection is None or speaker is None:
                continue
            longest = connection.att_mtu - NOTIFICATION_OVERHEAD
            split = Fault.SPLIT in self.instrument.faults
            chance = self.instrument.chance if split else None
            for number, piece in enumerate(slices(frame, longest, chance)):
                if number and not split:
                    await asyncio.sleep(SECONDS_BETWEEN_PIECES)
                if connection is self._connection:
                    await self._tell(connection, speaker, piece)

    def _speaker_of(self, frame: bytes) -> gatt.Characteristic[bytes] | None:
        if isinstance(frame, Said):
            return self._speakers.get(frame.uuid)
        return next(iter(self._speakers.values()), None)

    async def _tell(
        self, connection: Connection, speaker: gatt.Characteristic[bytes], piece: bytes
    ) -> None:
        if speaker.properties & _Properties.INDICATE:
            await self._indicate(connection, speaker, piece)
        else:
            await self._device.notify_subscriber(connection, speaker, piece)

    async def _indicate(
        self, connection: Connection, speaker: gatt.Characteristic[bytes], piece: bytes
    ) -> None:
        """Wait for the confirmation: until the link ends, or until bumble has no patience left."""
        indicating = self._device.indicate_subscriber(connection, speaker, piece)
        self._indicating = asyncio.ensure_future(indicating)
        try:
            await asyncio.wait({self._indicating})
            with contextlib.suppress(TimeoutError, asyncio.CancelledError):
                self._indicating.result()
        finally:
            self._indicating.cancel()

    # --- the link ------------------------------------------------------------

    def _connected(self, connection: Connection) -> None:
        self._connection = connection
        connection.on("disconnection", self._disconnected)

    def _disconnected(self, _reason: int) -> None:
        self._connection = None
        if self._indicating is not None:
            # Nobody will confirm it any more.
            self._indicating.cancel()
        self.instrument.disconnected()
        while not self._frames.empty():
            self._frames.get_nowait()

    def _say(self) -> None:
        instrument = self.instrument
        due = asyncio.get_running_loop().time() + delay(instrument.faults)
        for frame in instrument.take_outgoing():
            self._frames.put_nowait((due, frame))
            if Fault.DUPLICATE in instrument.faults:
                self._frames.put_nowait((due, frame))

    # --- the attributes ------------------------------------------------------

    def _service(self, service: GattService) -> gatt.Service:
        characteristics = [self._characteristic(each) for each in service.characteristics]
        return gatt.Service(_uuid(service.uuid), characteristics)

    def _characteristic(self, wanted: GattCharacteristic) -> gatt.Characteristic[bytes]:
        properties = _Properties(0)
        permissions = att.Attribute.Permissions(0)
        if wanted.read:
            properties |= _Properties.READ
            permissions |= att.Attribute.Permissions.READABLE
        if wanted.write:
            properties |= _Properties.WRITE
            permissions |= att.Attribute.Permissions.WRITEABLE
        if wanted.notify:
            properties |= _Properties.NOTIFY
        if wanted.indicate:
            properties |= _Properties.INDICATE
        value = att.AttributeValue[bytes](
            read=self._reader(wanted.read) if wanted.read else None,
            write=self._writer(wanted.write) if wanted.write else None,
        )
        characteristic = gatt.Characteristic[bytes](
            _uuid(wanted.uuid), properties, permissions, value
        )
        if wanted.notify or wanted.indicate:
            self._speakers[wanted.uuid] = characteristic
        return characteristic

    def _reader(self, read: Callable[[], bytes]) -> Callable[[Connection], Awaitable[bytes]]:
        async def answer(connection: Connection) -> bytes:
            await until(
                lambda: (
                    Fault.SILENCE not in self.instrument.faults
                    or connection is not self._connection
                )
            )
            return read()

        return answer

    def _writer(
        self, write: Callable[[bytes], None]
    ) -> Callable[[Connection, bytes], Awaitable[None]]:
        async def take(_connection: Connection, piece: bytes) -> None:
            try:
                write(piece)
            except WriteRefusedError as error:
                raise att.ATT_Error(att.ErrorCode(error.code)) from error
            self._say()

        return take
