"""Instruments over USB, bulk transfers, through pyusb: `pip install 'releve[usb]'`."""

import asyncio
import contextlib
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

from agent.adapters.places import hanging, rest
from agent.ports import LinkLostError, Sighting
from contract.words import Words
from drivers.catalog import Catalogue
from drivers.kit.description import Instrument, UsbLink
from drivers.kit.link import Failed, LinkEvent, Received, Request, Send

LOOK_EVERY = 2.0
AT_ONCE = 16_384
WAIT_MS = 200
WRITE_WITHIN_MS = 2000


class UsbError(Exception):
    """The USB of this computer cannot be used; the message says why and what helps."""


class Device(Protocol):
    """What we need of a device of pyusb; every method may raise OSError, a timeout among them."""

    bus: int
    address: int
    idVendor: int  # noqa: N815 - pyusb's own name
    idProduct: int  # noqa: N815 - pyusb's own name

    def set_configuration(self) -> None: ...
    def write(self, endpoint: int, data: bytes, timeout: int) -> int: ...
    def read(self, size_or_endpoint: int, size: int, timeout: int) -> Any: ...


Find = Callable[[], list[Device]]
"""Every device there is; raises UsbError."""


def devices() -> list[Device]:
    """Return what hangs on the USB of this computer; raises UsbError."""
    try:
        core, package = import_module("usb.core"), import_module("libusb_package")
    except ImportError as error:
        raise UsbError("USB instruments need more: pip install 'releve[usb]'") from error
    backend: Any = package.get_libusb1_backend()
    if backend is None:
        raise UsbError("libusb does not start: no USB of this computer is open to this user")
    try:
        return list(core.find(find_all=True, backend=backend))
    except OSError as error:
        raise UsbError(f"USB cannot be looked at: {error}") from error


def _release(device: Device) -> None:
    import_module("usb.util").dispose_resources(device)


def _timed_out(error: OSError) -> bool:
    return type(error).__name__ == "USBTimeoutError"


class UsbWatcher:
    """A Watcher of the USB: devices whose vendor and product a driver knows."""

    def __init__(self, catalogue: Catalogue, find: Find = devices) -> None:
        self._links = [
            (each, link)
            for each in catalogue.values()
            for link in each.links
            if isinstance(link, UsbLink)
        ]
        self._find = find
        self._again = asyncio.Event()
        self.trouble: str | None = None
        """Why nothing can be seen; None while it can."""

    def rescan(self) -> None:
        self._again.set()

    async def watch(self, seen: Callable[[Sighting], None]) -> None:
        while True:
            for device in await self._devices():
                for instrument, link in self._links:
                    if device.idVendor == link.vendor and device.idProduct in link.products:
                        seen(_sighting(instrument, link, device))
            await rest(self._again, LOOK_EVERY)

    async def _devices(self) -> list[Device]:
        try:
            found = await asyncio.to_thread(self._find)
        except UsbError as error:
            self.trouble = str(error)
            return []
        self.trouble = None
        return found


def _sighting(instrument: Instrument, link: UsbLink, device: Device) -> Sighting:
    address = f"usb-{device.bus}-{device.address}"
    return hanging(instrument, link, address, lambda: UsbBulk(device, link))


class UsbBulk:
    """A Link over a pair of bulk endpoints; what blocks is done in threads."""

    def __init__(self, device: Device, link: UsbLink) -> None:
        self._device = device
        self._link = link
        self._reading: asyncio.Task[None] | None = None
        self._live = False

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        try:
            await asyncio.to_thread(self._device.set_configuration)
        except OSError as error:
            raise LinkLostError(Words("cannot connect: {error}", error=str(error))) from error
        self._live = True
        self._reading = asyncio.create_task(self._read(deliver, lost))

    async def _read(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        while self._live:
            try:
                data = await asyncio.to_thread(
                    self._device.read, self._link.endpoint_in, AT_ONCE, WAIT_MS
                )
            except OSError as error:
                if _timed_out(error):
                    continue
                self._live = False
                lost("the link was lost")
                return
            deliver(Received(bytes(data)))

    async def carry_out(self, request: Request) -> LinkEvent | None:
        if not self._live:
            raise LinkLostError("the link was lost")
        if not isinstance(request, Send):
            return Failed(request, "not possible over USB")
        try:
            await asyncio.to_thread(
                self._device.write, self._link.endpoint_out, request.data, WRITE_WITHIN_MS
            )
        except OSError as error:
            raise LinkLostError("the link was lost") from error
        return None

    async def close(self) -> None:
        reading, self._reading = self._reading, None
        self._live = False
        if reading is not None:
            # It ends with the read under way: a device is not let go of while a thread waits for it.
            await asyncio.wait([reading])
            with contextlib.suppress(OSError):
                await asyncio.to_thread(_release, self._device)
