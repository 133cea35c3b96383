"""What a terminal tells a till in ZVT; docs/protocols/zvt.md, §3 to §5."""

from collections.abc import Mapping
from datetime import datetime

from firmware_sims.payment.fitting import EXPIRY
from firmware_sims.payment.ledger import Authorisation
from firmware_sims.payment.order import Kind, Order
from firmware_sims.payment.zvt.apdu import Apdu
from firmware_sims.payment.zvt.fields import Bmp, bcd, counted, nibbles, tagged, written
from firmware_sims.payment.zvt.journal import NAMES, group, trace

STATUS_INFORMATION, INTERMEDIATE = 0x040F, 0x04FF
COMPLETION, ABORT, PRINT_LINE = 0x060F, 0x061E, 0x06D1
VERSION, READY, WAITS = b"2.14.15", 0x00, 0x9C
REGISTERED = 0x10
"""§9: the state in the completion of a registration."""
CONTRACT = b"424242".ljust(15)
LINE_ENDS, RECEIPT_ENDS = 0x00, 0x80
CHARACTERS = "cp437"
TITLES = {Kind.DEBIT: "ZAHLUNG", Kind.CREDIT: "GUTSCHRIFT", Kind.CANCELLATION: "STORNO"}
NOT_DONE = "ZAHLUNG NICHT MÖGLICH"
WIDTH = 24
RECEIPTS = ("HÄNDLERBELEG", "KUNDENBELEG")
FOOT = ("SIMULIERTES TERMINAL", "KEIN BELEG ÜBER GELD")
TEXT, TEXT_LINE = b"\x24", b"\x07"


def currency(number: str) -> bytes:
    """Return BMP 49 of a currency."""
    return bcd(int(number), 2)


def status(
    order: Order, result: int, at: datetime, *, card: str, terminal: str
) -> dict[int, bytes]:
    """Return what is told of any order."""
    return {
        Bmp.RESULT: bytes((result,)),
        Bmp.AMOUNT: bcd(order.amount, 6),
        Bmp.CURRENCY: currency(order.currency),
        Bmp.TIME: bytes.fromhex(f"{at:%H%M%S}"),
        Bmp.DATE: bytes.fromhex(f"{at:%m%d}"),
        Bmp.TERMINAL: bytes.fromhex(terminal),
        Bmp.CARD: nibbles(card),
    }


def refused(fields: Mapping[int, bytes]) -> dict[int, bytes]:
    """Return the same with a text for the display."""
    line = tagged(TEXT_LINE, NOT_DONE.encode(CHARACTERS))
    return {**fields, Bmp.CONTAINER: tagged(TEXT, line)}


def authorised(
    row: Authorisation, undone: Authorisation | None, *, card: str, terminal: str
) -> dict[int, bytes]:
    """Return what is told of a row of the ledger, and of the one that it undoes."""
    fields = status(row.order, 0, row.at, card=card, terminal=terminal)
    fields |= {
        Bmp.TRACE: bcd(trace(row.number), 3),
        Bmp.RECEIPT: bytes.fromhex(row.reference),
        Bmp.CODE: row.code.encode().ljust(8, b"\0"),
        Bmp.CONTRACT: CONTRACT,
        Bmp.EXPIRY: bytes.fromhex(EXPIRY),
        Bmp.CARD_NAME: NAMES[group(card)].encode() + b"\0",
    }
    if card.isdecimal():
        fields[Bmp.TRACK_2] = nibbles(f"{card}={EXPIRY}2010000000000"[:37])
    if undone is not None:
        fields[Bmp.TRACE_OF_THE_ORIGINAL] = bcd(trace(undone.number), 3)
    return fields


# --- APDUs ----------------------------------------------------------------------------------------


def status_information(fields: Mapping[int, bytes]) -> Apdu:
    """Return a result."""
    return Apdu(STATUS_INFORMATION, written(fields))


def intermediate(code: int, minutes: int | None = None) -> Apdu:
    """Return a status that has the till wait on, for another time where one is said."""
    return Apdu(INTERMEDIATE, bytes((code,)) + (b"" if minutes is None else bcd(minutes, 1)))


def completion(fields: Mapping[int, bytes] | None = None) -> Apdu:
    """Return what ends a command that was done."""
    return Apdu(COMPLETION, written(fields or {}))


def completion_with_state(state: int, *, with_version: bool) -> Apdu:
    """Return what ends a status enquiry."""
    version = counted(VERSION, 3) if with_version else b""
    return Apdu(COMPLETION, version + bytes((state,)))


def abort(result: int, fields: Mapping[int, bytes] | None = None) -> Apdu:
    """Return what ends one that was not."""
    return Apdu(ABORT, bytes((result,)) + written(fields or {}))


def print_lines(row: Authorisation, *, card: str, terminal: str) -> list[Apdu]:
    """Return both receipts of a row, a line each; the last of each says that it ends."""
    said: list[Apdu] = []
    for title in RECEIPTS:
        *lines, last = (title, *_lines(row, card, terminal), *FOOT)
        said += [_print_line(LINE_ENDS, line) for line in lines]
        said.append(_print_line(RECEIPT_ENDS, last))
    return said


def _print_line(attribute: int, text: str) -> Apdu:
    return Apdu(PRINT_LINE, bytes((attribute,)) + text[:WIDTH].encode(CHARACTERS))


def _lines(row: Authorisation, card: str, terminal: str) -> tuple[str, ...]:
    whole, cents = divmod(row.amount, 100)
    return (
        f"{row.at:%d.%m.%Y    %H:%M:%S}",
        f"TERMINAL-ID {terminal}",
        f"TA-NR. {trace(row.number):06} BNR. {row.reference}",
        f"{TITLES[row.kind]} {NAMES[group(card)]}",
        f"PAN {card}",
        f"GENEHMIGUNG {row.code}",
        f"BETRAG {whole},{cents:02} {row.currency}",
    )
