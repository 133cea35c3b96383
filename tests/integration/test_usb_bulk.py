"""USB bulk links keep what a Link promises, through the real pyusb, with a device of ours in the place of libusb."""

import asyncio
import contextlib
import errno
import threading
import time
from collections import deque
from types import SimpleNamespace

import pytest
from usb import core
from usb.backend import IBackend

from agent.adapters.usb_bulk import UsbBulk, UsbError, UsbWatcher
from agent.ports import Link, LinkLostError, Sighting
from drivers.catalog import BUILT_IN
from drivers.kit.link import Received, Send
from tests.ports.suites import UNKNOWN, LinkSuite, until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(30)]

[USB_LINK] = BUILT_IN["testo-350"].links


class PluggedDevice(IBackend):
    """A device with the two endpoints of a testo 350, as libusb would show it."""

    def __init__(self, vendor: int = 0x128D, product: int = 0x000E) -> None:
        super().__init__()
        self.there = True
        self.written: list[bytes] = []
        self._said: deque[bytes] = deque()
        self._news = threading.Condition()
        self._ids = vendor, product

    def say(self, data: bytes) -> None:
        with self._news:
            self._said.append(data)
            self._news.notify_all()

    def unplug(self) -> None:
        with self._news:
            self.there = False
            self._news.notify_all()

    def _present(self) -> None:
        if not self.there:
            raise core.USBError("No such device", -4, errno.ENODEV)

    def enumerate_devices(self):
        return iter(["device"] if self.there else [])

    def get_parent(self, _dev):
        return None

    def get_device_descriptor(self, _dev):
        vendor, product = self._ids
        known = {"idVendor": vendor, "idProduct": product, "bNumConfigurations": 1}
        zeros = (
            "bLength bDescriptorType bcdUSB bDeviceClass bDeviceSubClass bDeviceProtocol bMaxPacketSize0 bcdDevice "
            "iManufacturer iProduct iSerialNumber"
        )
        place = {"address": 5, "bus": 1, "port_number": 2, "port_numbers": (2,), "speed": 3}
        return SimpleNamespace(**dict.fromkeys(zeros.split(), 0), **known, **place)

    def get_configuration_descriptor(self, _dev, config):
        if config:
            raise IndexError
        zeros = "bLength bDescriptorType wTotalLength iConfiguration bmAttributes bMaxPower"
        known = {"bNumInterfaces": 1, "bConfigurationValue": 1, "extra_descriptors": []}
        return SimpleNamespace(**dict.fromkeys(zeros.split(), 0), **known)

    def get_interface_descriptor(self, _dev, intf, alt, _config):
        if intf or alt:
            raise IndexError
        zeros = (
            "bLength bDescriptorType bInterfaceNumber bAlternateSetting bInterfaceSubClass bInterfaceProtocol "
            "iInterface"
        )
        known = {"bNumEndpoints": 2, "bInterfaceClass": 255, "extra_descriptors": []}
        return SimpleNamespace(**dict.fromkeys(zeros.split(), 0), **known)

    def get_endpoint_descriptor(self, _dev, ep, _intf, _alt, _config):
        zeros = "bLength bDescriptorType bInterval bRefresh bSynchAddress"
        known = {"bEndpointAddress": (0x02, 0x81)[ep], "bmAttributes": 2, "wMaxPacketSize": 64}
        return SimpleNamespace(**dict.fromkeys(zeros.split(), 0), **known, extra_descriptors=[])

    def open_device(self, dev):
        self._present()
        return dev

    def close_device(self, _handle):
        """Nothing is kept open."""

    def set_configuration(self, _handle, _config):
        self._present()

    def get_configuration(self, _handle):
        return 1

    def claim_interface(self, _handle, _intf):
        self._present()

    def release_interface(self, _handle, _intf):
        self._present()

    def bulk_write(self, _handle, ep, _intf, data, _timeout):
        self._present()
        assert USB_LINK.endpoint_out == ep
        self.written.append(bytes(data))
        return len(data)

    def bulk_read(self, _handle, ep, _intf, buff, timeout):
        assert USB_LINK.endpoint_in == ep
        end = time.monotonic() + timeout / 1000
        with self._news:
            while self.there and not self._said:
                if not self._news.wait(end - time.monotonic()):
                    raise core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            self._present()
            data = self._said.popleft()
        buff[: len(data)] = type(buff)("B", data)
        return len(data)


def found(plugged: PluggedDevice) -> list[core.Device]:
    return list(core.find(find_all=True, backend=plugged))


class UsbSubject:
    request = Send(b"\x22\x01\x00\x00\x00")
    unknown = UNKNOWN
    answer = None
    unasked = Received
    tells_its_end = True

    def __init__(self) -> None:
        self.plugged = PluggedDevice()
        [self._device] = found(self.plugged)

    def link(self) -> Link:
        return UsbBulk(self._device, USB_LINK)

    async def say(self) -> None:
        self.plugged.say(b"\x22\x01\x00\x00\x00\x01")

    async def lose(self) -> None:
        self.plugged.unplug()


class TestUsbBulk(LinkSuite):
    @pytest.fixture
    def subject(self) -> UsbSubject:
        return UsbSubject()


async def seen_by(watcher: UsbWatcher, within: float = 0.3) -> list[Sighting]:
    seen: list[Sighting] = []
    watching = asyncio.ensure_future(watcher.watch(seen.append))
    with contextlib.suppress(TimeoutError):
        await until(lambda: seen, within)
    watching.cancel()
    await asyncio.wait([watching])
    return seen


async def test_a_device_of_a_known_vendor_and_product_is_seen():
    [sighting] = await seen_by(UsbWatcher(BUILT_IN, lambda: found(PluggedDevice())))

    assert ("testo-350", "usb", "usb-1-5") == (
        sighting.instrument.slug,
        sighting.medium,
        sighting.identity.address,
    )


@pytest.mark.parametrize(("vendor", "product"), [(0x128D, 0x0001), (0x000E, 0x128D)])
async def test_other_devices_are_not_seen(vendor, product):
    """The second is the pair of numbers as a public header has them, the wrong way round."""
    assert [] == await seen_by(UsbWatcher(BUILT_IN, lambda: found(PluggedDevice(vendor, product))))


async def test_what_keeps_us_from_looking_is_said():
    def find():
        raise UsbError("libusb cannot be loaded on this system")

    watcher = UsbWatcher(BUILT_IN, find)

    assert [] == await seen_by(watcher)
    assert "libusb cannot be loaded on this system" == watcher.trouble


async def test_each_send_is_a_transfer_of_its_own():
    plugged = PluggedDevice()
    [device] = found(plugged)
    link = UsbBulk(device, USB_LINK)
    await link.open(lambda _: None, lambda _: None)
    for data in (b"\x22\x01\x00\x00\x00", b"\x40"):
        await link.carry_out(Send(data))
    await link.close()

    assert [b"\x22\x01\x00\x00\x00", b"\x40"] == plugged.written


async def test_a_device_that_may_not_be_used_says_so():
    plugged = PluggedDevice()
    [device] = found(plugged)
    plugged.set_configuration = lambda *_: (_ for _ in ()).throw(core.USBError("Access denied"))

    with pytest.raises(LinkLostError, match=r"cannot connect: .*Access denied"):
        await UsbBulk(device, USB_LINK).open(lambda _: None, lambda _: None)
