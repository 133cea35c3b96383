"""Instruments that hang where a person says, on a line or at an address: shown while the place is there."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Protocol

import structlog

from agent.ports import Link, Sighting
from contract.instrument import InstrumentIdentity
from drivers.kit.description import Instrument, ModbusLink, RfcommLink, SerialLink, UsbLink

LOOK_EVERY = 2.0


class Place(Protocol):
    """Where one instrument hangs."""

    def is_there(self) -> bool: ...
    def sighting(self) -> Sighting: ...


def hanging(
    instrument: Instrument,
    link: SerialLink | ModbusLink | RfcommLink | UsbLink,
    address: str,
    connect: Callable[[], Link],
) -> Sighting:
    """Return the sighting of an instrument that does not say who it is: only where it hangs is known."""
    identity = InstrumentIdentity(
        slug=instrument.slug, vendor=instrument.vendor, model=instrument.model, address=address
    )
    return Sighting(
        instrument=instrument,
        identity=identity,
        medium=link.medium,
        rssi=None,
        connect=connect,
        converse=lambda _: link.converse(),
        parting=() if isinstance(link, ModbusLink | UsbLink) else link.parting,
        # Bonded devices are looked up more rarely.
        lasts=30.0 if isinstance(link, RfcommLink) else 3 * LOOK_EVERY,
    )


def on_network(port: str) -> tuple[str, int] | None:
    """Return host and port when ``port`` names them, None when it is a serial device."""
    host, _, number = port.rpartition(":")
    return (host, int(number)) if host and number.isdecimal() and "/" not in port else None


async def rest(again: asyncio.Event, seconds: float) -> None:
    """Wait until it is time to look again, or somebody wants it now."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await again.wait()
    again.clear()


log = structlog.get_logger()


class PlaceWatcher:
    """A Watcher of the places named in the settings."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places: Sequence[Place] = tuple(places)
        self._again = asyncio.Event()
        self._absent: set[int] = set()
        """Numbers of the places at which nothing is."""

    def rescan(self) -> None:
        self._again.set()

    def absent(self) -> list[InstrumentIdentity]:
        """Return what should hang somewhere, and nothing is there."""
        return [self._places[each].sighting().identity for each in sorted(self._absent)]

    async def watch(self, seen: Callable[[Sighting], None]) -> None:
        while True:
            for number, place in enumerate(self._places):
                if place.is_there():
                    self._absent.discard(number)
                    seen(place.sighting())
                elif number not in self._absent:
                    self._absent.add(number)
                    identity = place.sighting().identity
                    log.warning("nothing is there", slug=identity.slug, place=identity.address)
            await rest(self._again, LOOK_EVERY)
