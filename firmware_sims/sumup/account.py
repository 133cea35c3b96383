"""A merchant's account at SumUp: what is asked of it, and what it does then."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from firmware_sims.sumup import answers
from firmware_sims.sumup.book import Book
from firmware_sims.sumup.checkout import Checkout, Status
from firmware_sims.sumup.fitting import Fitting
from firmware_sims.sumup.reader import Reader
from firmware_sims.sumup.refusal import Refusal, cannot_be, no_reader, no_transaction, wrong_shape
from firmware_sims.sumup.requests import CheckoutBody, check, checkout_body, refund_amount
from firmware_sims.sumup.trouble import Trouble, Troubles

NAMES: Mapping[str, Callable[[Checkout], str]] = {
    "id": lambda checkout: checkout.transaction_id,
    "transaction_code": lambda checkout: checkout.transaction_code,
    "foreign_transaction_id": lambda checkout: checkout.reference,
    "client_transaction_id": lambda checkout: checkout.client_transaction_id,
}
"""By which a transaction can be looked for."""


class Account:
    """Every call returns the `data` of its answer, or raises Refusal."""

    def __init__(self, fitting: Fitting) -> None:
        self.fitting = fitting
        self.troubles = Troubles()
        self.book = Book(fitting.ledger)
        self.reader = Reader(fitting, self.book, self.troubles)
        self.requests: Counter[str] = Counter()
        """Requests for a payment that were read, taken or not, by reference."""
        self.refund_requests: Counter[str] = Counter()
        """Requests for money back that were read and name a payment, followed or not, by its reference."""
        self._errors = 0

    # --- the reader -------------------------------------------------------------------------------

    def status(self) -> dict[str, Any]:
        """Return how the reader is."""
        self._stumble()
        return answers.status(self.reader)

    def ask(self, raw: bytes) -> dict[str, Any]:
        """Begin a checkout."""
        body = checkout_body(raw)
        self.requests[body.reference] += 1
        self._stumble()
        check(body, self.fitting.currencies)
        if body.reference and self.troubles.spend(Trouble.REFUSE_REFERENCE):
            raise cannot_be("foreign_transaction_id was used", "DUPLICATED_FOREIGN_ID")
        self._reachable()
        if self.reader.occupied:
            raise cannot_be("the reader has another checkout", "READER_BUSY")
        checkout = self._new(body)
        self.book.accept(checkout)
        self.reader.take(checkout)
        return {
            "checkout_id": checkout.checkout_id,
            "client_transaction_id": checkout.client_transaction_id,
        }

    def look(self, checkout_id: str) -> dict[str, Any]:
        """Return how a checkout stands."""
        self._stumble()
        found = self.book.get(checkout_id)
        if found is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "NOT_FOUND", "there is no such checkout")
        return answers.checkout(found, self.fitting.serial, unknown=self._unknown(found))

    def terminate(self) -> None:
        """Stop what waits for the cardholder."""
        self._stumble()
        self._reachable()
        if not self.reader.terminate():
            raise cannot_be("the reader does not wait for the cardholder", "NOT_WAITING")

    # --- transactions -----------------------------------------------------------------------------

    def transaction(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """Return a transaction, the last one that has the name that is asked for."""
        self._stumble()
        names = [each for each in asked if each in NAMES]
        if len(names) != 1:
            raise wrong_shape(f"say one of {', '.join(NAMES)}")
        name, wanted = NAMES[names[0]], asked[names[0]]
        found = self.book.last(lambda each: bool(wanted) and name(each) == wanted)
        if found is None or self.troubles.spend(Trouble.NOT_FOUND_YET):
            raise no_transaction()
        refunds = self.book.refunds(found)
        unknown = self._unknown(found)
        return answers.transaction(found, refunds, self.fitting.merchant, unknown=unknown)

    def refund(self, transaction_id: str, raw: bytes) -> dict[str, Any]:
        """Give money back, what is left of it without an amount."""
        found = self.book.last(lambda each: each.transaction_id == transaction_id)
        if found is not None:
            self.refund_requests[found.reference] += 1
        self._stumble()
        if found is None:
            raise no_transaction()
        asked = refund_amount(raw, found)
        left = self.book.left(found)
        if not left:
            raise Refusal(HTTPStatus.CONFLICT, "NOT_REFUNDABLE", "nothing of it is left to refund")
        if asked is not None and asked > left:
            raise cannot_be("amount: there is less of it left", "AMOUNT_TOO_HIGH")
        self.book.refund(found, left if asked is None else asked, self.reader.now)
        return {}

    # --- beside -----------------------------------------------------------------------------------

    def own(self, merchant: str, reader: str | None = None) -> None:
        """Do nothing where both are this account's; raises Refusal."""
        if merchant != self.fitting.merchant or reader not in {None, self.fitting.reader}:
            raise no_reader() if reader is not None else no_transaction()

    def about(self) -> dict[str, Any]:
        """Return what the control tells of it."""
        ledger = self.book.ledger
        return {
            "state": self.reader.state,
            "customer": self.reader.customer.as_json(),
            "ledger": [row.as_json() for row in ledger.rows],
            "authorisations": dict(ledger.counts()),
            "standing": dict(self.book.standing()),
            "requests": dict(self.requests),
            "refund_requests": dict(self.refund_requests),
            "checkouts": self.book.as_json(),
            **self.troubles.about(),
        }

    def _new(self, body: CheckoutBody) -> Checkout:
        now, valid = self.reader.now, self.fitting.valid_seconds
        checkout_id, client, transaction = (str(uuid.uuid4()) for _ in range(3))
        return Checkout(
            checkout_id=checkout_id,
            client_transaction_id=client,
            transaction_id=transaction,
            reference=body.reference,
            amount=body.total_amount.value,
            currency=body.total_amount.currency,
            created_at=now,
            updated_at=now,
            valid_until=None if valid is None else now + timedelta(seconds=valid),
        )

    def _stumble(self) -> None:
        """Raise Refusal where something is wrong with the servers themselves."""
        if self.troubles.spend(Trouble.RATE_LIMITED):
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, "RATE_LIMITED", "too many requests")
        if self.troubles.spend(Trouble.SERVER_ERROR):
            self._errors += 1
            second = self._errors % 2 == 0
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE if second else HTTPStatus.INTERNAL_SERVER_ERROR,
                "SERVER_ERROR",
                "something is wrong with us",
            )

    def _reachable(self) -> None:
        if not self.reader.online:
            self.troubles.spend(Trouble.OFFLINE)
            raise cannot_be("the reader is offline", "READER_OFFLINE")

    def _unknown(self, checkout: Checkout) -> bool:
        ended = checkout.status is not Status.PENDING
        return ended and self.troubles.spend(Trouble.UNKNOWN_STATUS)
