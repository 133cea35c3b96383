"""A checkout and the transaction that comes of it, as they stand."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from firmware_sims.payment.ledger import Authorisation
from firmware_sims.sumup.trouble import Trouble


class Currency(NamedTuple):
    """How one is called."""

    number: str
    """Of ISO 4217, three digits: the ledger's."""
    minor_unit: int


CURRENCIES = {
    "EUR": Currency("978", 2),
    "CHF": Currency("756", 2),
    "GBP": Currency("826", 2),
    "USD": Currency("840", 2),
    "HUF": Currency("348", 0),
}
"""By code; SumUp counts forints without decimals."""
CODES = {currency.number: code for code, currency in CURRENCIES.items()}


class Status(StrEnum):
    """How a checkout stands."""

    PENDING = "pending"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    CANCELLED = "cancelled"


OF_TRANSACTIONS = {
    Status.PENDING: "PENDING",
    Status.SUCCESSFUL: "SUCCESSFUL",
    Status.FAILED: "FAILED",
    Status.CANCELLED: "CANCELLED",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """One, as it stands; the transaction has its amount, its reference and its fate."""

    checkout_id: str
    client_transaction_id: str
    transaction_id: str
    reference: str
    """Empty where the till gave none."""
    amount: int
    """What was asked for, in minor units."""
    currency: str
    """Its code, as EUR."""
    created_at: datetime
    updated_at: datetime
    valid_until: datetime | None = None
    status: Status = Status.PENDING
    reason: str | None = None
    """Why nothing was paid."""
    presented: bool = False
    """Whether a card was: from then on there is a transaction."""
    paid: Authorisation | None = None
    """The row of the ledger."""
    told_wrong: frozenset[Trouble] = frozenset()
    """What all answers about it get wrong."""

    @property
    def minor_unit(self) -> int:
        """How many decimals its currency has."""
        return CURRENCIES[self.currency].minor_unit

    @property
    def transaction_code(self) -> str:
        """The short name of the transaction: of its id, so that it is the same after a new start."""
        return f"T{uuid.UUID(self.transaction_id).hex[:10].upper()}"

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it on the disk."""
        return {
            "checkout_id": self.checkout_id,
            "client_transaction_id": self.client_transaction_id,
            "transaction_id": self.transaction_id,
            "reference": self.reference,
            "amount": self.amount,
            "currency": self.currency,
            "created_at": self.created_at.isoformat(),
            "valid_until": None if self.valid_until is None else self.valid_until.isoformat(),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        created_at, until = datetime.fromisoformat(kept["created_at"]), kept["valid_until"]
        return cls(
            checkout_id=kept["checkout_id"],
            client_transaction_id=kept["client_transaction_id"],
            transaction_id=kept["transaction_id"],
            reference=kept["reference"],
            amount=kept["amount"],
            currency=kept["currency"],
            created_at=created_at,
            updated_at=created_at,
            valid_until=None if until is None else datetime.fromisoformat(until),
        )

    def authorised(self, row: Authorisation) -> Self:
        """Return it paid."""
        return replace(self, status=Status.SUCCESSFUL, presented=True, paid=row, updated_at=row.at)

    def ended(self, status: Status, reason: str, at: datetime) -> Self:
        """Return it ended without money."""
        return replace(self, status=status, reason=reason, updated_at=at)


def of_a_row(row: Authorisation) -> Checkout:
    """Return what a row of the ledger came of, where nothing else was kept; its names are always the same."""
    checkout, client, transaction = (
        str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}:{row.number}:{row.reference}"))
        for kind in ("checkout", "client", "transaction")
    )
    return Checkout(
        checkout_id=checkout,
        client_transaction_id=client,
        transaction_id=transaction,
        reference=row.reference,
        amount=row.amount,
        currency=CODES[row.currency],
        created_at=row.at,
        updated_at=row.at,
    ).authorised(row)
