"""What a BTHome sensor is, and how to recognise one."""

from collections.abc import Iterator

from contract.instrument import ANY_VENDOR, Grade, InstrumentClass, InstrumentIdentity
from drivers.kit.description import BroadcastLink, Instrument
from drivers.kit.dialogue import InstrumentEvent
from drivers.kit.link import AdvertisementSeen
from drivers.kit.listening import AdvertisementListening
from drivers.probe.bthome.listener import KEY_SIZE, SERVICE, Listener
from drivers.probe.bthome.objects import OBJECTS

SLUG = "bthome"
MODEL = "BTHome sensor"


def identify(seen: AdvertisementSeen) -> InstrumentIdentity | None:
    """Return who advertises; nothing there says which one it is, so the identity is weak."""
    if SERVICE not in seen.service_data:
        return None
    return InstrumentIdentity(slug=SLUG, vendor=ANY_VENDOR, model=MODEL)


def converse(key: bytes | None) -> AdvertisementListening:
    """Return a conversation in which nothing is asked."""
    return AdvertisementListening(Listener(key).hear)


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Read the recorded service data of one advertisement."""
    talk = converse(None)
    talk.receive(AdvertisementSeen(service_data={SERVICE: data}), 0.0)
    yield from talk.out.events()


BTHOME = Instrument(
    slug=SLUG,
    vendor=ANY_VENDOR,
    model=MODEL,
    kind=InstrumentClass.PROBE,
    grade=Grade.PUBLISHED_CODE,
    quantities=frozenset(each.field.quantity for each in OBJECTS.values() if each.field),
    links=(BroadcastLink(identify=identify, converse=converse, key_size=KEY_SIZE),),
    decode=decode,
    silent_after=120.0,
)
