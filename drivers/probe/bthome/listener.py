"""From advertisements to what they say: opened, in order, and each once. Protocol page, §2 and §4."""

import re
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from contract.words import Words
from drivers.kit.dialogue import FaultStated, InstrumentEvent, ReadingsReceived, Unmapped
from drivers.kit.errors import FrameError
from drivers.kit.link import AdvertisementSeen
from drivers.kit.uuid import whole
from drivers.probe.bthome.objects import read

SERVICE = whole("fcd2")
KEY_SIZE = 16

_UUID_ON_AIR = b"\xd2\xfc"
_ENCRYPTED, _MAC_INCLUDED = 0x01, 0x02
_VERSION = 2
_MAC, _COUNTER, _TAG = 6, 4, 4

_ADDRESS = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}")


class Listener:
    """Reads the advertisements of one sensor, with its key if it encrypts them."""

    def __init__(self, key: bytes | None) -> None:
        fits = key is not None and len(key) == KEY_SIZE
        self._cipher = AESCCM(key, tag_length=_TAG) if key is not None and fits else None
        self._counter = -1
        self._packet_id: int | None = None
        self._refused = False
        """That it cannot be opened was said already."""

    def hear(self, seen: AdvertisementSeen) -> Iterator[InstrumentEvent]:
        """Yield what an advertisement says; raises FrameError."""
        data = seen.service_data.get(SERVICE)
        if data is None:
            return
        if not data:
            raise FrameError("empty service data")
        info = data[0]
        if info >> 5 != _VERSION:
            raise FrameError(f"version {info >> 5} is not {_VERSION}", data)
        mac, body = _sender(info, data[1:], seen.address)
        if not info & _ENCRYPTED:
            if self._cipher is not None:
                raise FrameError("not encrypted, though its key is known: anybody can send this")
            yield from self._objects(body)
        elif self._cipher is None:
            yield from self._cannot(
                Words(
                    "its advertisements are encrypted: give its key, when it is paired or with --bind-key"
                )
            )
        elif mac is None:
            yield from self._cannot(
                Words("this computer does not tell its address, and without it cannot decrypt")
            )
        else:
            yield from self._encrypted(self._cipher, mac, info, body)

    def _cannot(self, reason: Words) -> Iterator[InstrumentEvent]:
        """Say once why nothing is read: each advertisement comes many times a second."""
        if not self._refused:
            self._refused = True
            yield FaultStated(reason)

    def _encrypted(
        self, cipher: AESCCM, mac: bytes, info: int, body: bytes
    ) -> Iterator[InstrumentEvent]:
        if len(body) < _COUNTER + _TAG:
            raise FrameError(f"{len(body)} bytes hold no counter and no check value", body)
        sealed, counter, tag = body[:-8], body[-8:-4], body[-4:]
        count = int.from_bytes(counter, "little")
        if count == self._counter:  # each is advertised several times
            return
        if count < self._counter:
            raise FrameError(f"counter {count} after {self._counter}: old, or sent again", body)
        nonce = mac + _UUID_ON_AIR + bytes([info]) + counter
        try:
            payload = cipher.decrypt(nonce, sealed + tag, None)
        except InvalidTag as error:
            raise FrameError("another key, or damaged", body) from error
        self._counter = count
        yield from self._objects(payload)

    def _objects(self, payload: bytes) -> Iterator[InstrumentEvent]:
        packet = read(payload)
        if packet.id is not None and packet.id == self._packet_id:
            return
        self._packet_id = packet.id
        yield ReadingsReceived(packet.readings)
        yield from map(Unmapped, packet.unmapped)


def _sender(info: int, body: bytes, address: str) -> tuple[bytes | None, bytes]:
    """Return the sensor's MAC and what follows it; None where the system names the sensor in another way."""
    if info & _MAC_INCLUDED:
        if len(body) < _MAC:
            raise FrameError(f"{len(body)} bytes hold no MAC", body)
        return body[:_MAC][::-1], body[_MAC:]
    return (bytes.fromhex(address.replace(":", "")) if _ADDRESS.fullmatch(address) else None), body
