"""What the servers tell of a reader, a checkout and a transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from firmware_sims.payment.ledger import Authorisation
from firmware_sims.sumup.checkout import OF_TRANSACTIONS, Checkout, Status
from firmware_sims.sumup.reader import Reader
from firmware_sims.sumup.trouble import Trouble

FIRMWARE = "3.3.39.1"
CARD = {"last_4_digits": "5305", "type": "VISA"}
UNKNOWN = "in_dispute"
"""A status that nobody described."""


def status(reader: Reader) -> dict[str, Any]:
    """Return what is known of the reader."""
    return {
        "status": "ONLINE" if reader.online else "OFFLINE",
        "state": reader.state,
        "battery_level": 87.0,
        "connection_type": "Wi-Fi",
        "firmware_version": FIRMWARE,
        "last_activity": utc(reader.now),
    }


def checkout(known: Checkout, serial: str, *, unknown: bool) -> dict[str, Any]:
    """Return a checkout; what was told wrong is wrong here too."""
    ended = known.status is not Status.PENDING
    amount = known.amount - (1 if Trouble.WRONG_AMOUNT in known.told_wrong else 0)
    return {
        "checkout_id": known.checkout_id,
        "client_transaction_id": known.client_transaction_id,
        "status": UNKNOWN if unknown else known.status.value,
        "payment_status": OF_TRANSACTIONS[known.status].lower() if ended else None,
        "payment_failure_reason": known.reason,
        "total_amount": {
            "currency": _currency(known),
            "minor_unit": known.minor_unit,
            "value": amount,
        },
        "created_at": utc(known.created_at),
        "updated_at": utc(known.updated_at),
        "valid_until": None if known.valid_until is None else utc(known.valid_until),
        "card_type": None,
        "payment_type": "card",
        "installments": None,
        "reader_serial_number": serial,
        "reader_firmware_version": FIRMWARE,
    }


def transaction(
    known: Checkout, refunds: Sequence[Authorisation], merchant: str, *, unknown: bool
) -> dict[str, Any]:
    """Return a transaction, with what was given back of it."""
    state = "REFUNDED" if refunds else OF_TRANSACTIONS[known.status]
    amount = known.amount if known.paid is None else known.paid.amount
    wrong = known.told_wrong
    told: dict[str, Any] = {
        "id": known.transaction_id,
        "transaction_code": known.transaction_code,
        "client_transaction_id": known.client_transaction_id,
        "merchant_code": merchant,
        "amount": major(amount - (1 if Trouble.WRONG_AMOUNT in wrong else 0), known),
        "currency": _currency(known),
        "status": UNKNOWN.upper() if unknown else state,
        "timestamp": utc(known.updated_at),
        "payment_type": "POS",
        "entry_mode": "CHIP",
        "card": CARD,
        "transaction_events": [_event(row, known) for row in refunds],
    }
    if known.reference:
        another = Trouble.WRONG_REFERENCE in wrong
        told["foreign_transaction_id"] = f"{known.reference}{'-2' if another else ''}"
    if known.paid is not None:
        told["auth_code"] = known.paid.code
    return told


def major(amount: int, known: Checkout) -> float:
    """Return an amount in major units."""
    return float(Decimal(amount).scaleb(-known.minor_unit))


def utc(at: datetime) -> str:
    """Return a moment as the servers write it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _event(row: Authorisation, known: Checkout) -> dict[str, Any]:
    return {
        "id": 5_000_000 + row.number,
        "event_type": "REFUND",
        "status": "REFUNDED",
        "amount": major(row.amount, known),
        "timestamp": utc(row.at),
    }


def _currency(known: Checkout) -> str:
    if Trouble.WRONG_CURRENCY not in known.told_wrong:
        return known.currency
    return "USD" if known.currency != "USD" else "EUR"
