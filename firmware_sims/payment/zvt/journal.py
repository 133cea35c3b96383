"""What a terminal of ZVT knows of its past, all of it from the ledger: receipts, traces, totals."""

from firmware_sims.payment.ledger import Authorisation, Ledger
from firmware_sims.payment.order import Kind
from firmware_sims.payment.zvt.fields import bcd

MOST = 9999
TRACES_BEGIN = 771
"""So that no trace is the number of its receipt: ours."""
REVERSED_ALREADY, NOT_TO_BE_REVERSED = 0xB4, 0xB5
GROUPS = (("67",), ("35",), ("5",), ("34", "37"), ("4",), ("36",))
"""§3: how the numbers of the cards of totals begin, girocard to Diners; the others are the seventh. Ours."""
NAMES = ("girocard", "JCB", "Mastercard", "American Express", "Visa", "Diners", "Karte")
MOST_COUNTED = 0xFF


def receipt(row: int) -> str:
    """Return the receipt number of a row of the ledger."""
    return str((row - 1) % MOST + 1).zfill(4)


def trace(row: int) -> int:
    """Return the trace number of a row of the ledger."""
    return (row + TRACES_BEGIN - 2) % MOST + 1


def group(card: str) -> int:
    """Return which of the seven a card belongs to."""
    found = (at for at, begins in enumerate(GROUPS) if card.startswith(begins))
    return next(found, len(GROUPS))


def latest(ledger: Ledger) -> Authorisation | None:
    """Return the latest transaction; one that the terminal took back by itself is none."""
    taken_back = {row.undoes for row in ledger.rows if row.automatic}
    for row in reversed(ledger.rows):
        if not row.automatic and row.number not in taken_back:
            return row
    return None


def reversible(ledger: Ledger, wanted: str) -> Authorisation | int:
    """Return what was paid or paid back with a receipt of this day, else the result that refuses to reverse it."""
    for row in reversed(ledger.rows[ledger.closed :]):
        if row.reference == wanted and row.kind is not Kind.CANCELLATION:
            return REVERSED_ALREADY if row.number in ledger.undone() else row
    return NOT_TO_BE_REVERSED


def totals(ledger: Ledger, card: str, currency: str) -> bytes:
    """Return BMP 60 of this day: payments that stand, in one currency. Refunds are left out: ours."""
    today = ledger.rows[ledger.closed :]
    undone = ledger.undone()
    stand = [
        row.amount
        for row in today
        if row.kind is Kind.DEBIT and row.number not in undone and row.currency == currency
    ]
    ends = (today[0].reference, today[-1].reference) if today else ("0000", "0000")
    sums = [(0, 0)] * (len(GROUPS) + 1)
    sums[group(card)] = (min(len(stand), MOST_COUNTED), sum(stand))
    return bytes.fromhex("".join(ends)) + b"".join(
        bytes((count,)) + bcd(amount, 6) for count, amount in sums
    )
