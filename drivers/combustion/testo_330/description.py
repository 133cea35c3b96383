"""The flue gas analysers testo 330 and testo 350, as the catalogue knows them."""

from collections.abc import Callable, Iterator
from functools import partial

from contract.instrument import Grade, InstrumentClass
from drivers.combustion.testo_330.commands import (
    LEAVE_SLAVE_MODE,
    converse_over_usb,
    converse_with_330_1,
    converse_with_330_2,
    read_serial,
)
from drivers.combustion.testo_330.envelope import Blocks, Lengths
from drivers.combustion.testo_330.records import WITH_CONNECTOR, WITHOUT_CONNECTOR, Shape, parse
from drivers.combustion.testo_330.vocabulary import QUANTITIES
from drivers.kit.description import Instrument, RfcommLink, SerialLink, UsbLink
from drivers.kit.dialogue import FrameRejected, InstrumentEvent
from drivers.kit.link import Send
from drivers.kit.questions import Answer, Damaged, Envelope
from drivers.kit.talk import rejecting

MEASURED = frozenset(QUANTITIES.values())
USB_VENDOR = 0x128D
USB_PRODUCTS = frozenset({0x0014, 0x000E, 0x000F, 0x1014, 0x100E, 0x100F})


def decode(
    data: bytes, envelope: Callable[[], Envelope], shape: Shape
) -> Iterator[InstrumentEvent]:
    """Read recorded answers, of which only serial numbers and lists of values are told apart by themselves."""
    for heard in envelope().take(data):
        match heard:
            case Answer(parameters=parameters) if len(parameters) == 4 and parameters[3]:
                yield from read_serial(parameters)
            case Answer(parameters=parameters):
                yield from rejecting(parse(parameters, shape))
            case Damaged(reason=reason, raw=raw):
                yield FrameRejected(reason, raw)
            case _:
                pass


TESTO_330_1 = Instrument(
    slug="testo-330-1-ll",
    page="testo-330",
    vendor="testo",
    model="330-1 LL",
    kind=InstrumentClass.COMBUSTION_ANALYSER,
    grade=Grade.SYNTHETIC,
    quantities=MEASURED,
    links=(
        RfcommLink(converse=converse_with_330_1, parting=(Send(LEAVE_SLAVE_MODE),)),
        SerialLink(converse=converse_with_330_1, parting=(Send(LEAVE_SLAVE_MODE),)),
    ),
    decode=partial(decode, envelope=Blocks, shape=WITHOUT_CONNECTOR),
)

TESTO_330_2 = Instrument(
    slug="testo-330-2-ll",
    page="testo-330",
    vendor="testo",
    model="330-2 LL",
    kind=InstrumentClass.COMBUSTION_ANALYSER,
    grade=Grade.SYNTHETIC,
    quantities=MEASURED,
    links=(
        RfcommLink(converse=converse_with_330_2),
        SerialLink(converse=converse_with_330_2),
    ),
    decode=partial(decode, envelope=Blocks, shape=WITH_CONNECTOR),
)

TESTO_350 = Instrument(
    slug="testo-350",
    vendor="testo",
    model="350, 330-2010",
    kind=InstrumentClass.COMBUSTION_ANALYSER,
    grade=Grade.PUBLISHED_CODE,
    quantities=MEASURED,
    links=(
        UsbLink(
            converse=converse_over_usb,
            vendor=USB_VENDOR,
            products=USB_PRODUCTS,
            endpoint_out=0x02,
            endpoint_in=0x81,
        ),
    ),
    decode=partial(decode, envelope=Lengths, shape=WITH_CONNECTOR),
)
