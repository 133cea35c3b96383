"""Modbus RTU answers as they stand in recordings: device, function, byte count, registers, check.

Sources: Modbus over Serial Line, Specification and Implementation Guide V1.02, §2.5.1; Modbus Application Protocol
Specification V1.1b3, §6.3 and §6.4.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from drivers.kit.crc import crc16_modbus
from drivers.kit.dialogue import FrameRejected, InstrumentEvent
from drivers.kit.errors import FrameError
from drivers.kit.link import ReadRegisters

READS = frozenset({3, 4})
SHORTEST = 5
EXCEPTION = 0x80


def registers(frame: bytes, count: int) -> bytes:
    """Return the bytes of the ``count`` registers in an answer to a read; raises FrameError."""
    if len(frame) < SHORTEST:
        raise FrameError(f"{len(frame)} bytes are no Modbus answer", frame)
    body, check = frame[:-2], int.from_bytes(frame[-2:], "little")
    if crc16_modbus(body) != check:
        raise FrameError("wrong check value", frame)
    if body[1] & EXCEPTION:
        raise FrameError(f"the device refused with exception {body[2]}", frame)
    if body[1] not in READS:
        raise FrameError(f"function {body[1]} is no register read", frame)
    if body[2] != len(body) - 3 or body[2] != 2 * count:
        raise FrameError(f"{len(body) - 3} bytes are no answer for {count} registers", frame)
    return body[3:]


def rounds(
    data: bytes,
    blocks: Sequence[ReadRegisters],
    parse: Callable[[Sequence[bytes]], Iterable[InstrumentEvent]],
) -> Iterator[InstrumentEvent]:
    """Read recorded answers, one block after the other; what is damaged costs its round."""
    read: list[bytes] = []
    while data:
        size = SHORTEST + data[2] if len(data) > 2 and not data[1] & EXCEPTION else SHORTEST
        frame, data = data[:size], data[size:]
        try:
            read.append(registers(frame, blocks[len(read)].count))
            if len(read) == len(blocks):
                whole, read = read, []
                yield from parse(whole)
        except FrameError as error:
            read = []
            yield FrameRejected(str(error), error.raw)
