"""What a Smart Probe is, and how to recognise one."""

import re
from collections.abc import Iterator

from contract.instrument import Grade, InstrumentClass, InstrumentIdentity
from contract.quantity import Quantity
from drivers.kit.description import BleLink, Instrument
from drivers.kit.dialogue import Act, FrameRejected, InstrumentEvent
from drivers.kit.link import AdvertisementSeen
from drivers.probe.testo_smart_probe.dialogue import SmartProbeDialogue
from drivers.probe.testo_smart_probe.frame import SmartProbeFraming
from drivers.probe.testo_smart_probe.values import BATTERY_FIELD, VALUES, interpret

SLUG = "testo-smart-probe"

# The service UUID fff0 is shared with thermometers and heaters: only the name tells a probe, and the first check value.
_LOCAL_NAME = re.compile(r"(T\d{3}i)(?: SN:(\d{1,16}))?", re.ASCII)


def identify(seen: AdvertisementSeen) -> InstrumentIdentity | None:
    """Return who advertises, by the local name: it holds the serial, where Device Information may hold a filler."""
    match = _LOCAL_NAME.fullmatch(seen.local_name)
    if match is None:
        return None
    return InstrumentIdentity(slug=SLUG, vendor="testo", model=match[1], serial=match[2])


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Read recorded notifications."""
    framing, buffer = SmartProbeFraming(), bytearray(data)
    while (frame := framing.take(buffer)) is not None:
        yield from interpret(frame)
    left = framing.rest(bytes(buffer))
    if left is not None:
        yield FrameRejected(left.reason, left.raw)


TESTO_SMART_PROBE = Instrument(
    slug=SLUG,
    vendor="testo",
    model="Smart Probes (T115i, T405i, T549i, T805i)",
    kind=InstrumentClass.PROBE,
    grade=Grade.RECORDING,
    quantities=frozenset({field.quantity for field in VALUES.values()} | {BATTERY_FIELD.quantity}),
    links=(BleLink(identify=identify, converse=SmartProbeDialogue),),
    decode=decode,
    acts=frozenset({Act.ZERO}),
    zeroed=frozenset({Quantity.DIFFERENTIAL_PRESSURE}),
)
