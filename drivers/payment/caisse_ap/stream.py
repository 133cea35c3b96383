"""How Caisse-AP messages come over TCP: in a row, without an end mark.

Facts and their sources: docs/protocols/caisse-ap.md, §3.
"""

import re

from drivers.payment.carriers import Body, Carried, Parted, Reached, Unreadable

QUIET = 1.0
"""Seconds of silence after which an answer is whole."""
LONGEST = 8192
"""A ticket and all other fields at their longest have room in it."""

_HEAD_LENGTH = 5
_VERSION = b"CZ004"
_HEAD = re.compile(rb"[A-Z]{2}\d{3}")


class Stream:
    """A Carrier over a byte stream."""

    keeps = False

    def __init__(self, *, line_end: bool) -> None:
        self.told: list[Carried] = []
        self.written: list[bytes] = []
        self.next_timer: float | None = None
        self._end = b"\r\n" if line_end else b""
        self._buffer = bytearray()

    def reach(self, now: float) -> None:
        self.told.append(Reached())

    def send(self, body: bytes, now: float) -> None:
        self.written.append(body + self._end)

    def listen(self) -> None:
        """Nothing else is done all the time."""

    def receive(self, data: bytes, now: float) -> None:
        if len(self._buffer) + len(data) > LONGEST:
            self._buffer.clear()
            self.told.append(Unreadable("more than any message holds"))
            return
        self._buffer += data
        while (length := _next_begins(self._buffer)) is not None:
            self._take(length)
        self.next_timer = now + QUIET if self._buffer else None

    def timer_fired(self, now: float) -> None:
        self.next_timer = None
        if _says_its_end(self._buffer):
            self._take(len(self._buffer))

    def acknowledge(self, now: float) -> None:
        self.told.append(Parted())

    def ended(self) -> None:
        if self._buffer:
            self._take(len(self._buffer))

    def _take(self, length: int) -> None:
        data = bytes(self._buffer[:length]).strip(b"\r\n")
        del self._buffer[:length]
        if data:
            self.told.append(Body(data) if _says_its_end(data) else Unreadable("no whole message"))


def _fields(data: bytes | bytearray) -> tuple[list[tuple[bytes, int]], int]:
    """Return the tags of the whole fields with where each begins, and where the last of them ends."""
    found: list[tuple[bytes, int]] = []
    at = 0
    while _HEAD.match(data, at):
        end = at + _HEAD_LENGTH + int(data[at + 2 : at + _HEAD_LENGTH])
        if end > len(data):
            break
        found.append((bytes(data[at : at + 2]), at))
        at = end
    return found, at


def _says_its_end(data: bytes | bytearray) -> bool:
    """Tell whether a message is whole: it ends where a field does, and says how it ended."""
    found, end = _fields(data)
    return not data[end:].strip(b"\r\n") and any(tag == b"AE" for tag, _ in found)


def _next_begins(data: bytearray) -> int | None:
    """Return where a second message begins, None where there is none yet."""
    at = 0
    while _HEAD.match(data, at):
        if at and data.startswith(b"CZ", at):
            return at
        end = at + _HEAD_LENGTH + int(data[at + 2 : at + _HEAD_LENGTH])
        if end > len(data):
            return None
        at = end
    # After a line end, too.
    rest = bytes(data[at : at + 16]).lstrip(b"\r\n")
    begins = at + len(bytes(data[at : at + 16])) - len(rest)
    return begins if at and begins > at and rest.startswith(_VERSION) else None
