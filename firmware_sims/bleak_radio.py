"""The one radio of a process behind our bleak backend: opened late, shared, reopened when lost."""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Callable, Generator, Hashable
from typing import Any, cast
from weakref import WeakKeyDictionary

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDeviceNotFoundError,
    BleakError,
)
from bumble import hci
from bumble.core import BaseBumbleError
from bumble.core import TimeoutError as BumbleTimeoutError
from bumble.device import Advertisement, Connection, Device
from bumble.host import Host
from bumble.transport import open_transport
from bumble.transport.common import Transport, TransportSpecError

from firmware_sims.bumble_types import Answering, Connecting
from firmware_sims.cancelling import heed_cancellation

HCI_VARIABLE = "RELEVE_SIM_HCI"
"""Names the HCI transport, as `tcp-client:127.0.0.1:9001`."""

OPENING_SECONDS = 5.0
GRACE_SECONDS = 2.0
"""How long a controller may take to give up a connection attempt, or to close."""
FIRST = asyncio.FIRST_COMPLETED


def unavailable(why: str) -> BleakBluetoothNotAvailableError:
    """Return bleak's error for a radio that cannot be used; the text says what is wrong."""
    return BleakBluetoothNotAvailableError(why, BleakBluetoothNotAvailableReason.UNKNOWN)


@contextlib.contextmanager
def bleak_errors() -> Generator[None]:
    """Say in bleak's words what bumble raises."""
    try:
        yield
    except BaseBumbleError as error:
        raise BleakError(str(error)) from error


class _Host(Host):
    """A host that tells its links of a lost transport even if nobody awaits an answer."""

    def on_transport_lost(self) -> None:
        host = cast("Answering", self)
        if host.pending_response is not None and host.pending_response.done():
            host.pending_response = None
        super().on_transport_lost()  # type: ignore[no-untyped-call]  # bumble leaves it untyped


async def _close(transport: Transport) -> None:
    await transport.close()
    await asyncio.wait({transport.source.terminated}, timeout=GRACE_SECONDS)


