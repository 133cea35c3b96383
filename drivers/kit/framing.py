"""Cut a byte stream into frames."""

from typing import Protocol, TypeVar

FrameT_co = TypeVar("FrameT_co", covariant=True)


class Framing(Protocol[FrameT_co]):
    """How one instrument delimits its frames."""

    def take(self, buffer: bytearray) -> FrameT_co | None:
        """Remove and return the next whole frame, or None when more data is needed."""
        ...


class LineFraming:
    """Text lines ended by CR, LF or both."""

    def __init__(self, max_line: int = 4096) -> None:
        self._max_line = max_line
        self._dropping = False
        """The end of a line is awaited whose beginning was dropped."""

    def take(self, buffer: bytearray) -> bytes | None:
        """Return the next line that is not empty; a line longer than ``max_line`` is dropped whole."""
        while True:
            end = min((at for mark in b"\r\n" if (at := buffer.find(mark)) >= 0), default=-1)
            if end < 0:
                if len(buffer) > self._max_line:
                    del buffer[:]
                    self._dropping = True
                return None
            line = bytes(buffer[:end])
            del buffer[: end + 1]
            whole, self._dropping = not self._dropping, False
            if line and whole:
                return line
