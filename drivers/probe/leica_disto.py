"""Leica DISTO laser distance meters: who they are and that they measured, but not in which unit.

Facts and their sources: docs/protocols/leica-disto.md
"""

from collections.abc import Iterator

from contract import number
from contract.instrument import Grade, InstrumentClass, InstrumentIdentity
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.kit.description import BleLink, Instrument
from drivers.kit.dialogue import InstrumentEvent, ReadingsReceived
from drivers.kit.layout import Field
from drivers.kit.link import AdvertisementSeen, CharacteristicRead
from drivers.kit.polling import CharacteristicPolling

SLUG = "leica-disto"
MODEL = "DISTO"

_OWN = "-f831-4395-b29d-570977d5bf94"
SERVICE, DISTANCE, UNIT = f"3ab10100{_OWN}", f"3ab10101{_OWN}", f"3ab10102{_OWN}"

SHOWN = Field(format="<f", quantity=Quantity.DISTANCE, unit=Unit.METRE)
"""How the number stands in the bytes. Its unit is the display's: the one here stands where a reading without value
must name one, and is never said of the number."""


def identify(seen: AdvertisementSeen) -> InstrumentIdentity | None:
    """Return who advertises; nothing there says which one it is, so the identity is weak."""
    if SERVICE not in seen.service_uuids:
        return None
    return InstrumentIdentity(slug=SLUG, vendor="Leica", model=MODEL)


class Display:
    """What the instrument shows: a number, and a unit of which only the code is known."""

    def __init__(self) -> None:
        self._code = "not read"

    def parse(self, uuid: str, data: bytes) -> Iterator[InstrumentEvent]:
        """Yield what a characteristic says; raises FrameError."""
        if uuid == UNIT:
            self._code = data.hex()
            # Between two distances, this alone says that the instrument is still there.
            yield ReadingsReceived(())
        elif uuid == DISTANCE:
            yield ReadingsReceived((self._without_unit(data),))

    def _without_unit(self, data: bytes) -> Reading:
        shown = SHOWN.read_alone(data).value
        stated = "no number" if shown is None else number.write(shown)
        return Reading(
            SHOWN.quantity,
            None,
            SHOWN.unit,
            Status.ERROR,
            detail=f"{stated}, in a unit that is not known; its code: {self._code}",
        )


def converse() -> CharacteristicPolling:
    """Return a conversation that waits for distances."""
    return CharacteristicPolling(Display().parse, subscribe=(DISTANCE,), poll=(UNIT,), every=2.0)


def decode(data: bytes) -> Iterator[InstrumentEvent]:
    """Read a recorded distance."""
    talk = converse()
    talk.receive(CharacteristicRead(DISTANCE, data), 0.0)
    yield from talk.out.events()


LEICA_DISTO = Instrument(
    slug=SLUG,
    vendor="Leica",
    model=MODEL,
    kind=InstrumentClass.PROBE,
    grade=Grade.SYNTHETIC,
    quantities=frozenset({Quantity.DISTANCE}),
    links=(BleLink(identify=identify, converse=converse),),
    decode=decode,
)
