"""The local API, version 1: payments and terminals."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Response, status
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field

from agent.api import models_payments
from agent.api.bodies import Body, Short
from agent.api.guard import By, Uses, technician
from agent.api.models import Json
from agent.usecases.changes import Subject
from agent.usecases.payments.attempt import Attempt
from agent.usecases.payments.order import Order
from agent.usecases.work import WorkError
from contract.payment.amount import AmountError, parse
from contract.payment.currency import CurrencyError
from contract.payment.money import Money
from contract.payment.stated import Operation
from contract.wire.payment import AttemptId, Currency

router = APIRouter(prefix="/v1", dependencies=[Depends(technician)])

LOOK_EVERY = 5.0
"""Seconds after which a stream looks by itself: a change that was missed is seen all the same."""

Key = Annotated[
    str, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]+$")
]
Name = Annotated[str, Path(max_length=64)]
Number = Annotated[int, Path(ge=0, lt=2**63)]


class PaymentBody(Body):
    """What is to be paid, or given back, and where."""

    terminal: Short
    intervention: Short
    amount: Annotated[str, Field(min_length=1, max_length=20)]
    """As people write it, as in ``125.00``."""
    currency: Currency
    operation: Operation = Operation.CHARGE
    of: AttemptId | None = None
    """With a refund or a reversal: the payment whose money goes back."""
    after: Annotated[str, Field(max_length=10)] | None = None
    """The latest payment of the intervention that was seen; empty: none was."""


class ResolveBody(Body):
    """What a person saw at the terminal, or on its ticket."""

    paid: bool
    reason: Short


class TotalsBody(Body):
    """What is wanted of the totals of a terminal."""

    close: bool = False
    """End its day with it."""


async def known_payment(id: str, uses: Uses) -> Attempt:
    """Return an attempt; raises UnknownError."""
    return await uses.payments.one(id)


Known = Annotated[Attempt, Depends(known_payment)]


@router.post("/payments")
async def pay(body: PaymentBody, key: Key, by: By, uses: Uses, response: Response) -> Json:
    """Have a terminal take money, or give it back, once for each key; follow it by its id."""
    order = Order(
        key=key,
        operation=body.operation,
        money=_money(body),
        intervention=body.intervention,
        terminal=body.terminal,
        of=body.of,
        after=body.after,
    )
    attempt, new = await uses.payments.ask(order, by)
    response.status_code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
    response.headers["Location"] = f"/v1/payments/{attempt.id}"
    return models_payments.payment(uses.payments, attempt)


def _money(body: PaymentBody) -> Money:
    try:
        return parse(body.amount, body.currency)
    except CurrencyError as error:
        raise WorkError("currency", error.args[0]) from error
    except AmountError as error:
        raise WorkError("amount", error.args[0]) from error


@router.get("/payments")
async def payments(_: By, uses: Uses, intervention: str | None = None) -> Json:
    """List payments, newest first, and the answers of terminals that fit none."""
    found = await uses.payments.all(intervention)
    return {
        "items": [models_payments.payment(uses.payments, each) for each in reversed(found)],
        "unmatched": [models_payments.orphan(each) for each in await uses.payments.orphans()],
    }


@router.get("/interventions/{id}/payments")
async def payments_of(id: str, _: By, uses: Uses) -> Json:
    """Say what of an intervention is due and was paid, and list its payments, newest first."""
    view = await uses.work.view(id)
    captures = await uses.captures.of_intervention(id)
    found = await uses.payments.all(id)
    return {
        "standing": models_payments.of_intervention(view.intervention, captures),
        "items": [models_payments.payment(uses.payments, each) for each in reversed(found)],
    }


@router.post("/payments/unmatched/{n}/seen")
async def look_at(n: Number, by: By, uses: Uses) -> Json:
    """Write down that somebody looked at an answer that fits no payment."""
    await uses.payments.look_at(n, by)
    uses.changes.tell(Subject.PAYMENT)
    return {"id": n, "seen": True}


@router.get("/payments/{id}")
async def payment(by: By, attempt: Known, uses: Uses) -> Json:
    """Say how a payment stands, what happened to it, and what of it whoever asks may give back."""
    history = await uses.payments.history(attempt.id)
    back = await uses.payments.may_go_back(attempt, by)
    return {
        **models_payments.payment(uses.payments, attempt),
        "back": models_payments.going_back(back),
        "history": [{"at": each.at, "event": each.event, "state": each.state} for each in history],
    }


@router.get("/payments/{id}/events", response_class=EventSourceResponse)
async def payment_events(_: By, attempt: Known, uses: Uses) -> AsyncIterator[ServerSentEvent]:
    """Stream how a payment stands, until it is settled."""
    with uses.changes.watching() as changes:
        told: Json = {}
        while True:
            found = await uses.payments.one(attempt.id)
            now = models_payments.payment(uses.payments, found)
            if now != told:
                told = now
                yield ServerSentEvent(event=found.state, data=now)
            if not found.open:
                return
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    while (await changes.get()).subject is not Subject.PAYMENT:
                        pass
            except TimeoutError:
                continue


@router.post("/payments/{id}/cancel")
async def cancel(_: By, attempt: Known, uses: Uses) -> Json:
    """Have a payment stopped, as far as its terminal allows."""
    after = await uses.payments.cancel(attempt.id)
    return models_payments.payment(uses.payments, after)


@router.post("/payments/{id}/ask")
async def ask(_: By, attempt: Known, uses: Uses) -> Json:
    """Ask the terminal what became of a payment of which nobody knows."""
    after = await uses.payments.ask_again(attempt.id)
    return models_payments.payment(uses.payments, after)


@router.post("/payments/{id}/resolve")
async def resolve(body: ResolveBody, by: By, attempt: Known, uses: Uses) -> Json:
    """Say what became of a payment of which nobody knows, after a look at the terminal or its ticket."""
    after = await uses.payments.decide(attempt.id, by, paid=body.paid, reason=body.reason)
    return models_payments.payment(uses.payments, after)


@router.get("/terminals")
async def terminals(_: By, uses: Uses) -> Json:
    """List the terminals that the settings name."""
    known = uses.payments.terminals
    return {
        "items": [
            models_payments.terminal(each, await known.pairing(each)) for each in known.all()
        ]
    }


@router.post("/terminals/{name}/pair", status_code=status.HTTP_201_CREATED)
async def pair(name: Name, by: By, uses: Uses) -> Json:
    """Make a terminal one of ours: only those are ever sent an amount."""
    known = uses.payments.terminals
    terminal = await known.pair(name, by)
    uses.changes.tell(Subject.PAYMENT)
    return models_payments.terminal(terminal, await known.pairing(terminal))


@router.delete("/terminals/{name}", status_code=status.HTTP_204_NO_CONTENT)
async def unpair(name: Name, _: By, uses: Uses) -> None:
    """Send no more amounts to a terminal."""
    await uses.payments.terminals.unpair(name)
    uses.changes.tell(Subject.PAYMENT)


@router.post("/terminals/{name}/totals")
async def totals(name: Name, body: TotalsBody, _: By, uses: Uses) -> Json:
    """Have a terminal say the totals of its day, and end it if wanted; beside what the journal has."""
    found = await uses.payments.compare(name, close=body.close)
    uses.changes.tell(Subject.PAYMENT)
    return models_payments.comparison(found)
