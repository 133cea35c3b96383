"""The fields of a Caisse-AP message.

Facts and their sources: docs/protocols/caisse-ap.md, §2 and §4.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from drivers.kit.errors import FrameError
from drivers.payment.redaction import KEPT, ROOM, last_four, scrubbed

Pairs = tuple[tuple[str, str], ...]

_HEAD = re.compile(r"[A-Z]{2}\d{3}", re.ASCII)
_HEAD_LENGTH = 5
_VERSION = re.compile(r"\d{4}", re.ASCII)
_WIDTHS: Mapping[str, tuple[int, int]] = {
    "CZ": (4, 4),
    "CJ": (12, 12),
    "CA": (1, 2),
    "CB": (2, 12),
    "CC": (3, 3),
    "CD": (1, 1),
    "CE": (3, 3),
    "CI": (1, 1),
    "AE": (2, 2),
    "AF": (2, 50),
    "BA": (1, 1),
}
"""Least and most characters; other fields have 1 to 999."""
_DIGITS = frozenset({"CB", "CE", "AE", "BA"})

KEPT_FIELDS = frozenset(
    {"CZ", "CJ", "CA", "CB", "CC", "CD", "CE", "CF", "CG", "CI", "CK", "BA", "BB", "BF"}
    | {"AC", "AE", "AF", "AI", "AL"}
)
"""Fields that leave the decoder. The rest is of a card, of a person, or of nobody knows what."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says, without what is of a card or of a person."""

    fields: Mapping[str, str]
    last_four: str | None = None
    ticket: str | None = None

    def get(self, tag: str) -> str | None:
        """Return a field, None where it was not sent."""
        return self.fields.get(tag)


def encode(fields: Iterable[tuple[str, str]]) -> bytes:
    """Return a message; fields without a value are left out."""
    said = ((tag, value) for tag, value in fields if value)
    return "".join(f"{tag}{len(value):03}{value}" for tag, value in said).encode("latin-1")


def decode(data: bytes) -> Message:
    """Read a message; raises FrameError, which holds nothing of it."""
    pairs = split(data.decode("latin-1"))
    said = dict(pairs)
    _check(pairs, said)
    kept = {tag: _reduced(tag, said[tag]) for tag in said if tag in KEPT_FIELDS}
    return Message(kept, last_four(said.get("AA", "")), _ticket(said))


def split(text: str) -> Pairs:
    """Cut a message into its fields; raises FrameError."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        head = text[at : at + _HEAD_LENGTH]
        if not _HEAD.fullmatch(head):
            raise FrameError("not a tag and a length")
        length = int(head[2:])
        value = text[at + _HEAD_LENGTH : at + _HEAD_LENGTH + length]
        if not length or len(value) < length:
            raise FrameError("a field is shorter than it says")
        found.append((head[:2], value))
        at += _HEAD_LENGTH + length
    return tuple(found)


def _check(pairs: Pairs, said: Mapping[str, str]) -> None:
    if not pairs or pairs[0][0] != "CZ" or not _VERSION.fullmatch(said["CZ"]):
        raise FrameError("the version does not come first")
    if len(said) < len(pairs):
        raise FrameError("a field is said twice")
    for tag, value in pairs:
        least, most = _WIDTHS.get(tag, (1, 999))
        if not least <= len(value) <= most:
            raise FrameError(f"{tag} has a wrong length")
        if tag in _DIGITS and not (value.isascii() and value.isdigit()):
            raise FrameError(f"{tag} is not made of digits")


def _reduced(tag: str, value: str) -> str:
    # What follows the first two digits of a reason may hold more of the card's dialogue.
    return scrubbed(value[:2] if tag == "AF" else value)[:ROOM]


def _ticket(said: Mapping[str, str]) -> str | None:
    coded = said.get("AK")
    if coded is None and "ZT" in said:
        try:
            coded = dict(split(said["ZT"])).get("AK")
        except FrameError:
            return None
    if coded is None:
        return None
    try:
        text = base64.b64decode(coded, validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return None
    number = said.get("AA", "").strip()
    # A number that the check digit does not betray is known all the same: the message says it.
    bare = text.replace(number, "*" * KEPT + number[-KEPT:]) if len(number) > KEPT else text
    return scrubbed(bare)
