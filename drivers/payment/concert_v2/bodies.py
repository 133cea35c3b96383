"""What a frame of Concert V2 holds.

Facts and their sources: docs/protocols/concert-v2.md, §5 and §6.
"""

import re
from dataclasses import dataclass

from drivers.kit.errors import FrameError
from drivers.payment.redaction import last_four, scrubbed

UNUSED = " " * 10
MOST = 99_999_999
"""Minor units that the amount has room for."""

_REQUEST = re.compile(
    r"(?P<till>\d\d)(?P<amount>\d{8})(?P<answer>\d)(?P<mode>[0-9A-Z])(?P<type>\d)(?P<currency>\d{3})"
    r"(?P<private>[ -~]{10})(?:A(?P<delay>\d{3})B(?P<authorisation>\d{3}))?",
    re.ASCII,
)
_ANSWER = re.compile(
    r"(?P<till>\d\d)(?P<status>[ -~])(?P<amount>\d{8})(?P<mode>[ -~])(?P<card>[ -~]{55})?"
    r"(?P<currency>\d{3})(?P<private>[ -~]{10})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a till asks."""

    till: str
    minor_units: int
    answer: str = "0"
    """Which answer is wanted; 0: the one without a card number."""
    mode: str = "1"
    """1: card."""
    type: str = "0"
    """0 debit, 1 credit, 2 cancellation, 4 pre-authorisation."""
    currency: str
    """The three digits of ISO 4217."""
    private: str = UNUSED
    delay: str | None = "010"
    """010: answer at the end; 011: at once. None: protocol E, which has no such field, nor the next."""
    authorisation: str = "010"

    def encode(self) -> bytes:
        """Return the body."""
        tail = "" if self.delay is None else f"A{self.delay}B{self.authorisation}"
        said = f"{self.till}{self.minor_units:08}{self.answer}{self.mode}{self.type}"
        return f"{said}{self.currency}{self.private}{tail}".encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a terminal answers, without what is of the card."""

    till: str
    status: str
    """0 done, 7 not done, 9 taken on; of others nobody knows."""
    minor_units: int
    mode: str
    currency: str
    private: str
    last_four: str | None = None

    def encode(self) -> bytes:
        """Return the body of the short answer, the one without a card number."""
        said = f"{self.till}{self.status}{self.minor_units:08}{self.mode}"
        return f"{said}{self.currency}{self.private}".encode("ascii")


def request(body: bytes) -> Request:
    """Read what a till asks; raises FrameError."""
    said = _matched(_REQUEST, body)
    return Request(
        till=said["till"],
        minor_units=int(said["amount"]),
        answer=said["answer"],
        mode=said["mode"],
        type=said["type"],
        currency=said["currency"],
        private=scrubbed(said["private"]),
        delay=said["delay"],
        authorisation=said["authorisation"] or "010",
    )


def answer(body: bytes) -> Answer:
    """Read what a terminal answers; raises FrameError, which holds nothing of it."""
    said = _matched(_ANSWER, body)
    # REP begins with the number, and what may follow is published nowhere.
    number = re.match(r"\d*", said["card"] or "", re.ASCII)
    return Answer(
        till=said["till"],
        status=said["status"],
        minor_units=int(said["amount"]),
        mode=said["mode"],
        currency=said["currency"],
        private=scrubbed(said["private"]),
        last_four=last_four(number[0]) if number else None,
    )


def _matched(pattern: re.Pattern[str], body: bytes) -> re.Match[str]:
    found = pattern.fullmatch(body.decode("latin-1"))
    if found is None:
        raise FrameError("not what is said in Concert V2")
    return found
