"""The questions an instrument knows. Only questions: nothing here changes a setting. Protocol page, §4."""

from collections.abc import Iterator
from functools import partial

from contract.words import Words
from drivers.combustion.testo_330.envelope import Blocks, Lengths
from drivers.combustion.testo_330.records import WITH_CONNECTOR, WITHOUT_CONNECTOR, parse
from drivers.combustion.testo_330.vocabulary import FUELS
from drivers.kit.dialogue import FuelStated, IdentityStated, InstrumentEvent
from drivers.kit.errors import FrameError
from drivers.kit.questions import Question, QuestionsInTurn

DIRECTED = b"\x4f"
SERIAL, FUEL, VALUES = b"\x00\x21", b"\x02\x25", b"\x1b\x25"
ALL = b"\x00"
USB_SERIAL, USB_IDENT = b"\x40", b"\x42"
SLAVE_ON, SLAVE_OFF = b"\x20\x01", b"\x20\x00"
FLUE_GAS_VALUES = b"\x9c"


def read_serial(parameters: bytes) -> Iterator[InstrumentEvent]:
    """Yield the serial number: four bytes, the low one first."""
    if len(parameters) != 4:
        raise FrameError(f"{len(parameters)} bytes where a serial number has 4", parameters)
    yield IdentityStated(serial=str(int.from_bytes(parameters, "little")))


def read_fuel(parameters: bytes) -> Iterator[InstrumentEvent]:
    """Yield the fuel: two bytes, as where its number is an argument. No other answer of ours has that size."""
    if len(parameters) != 2:
        raise FrameError(f"{len(parameters)} bytes are no fuel number", parameters)
    fuel = int.from_bytes(parameters, "little")
    yield FuelStated(FUELS.get(fuel) or Words("fuel {number}", number=fuel))


def read_nothing(_: bytes) -> Iterator[InstrumentEvent]:
    """Take any answer."""
    yield from ()


class Directed:
    """Commands that name the instrument they are for: by zeros over Bluetooth, by what it was asked before over USB."""

    def __init__(self) -> None:
        self._serial = bytes(4)
        self._ident = bytes(2)

    def command(self, code: bytes, arguments: bytes = b"") -> bytes:
        """Return the parameters of a command."""
        return DIRECTED + self._ident + self._serial + code + arguments

    def learn_serial(self, body: bytes) -> Iterator[InstrumentEvent]:
        """Keep the serial number of a USB answer, four bytes after four others."""
        if len(body) != 8:
            raise FrameError(f"{len(body)} bytes where the serial number's answer has 8", body)
        self._serial = body[4:]
        return read_serial(body[4:])

    def learn_ident(self, body: bytes) -> Iterator[InstrumentEvent]:
        """Keep the ident of a USB answer, two bytes after four others."""
        if len(body) != 6:
            raise FrameError(f"{len(body)} bytes where the ident's answer has 6", body)
        self._ident = body[4:]
        return read_nothing(body)

    def serial(self) -> Question:
        """Ask for the serial number."""
        return Question(parameters=partial(self.command, SERIAL), read=read_serial)

    def fuel(self) -> Question:
        """Ask for the fuel that the instrument calculates with."""
        return Question(parameters=partial(self.command, FUEL, ALL), read=read_fuel)

    def values(self) -> Question:
        """Ask for all values."""
        return Question(
            parameters=partial(self.command, VALUES, ALL),
            read=partial(parse, shape=WITH_CONNECTOR),
        )


def converse_with_330_2() -> QuestionsInTurn:
    """Return a conversation with a testo 330-2 LL over Bluetooth."""
    to = Directed()
    return QuestionsInTurn(Blocks(), (to.serial(), to.fuel()), (to.values(),))


def converse_with_330_1() -> QuestionsInTurn:
    """Return a conversation with a testo 330-1 LL over Bluetooth; whoever ends it says ``LEAVE_SLAVE_MODE``."""
    enter = Question(parameters=lambda: SLAVE_ON, read=read_nothing, ends_with_ack=True)
    values = Question(
        parameters=lambda: FLUE_GAS_VALUES, read=partial(parse, shape=WITHOUT_CONNECTOR)
    )
    return QuestionsInTurn(Blocks(), (enter,), (values,))


[LEAVE_SLAVE_MODE] = Blocks().wrap(SLAVE_OFF)
"""The keypad of a 330-1 LL is locked until this is said."""


def converse_over_usb() -> QuestionsInTurn:
    """Return a conversation with a testo 350 or 330-2010 over USB."""
    to = Directed()
    opening = (
        Question(parameters=lambda: USB_SERIAL, read=to.learn_serial, needed=True),
        Question(parameters=lambda: USB_IDENT, read=to.learn_ident, needed=True),
        to.fuel(),
    )
    return QuestionsInTurn(Lengths(), opening, (to.values(),))