class Radio:
    """A bumble device shared by scanners and clients; open while somebody uses it."""

    def __init__(self) -> None:
        self._users: set[Hashable] = set()
        self._opening = asyncio.Lock()
        self._connecting = asyncio.Lock()
        self._transport: Transport | None = None
        self._device: Device | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._scans: dict[Hashable, tuple[Callable[[Advertisement], None], bool]] = {}

    # --- use -----------------------------------------------------------------

    async def use(self, user: Hashable) -> Device:
        """Open the radio if need be, and keep it open until `user` leaves."""
        async with self._opening:
            device = self._device or await self._open()
            self._users.add(user)
            return device

    async def leave(self, user: Hashable) -> None:
        """Close the radio when its last user leaves, and wait until it is closed."""
        self.release(user)
        while self._closing:
            await asyncio.wait(set(self._closing))

    def release(self, user: Hashable) -> None:
        """Leave without waiting."""
        self._users.discard(user)
        if not self._users:
            self.abandon()

    def abandon(self) -> None:
        """Close the radio, whoever uses it; the next use opens it again."""
        if (transport := self._forget()) is not None:
            task = asyncio.get_running_loop().create_task(_close(transport))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _open(self) -> Device:
        name = os.environ.get(HCI_VARIABLE, "")
        if not name:
            raise unavailable(f"{HCI_VARIABLE} does not name an HCI transport")
        transport: Transport | None = None
        try:
            async with asyncio.timeout(OPENING_SECONDS):
                transport = await open_transport(name)
                address = hci.Address.generate_static_address()
                host = _Host(transport.source, transport.sink)
                device = Device(name="releve", address=address, host=host)
                await device.power_on()
        except (OSError, TimeoutError, TransportSpecError, BaseBumbleError) as error:
            if transport is not None:
                await transport.close()
            raise unavailable(f"{name} does not answer as an HCI transport: {error}") from error
        self._transport, self._device = transport, device
        device.on("flush", lambda: self._lost(device))
        device.on("advertisement", self._heard)
        return device

    def _lost(self, device: Device) -> None:
        if device is self._device:
            self._forget()

    def _forget(self) -> Transport | None:
        transport, self._transport, self._device = self._transport, None, None
        self._users.clear()
        self._scans.clear()
        return transport

    # --- scanning ------------------------------------------------------------

    async def scan(
        self, user: Hashable, heard: Callable[[Advertisement], None], *, active: bool
    ) -> None:
        """Report advertisements to `heard` until `user` stops scanning."""
        device = await self.use(user)
        already = bool(self._scans)
        was_active = any(scan[1] for scan in self._scans.values())
        self._scans[user] = (heard, active)
        if not already or (active and not was_active):
            try:
                with bleak_errors():
                    await device.start_scanning(active=active, filter_duplicates=False)
                heed_cancellation()
            except BaseException:
                await self.stop_scan(user)
                raise

    async def stop_scan(self, user: Hashable) -> None:
        """Stop reporting; do nothing if the radio was lost meanwhile."""
        mine = self._scans.pop(user, None)
        if mine and not self._scans and self._device is not None:
            with bleak_errors():
                await self._device.stop_scanning()
        await self.leave(user)

    def _heard(self, advertisement: Advertisement) -> None:
        for heard, _ in tuple(self._scans.values()):
            heard(advertisement)

    # --- connecting ----------------------------------------------------------

    async def connect(self, user: Hashable, address: str, seconds: float) -> Connection:
        """Connect within `seconds`, one at a time; raise bleak's errors."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        device = await self.use(user)
        try:
            async with self._turn(seconds):
                left = max(deadline - loop.time(), 0.01)
                return await self._connect(device, hci.Address(address), left)
        except BaseException:
            await self.leave(user)
            raise

    @contextlib.asynccontextmanager
    async def _turn(self, seconds: float) -> AsyncGenerator[None]:
        try:
            async with asyncio.timeout(seconds):
                await self._connecting.acquire()
        except TimeoutError:
            msg = "the radio was busy connecting to another device"
            raise BleakError(msg) from None
        try:
            yield
        finally:
            self._connecting.release()

    async def _connect(self, device: Device, address: hci.Address, seconds: float) -> Connection:
        text = address.to_string(with_type_qualifier=False)
        transport = self._transport
        if transport is None or device is not self._device:
            raise unavailable("the radio was lost")
        if device.find_connection_by_bd_addr(address) is not None:
            msg = f"{text} is already connected by this process"
            raise BleakError(msg)
        attempt = asyncio.ensure_future(device.connect(address, timeout=seconds))
        ends: set[asyncio.Future[Any]] = {attempt, transport.source.terminated}
        try:
            await asyncio.wait(ends, timeout=seconds + GRACE_SECONDS, return_when=FIRST)
        except asyncio.CancelledError:
            await self._give_up(device, attempt)
            raise
        if not attempt.done():
            attempt.cancel()
            await asyncio.wait({attempt})
            self.abandon()
            raise unavailable("the radio was lost")
        try:
            return attempt.result()
        except BumbleTimeoutError as error:
            raise BleakDeviceNotFoundError(text, f"{text} was not found") from error
        except BaseBumbleError as error:
            msg = f"{text} could not be connected: {error}"
            raise BleakError(msg) from error

    async def _give_up(self, device: Device, attempt: asyncio.Future[Connection]) -> None:
        """End an attempt in good order: a forgotten one would block the controller."""
        with contextlib.suppress(TimeoutError, BaseBumbleError):
            async with asyncio.timeout(GRACE_SECONDS):
                if not attempt.done():
                    await cast("Connecting", device).cancel_connection()
                connection = await asyncio.shield(attempt)
                await connection.disconnect()
        attempt.cancel()


_radios: WeakKeyDictionary[asyncio.AbstractEventLoop, Radio] = WeakKeyDictionary()


def radio() -> Radio:
    """Return the radio of the running event loop."""
    loop = asyncio.get_running_loop()
    for other in [each for each in _radios if each.is_closed()]:
        del _radios[other]
    if loop not in _radios:
        _radios[loop] = Radio()
    return _radios[loop]
