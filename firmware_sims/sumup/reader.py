"""The reader, the customer in front of it, and what goes wrong with them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from firmware_sims.payment.customer import Habit
from firmware_sims.payment.fitting import CUT_SECONDS
from firmware_sims.sumup.book import Book
from firmware_sims.sumup.checkout import Checkout, Status
from firmware_sims.sumup.fitting import START_WINDOW, Fitting
from firmware_sims.sumup.trouble import Trouble, Troubles

TERMINATE_SECONDS = 0.3
"""From the 202 until the reader stops; what is decided before stands."""
WITHOUT_MONEY = {
    Habit.REFUSES: (Status.FAILED, "DECLINED"),
    Habit.WRONG_PIN: (Status.FAILED, "WRONG_PIN"),
    Habit.ABANDONS: (Status.CANCELLED, "CANCELLED_BY_CARDHOLDER"),
}
WRONG = frozenset((Trouble.WRONG_AMOUNT, Trouble.WRONG_CURRENCY, Trouble.WRONG_REFERENCE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A checkout that the reader has; the moments are seconds of its own time."""

    checkout_id: str
    accepted: float
    started: float | None = None
    """When it asked for the card."""
    stops: float | None = None
    """When it follows who terminated it."""


class Reader:
    """One device. It is given time, and changes what is in the book."""

    def __init__(self, fitting: Fitting, book: Book, troubles: Troubles) -> None:
        self.fitting = fitting
        self.book = book
        self.troubles = troubles
        self.customer = fitting.customer
        self.elapsed = 0.0
        """Seconds that have passed for it."""
        self.now = datetime.fromtimestamp(0, UTC)
        """The wall clock at the last `process`."""
        self._visit: Visit | None = None
        self._accepted = -START_WINDOW
        self._cut_until: float | None = None
        self._cut_noticed = False

    @property
    def online(self) -> bool:
        """Whether it hears the servers."""
        return not self.troubles.has(Trouble.OFFLINE)

    @property
    def state(self) -> str:
        """What it shows, in SumUp's words."""
        visit = self._visit
        if visit is None or visit.started is None:
            return "IDLE"
        presented = self._checkout(visit).presented
        return "WAITING_FOR_PIN" if presented else "WAITING_FOR_CARD"

    @property
    def occupied(self) -> bool:
        """Whether it can be given no other checkout."""
        within = self.elapsed - self._accepted < START_WINDOW
        return self._visit is not None or (self.fitting.whole_window and within)

    def take(self, checkout: Checkout) -> None:
        """Ask the cardholder, soon."""
        self._visit = Visit(checkout_id=checkout.checkout_id, accepted=self.elapsed)
        self._accepted = self.elapsed

    def terminate(self) -> bool:
        """Stop soon, unless the cardholder is quicker; return whether it waits for the cardholder at all."""
        if self._visit is None or self._visit.started is None:
            return False
        if self._visit.stops is None:
            self._visit = replace(self._visit, stops=self.elapsed + TERMINATE_SECONDS)
        return True

    def cuts_a_call(self) -> bool:
        """Whether a call that comes now is cut; a cut lasts until it was noticed."""
        if self._cut_until is None:
            return False
        self._cut_noticed = True
        return True

    def process(self, dt: float, now: datetime) -> None:
        """Let `dt` seconds pass; the wall clock then says `now`."""
        self.now = now
        self.elapsed += dt
        if self._cut_until is not None and self._cut_noticed and self.elapsed >= self._cut_until:
            self._cut_until = None
        if self._visit is not None and self._visit.started is None:
            self._begin(self._visit)
        elif self._visit is not None:
            self._attend(self._visit, self._visit.started or 0.0)

    # --- a visit ----------------------------------------------------------------------------------

    def _checkout(self, visit: Visit) -> Checkout:
        found = self.book.get(visit.checkout_id)
        if found is None:
            msg = f"checkout {visit.checkout_id} was never accepted"
            raise LookupError(msg)
        return found

    def _begin(self, visit: Visit) -> None:
        passed = self.elapsed - visit.accepted
        if passed >= START_WINDOW:
            self._end(visit, Status.FAILED, "NOT_STARTED")
        elif self._expired(visit):
            self._end(visit, Status.CANCELLED, "EXPIRED")
        elif self.online and passed >= self.fitting.start_seconds:
            self._visit = replace(visit, started=self.elapsed)

    def _attend(self, visit: Visit, started: float) -> None:
        passed = self.elapsed - started
        if visit.stops is not None and self.elapsed >= visit.stops:
            self._end(visit, Status.CANCELLED, "TERMINATED")
        elif self._expired(visit):
            self._end(visit, Status.CANCELLED, "EXPIRED")
        elif passed * 2 >= self.customer.takes:
            self._with_card(visit, passed)

    def _with_card(self, visit: Visit, passed: float) -> None:
        self.book.put(replace(self._checkout(visit), presented=True))
        if self.troubles.spend(Trouble.CUT_BEFORE_AUTHORISATION):
            self._end(visit, Status.FAILED, "READER_DISCONNECTED")
            self._cut()
        elif passed >= self.customer.takes:
            self._decide(visit)

    def _decide(self, visit: Visit) -> None:
        failure = WITHOUT_MONEY.get(self.customer.habit)
        if failure is not None:
            self._end(visit, *failure)
            return
        self._visit = None
        checkout = self._checkout(visit)
        told_wrong = frozenset(each for each in sorted(WRONG) if self.troubles.spend(each))
        amount = self.customer.part(checkout.amount)
        paid = self.book.authorise(checkout, amount, self.now)
        self.book.put(replace(paid, told_wrong=told_wrong))
        if self.troubles.spend(Trouble.CUT_AFTER_AUTHORISATION):
            self._cut()

    def _expired(self, visit: Visit) -> bool:
        valid = self.fitting.valid_seconds
        return valid is not None and self.elapsed - visit.accepted >= valid

    def _end(self, visit: Visit, status: Status, reason: str) -> None:
        self._visit = None
        self.book.end(self._checkout(visit), status, reason, self.now)

    def _cut(self) -> None:
        self._cut_until = self.elapsed + CUT_SECONDS
        self._cut_noticed = False
