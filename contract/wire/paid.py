"""What was paid for an intervention, folded from the captures of its payments."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contract.payment.stated import Operation
from contract.wire.payment import PaymentState
from contract.wire.statement import Payment


@dataclass(frozen=True, slots=True)
class Paid:
    """What moved, by currency, in minor units: charged less given back."""

    total: Mapping[str, int]
    unknown: tuple[Payment, ...] = ()
    """Of these nobody knows: they are in no total."""


def paid(payments: Iterable[tuple[str, Payment]]) -> Paid:
    """Return what was paid, from payments in the order they were captured, each with the agent that captured it.

    The latest word about an attempt counts. Of a fork both branches speak of one attempt, and it counts once.
    """
    latest = {(agent, each.attempt): each for agent, each in payments}
    total: Counter[str] = Counter()
    for each in latest.values():
        moved = each.paid_minor_units or 0
        total[each.currency] += moved if each.operation is Operation.CHARGE else -moved
    unknown = tuple(each for each in latest.values() if each.state is PaymentState.UNKNOWN)
    return Paid({currency: moved for currency, moved in total.items() if moved}, unknown)
