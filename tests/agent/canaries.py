"""Card numbers that exist for one test alone, the ways they are written, and a search for what is left of them."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random

PREFIXES = (
    *("4", "4970", "51", "55", "2221", "2720", "5131"),
    *("34", "37", "36", "3095", "3528", "3589", "6011", "65"),
    *("62", "81", "5018", "6304", "6759", "9"),
)
"""Of Visa, CB, Mastercard, American Express, Diners, JCB, Discover, UnionPay, Maestro, and a store's own card."""
LENGTHS = range(12, 20)
TELLING = 8
"""So many digits in a row are a part of a number, and not its end."""
TELLING_IN_BYTES = 12
"""The same in bytes that are no text, where eight digits are there by chance."""

_DIGITS = re.compile(rf"\d{{{TELLING},}}", re.ASCII)
_IN_BYTES = re.compile(rf"\d{{{TELLING_IN_BYTES},}}", re.ASCII)
_NOTHING = re.compile(rf"0{{{TELLING_IN_BYTES},}}")
_SPELT = re.compile(rf"(?:3\d){{{TELLING},}}", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{12,}={0,2}", re.ASCII)
_ESCAPED = re.compile(r"\\(?:u00|x)([0-9a-fA-F]{2})")
_BETWEEN = re.compile(r"(?<=\d)[^0-9A-Za-z*]{1,60}(?=\d)", re.ASCII)


def check_digit(number: str) -> str:
    """Return what makes a number one that passes Luhn's test, by the book and not by our code."""
    total = 0
    for at, each in enumerate(reversed(number)):
        value = int(each) * (2 if at % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def canaries(count: int = 500, seed: int = 20261124) -> list[str]:
    """Return card numbers of every brand and length, the same ones each time."""
    chance = Random(seed)
    made: dict[str, None] = {}
    while len(made) < count:
        length = LENGTHS[len(made) % len(LENGTHS)]
        number = chance.choice(PREFIXES)
        while len(number) < length - 1:
            number += chance.choice("0123456789")
        made[number + check_digit(number)] = None
    return list(made)


def _grouped(number: str, mark: str) -> str:
    return mark.join(number[at : at + 4] for at in range(0, len(number), 4))


def _halves(number: str, mark: str) -> str:
    return number[: len(number) // 2] + mark + number[len(number) // 2 :]


WRITTEN = {
    "whole": lambda number: number,
    "spaced": lambda number: _grouped(number, " "),
    "twice spaced": lambda number: _grouped(number, "  "),
    "dashed": lambda number: _grouped(number, "-"),
    "dotted": lambda number: _grouped(number, "."),
    "spaced and dashed": lambda number: _grouped(number, " - "),
    "digit by digit": " ".join,
    "track 2": lambda number: f";{number}=27041011000012300?",
    "broken": lambda number: _halves(number, "\n"),
    "broken by a printer": lambda number: _halves(number, "\r\n"),
    "broken and indented": lambda number: _halves(number, "   \n    "),
    "behind a word": lambda number: f"CARTE{number}FIN",
}
ON_ONE_LINE = [each for each in WRITTEN if not each.startswith("broken")]


@dataclass(frozen=True)
class Card:
    """One number, and how it is written where any text may stand."""

    number: str
    written: str

    @property
    def text(self) -> str:
        return WRITTEN[self.written](self.number)

    @property
    def line(self) -> str:
        """The same where there is one line alone."""
        return self.text if self.written in ON_ONE_LINE else self.number

    @property
    def ticket(self) -> str:
        return f"CARTE BANCAIRE\nTICKET CLIENT\n{self.text}\nMONTANT 125,00 EUR\nMERCI"


def in_bcd(digits: str) -> bytes:
    """Return digits two a byte, filled with F, as ZVT has them; ``D`` parts a track."""
    return bytes.fromhex(digits.ljust(len(digits) + len(digits) % 2, "F"))


class Search:
    """Looks for what is left of numbers; what the store makes by chance of its own is told beforehand."""

    def __init__(self, numbers: Iterable[str], ours: Iterable[str] = ()) -> None:
        self._parts: Mapping[str, str] = {
            number[at : at + TELLING]: number
            for number in numbers
            for at in range(len(number) - TELLING + 1)
        }
        self._long: Mapping[str, str] = {
            number[at : at + TELLING_IN_BYTES]: number
            for number in numbers
            for at in range(len(number) - TELLING_IN_BYTES + 1)
        }
        self._ours = "\n".join(ours)

    def text(self, text: str) -> set[str]:
        """Return the numbers of which a telling part is there: plain, broken up, spelt in hex, or in base64."""
        flat = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        flat = flat.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t")
        found = self._in_runs(flat) | self._in_runs(_BETWEEN.sub("", flat))
        for spelt in _SPELT.finditer(text):
            found |= self._in_runs(spelt[0][1::2])
        for coded in _BASE64.finditer(flat):
            found |= self._in_base64(coded[0].rstrip("="))
        return found

    def packed(self, text: str) -> set[str]:
        """Return the numbers that are there two digits a character, in the codes that drivers read."""
        flat = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        return set().union(
            *(self.bcd(flat.encode(each, "replace")) for each in ("latin-1", "cp437"))
        )

    def bcd(self, data: bytes) -> set[str]:
        """Return the numbers that are there two digits a byte, wherever a byte begins."""
        size = TELLING_IN_BYTES
        return {
            self._long[run[0][at : at + size]]
            for run in _IN_BYTES.finditer(_NOTHING.sub("-", data.hex()))
            for at in range(len(run[0]) - size + 1)
            if run[0][at : at + size] in self._long
        }

    def _in_runs(self, text: str) -> set[str]:
        found = set()
        for run in _DIGITS.finditer(text):
            for at in range(len(run[0]) - TELLING + 1):
                number = self._parts.get(run[0][at : at + TELLING])
                place = run.start() + at
                if number and not self._is_ours(text[max(place - 6, 0) : place + TELLING + 6]):
                    found.add(number)
        return found

    def _in_base64(self, coded: str) -> set[str]:
        found: set[str] = set()
        for skipped in range(4):
            piece = coded[skipped:]
            piece = piece[: len(piece) // 4 * 4]
            try:
                found |= self._in_runs(base64.b64decode(piece).decode("latin-1"))
            except (binascii.Error, ValueError):
                continue
        return found

    def _is_ours(self, around: str) -> bool:
        return around in self._ours
