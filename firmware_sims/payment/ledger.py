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
    undoes: int | None = None
    """The number of the row that this one undoes."""
    automatic: bool = False
    """Whether the terminal did it by itself."""

    @property
    def order(self) -> Order:
        """What was authorised, as an order."""
        return Order(
            reference=self.reference,
            kind=self.kind,
            amount=self.amount,
            currency=self.currency,
            undoes=self.undoes,
        )

    @property
    def code(self) -> str:
        """Its authorisation code: of the number, so that it is the same after a reboot."""
        return str((222093 + 7919 * (self.number - 1)) % 1_000_000).zfill(6)

    def as_json(self) -> dict[str, Any]:
        row: dict[str, Any] = {
            "n": self.number,
            "reference": self.reference,
            "kind": self.kind.value,
            "amount": self.amount,
            "currency": self.currency,
            "at": _utc(self.at),
        }
        if self.undoes is not None:
            row["undoes"] = self.undoes
        if self.automatic:
            row["automatic"] = True
        return row

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        return cls(
            number=row["n"],
            reference=row["reference"],
            kind=Kind(row["kind"]),
            amount=row["amount"],
            currency=row["currency"],
            at=datetime.fromisoformat(row["at"]),
            undoes=row.get("undoes"),
            automatic=row.get("automatic", False),
        )


class LedgerError(ValueError):
    """The file cannot be used as a ledger; the message says why."""


class Ledger:
    """One JSON line an authorisation, on the disk before anybody is told; without a file, in memory."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.rows: list[Authorisation] = []
        self.closed = 0
        """How many of them belong to days that were ended; a line `{"closed": 3}` says so."""
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
            lines: list[dict[str, Any]] = [json.loads(line) for line in whole]
            ends: list[int] = [line["closed"] for line in lines if "closed" in line]
            self.rows = [Authorisation.from_json(line) for line in lines if "closed" not in line]
            self.closed = max(ends, default=0)
        except (OSError, ValueError, KeyError, TypeError) as error:
            msg = f"{self._path} is no ledger: {error}"
            raise LedgerError(msg) from error

    def write(
        self, order: Order, amount: int, at: datetime, *, automatic: bool = False
    ) -> Authorisation:
        """Authorise an amount of an order; on the disk when this returns."""
        row = Authorisation(
            number=len(self.rows) + 1,
            reference=order.reference,
            kind=order.kind,
            amount=amount,
            currency=order.currency,
            at=at,
            undoes=order.undoes,
            automatic=automatic,
        )
        self._append(row.as_json())
        self.rows.append(row)
        return row

    def close_day(self, at: datetime) -> None:
        """Have what comes belong to another day; on the disk when this returns."""
        self._append({"closed": len(self.rows), "at": _utc(at)})
        self.closed = len(self.rows)

    def undone(self) -> frozenset[int]:
        """Return the numbers of the rows that another undoes."""
        return frozenset(row.undoes for row in self.rows if row.undoes is not None)

    def counts(self) -> Counter[str]:
        """Return how many authorisations there are, by reference."""
        return Counter(row.reference for row in self.rows)

    def standing(self) -> Counter[str]:
        """Return how many of them stand, by reference: neither those that were undone nor those that undo."""
        undone = self.undone()
        stand = (row for row in self.rows if row.undoes is None and row.number not in undone)
        return Counter(row.reference for row in stand)

    def _append(self, line: dict[str, Any]) -> None:
        if self._path is not None:
            with self._path.open("ab") as file:
                file.write(json.dumps(line).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
