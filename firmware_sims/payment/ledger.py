"""The authorisations that a terminal gave: what tests believe, whatever was answered."""

import json
import os
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from firmware_sims.payment.order import Kind, Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """One row; numbers count from 1 without gaps."""

    number: int
    reference: str
    kind: Kind
    amount: int
    currency: str
    at: datetime

    @property
    def order(self) -> Order:
        """What was authorised, as an order."""
        return Order(
            reference=self.reference, kind=self.kind, amount=self.amount, currency=self.currency
        )

    @property
    def code(self) -> str:
        """Its authorisation code: of the number, so that it is the same after a reboot."""
        return str((222093 + 7919 * (self.number - 1)) % 1_000_000).zfill(6)

    def as_json(self) -> dict[str, Any]:
        at = self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        row = {"n": self.number, "reference": self.reference, "kind": self.kind.value}
        return {**row, "amount": self.amount, "currency": self.currency, "at": at}

    @classmethod
    def from_json(cls, line: bytes) -> Self:
        row: dict[str, Any] = json.loads(line)
        return cls(
            number=row["n"],
            reference=row["reference"],
            kind=Kind(row["kind"]),
            amount=row["amount"],
            currency=row["currency"],
            at=datetime.fromisoformat(row["at"]),
        )


class LedgerError(ValueError):
    """The file cannot be used as a ledger; the message says why."""


class Ledger:
    """One JSON line an authorisation, on the disk before anybody is told; without a file, in memory."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.rows: list[Authorisation] = []
        self.read()

    def read(self) -> None:
        """Take what is in the file, as after a reboot; without one, what was written stays."""
        if self._path is None:
            return
        try:
            self._path.touch()
            *whole, torn = self._path.read_bytes().split(b"\n")
            if torn:
                # It was killed while it wrote: nobody was told of this one.
                os.truncate(self._path, self._path.stat().st_size - len(torn))
            self.rows = [Authorisation.from_json(line) for line in whole]
        except (OSError, ValueError, KeyError, TypeError) as error:
            msg = f"{self._path} is no ledger: {error}"
            raise LedgerError(msg) from error

    def write(self, order: Order, amount: int, at: datetime) -> Authorisation:
        """Authorise an amount of an order; on the disk when this returns."""
        row = Authorisation(
            number=len(self.rows) + 1,
            reference=order.reference,
            kind=order.kind,
            amount=amount,
            currency=order.currency,
            at=at,
        )
        if self._path is not None:
            _append(self._path, json.dumps(row.as_json()).encode() + b"\n")
        self.rows.append(row)
        return row

    def counts(self) -> Counter[str]:
        """Return how many authorisations there are, by reference."""
        return Counter(row.reference for row in self.rows)


def _append(path: Path, line: bytes) -> None:
    with path.open("ab") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
