"""A payment terminal without its language: the customer, the ledger, and what goes wrong with them."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any, ClassVar

from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.quantities import Quantity
from firmware_sims.kit.wired import WiredInstrument
from firmware_sims.payment.customer import Habit
from firmware_sims.payment.fitting import CUT_SECONDS, Fitting
from firmware_sims.payment.ledger import Authorisation, Ledger
from firmware_sims.payment.order import Order, Outcome, Result

Tell = Callable[[Outcome], None]

WITHOUT_MONEY = {
    Habit.REFUSES: Result.DECLINED,
    Habit.WRONG_PIN: Result.WRONG_PIN,
    Habit.ABANDONS: Result.ABANDONED,
}
FAULTS_OF_THE_WAY = frozenset(
    (
        Fault.LINK_LOSS,
        Fault.SILENCE,
        Fault.CORRUPT_BYTE,
        Fault.SPLIT,
        Fault.SINGLE_BYTES,
        Fault.DELAY,
    )
)
FAULTS_OF_EVERY_TERMINAL = frozenset(
    (
        Fault.ANSWER_LOST,
        Fault.ANSWER_LATE,
        Fault.ANSWER_DUPLICATED,
        Fault.CUT_BEFORE_AUTHORISATION,
        Fault.CUT_AFTER_AUTHORISATION,
        Fault.REBOOTED_BEFORE_AUTHORISATION,
        Fault.REBOOTED_AFTER_AUTHORISATION,
        Fault.WRONG_REFERENCE,
        Fault.WRONG_AMOUNT,
        Fault.WRONG_CURRENCY,
    )
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A customer in front of the terminal."""

    order: Order
    tell: Tell | None
    """None: nobody is told."""
    begun: float
    connection: int


@dataclass(frozen=True, slots=True)
class Pending:
    """An outcome that is to be told."""

    due: float
    tell: Tell
    outcome: Outcome
    connection: int


