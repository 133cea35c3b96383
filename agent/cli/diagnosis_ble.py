"""Look at the Bluetooth radio."""

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass

from agent.adapters.ble import BleWatcher
from agent.adapters.bonding import Bonded, BondingError, bonded_devices, connected_devices
from agent.adapters.gatt import Backend, BackendError
from agent.cli import output
from agent.cli.diagnosis import Finding
from agent.cli.diagnosis_talk import listened
from agent.ports import LinkLostError, Sighting
from contract.words import counted
from drivers.catalog import Catalogue
from drivers.kit.description import BleLink, BroadcastLink, Instrument, RfcommLink


@dataclass(frozen=True, slots=True)
class Asked:
    """The kind of instrument that should answer, None for any, and what opens its words."""

    instrument: Instrument | None = None
    key: bytes | None = None


ANY = Asked()


async def findings(
    catalogue: Catalogue, backend: str | None, seconds: float, asked: Asked = ANY
) -> list[Finding]:
    """Look at the radio, at who is heard, and at who is bonded; speak with the instruments of a kind."""
    try:
        watcher = BleWatcher(catalogue, Backend(backend))
    except BackendError as error:
        output.misused(f"--ble-backend: {error}")
    heard: dict[str, Sighting] = {}
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await watcher.watch(lambda each: heard.update({each.identity.id: each}))
    found = [_radio(watcher)]
    if watcher.trouble is None:
        found += _heard(list(heard.values()), seconds)
        found += await _of_kind(list(heard.values()), watcher, seconds, asked)
    slug = None if asked.instrument is None else asked.instrument.slug
    return [*found, *await _connections(), *await _classic(catalogue, slug)]


async def _of_kind(
    heard: list[Sighting], watcher: BleWatcher, seconds: float, asked: Asked
) -> list[Finding]:
    """Speak with each instrument of the kind that is asked for, and say so when there is none."""
    wanted = asked.instrument
    if wanted is None:
        return []
    if not any(isinstance(each, BleLink | BroadcastLink) for each in wanted.links):
        if any(isinstance(each, RfcommLink) for each in wanted.links):
            return []
        media = ", ".join(dict.fromkeys(each.medium for each in wanted.links)) or "nothing known"
        return [
            Finding(
                about=wanted.slug,
                good=False,
                found=f"does not speak over Bluetooth, but over {media}",
                remedy="see `releve doctor serial`" if wanted.links else None,
            )
        ]
    of_kind = [each for each in heard if each.instrument.slug == wanted.slug]
    if heard and not of_kind:
        return [Finding(about=wanted.slug, good=False, found="not heard", remedy=SHOW_ITSELF)]
    return [await _spoken_with(each, watcher, seconds, asked.key) for each in of_kind]


def _radio(watcher: BleWatcher) -> Finding:
    if watcher.trouble is None:
        return Finding(about="Bluetooth Low Energy", good=True, found="the radio scans")
    problem, _, remedy = watcher.trouble.partition(": ")
    return Finding(about="Bluetooth Low Energy", good=False, found=problem, remedy=remedy or None)


def _heard(sightings: list[Sighting], seconds: float) -> list[Finding]:
    if not sightings:
        return [
            Finding(
                about="instruments",
                good=False,
                found=f"none that is known showed itself in {seconds:g} s",
                remedy=SHOW_ITSELF,
            )
        ]
    return [
        Finding(
            about=each.identity.id,
            good=each.rssi is None or each.rssi > FAINT,
            found=f"{each.identity.model} is heard"
            + (f" at {each.rssi} dBm" if each.rssi else ""),
            remedy=None if each.rssi is None or each.rssi > FAINT else "bring it nearer",
        )
        for each in sightings
    ]


async def _spoken_with(
    sighting: Sighting, watcher: BleWatcher, seconds: float, key: bytes | None
) -> Finding:
    about = sighting.identity.id
    talk = listened(sighting.connect(), sighting.converse(key), seconds, sighting.parting)
    # What only advertises is heard by the scanner, which otherwise rests while a connection is made.
    scans = sighting.medium == BroadcastLink.medium
    scanning = asyncio.ensure_future(watcher.watch(lambda _: None)) if scans else None
    try:
        heard = await talk
    except LinkLostError as error:
        problem, _, remedy = str(error).rpartition(": ")
        return Finding(about=about, good=False, found=problem or str(error), remedy=remedy or None)
    finally:
        if scanning is not None:
            scanning.cancel()
            await asyncio.wait([scanning])
    if heard.fault is not None:
        problem, _, remedy = heard.fault.partition(": ")
        return Finding(about=about, good=False, found=problem, remedy=remedy or None)
    if heard.used:
        return Finding(about=about, good=True, found="it answers")
    return Finding(
        about=about,
        good=False,
        found="it is connected, and says nothing" + (f": {heard.failed}" if heard.failed else ""),
        remedy="switch it off and on; end the app on the phone that may hold it",
    )


SHOW_ITSELF = (
    "switch it on, bring it near, and end the app on the phone that holds it: "
    "while one is connected, it does not show itself to others"
)
FAINT = -90
"""dBm; below it connections come and go."""


async def _connections() -> list[Finding]:
    """Name who holds a connection: a radio has few, and one more than that is refused without a reason."""
    try:
        connected = await connected_devices()
    except BondingError:
        return []
    if not connected:
        return []
    names = ", ".join(f"{each.name} ({each.address})" for each in connected)
    return [
        Finding(
            about="connections",
            good=True,
            found=f"{counted(len(connected), 'device')}: {names}",
            remedy="if another is refused, the radio may hold no more: disconnect one that is not needed",
        )
    ]


async def _classic(catalogue: Catalogue, slug: str | None) -> list[Finding]:
    """Look at Bluetooth Classic; what is missing is a fault only for who asked for an instrument that needs it."""
    links = {
        each.slug: link
        for each in catalogue.values()
        for link in each.links
        if isinstance(link, RfcommLink)
    }
    needed = slug in links
    for_classic = "" if needed else "only instruments on it need more: "
    found: list[Finding] = []
    if not hasattr(socket, "AF_BLUETOOTH"):
        found.append(
            Finding(
                about="Bluetooth Classic",
                good=not needed,
                found=for_classic + "this Python was built without Bluetooth sockets",
                remedy="for instruments on Bluetooth Classic use the operating system's own Python; on Windows name "
                "the COM port instead",
            )
        )
    try:
        bonded = await bonded_devices()
    except BondingError as error:
        return [
            *found,
            Finding(about="bonded devices", good=not needed, found=for_classic + str(error)),
        ]
    ours = [each for each in bonded if any(link.identify(each.name) for link in links.values())]
    return [*found, _bonded(bonded, ours, needed=needed)]


def _bonded(bonded: list[Bonded], ours: list[Bonded], *, needed: bool) -> Finding:
    names = ", ".join(f"{each.name} ({each.address})" for each in ours or bonded)
    if ours:
        return Finding(about="bonded devices", good=True, found=names)
    return Finding(
        about="bonded devices",
        good=bool(bonded) or not needed,
        found=f"{names}: none is known by its name" if bonded else "none",
        remedy="an instrument on Bluetooth Classic is bonded once: bluetoothctl, then scan on, pair ADDRESS, trust "
        "ADDRESS; one that was bonded with another computer, or reset, is removed and bonded afresh. Then name its "
        "address where a serial line would be named",
    )
