"""Terminals that put a whole card number wherever their protocol has room for it."""

import base64
from collections.abc import Callable
from functools import reduce

from agent.adapters.payment_line import StreamLine
from agent.usecases.payments.terminals import Terminal
from drivers.kit.link import Received, Send
from drivers.payment.kinds import STREAMS, SUMUP
from tests.agent.canaries import Card
from tests.agent.card_sumup import ScriptedSumup, SumupServer, sumup_bodies
from tests.agent.card_zvt import zvt_answers, zvt_messages

ENQ, ACK, EOT, NAK = b"\x05", b"\x06", b"\x04", b"\x15"
LOST = None
"""Instead of bytes: the terminal ends the connection."""
OPTIONS = {
    "concert-v2": {},
    "caisse-ap": {"ticket": True},
    "zvt": {"password": "271828", "receipt": True},
}


class Answering:
    """A Link to a terminal that answers as ``answers`` says: pieces of bytes, or LOST."""

    def __init__(self, answers: Callable[[bytes], list[bytes | None]]) -> None:
        self._answers = answers

    async def open(self, deliver, lost) -> None:
        self._deliver, self._lost = deliver, lost

    async def carry_out(self, action: Send) -> None:
        for piece in self._answers(action.data):
            if piece is LOST:
                self._lost("the terminal let go")
            else:
                self._deliver(Received(piece))

    async def close(self) -> None:
        """Nothing is held."""


# --- Concert V2 -----------------------------------------------------------------------------------


def concert_frame(body: str) -> bytes:
    covered = body.encode("latin-1") + b"\x03"
    return b"\x02" + covered + bytes((reduce(lambda each, other: each ^ other, covered, 0),))


def concert_bodies(card: Card, amount="00012500", reference="K7WQ2M9XHT") -> dict[str, bytes]:
    """Return answers to 125.00 EUR that hold a card, by where they hold it."""
    rep = card.line.ljust(55)[:55]
    tracks = f";{card.number}=27041011000012300?".ljust(55)[:55]
    plain = f"01{{}}{amount}1{{}}978{reference}"
    return {
        "REP": concert_frame(plain.format("0", rep)),
        "REP with tracks": concert_frame(plain.format("0", tracks)),
        "REP of what was refused": concert_frame(plain.format("7", rep)),
        "REP of another payment": concert_frame(f"010000099001{rep}978ZZZZZZZZZZ"),
        "a status of no meaning": concert_frame(plain.format("5", rep)),
        "a body that is too long": concert_frame(plain.format("0", card.line.ljust(80))),
        "a body that is nothing but a card": concert_frame(card.line),
        "a damaged frame": concert_frame(plain.format("0", rep))[:-1] + b"\xff",
        "a frame without an end": b"\x02" + (card.line * 60).encode(),
        "no frame": card.line.encode(),
    }


def concert_answers(place: str, card: Card):
    def answers(heard: bytes) -> list[bytes | None]:
        if heard == ENQ:
            return [ACK]
        if heard[:1] == b"\x02":
            amount, reference = heard[3:11].decode(), heard[17:27].decode()
            return [ACK, ENQ, concert_bodies(card, amount, reference)[place], LOST]
        return []

    return answers


# --- Caisse-AP ------------------------------------------------------------------------------------


def said(*fields: tuple[str, str]) -> bytes:
    return "".join(f"{tag}{len(value):03}{value}" for tag, value in fields).encode("latin-1")


def caisse_bodies(card: Card, reference="K7WQ2M9XHT") -> dict[str, bytes]:
    """Return answers to 125.00 EUR that hold a card, by where they hold it."""
    base = (("CZ", "0300"), ("CA", "01"), ("CE", "978"), ("CD", "0"), ("CB", "12500"))
    ours = ("CF", reference)
    done = (*base, ours, ("AE", "10"))
    coded = base64.b64encode(card.ticket.encode("latin-1")).decode()
    ticket = said(("CK", "100"), ("AK", coded)).decode()
    single = {
        tag: said(*done, (tag, card.line))
        for tag in ("AA", "AB", "AD", "AG", "AH", "BH", "BI", "AM", "AN", "AC", "AI", "CG", "QX")
    }
    return {
        **single,
        "CK": said(*done, ("CK", card.line)),
        "CF": said(*base, ("AE", "10"), ("CF", card.line)),
        "ZT/AK": said(*done, ("AA", card.number), ("ZT", ticket)),
        "AK": said(*done, ("AK", coded)),
        "AK that is no base64": said(*done, ("AK", card.line)),
        "ZT that holds no fields": said(*done, ("ZT", card.line)),
        "everything": said(
            *done,
            *((tag, card.line) for tag in ("AA", "AB", "AD", "BH", "BI", "AM", "AN", "AC", "CG")),
            ("AK", coded),
        ),
        "AF": said(*base, ours, ("AE", "01"), ("AF", f"04{card.line}"[:50])),
        "a contradiction": said(*done, ("AF", f"04{card.line}"[:50]), ("AA", card.line)),
        "another till": said(*done, ("AA", card.line)).replace(b"CA00201", b"CA00299"),
        "an amount that is none": said(*base[:-1], ("CB", "x"), ("AE", "10"), ("AA", card.line)),
        "a field that is said twice": said(*done, ("AA", card.line), ("AA", card.line)),
        "no version": said(("AA", card.line), ("AE", "10")),
        "a field that is cut off": said(*done, ("AA", card.line))[:-3],
        "nothing but a card": card.line.encode(),
        "a flood": (card.line * 1000).encode(),
    }


def caisse_answers(place: str, card: Card):
    def answers(heard: bytes) -> list[bytes | None]:
        at = heard.index(b"CF010") + 5
        return [caisse_bodies(card, heard[at : at + 10].decode())[place], LOST]

    return answers


# --- all of them ----------------------------------------------------------------------------------

ANSWERS = {"concert-v2": concert_answers, "caisse-ap": caisse_answers, "zvt": zvt_answers}
_SAMPLE = Card("4970100000000055", "whole")
PLACES = [
    *(("concert-v2", each) for each in concert_bodies(_SAMPLE)),
    *(("caisse-ap", each) for each in caisse_bodies(_SAMPLE)),
    *(("zvt", each) for each in zvt_messages(_SAMPLE)),
    *(("sumup", each) for each in sumup_bodies(_SAMPLE)),
]
"""Each kind of terminal, and each place where it says a card."""


def line_of(kind: str, place: str, card: Card):
    """Return the way to a terminal that says a card at a place."""
    if kind == "sumup":
        return ScriptedSumup(SumupServer(place, card))
    answers = ANSWERS[kind](place, card)
    return StreamLine(STREAMS[kind].speak(OPTIONS[kind], False), lambda: Answering(answers))


def terminal_of(kind: str, line) -> Terminal:
    known = SUMUP if kind == "sumup" else STREAMS[kind]
    return Terminal(name="tpe", kind=known, address=f"{kind}:1", line=line, partial=False)
