"""What was paid for an intervention, folded from the captures of its payments."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contract.payment.amount import AmountError, minor_units_of
from contract.payment.currency import CurrencyError
from contract.payment.money import Money
from contract.payment.stated import Operation
from contract.wire.intervention import Intervention
from contract.wire.payment import PaymentState
from contract.wire.statement import Payment


@dataclass(frozen=True, slots=True)
class Paid:
    """What moved, by currency, in minor units: charged less given back."""

    total: Mapping[str, int]
    unknown: tuple[Payment, ...] = ()
    """Of these nobody knows: they are in no total."""

    @property
    def monies(self) -> list[Money]:
        """The totals, by currency; less than nothing where more went back."""
        return [Money(total, currency) for currency, total in sorted(self.total.items())]


@dataclass(frozen=True, slots=True)
class Standing:
    """How an intervention stands: what is due, and what was paid."""

    due: Money | None
    paid: Paid
    payments: tuple[tuple[str, Payment], ...]
    """The latest word about each attempt, each with the agent that captured it."""

    @property
    def difference(self) -> Money | None:
        """What is still to be paid, less than nothing where more was; None where nothing is due."""
        if self.due is None:
            return None
        paid = self.paid.total.get(self.due.currency, 0)
        return Money(self.due.minor_units - paid, self.due.currency)

    @property
    def empty(self) -> bool:
        """Whether there is neither anything due nor a payment."""
        return self.due is None and not self.payments


def standing(intervention: Intervention, payments: Iterable[tuple[str, Payment]]) -> Standing:
    """Return how an intervention stands, from payments in the order they were captured, each with its agent.

    The latest word about an attempt counts. Of a fork both branches speak of one attempt, and it counts once.
    """
    latest = {(agent, each.attempt): (agent, each) for agent, each in payments}
    return Standing(
        _due(intervention),
        _paid(each for _, each in latest.values()),
        tuple(latest.values()),
    )


def _paid(payments: Iterable[Payment]) -> Paid:
    total: Counter[str] = Counter()
    unknown: list[Payment] = []
    for each in payments:
        moved = each.moved.minor_units if each.moved else 0
        total[each.currency] += moved if each.operation is Operation.CHARGE else -moved
        unknown += [each] if each.state is PaymentState.UNKNOWN else []
    return Paid({currency: moved for currency, moved in total.items() if moved}, tuple(unknown))


def _due(intervention: Intervention) -> Money | None:
    """Return what is due; None where nothing is, or where it is no amount that we know."""
    amount, currency = intervention.amount_due, intervention.currency
    if amount is None or currency is None:
        return None
    try:
        return Money(minor_units_of(amount, currency), currency)
    except (AmountError, CurrencyError):
        return None
