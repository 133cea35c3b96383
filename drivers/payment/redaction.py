"""Nothing of a card leaves a driver but its last four digits.

Card numbers have 12 to 19 digits and a check digit (ISO/IEC 7812-1, Luhn). What keeps them: PCI DSS 3.3.1 and 3.4.1.
"""

import re
from collections.abc import Iterator, Sequence

LEAST, MOST = 12, 19
KEPT = 4
ROOM, ROOM_OF_TICKET = 200, 10_000
"""Characters that a capture has for a text of a terminal's, and for its ticket."""
MASK = "*"

_BREAK = r"[ \t\r\n\xa0.,:;/|_-]{0,2}|[ \t\xa0]-[ \t\xa0]|[ \t\xa0]*\r?\n[ \t\xa0]*"
_RUN = re.compile(rf"\d(?:(?:{_BREAK})\d)+", re.ASCII)
"""Digits, as tickets break them up: lines may be filled up, and indented."""
_CARD = re.compile(r"\d{12,19}", re.ASCII)


def scrubbed(text: str) -> str:
    """Return ``text`` with every number that could be a card's masked, its last four digits excepted."""
    return _RUN.sub(lambda run: _masked(run[0]), text)


def last_four(number: str) -> str | None:
    """Return the last four digits of a card number, whole or masked; None where it is neither.

    ``number`` is what the protocol calls a card number, and nothing else of it is to be kept.
    """
    bare = number.strip()
    end = bare[-KEPT:]
    if len(bare) < LEAST or not (end.isascii() and end.isdigit()):
        return None
    masked = any(each in "#*Xx.E" for each in bare[:-KEPT])
    return end if masked or _CARD.fullmatch(bare) else None


def _masked(run: str) -> str:
    places = [at for at, each in enumerate(run) if each.isdigit()]
    digits = [int(run[at]) for at in places]
    hidden = {places[at] for at in _hidden(digits)}
    return "".join(MASK if at in hidden else each for at, each in enumerate(run))


def _hidden(digits: Sequence[int]) -> set[int]:
    """Return which digits are part of something that could be a card number, and not of its end."""
    return {
        at
        for first, last in _windows(len(digits))
        if _checks(digits[first:last])
        for at in range(first, last - KEPT)
    }


def _windows(count: int) -> Iterator[tuple[int, int]]:
    for first in range(count - LEAST + 1):
        for length in range(LEAST, min(MOST, count - first) + 1):
            yield first, first + length


def _checks(digits: Sequence[int]) -> bool:
    total = sum(digits[-1::-2])
    return (total + sum(sum(divmod(2 * each, 10)) for each in digits[-2::-2])) % 10 == 0
