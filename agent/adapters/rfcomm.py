"""Instruments over Bluetooth Classic, Serial Port Profile: bonded by the operating system, reached by a socket.

On Windows the operating system gives a bonded device a COM port instead: name that port as a serial line.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from agent.adapters.bonding import Bonded, BondingError, bonded_devices
from agent.adapters.places import hanging, rest
from agent.ports import LinkLostError, Sighting
from contract.words import Words
from drivers.catalog import Catalogue
from drivers.kit.description import Conversation, Instrument, RfcommLink
from drivers.kit.link import Failed, LinkEvent, Received, Request, Send

log = structlog.get_logger()

LOOK_EVERY = 10.0
CONNECT_WITHIN = 15.0
AT_ONCE = 4096

Connect = Callable[[str, int], Awaitable[socket.socket]]
"""From address and channel to a connected socket that does not block; raises OSError."""


async def connect(address: str, channel: int) -> socket.socket:
    """Return a socket to a bonded device; raises OSError."""
    family = getattr(socket, "AF_BLUETOOTH", None)
    if family is None:
        raise OSError("this Python was built without Bluetooth sockets; Debian's python3 has them")
    made = socket.socket(family, socket.SOCK_STREAM, socket.BTPROTO_RFCOMM)
    made.setblocking(False)  # noqa: FBT003 - the standard library has it so
    try:
        async with asyncio.timeout(CONNECT_WITHIN):
            await asyncio.get_running_loop().sock_connect(made, (address, channel))
    except TimeoutError as error:
        made.close()
        raise OSError("it does not answer") from error
    except OSError:
        made.close()
        raise
    return made


@dataclass(frozen=True, slots=True)
class World:
    """The operating system's side: who is bonded, and how to reach one."""

    bonded: Callable[[], Awaitable[list[Bonded]]] = bonded_devices
    connect: Connect = connect


@dataclass(frozen=True, slots=True)
class BondedPlace:
    """A bonded device, and what a person says it is; whether it is near shows when it is spoken with."""

    instrument: Instrument
    link: RfcommLink
    address: str
    connect: Connect = connect

    def is_there(self) -> bool:
        return True

    def sighting(self) -> Sighting:
        """Return the instrument as it shows itself."""
        connecting = _connecting(self.address, self.link.channel, self.connect)
        return hanging(self.instrument, self.link, self.address, connecting)


class RfcommWatcher:
    """A Watcher of bonded devices: each one that a driver knows by name is shown, near or not."""

    def __init__(self, catalogue: Catalogue, world: World | None = None) -> None:
        self._instruments = tuple(catalogue.values())
        self._world = world or World()
        self._again = asyncio.Event()
        self.trouble: str | None = None
        """Why the bonded devices are not known; None while they are."""

    def rescan(self) -> None:
        self._again.set()

    async def watch(self, seen: Callable[[Sighting], None]) -> None:
        while True:
            for device in await self._bonded():
                for sighting in self._sightings(device):
                    seen(sighting)
            await rest(self._again, LOOK_EVERY)

    async def _bonded(self) -> list[Bonded]:
        try:
            found = await self._world.bonded()
        except BondingError as error:
            if self.trouble != str(error):
                log.warning("bonded devices not known", reason=str(error))
            self.trouble = str(error)
            return []
        self.trouble = None
        return found

    def _sightings(self, device: Bonded) -> list[Sighting]:
        found: list[Sighting] = []
        for instrument in self._instruments:
            for link in instrument.links:
                identity = link.identify(device.name) if isinstance(link, RfcommLink) else None
                if isinstance(link, RfcommLink) and identity is not None:
                    found.append(
                        Sighting(
                            instrument=instrument,
                            identity=replace(identity, address=device.address),
                            medium=link.medium,
                            rssi=None,
                            connect=_connecting(device.address, link.channel, self._world.connect),
                            converse=_conversing(link),
                            parting=link.parting,
                        )
                    )
        return found


def _connecting(address: str, channel: int, connect: Connect) -> Callable[[], "RfcommStream"]:
    return lambda: RfcommStream(address, channel, connect)


def _conversing(link: RfcommLink) -> Callable[[bytes | None], Conversation]:
    return lambda _: link.converse()


class RfcommStream:
    """A Link over one RFCOMM socket."""

    def __init__(self, address: str, channel: int, connect: Connect) -> None:
        self._address = address
        self._channel = channel
        self._connect = connect
        self._socket: socket.socket | None = None
        self._reading: asyncio.Task[None] | None = None

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        try:
            self._socket = await self._connect(self._address, self._channel)
        except OSError as error:
            reason = error.strerror or str(error)
            raise LinkLostError(Words("cannot connect: {error}", error=reason)) from error
        self._reading = asyncio.create_task(self._read(self._socket, deliver, lost))

    async def _read(
        self,
        stream: socket.socket,
        deliver: Callable[[LinkEvent], None],
        lost: Callable[[str], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            while data := await loop.sock_recv(stream, AT_ONCE):
                deliver(Received(data))
        self._socket = None
        stream.close()
        lost("the link was lost")

    async def carry_out(self, request: Request) -> LinkEvent | None:
        if self._socket is None:
            raise LinkLostError("the link was lost")
        if not isinstance(request, Send):
            return Failed(request, "not possible over a byte stream")
        try:
            await asyncio.get_running_loop().sock_sendall(self._socket, request.data)
        except OSError as error:
            raise LinkLostError("the link was lost") from error
        return None

    async def close(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.cancel()
            await asyncio.wait([reading])
        if self._socket is not None:
            self._socket.close()
            self._socket = None
