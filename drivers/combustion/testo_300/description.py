"""What a testo 300 is, and how to recognise one."""

import re
from collections.abc import Iterator

from contract.instrument import Grade, InstrumentClass, InstrumentIdentity
from drivers.combustion import tjf
from drivers.combustion.testo_300.dialogue import GattDialogue, HttpDialogue
from drivers.kit.description import BleLink, Instrument, LanLink, LanSighting
from drivers.kit.dialogue import Act, InstrumentEvent
from drivers.kit.errors import FrameError
from drivers.kit.json_document import load, text
from drivers.kit.link import AdvertisementSeen
from drivers.kit.talk import rejecting

SLUG = "testo-300"
ANNOUNCED_ON = 53955
HTTP_PORT = 54000
"""Tried after the announced port: the vendor's page and its demonstration disagree on which one answers."""

_LOCAL_NAME = re.compile(r"testo 300 (\S{1,32})", re.ASCII)
_PORT = re.compile(r"[1-9]\d{0,4}", re.ASCII)
_SERIAL = re.compile(r"[0-9A-Za-z-]{1,32}", re.ASCII)


def _identity(serial: str, firmware: str | None = None) -> InstrumentIdentity:
    return InstrumentIdentity(
        slug=SLUG, vendor="testo", model="300", serial=serial, firmware=firmware
    )


def identify(seen: AdvertisementSeen) -> InstrumentIdentity | None:
    """Return who advertises, by the local name."""
    match = _LOCAL_NAME.fullmatch(seen.local_name)
    return None if match is None else _identity(match[1])


def identify_datagram(data: bytes, source: str) -> LanSighting | None:
    """Return who announced itself; an empty address stands for where the datagram came from."""
    try:
        stated = load(data)
    except FrameError:
        return None
    serial = text(stated, "SerialNumber") or text(stated, "Serial") or ""
    if stated.get("DeviceId") != "300" or not _SERIAL.fullmatch(serial):
        return None
    port = text(stated, "HttpServerPort") or ""
    announced = int(port) if _PORT.fullmatch(port) else 0
    ports = (announced, HTTP_PORT) if 0 < announced < 65536 else (HTTP_PORT,)
    return LanSighting(
        identity=_identity(serial, text(stated, "FirmwareVersion")),
        host=text(stated, "HttpServerIPv4") or source,
        ports=tuple(dict.fromkeys(ports)),
    )


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Read a recorded document."""
    return rejecting(tjf.parse(data))


TESTO_300 = Instrument(
    slug=SLUG,
    vendor="testo",
    model="300",
    kind=InstrumentClass.COMBUSTION_ANALYSER,
    grade=Grade.MANUAL,
    quantities=frozenset(quantity for quantity, _ in tjf.CHANNELS.values()),
    links=(
        BleLink(identify=identify, converse=GattDialogue),
        LanLink(port=ANNOUNCED_ON, identify=identify_datagram, converse=HttpDialogue),
    ),
    decode=decode,
    acts=frozenset({Act.TOGGLE_MEASUREMENT}),
)
