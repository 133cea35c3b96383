"""What the servers keep: checkouts, and the ledger that tests believe."""

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from firmware_sims.payment.ledger import Authorisation, Ledger, LedgerError
from firmware_sims.payment.order import Kind, Order
from firmware_sims.sumup.checkout import CURRENCIES, Checkout, Status, of_a_row

LOST = "READER_LOST_IT"
"""Why nothing was paid at a checkout that was open when the process was killed."""


class Book:
    """Checkouts in their order, and the ledger; both on the disk before anybody is told, or in memory.

    Beside `paid.jsonl` there is `paid.jsonl.checkouts`, which holds the names of checkouts. The ledger alone
    says what was paid: what was killed between the two files is paid if and only if it is in the ledger.
    """

    def __init__(self, path: Path | None) -> None:
        self.ledger = Ledger(path)
        self._kept = None if path is None else path.with_name(f"{path.name}.checkouts")
        self._checkouts: dict[str, Checkout] = {}
        self._read()

    # --- writing ----------------------------------------------------------------------------------

    def accept(self, checkout: Checkout) -> None:
        """Keep a new checkout."""
        self._write({"accepted": checkout.as_json()})
        self.put(checkout)

    def authorise(self, checkout: Checkout, amount: int, at: datetime) -> Checkout:
        """Have an amount paid at a checkout."""
        self._write({"paid": checkout.checkout_id, "row": len(self.ledger.rows) + 1})
        row = self.ledger.write(_order(checkout, Kind.DEBIT), amount, at)
        return self.put(checkout.authorised(row))

    def end(self, checkout: Checkout, status: Status, reason: str, at: datetime) -> Checkout:
        """Have a checkout end without money."""
        ended = checkout.ended(status, reason, at)
        kept = {"status": status.value, "reason": reason, "at": at.isoformat()}
        self._write({"ended": checkout.checkout_id, **kept, "presented": ended.presented})
        return self.put(ended)

    def refund(self, checkout: Checkout, amount: int, at: datetime) -> Authorisation:
        """Give back a part of what was paid, or all."""
        undoes = None if checkout.paid is None else checkout.paid.number
        return self.ledger.write(_order(checkout, Kind.CREDIT, undoes), amount, at)

    def put(self, checkout: Checkout) -> Checkout:
        """Have a checkout stand as it is now, in memory alone; return it."""
        self._checkouts[checkout.checkout_id] = checkout
        return checkout

    # --- looking ----------------------------------------------------------------------------------

    def get(self, checkout_id: str) -> Checkout | None:
        """Return a checkout."""
        return self._checkouts.get(checkout_id)

    def last(self, is_it: Callable[[Checkout], bool]) -> Checkout | None:
        """Return the last one that has a transaction and for which `is_it` holds."""
        newest = reversed(self._checkouts.values())
        return next((each for each in newest if each.presented and is_it(each)), None)

    def refunds(self, checkout: Checkout) -> list[Authorisation]:
        """Return what was given back, oldest first."""
        if checkout.paid is None:
            return []
        return [row for row in self.ledger.rows if row.undoes == checkout.paid.number]

    def left(self, checkout: Checkout) -> int:
        """Return what could still be given back."""
        if checkout.paid is None:
            return 0
        return checkout.paid.amount - sum(row.amount for row in self.refunds(checkout))

    def standing(self) -> Counter[str]:
        """Return how many payments stand, by reference: those of which not all was given back."""
        back: Counter[int | None] = Counter()
        for row in self.ledger.rows:
            back[row.undoes] += row.amount if row.undoes is not None else 0
        return Counter(
            row.reference
            for row in self.ledger.rows
            if row.undoes is None and back[row.number] < max(row.amount, 1)
        )

    def as_json(self) -> list[dict[str, Any]]:
        """Return every checkout in a few words."""
        return [
            {
                "checkout_id": each.checkout_id,
                "reference": each.reference,
                "status": each.status.value,
                "reason": each.reason,
            }
            for each in self._checkouts.values()
        ]

    # --- the disk ---------------------------------------------------------------------------------

    def _write(self, line: dict[str, Any]) -> None:
        if self._kept is not None:
            with self._kept.open("ab") as file:
                file.write(json.dumps(line).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())

    def _read(self) -> None:
        try:
            lines = self._lines()
            for line in lines:
                self._replay(line)
            self._match({line["row"]: line["paid"] for line in lines if "paid" in line})
        except (OSError, ValueError, KeyError, TypeError) as error:
            msg = f"{self._kept} holds no checkouts: {error}"
            raise LedgerError(msg) from error
        for each in [*self._checkouts.values()]:
            if each.status is Status.PENDING:
                self.put(each.ended(Status.FAILED, LOST, each.created_at))

    def _lines(self) -> list[dict[str, Any]]:
        if self._kept is None:
            return []
        self._kept.touch()
        *whole, torn = self._kept.read_bytes().split(b"\n")
        if torn:
            os.truncate(self._kept, self._kept.stat().st_size - len(torn))
        return [json.loads(line) for line in whole]

    def _replay(self, line: dict[str, Any]) -> None:
        if "accepted" in line:
            self.put(Checkout.from_json(line["accepted"]))
        elif "ended" in line:
            at = datetime.fromisoformat(line["at"])
            checkout = self._checkouts[line["ended"]]
            ended = checkout.ended(Status(line["status"]), line["reason"], at)
            self.put(replace(ended, presented=line["presented"]))

    def _match(self, checkouts: Mapping[int, str]) -> None:
        """Have what is in the ledger be paid, at the checkout that was about to be when its row was written."""
        for row in self.ledger.rows:
            if row.undoes is None:
                known = self._checkouts.get(checkouts.get(row.number, ""))
                self.put(of_a_row(row) if known is None else known.authorised(row))


def _order(checkout: Checkout, kind: Kind, undoes: int | None = None) -> Order:
    return Order(
        reference=checkout.reference,
        kind=kind,
        amount=checkout.amount,
        currency=CURRENCIES[checkout.currency].number,
        undoes=undoes,
    )
