"""Terminals that put a whole card number wherever their protocol has room for it."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import httpx
import sumup

from agent.adapters.payment_line import StreamLine
from agent.adapters.sumup_line import SumupLine
from agent.usecases.payments.terminals import Terminal
from drivers.kit.link import Received, Send
from drivers.payment.kinds import STREAMS, SUMUP
from drivers.payment.profile import SumupProfile
from tests.agent.canaries import ON_ONE_LINE, WRITTEN, in_bcd

ENQ, ACK, EOT, NAK = b"\x05", b"\x06", b"\x04", b"\x15"
LOST = None
"""Instead of bytes: the terminal ends the connection."""
OPTIONS = {
    "concert-v2": {},
    "caisse-ap": {"ticket": True},
    "zvt": {"password": "271828", "receipt": True},
}


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


# --- ZVT ------------------------------------------------------------------------------------------

TAKEN = b"\x80\x00\x00"


def apdu(kind: int, instruction: int, data: bytes = b"") -> bytes:
    size = bytes((len(data),)) if len(data) < 255 else b"\xff" + len(data).to_bytes(2, "little")
    return bytes((kind, instruction)) + size + data


def bmp(name: int, value: bytes, digits: int) -> bytes:
    length = bytes(0xF0 | int(each) for each in str(len(value)).zfill(digits))
    return bytes((name,)) + length + value


def tlv(*objects: tuple[int, bytes]) -> bytes:
    """Return data objects of a container."""
    found = b""
    for tag, value in objects:
        size = (
            bytes((len(value),)) if len(value) < 128 else b"\x82" + len(value).to_bytes(2, "big")
        )
        found += tag.to_bytes(1 if tag < 256 else 2, "big") + size + value
    return found


def status(more: bytes, result=0, money=b"\x04\x00\x00\x00\x01\x25\x00\x49\x09\x78") -> bytes:
    return apdu(0x04, 0x0F, bytes((0x27, result)) + money + b"\x87\x00\x42" + more)


def zvt_messages(card: Card) -> dict[str, list[bytes]]:
    """Return what a terminal says between an authorisation and its end, by where it holds a card."""
    spelt = card.line.encode("cp437")
    digits = in_bcd(card.number)
    track = in_bcd(card.number + "D27041011000012300")
    ticket = card.ticket.encode("cp437")
    lines = tlv(*((0x07, each.encode("cp437")) for each in card.ticket.split("\n")))
    printed = [apdu(0x06, 0xD1, b"\x00" + each) for each in ticket.split(b"\n")]
    last = apdu(0x06, 0xD1, b"\x80MERCI")
    done = status(b"")
    in_fields = {
        f"BMP {name:02X}": [status(bmp(name, value, digits_))]
        for name, value, digits_ in (
            (0x22, digits, 2),
            (0x23, track, 2),
            (0x24, track, 3),
            (0x2D, f"%B{card.number}^DOE/JOHN^2704?".encode(), 2),
            (0x2E, track, 3),
            (0x3C, spelt, 3),
            (0x8B, spelt, 2),
            (0x9A, track, 3),
            (0xA7, digits, 2),
            (0x4C, digits, 2),
            (0xD1, spelt, 2),
            (0xF1, spelt, 2),
        )
    }
    in_objects = {
        f"object {tag:X}": [status(b"\x06" + length_of(tlv((tag, value))))]
        for tag, value in (
            (0x1F08, digits),
            (0x1F14, spelt),
            (0x46, track),
            (0x47, track),
            (0x4C, digits),
            (0x62, tlv((0x46, track))),
            (0x07, spelt),
            (0x24, tlv((0x07, spelt))),
        )
    }
    container = b"\x06" + length_of(tlv((0x1F08, digits), (0x46, track)))
    return {
        **in_fields,
        **in_objects,
        "all fields of cards": [
            status(bmp(0x22, digits, 2) + bmp(0x23, track, 2) + bmp(0x24, track, 3))
        ],
        "print lines": [done, *printed, last],
        "print lines of a card in a container": [
            done,
            apdu(0x06, 0xD1, b"\x00CARTE" + container),
            last,
        ],
        "print lines before the end": [*printed, last, done],
        "a text block": [
            done,
            apdu(0x06, 0xD3, b"\x06" + length_of(tlv((0x1F07, b"\x02"), (0x25, lines)))),
        ],
        "a text block of fields": [done, apdu(0x06, 0xD3, bmp(0x3C, spelt, 3))],
        "a text block that is none": [done, apdu(0x06, 0xD3, spelt)],
        "a text on the way": [
            apdu(0x04, 0xFF, b"\x0a\x01\x06" + length_of(tlv((0x24, tlv((0x07, spelt)))))),
            done,
        ],
        "what was refused": [status(bmp(0x22, digits, 2) + bmp(0x8B, spelt, 2), result=5)],
        "another payment": [
            status(
                bmp(0x22, digits, 2) + bmp(0x8B, spelt, 2),
                money=b"\x04\x00\x00\x00\x00\x99\x00\x49\x09\x78",
            )
        ],
        "a field that is cut off": [apdu(0x04, 0x0F, bmp(0x22, digits, 2)[:-2])],
        "a field of no known length": [apdu(0x04, 0x0F, b"\x41" + digits)],
        "a field that says no length": [apdu(0x04, 0x0F, b"\x22" + digits)],
        "no result": [apdu(0x04, 0x0F, bmp(0x22, digits, 2) + bmp(0x8B, spelt, 2))],
        "a container that is cut off": [
            apdu(0x04, 0x0F, b"\x27\x00\x06\x10\x1f\x08\x7f" + digits.ljust(13, b"\xff"))
        ],
        "an abort": [apdu(0x06, 0x1E, b"\x6c" + bmp(0x22, digits, 2))],
        "no message": [spelt],
        "a command that nobody knows": [apdu(0x0F, 0x77, spelt + digits), done],
    }


def length_of(container: bytes) -> bytes:
    """Return a container with its length before it."""
    return b"\x82" + len(container).to_bytes(2, "big") + container


def zvt_answers(place: str, card: Card):
    def answers(heard: bytes) -> list[bytes | None]:
        match heard[:2]:
            case b"\x06\x00":
                return [TAKEN, apdu(0x06, 0x0F, b"\x19\x00\x49\x09\x78")]
            case b"\x06\x20":
                # It has nothing to repeat, and names the card all the same.
                return [TAKEN, apdu(0x06, 0x1E, b"\x64" + bmp(0x22, in_bcd(card.number), 2))]
            case b"\x06\x01":
                end = apdu(0x06, 0x0F, bmp(0x22, in_bcd(card.number), 2))
                return [TAKEN, *zvt_messages(card)[place], end, LOST]
            case _:
                return []

    return answers


# --- SumUp ----------------------------------------------------------------------------------------

CHECKOUT = "19f49a53-07ee-4c84-8eb7-a1b2c3d4e5f6"
TRANSACTION = "6f4a1b3c-5d2e-4f60-9182-736455463728"


def sumup_bodies(card: Card, reference="K7WQ2M9XHT") -> dict[str, dict[str, object]]:
    """Return what the servers say of a checkout and its transaction, by where they say a card."""
    failed = {"status": "failed"}
    return {
        "last_4_digits": {"card": {"last_4_digits": card.number, "type": "VISA"}},
        "card type": {"card": {"last_4_digits": card.number[-4:], "type": card.line}},
        "auth_code": {"auth_code": card.line},
        "transaction_code": {"transaction_code": card.line},
        "transaction id": {"id": card.line},
        "checkout id": {"checkout_id": card.line},
        "foreign_transaction_id": {"foreign_transaction_id": card.line},
        "entry_mode": {"entry_mode": card.line},
        "payment_failure_reason": {**failed, "payment_failure_reason": card.text},
        "payment_failure_reason of what is paid": {"payment_failure_reason": card.text},
        "a status of a checkout": {"status": card.line},
        "an answer that is no JSON": {"raw": (200, card.line)},
        "an answer of another shape": {"raw": (200, json.dumps({"data": card.line}))},
        "a refusal": {"raw": (422, json.dumps({"title": card.line, "detail": card.line}))},
        "an error": {"raw": (500, f"<h1>{card.line}</h1>")},
    }


class SumupServer:
    """Answers as SumUp's servers would, one payment long."""

    def __init__(self, place: str, card: Card) -> None:
        self._said = sumup_bodies(card)[place]
        self._money: object = None
        self._reference = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("/status"):
            return httpx.Response(200, json={"data": {"status": "ONLINE", "state": "IDLE"}})
        if path.endswith("/checkout"):
            return self._made(json.loads(request.content))
        if "/checkout/" in path:
            return httpx.Response(200, json={"data": self._checkout()})
        if path.endswith("/transactions"):
            return httpx.Response(200, json=self._transaction())
        return httpx.Response(404, json={})

    def _made(self, asked: dict) -> httpx.Response:
        if "raw" in self._said:
            code, text = self._said["raw"]
            return httpx.Response(code, text=text, headers={"content-type": "application/json"})
        self._money = asked["total_amount"]
        self._reference = asked["affiliate"]["foreign_transaction_id"]
        ids = {"checkout_id": self._said.get("checkout_id", CHECKOUT)}
        return httpx.Response(201, json={"data": {**ids, "client_transaction_id": CHECKOUT}})

    def _checkout(self) -> dict[str, object]:
        return {
            "checkout_id": CHECKOUT,
            "client_transaction_id": CHECKOUT,
            "status": "successful",
            "payment_status": "successful",
            "payment_failure_reason": None,
            "total_amount": self._money,
            "created_at": "2026-11-24T08:00:00Z",
            "updated_at": "2026-11-24T08:00:00Z",
            "valid_until": None,
            "card_type": "VISA",
            "payment_type": "card",
            "installments": 1,
            "reader_serial_number": "SN1",
            "reader_firmware_version": "3.3",
            **{
                key: each
                for key, each in self._said.items()
                if key in {"status", "payment_failure_reason"}
            },
        }

    def _transaction(self) -> dict[str, object]:
        return {
            "id": TRANSACTION,
            "transaction_code": "TEENSK4W2K",
            "amount": 125.0,
            "currency": "EUR",
            "status": "SUCCESSFUL",
            "foreign_transaction_id": self._reference,
            "auth_code": "053201",
            "timestamp": "2026-11-24T08:00:00Z",
            "entry_mode": "CHIP",
            "card": {"last_4_digits": "1234", "type": "VISA"},
            **self._said,
        }


class ScriptedSumup(SumupLine):
    """SumUp's own library, whose requests end here."""

    def __init__(self, server: SumupServer) -> None:
        profile = SumupProfile(merchant="M", api_key="k", app="releve", affiliate_key="a")
        super().__init__(profile, "rdr")
        self._server = server

    def _client(self):
        client = sumup.AsyncSumup("k", "https://sumup.invalid")
        client._client._transport = httpx.MockTransport(self._server)
        client._client._mounts = {}
        return client


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
