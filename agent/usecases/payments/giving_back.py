"""What of a payment may go back, and what stands against it."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent.usecases.payments.attempt import Attempt
from agent.usecases.payments.order import Order
from agent.usecases.work import WorkError
from contract.payment.money import Money
from contract.payment.stated import Operation
from contract.words import Words


@dataclass(frozen=True, slots=True)
class GoingBack:
    """What may still go back of a payment, and how."""

    left: Money
    operations: tuple[Operation, ...]


def back(attempts: Iterable[Attempt], earlier: Attempt) -> int:
    """Return how much of a payment went back already, or may have, in minor units."""
    of_it = [each for each in attempts if each.of == earlier.id]
    moved = sum(each.moved.minor_units for each in of_it if each.moved)
    return moved + sum(each.money.minor_units for each in of_it if each.open)


def going_back(attempts: Iterable[Attempt], earlier: Attempt) -> GoingBack | None:
    """Return what may still go back of a payment, None where nothing may."""
    paid = earlier.moved
    if earlier.operation is not Operation.CHARGE or paid is None:
        return None
    left = paid.minor_units - back(attempts, earlier)
    if left <= 0:
        return None
    whole = left == paid.minor_units
    ways = (Operation.REFUND, Operation.REVERSAL) if whole else (Operation.REFUND,)
    return GoingBack(Money(left, paid.currency), ways)


def check_back(order: Order, earlier: Attempt, terminal: str, gone: int) -> None:
    """Raise WorkError when money cannot go back from a payment as ordered; ``gone``: what already did."""
    paid = earlier.moved
    if earlier.operation is not Operation.CHARGE or paid is None:
        raise WorkError("of", Words("nothing was paid there: no money goes back from it"))
    if earlier.intervention != order.intervention:
        raise WorkError("of", Words("it was paid for another intervention"))
    if order.money.currency != paid.currency:
        raise WorkError("currency", Words("it was paid in {currency}", currency=paid.currency))
    if order.money.minor_units > paid.minor_units - gone:
        raise WorkError("amount", Words("more than what was paid would go back"))
    if order.operation is Operation.REVERSAL:
        if order.money != paid:
            raise WorkError("amount", Words("a reversal is of the whole amount: take a refund"))
        if terminal != earlier.terminal.name:
            raise WorkError("terminal", Words("only the terminal it was paid at can undo it"))
