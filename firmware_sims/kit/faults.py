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
    SINGLE_BYTES = "single_bytes"
    """Frames arrive a byte at a time; of a terminal, as all that follow."""
    ANSWER_LOST = "answer_lost"
    """What was decided is never told; the link stays."""
    ANSWER_LATE = "answer_late"
    """What was decided is told after the other side gave up."""
    ANSWER_DUPLICATED = "answer_duplicated"
    """What was decided is told twice."""
    CUT_BEFORE_AUTHORISATION = "cut_before_authorisation"
    """The link drops while the customer is at it; nothing is authorised."""
    CUT_AFTER_AUTHORISATION = "cut_after_authorisation"
    """The link drops right after the decision is in the ledger; nothing is told."""
    REBOOTED_BEFORE_AUTHORISATION = "rebooted_before_authorisation"
    """It starts anew while the customer is at it; nothing is authorised."""
    REBOOTED_AFTER_AUTHORISATION = "rebooted_after_authorisation"
    """It starts anew right after the decision is in the ledger, and remembers only what is there."""
    ACKNOWLEDGEMENT_LOST = "acknowledgement_lost"
    """The acknowledgement of an answer does not arrive: the answer is repeated. In ZVT that of a request."""
    REQUEST_NOT_ACKNOWLEDGED = "request_not_acknowledged"
    """A request is taken without a word."""
    REQUEST_REFUSED = "request_refused"
    """A request is not acknowledged but refused; nothing is taken."""
    WRONG_REFERENCE = "wrong_reference"
    """The answer names another reference than the one that was paid."""
    WRONG_AMOUNT = "wrong_amount"
    """The answer names another amount than the one that was paid."""
    WRONG_CURRENCY = "wrong_currency"
    """The answer names another currency than the one that was paid."""
    CONTRADICTION = "contradiction"
    """The answer says done, and a reason against it; nothing is authorised."""
    WRONG_TERMINAL = "wrong_terminal"
    """The answer names another terminal than the one that was paid at."""
    COMPLETION_LOST = "completion_lost"
    """What was decided is told; that this was all never is."""


_FIRST_OF_TERMINALS = list(Fault).index(Fault.SINGLE_BYTES)
OF_TERMINALS = frozenset(list(Fault)[_FIRST_OF_TERMINALS:])
"""Those that only a payment terminal can have."""
OF_MEASURING = frozenset(Fault) - OF_TERMINALS
"""Those that something that measures can have."""


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
