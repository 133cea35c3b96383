"""What a terminal says it did in a day, beside what the journal says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agent.usecases.payments.attempt import Attempt
from agent.usecases.payments.terminals import Terminal
from agent.usecases.work import WorkError
from contract.payment.money import Money
from contract.payment.stated import Operation, Unsent
from contract.payment.totals import Totals
from contract.words import Words
from drivers.payment.dialogue import NotSent, PaymentEvent, Totalled
from drivers.payment.kinds import Can


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The totals of a terminal, and the payments of the journal that their receipts cover."""

    at: datetime
    closed: bool
    """Whether the day of the terminal was ended with it."""
    totals: Totals
    payments: tuple[Attempt, ...]

    @property
    def count(self) -> int:
        """How many payments the journal has."""
        return len(self._charges)

    @property
    def money(self) -> Money:
        """How much they are."""
        moved = sum(each.moved.minor_units for each in self._charges if each.moved)
        return Money(moved, self.totals.currency)

    @property
    def plain(self) -> bool:
        """Whether only payments are among them: how money that went back counts, terminals do not say."""
        return len(self._charges) == len(self.payments)

    @property
    def equal(self) -> bool | None:
        """Whether both say the same; None where that cannot be said."""
        if not self.plain:
            return None
        told = (self.totals.count, self.totals.minor_units)
        return told == (self.count, self.money.minor_units)

    @property
    def _charges(self) -> list[Attempt]:
        return [each for each in self.payments if each.operation is Operation.CHARGE]


async def totals_of(terminal: Terminal, *, close: bool) -> Totals:
    """Ask a terminal for its totals; raises WorkError."""
    totals = terminal.totals
    if totals is None or Can.TELL_TOTALS not in terminal.line.can:
        raise WorkError(
            "terminal", Words("this terminal says no totals: compare with what it prints itself")
        )
    found: list[Totals] = []
    why: list[Unsent] = []

    async def told(event: PaymentEvent) -> None:
        match event:
            case Totalled(totals=said):
                found.append(said)
            case NotSent(why=reason):
                why.append(reason)
            case _:
                pass

    await totals(told, close=close)
    if not found:
        reason = why[0] if why else Unsent.NO_ANSWER
        raise WorkError("terminal", Words("it says nothing: {why}", why=Words(reason)))
    return found[0]


def covered(attempts: Iterable[Attempt], terminal: str, totals: Totals) -> tuple[Attempt, ...]:
    """Return the payments at a terminal whose receipts its totals cover."""
    return tuple(
        each
        for each in attempts
        if each.terminal.name == terminal
        and each.moved is not None
        and each.moved.currency == totals.currency
        and each.stated is not None
        and each.stated.receipt is not None
        and totals.covers(each.stated.receipt)
    )
