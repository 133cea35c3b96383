"""What can go wrong on demand, and what it does to bytes."""

from collections.abc import Iterator
from enum import StrEnum
from random import Random

LONGEST_SLICE = 7


class Fault(StrEnum):
    """The closed set of faults. Each instrument says which of them it knows."""

    LINK_LOSS = "link_loss"
    """The link drops (reason 0x08 on a radio); out of reach until this is switched off."""
    SILENCE = "silence"
    """The link lives, no data comes."""
    CORRUPT_BYTE = "corrupt_byte"
    """One byte of each frame or document is damaged on the way."""
    SPLIT = "split"
    """Frames arrive in pieces of 1 to 7 bytes; a document in as many pieces as there can be."""
    SENSOR_DEFECT = "sensor_defect"
    """The main sensor gives no value."""
    OUT_OF_RANGE = "out_of_range"
    """The main sensor senses more than it can show, and the instrument says so."""
    LOW_BATTERY = "low_battery"
    """The battery is nearly empty."""
    DELAY = "delay"
    """Frames leave a second and a half late."""
    DUPLICATE = "duplicate"
    """Each frame is sent twice."""
    WRONG_CHECK = "wrong_check"
    """The check value of each frame is wrong, the rest is right."""
    BUSY = "busy"
    """The instrument refuses every request, in the words of its protocol."""
    WRONG_STATUS = "wrong_status"
    """Measurements carry a status that no recording shows."""


class Act(StrEnum):
    """The closed set of things a hand can do to an instrument. Each says which it knows."""

    PRESS_BUTTON = "press_button"
    TOGGLE_MEASUREMENT = "toggle_measurement"
    DROP_LINK = "drop_link"
    """The link drops once (reason 0x08); the instrument stays in reach."""
    SCAN = "scan"
    """Needs a `text`: the code under the scanner."""


def damage(frame: bytes, chance: Random) -> bytes:
    """Return the frame with one byte changed, anywhere."""
    at = chance.randrange(len(frame))
    return frame[:at] + bytes((frame[at] ^ chance.randint(1, 255),)) + frame[at + 1 :]


def slices(frame: bytes, longest: int, chance: Random | None) -> Iterator[bytes]:
    """Cut a frame into pieces of at most `longest`; with `chance`, of 1 to 7 bytes."""
    at = 0
    while at < len(frame):
        size = longest if chance is None else min(longest, chance.randint(1, LONGEST_SLICE))
        yield frame[at : at + size]
        at += size
