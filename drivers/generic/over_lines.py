"""An instrument that sends lines of text."""

from collections.abc import Iterator, Sequence

from contract import number
from contract.reading import Reading, Status
from drivers.generic.model import ColumnValue, Lines, decimal
from drivers.kit.description import LineSettings, SerialLink
from drivers.kit.dialogue import InstrumentEvent, ReadingsReceived
from drivers.kit.errors import FrameError
from drivers.kit.framing import LineFraming
from drivers.kit.polling import StreamPolling
from drivers.kit.talk import rejecting


class TextLines:
    """Reads the lines that a file describes."""

    def __init__(self, said: Lines) -> None:
        self._said = said

    def link(self) -> SerialLink:
        """Return how to speak with it."""
        said = self._said
        poll = None if said.poll is None else said.poll.encode()
        return SerialLink(
            converse=lambda: StreamPolling(LineFraming(), self.parse, poll=poll, every=said.every),
            line=LineSettings(
                baud_rate=said.baud_rate,
                data_bits=said.data_bits,
                parity=said.parity,
                stop_bits=said.stop_bits,
            ),
        )

    def decode(self, data: bytes) -> Iterator[InstrumentEvent]:
        """Read recorded lines."""
        framing, buffer = LineFraming(), bytearray(data + b"\n")
        while (line := framing.take(buffer)) is not None:
            yield from rejecting(self.parse(line))

    def parse(self, line: bytes) -> Iterator[InstrumentEvent]:
        """Yield the readings of one line; raises FrameError for one that is not whole, or holds another text."""
        try:
            text = line.decode("ascii")
        except UnicodeDecodeError as error:
            raise FrameError("a line that is not ASCII", line) from error
        pieces = self._pieces(text, line)
        yield ReadingsReceived(
            tuple(
                self._reading(each, piece, line)
                for each, piece in zip(self._said.value, pieces, strict=True)
            )
        )

    def _pieces(self, text: str, line: bytes) -> Sequence[str]:
        said = self._said
        if said.separator is None:
            if len(text) != said.length:
                raise FrameError(f"{len(text)} characters where a line has {said.length}", line)
            return [_between(text, each).strip() for each in said.value]
        columns = text.split(said.separator)
        if len(columns) != said.columns:
            raise FrameError(f"{len(columns)} columns where a line has {said.columns}", line)
        return [columns[(each.column or 1) - 1].strip() for each in said.value]

    def _reading(self, value: ColumnValue, piece: str, line: bytes) -> Reading:
        for texts, status in (
            (value.absent, Status.NOT_MEASURED),
            (value.below, Status.BELOW_RANGE),
            (value.above, Status.ABOVE_RANGE),
            (value.defect, Status.ERROR),
        ):
            if piece in texts:
                return Reading(value.quantity, None, value.unit, status, value.substance)
        try:
            unsigned = piece[1:] if piece[:1] == "+" and piece[1:2].isdigit() else piece
            stated = number.parse(self._with_point(unsigned))
        except number.NumberError as error:
            raise FrameError(f"{piece!r} is no number", line) from error
        scaled = stated * decimal(value.scale) + decimal(value.plus)
        return Reading(value.quantity, scaled, value.unit, Status.OK, value.substance)

    def _with_point(self, piece: str) -> str:
        if self._said.decimal_sign == ".":
            return piece
        # A point beside a decimal comma parts thousands, or is a fault: either way no number of ours.
        return piece.replace(".", " ").replace(",", ".")


def _between(text: str, value: ColumnValue) -> str:
    start = (value.start or 1) - 1
    return text[start : start + (value.width or 0)]
