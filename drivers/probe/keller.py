"""KELLER pressure transmitters and digital manometers on their own bus.

Facts and their sources: docs/protocols/keller.md
"""

from collections.abc import Callable, Iterator
from functools import partial

from contract.instrument import Grade, InstrumentClass
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.kit.crc import crc16_modbus
from drivers.kit.description import Instrument, SerialLink
from drivers.kit.dialogue import FrameRejected, IdentityStated, InstrumentEvent, ReadingsReceived
from drivers.kit.layout import Field
from drivers.kit.questions import Answer, Damaged, Heard, Question, QuestionsInTurn, Refused

ANY_DEVICE = 250
INITIALISE, READ_CHANNEL, SERIAL_NUMBER = 48, 73, 69
PRESSURE, TEMPERATURE = 1, 3
FAILED = 0x80
ANSWER_SIZES = {INITIALISE: 10, READ_CHANNEL: 9, SERIAL_NUMBER: 8}
FAILURE_SIZE = 5
ANSWER_WITHIN = 0.5


def checked(body: bytes) -> bytes:
    """Return a body with its check value, the high byte first, unlike Modbus."""
    return body + crc16_modbus(body).to_bytes(2, "big")


class Bus:
    """Address, function, parameters, check value. The adapter may repeat the question in front of the answer."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._question = b""

    def wrap(self, parameters: bytes) -> tuple[bytes, ...]:
        """Return the question, for whichever device there is."""
        self._buffer.clear()
        self._question = checked(bytes((ANY_DEVICE,)) + parameters)
        return (self._question,)

    def take(self, data: bytes) -> Iterator[Heard]:
        """Take bytes in, cut anywhere; one answer belongs to a question."""
        self._buffer += data
        if not self._question:
            return
        function = self._question[1]
        for start in range(len(self._buffer)):
            for size in (ANSWER_SIZES[function], FAILURE_SIZE):
                frame = bytes(self._buffer[start : start + size])
                if len(frame) == size and self._is_answer(frame, function):
                    yield from self._dropped(bytes(self._buffer[:start]))
                    self._buffer.clear()
                    yield _heard(frame)
                    return

    def _is_answer(self, frame: bytes, function: int) -> bool:
        expected = function | FAILED if len(frame) == FAILURE_SIZE else function
        # The question itself has the size of a failure, and another function.
        return frame[1] == expected and checked(frame[:-2]) == frame

    def _dropped(self, before: bytes) -> Iterator[Heard]:
        if before not in {b"", self._question}:
            yield Damaged(f"{len(before)} bytes before an answer", before)


def _heard(frame: bytes) -> Heard:
    if frame[1] & FAILED:
        return Refused(f"the instrument refused with error {frame[2]}")
    return Answer(frame[2:-2])


def read_firmware(parameters: bytes) -> Iterator[InstrumentEvent]:
    """Yield class, group, year and week of the firmware."""
    class_, group, year, week = parameters[:4]
    yield IdentityStated(firmware=f"{class_}.{group}-{year}.{week}")


def read_serial(parameters: bytes) -> Iterator[InstrumentEvent]:
    """Yield the serial number."""
    yield IdentityStated(serial=str(int.from_bytes(parameters, "big")))


def read_channel(parameters: bytes, field: Field) -> Iterator[InstrumentEvent]:
    """Yield the value of a channel; which bit of the status means what is not published, so any takes the value."""
    reading, status = field.read(parameters), parameters[field.end]
    if status:
        said = f"status {status:02x}: not known"
        reading = Reading(reading.quantity, None, reading.unit, Status.ERROR, detail=said)
    yield ReadingsReceived((reading,))


def channels(pressure: Quantity) -> dict[int, Field]:
    """Return the channels that are read; whether P1 is a gauge or an absolute pressure depends on the instrument."""
    return {
        PRESSURE: Field(format=">f", quantity=pressure, unit=Unit.BAR),
        TEMPERATURE: Field(format=">f", quantity=Quantity.TEMPERATURE, unit=Unit.CELSIUS),
    }


def converse(pressure: Quantity) -> QuestionsInTurn:
    """Return a conversation that initialises and reads the channels in turn.

    An answer does not say which channel it is of. The serial number, which has a function of its own, is asked for
    between two channels: once it has come, no late or doubled answer of the first can be taken for the second.
    """

    def asked(
        read: Callable[[bytes], Iterator[InstrumentEvent]], *parameters: int, needed: bool = False
    ) -> Question:
        return Question(parameters=lambda: bytes(parameters), read=read, needed=needed)

    between = asked(read_serial, SERIAL_NUMBER)
    round_ = [
        question
        for channel, field in channels(pressure).items()
        for question in (asked(partial(read_channel, field=field), READ_CHANNEL, channel), between)
    ]
    opening = (asked(read_firmware, INITIALISE, needed=True), between)
    return QuestionsInTurn(Bus(), opening, round_, answer_within=ANSWER_WITHIN)


def decode(data: bytes, pressure: Quantity) -> Iterator[InstrumentEvent]:
    """Read recorded answers of the pressure channel, nine bytes each: they do not say which channel was asked for."""
    size = ANSWER_SIZES[READ_CHANNEL]
    field = channels(pressure)[PRESSURE]
    while data:
        frame, data = data[:size], data[size:]
        if len(frame) < size or frame[1] != READ_CHANNEL or checked(frame[:-2]) != frame:
            yield FrameRejected("no answer with a right check value", frame)
        else:
            yield from read_channel(frame[2:-2], field)


def _keller(slug: str, kind: str, pressure: Quantity) -> Instrument:
    return Instrument(
        slug=slug,
        page="keller",
        vendor="KELLER",
        model=f"manometer, {kind} pressure",
        kind=InstrumentClass.PROBE,
        grade=Grade.SYNTHETIC,
        quantities=frozenset({pressure, Quantity.TEMPERATURE}),
        links=(SerialLink(converse=partial(converse, pressure)),),
        decode=partial(decode, pressure=pressure),
    )


KELLER_GAUGE = _keller("keller-gauge", "gauge", Quantity.GAUGE_PRESSURE)
KELLER_ABSOLUTE = _keller("keller-absolute", "absolute", Quantity.ABSOLUTE_PRESSURE)