class Terminal(WiredInstrument):
    """The device. Whoever knows a language has it `take` orders, and is told what came of them."""

    known_acts: ClassVar[frozenset[Act]] = frozenset()
    refresh_seconds = 1.0

    def __init__(self, serial: str, chance: Random, fitting: Fitting) -> None:
        super().__init__(name=f"terminal {serial}", serial=serial, chance=chance)
        self.fitting = fitting
        self.customer = fitting.customer
        self.ledger = Ledger(fitting.ledger)
        self.requests: Counter[str] = Counter()
        """Requests for a payment that were read, taken or not, by reference."""
        self.fault_times: dict[Fault, int] = {}
        self.connection = 0
        """How often somebody was at the other end."""
        self.connected = False
        self._visit: Visit | None = None
        self._pending: list[Pending] = []
        self._away_seconds: float | None = None
        self._back_at: float | None = None
        self._outcomes = self._remembered()

    # --- what a language calls --------------------------------------------------------------------

    @property
    def occupied(self) -> bool:
        """Whether a customer is at it."""
        return self._visit is not None

    def take(self, order: Order, tell: Tell | None) -> None:
        """Have the customer pay, and tell what came of it; with None nobody is told."""
        self._visit = Visit(order, tell, self.elapsed, self.connection)

    def knows(self, reference: str | None) -> Outcome | None:
        """Return what came of an order, of the last one without a reference; None where it is not known."""
        if reference is None:
            return next(reversed(self._outcomes.values()), None)
        return self._outcomes.get(reference)

    def paying(self, reference: str | None) -> bool:
        """Whether the customer is at it for a reference, for any with None."""
        return self._visit is not None and reference in {None, self._visit.order.reference}

    def spend(self, fault: Fault) -> bool:
        """Whether a fault is on; what was asked for a number of times is then on once less."""
        if fault not in self.faults:
            return False
        if fault in self.fault_times:
            self.fault_times[fault] -= 1
            if not self.fault_times[fault]:
                self.set_fault(fault, on=False)
        return True

    @property
    def keeps_answers(self) -> bool:
        """Whether it can tell a till that connected anew what it could not tell before."""
        return True

    @abstractmethod
    def listen(self, data: bytes) -> None:
        """Take bytes, while it is in reach."""

    @abstractmethod
    def forgotten(self) -> None:
        """Lose what a reboot loses."""

    # --- the instrument ---------------------------------------------------------------------------

    @property
    def state(self) -> str:
        if self._away_seconds is not None:
            return "out of reach"
        return "customer at it" if self.occupied else "ready"

    @property
    def out_of_reach(self) -> bool:
        return super().out_of_reach or self._away_seconds is not None

    @property
    def refuses_connections(self) -> bool:
        return self._away_seconds is not None

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        return {}

    def show(self) -> None:
        """Nothing: its display is for the customer."""

    def do(self, act: Act, text: str) -> None:
        """Nothing: it knows no act."""

    def about(self) -> Mapping[str, Any]:
        return {
            "customer": self.customer.as_json(),
            "ledger": [row.as_json() for row in self.ledger.rows],
            "authorisations": dict(self.ledger.counts()),
            "standing": dict(self.ledger.standing()),
            "requests": dict(self.requests),
            "fault_times": {fault.value: times for fault, times in self.fault_times.items()},
        }

    def set_fault(self, fault: Fault, *, on: bool, times: int | None = None) -> None:
        super().set_fault(fault, on=on, times=times)
        self.fault_times.pop(fault, None)
        if on and times is not None:
            self.fault_times[fault] = times

    def heard(self, data: bytes) -> None:
        if not self.out_of_reach:
            self.listen(data)

    def plugged_in(self) -> None:
        self.connection += 1
        self.connected = True
        self.outgoing.clear()

    def unplugged(self) -> None:
        self.connected = False
        if self._away_seconds is not None and self._back_at is None:
            self._back_at = self.elapsed + self._away_seconds

    def process(self, dt: float, now: datetime) -> None:
        super().process(dt, now)
        if self._back_at is not None and self.elapsed >= self._back_at:
            self._away_seconds = self._back_at = None
        if self._visit is not None:
            self._attend(self._visit)
        self._tell_what_is_due()

    # --- a visit ----------------------------------------------------------------------------------

    def _attend(self, visit: Visit) -> None:
        passed = self.elapsed - visit.begun
        if passed * 2 >= self.customer.takes and self._disturbed():
            return
        if passed >= self.customer.takes:
            self._visit = None
            outcome = self._decided(visit.order)
            self._outcomes.pop(visit.order.reference, None)
            self._outcomes[visit.order.reference] = outcome
            self._after(visit, outcome)

    def _disturbed(self) -> bool:
        """Whether the visit ends before anything is decided."""
        if self.spend(Fault.CUT_BEFORE_AUTHORISATION):
            self._visit = None
            self._leave(CUT_SECONDS)
        elif self.spend(Fault.REBOOTED_BEFORE_AUTHORISATION):
            self._reboot()
        return self._visit is None

    def _decided(self, order: Order) -> Outcome:
        if self.spend(Fault.CONTRADICTION):
            return Outcome(order=order, result=Result.CONTRADICTED, at=self.now)
        result = WITHOUT_MONEY.get(self.customer.habit)
        if result is not None:
            return Outcome(order=order, result=result, at=self.now)
        whole = order.undoes is not None
        amount = order.amount if whole else self.customer.part(order.amount)
        row = self.ledger.write(order, amount, self.now)
        return replace(_authorised(row), order=order)

    def _after(self, visit: Visit, outcome: Outcome) -> None:
        if self.spend(Fault.CUT_AFTER_AUTHORISATION):
            self._leave(CUT_SECONDS)
        elif self.spend(Fault.REBOOTED_AFTER_AUTHORISATION):
            self._reboot()
        else:
            self._answer(visit, outcome)

    def _answer(self, visit: Visit, outcome: Outcome) -> None:
        """Have an outcome told, or what goes wrong with that."""
        if visit.tell is not None and not self.spend(Fault.ANSWER_LOST):
            late = self.spend(Fault.ANSWER_LATE)
            due = self.elapsed + (self.fitting.late_seconds if late else 0.0)
            told = replace(self._as_told(outcome), kept=late)
            pending = Pending(due, visit.tell, told, visit.connection)
            self._pending += [pending] * (2 if self.spend(Fault.ANSWER_DUPLICATED) else 1)

    def _as_told(self, outcome: Outcome) -> Outcome:
        order, amount = outcome.order, outcome.amount
        if self.spend(Fault.WRONG_REFERENCE):
            order = replace(order, reference=_another(order.reference))
        if self.spend(Fault.WRONG_AMOUNT):
            order = replace(order, amount=order.amount - 1)
            amount = amount and amount - 1
        if self.spend(Fault.WRONG_CURRENCY):
            order = replace(order, currency="840" if order.currency != "840" else "978")
        return replace(outcome, order=order, amount=amount)

    def _tell_what_is_due(self) -> None:
        due = [each for each in self._pending if each.due <= self.elapsed]
        self._pending = [each for each in self._pending if each.due > self.elapsed]
        for each in due:
            # It can only speak to whoever asked, unless the language knows how to tell another.
            kept = each.outcome.kept and self.keeps_answers
            if kept or each.connection == self.connection:
                each.tell(each.outcome)

    # --- out of reach -----------------------------------------------------------------------------

    def _leave(self, seconds: float) -> None:
        self._away_seconds = seconds

    def _reboot(self) -> None:
        self._visit = None
        self._pending.clear()
        self.ledger.read()
        self._outcomes = self._remembered()
        self._leave(self.fitting.reboot_seconds)
        self.forgotten()

    def _remembered(self) -> dict[str, Outcome]:
        return {row.reference: _authorised(row) for row in self.ledger.rows}


def _authorised(row: Authorisation) -> Outcome:
    return Outcome(
        order=row.order, result=Result.AUTHORISED, amount=row.amount, code=row.code, at=row.at
    )


def _another(reference: str) -> str:
    return reference[:-1] + ("2" if reference.endswith("1") else "1")
