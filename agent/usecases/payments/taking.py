"""What a technician may ask of a terminal, and what stands against it."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from agent.ports import Clock
from agent.usecases.payments.attempt import Attempt, State, StepError
from agent.usecases.payments.closing import Comparison, covered, totals_of
from agent.usecases.payments.giving_back import GoingBack, back, check_back, going_back
from agent.usecases.payments.journal import (
    Happened,
    JournalConflictError,
    NoRoomError,
    Orphan,
    OrphanRecords,
    PaymentJournal,
    TerminalRecords,
)
from agent.usecases.payments.order import Order
from agent.usecases.payments.terminals import Terminal, Terminals, captured
from agent.usecases.payments.till import Till
from agent.usecases.work import UnknownError, Work, WorkError
from contract.payment.stated import Operation
from contract.wire.captured import Technician
from contract.wire.intervention import Stage
from contract.wire.payment import SettledBy
from contract.words import Words
from drivers.payment.dialogue import CannotAskError
from drivers.payment.redaction import scrubbed


class OpenPaymentError(WorkError):
    """Another payment has to be settled first; ``attempt`` says which."""

    def __init__(self, field: str, remedy: str, attempt: str) -> None:
        super().__init__(field, remedy)
        self.attempt = attempt


class NotAllowedError(WorkError):
    """Who asks has not the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What is written down of payments and terminals."""

    journal: PaymentJournal
    orphans: OrphanRecords
    rights: TerminalRecords
    terminals: Terminals
    clock: Clock


class Payments:
    """Payments as people ask for them."""

    def __init__(self, till: Till, books: Books, work: Work, new_id: Callable[[], str]) -> None:
        self.till = till
        self.terminals = books.terminals
        self._books = books
        self._work = work
        self._new_id = new_id
        self.compared: dict[str, Comparison] = {}
        """The latest comparison, by terminal."""
        self._totalling: set[str] = set()
        """Terminals that are asked for their totals now."""
        self._turn = asyncio.Lock()

    async def ask(self, order: Order, by: Technician) -> tuple[Attempt, bool]:
        """Begin what was ordered, and tell whether it is new: the same key is the same attempt. Raises WorkError."""
        async with self._turn:
            known = await self._known(order)
            if known is not None:
                return known, False
            await self._check_intervention(order.intervention)
            await self._check_seen(order)
            terminal = await self.terminals.paired(order.terminal)
            self._check_free(terminal.name)
            earlier = await self._check_back(order, terminal, by)
            attempt = replace(
                self._attempt(order, terminal, by, earlier),
                stray=_owes(await self.all(), terminal.name),
            )
            try:
                terminal.line.check(attempt.asked)
            except CannotAskError as error:
                raise WorkError("amount", error.args[0]) from error
            kept = await self._open(attempt)
            self.till.begin(kept, terminal)
            return kept, True

    async def all(self, intervention: str | None = None) -> list[Attempt]:
        """Return attempts, oldest first."""
        return await self._books.journal.attempts(intervention)

    async def history(self, attempt: str) -> list[Happened]:
        """Return what happened to an attempt, oldest first."""
        return await self._books.journal.history(attempt)

    async def one(self, attempt: str) -> Attempt:
        """Return an attempt; raises UnknownError."""
        found = await self._books.journal.attempt(attempt)
        if found is None:
            raise UnknownError("payment", Words("there is no payment {id}", id=attempt))
        return found

    async def decide(self, attempt: str, by: Technician, *, paid: bool, reason: str) -> Attempt:
        """Write down what a person saw at the terminal; raises WorkError."""
        found = await self.one(attempt)
        try:
            return await self.till.decide(found.id, by, paid=paid, reason=scrubbed(reason))
        except StepError as error:
            raise WorkError(
                "payment", Words("it is settled, or under way: there is nothing to decide")
            ) from error

    async def ask_again(self, attempt: str) -> Attempt:
        """Ask the terminal what became of an attempt; raises WorkError."""
        found = await self.one(attempt)
        try:
            return await self.till.ask_again(found)
        except StepError as error:
            raise WorkError(
                "payment",
                Words("this terminal cannot be asked about it: look at its own journal, then say"),
            ) from error

    async def cancel(self, attempt: str) -> Attempt:
        """Have an attempt stopped, as far as that is possible; raises WorkError."""
        found = await self.one(attempt)
        try:
            return await self.till.cancel(found)
        except StepError as error:
            raise WorkError(
                "payment", Words("only the red key of the terminal stops it now")
            ) from error

    async def may_go_back(self, attempt: Attempt, by: Technician) -> GoingBack | None:
        """Return what of a payment this person may still give back at its terminal, None where that is nothing."""
        if not await self._books.rights.may_refund(by.id):
            return None
        terminal = self.terminals.get(attempt.terminal.name)
        found = going_back(await self.all(), attempt)
        if found is None or terminal is None:
            return None
        able = tuple(each for each in found.operations if each in terminal.kind.operations)
        return replace(found, operations=able)

    async def compare(self, name: str, *, close: bool) -> Comparison:
        """Hold the journal against the totals of a terminal; raises WorkError."""
        async with self._turn:
            terminal = await self.terminals.paired(name)
            open_ = next((e for e in await self.all() if e.open and e.terminal.name == name), None)
            if open_ is not None:
                raise _open_already("terminal", open_.id)
            self._check_free(name)
            self._totalling.add(name)
        try:
            totals = await totals_of(terminal, close=close)
        finally:
            self._totalling.discard(name)
        self.compared[name] = Comparison(
            at=self._books.clock.now(),
            closed=close,
            totals=totals,
            payments=covered(await self.all(), name, totals),
        )
        return self.compared[name]

    def _check_free(self, name: str) -> None:
        if name in self._totalling:
            raise WorkError("terminal", Words("it is saying its totals: try again when it has"))

    async def check_settled(self, intervention: str) -> None:
        """Raise OpenPaymentError while a payment of an intervention is open."""
        open_ = next((each for each in await self.all(intervention) if each.open), None)
        if open_ is not None:
            raise _open_already("payment", open_.id)

    async def orphans(self) -> list[Orphan]:
        """Return the answers that fit no payment, and that nobody has looked at."""
        return [each for each in await self._books.orphans.orphans() if each.seen_by is None]

    async def look_at(self, n: int, by: Technician) -> None:
        """Write down that somebody looked at such an answer; raises UnknownError."""
        if not await self._books.orphans.look_at(n, by):
            raise UnknownError("answer", Words("there is no such answer left to look at"))

    async def _known(self, order: Order) -> Attempt | None:
        """Return the attempt that has the order's key; raises WorkError when it is about something else."""
        found = next((each for each in await self.all() if each.key == order.key), None)
        if found is None:
            return None
        same = (
            found.operation,
            found.money,
            found.intervention,
            found.terminal.name,
            found.of,
        ) == (order.operation, order.money, order.intervention, order.terminal, order.of)
        if not same:
            raise WorkError(
                "Idempotency-Key", Words("it stands for another payment: take a new one")
            )
        return found

    async def _check_intervention(self, intervention: str) -> None:
        view = await self._work.view(intervention)
        if view.withdrawn:
            raise WorkError("intervention", Words("it was given to somebody else: ask the office"))
        if view.stage is Stage.CLOSING:
            raise WorkError("intervention", Words("it is closed: have the office reopen it"))

    async def _check_seen(self, order: Order) -> None:
        """Raise OpenPaymentError when something happened that whoever asks did not see."""
        earlier = await self.all(order.intervention)
        if order.after is not None and earlier and earlier[-1].id != order.after:
            raise OpenPaymentError(
                "after",
                Words("another payment was made meanwhile: look at it first"),
                earlier[-1].id,
            )

    async def _check_back(
        self, order: Order, terminal: Terminal, by: Technician
    ) -> Attempt | None:
        """Return the payment that money of an order goes back from; raises WorkError."""
        if order.operation is Operation.CHARGE:
            if order.of is not None:
                raise WorkError("of", Words("only money that goes back is of another payment"))
            return None
        if not await self._books.rights.may_refund(by.id):
            raise NotAllowedError(
                "operation",
                Words("giving money back needs a right that {name} has not", name=by.name),
            )
        if order.of is None:
            raise WorkError("of", Words("say which payment the money goes back from"))
        earlier = await self.one(order.of)
        check_back(order, earlier, terminal.name, back(await self.all(), earlier))
        return earlier

    def _attempt(
        self, order: Order, terminal: Terminal, by: Technician, earlier: Attempt | None
    ) -> Attempt:
        stated = earlier.stated if earlier else None
        return Attempt(
            id=self._new_id(),
            key=order.key,
            operation=order.operation,
            money=order.money,
            intervention=order.intervention,
            terminal=captured(terminal),
            by=by,
            begun=self._books.clock.now(),
            of=order.of,
            receipt=stated.receipt if stated else None,
        )

    async def _open(self, attempt: Attempt) -> Attempt:
        try:
            return await self._books.journal.open(attempt)
        except NoRoomError as error:
            raise WorkError(
                "payment", Words("the disk is full: free some space first, the end must be saved")
            ) from error
        except JournalConflictError as error:
            other = await self.one(str(error))
            same = other.intervention == attempt.intervention
            raise _open_already("intervention" if same else "terminal", other.id) from error


def _open_already(field: str, attempt: str) -> OpenPaymentError:
    words = Words("payment {id} is not settled yet: settle it first", id=attempt)
    return OpenPaymentError(field, words, attempt)


def _owes(attempts: Iterable[Attempt], terminal: str) -> bool:
    """Whether a terminal still owes an answer: it did not say itself how the latest payment there ended."""
    there = [each for each in attempts if each.terminal.name == terminal]
    sent = [each for each in there if each.state is not State.NOT_SENT]
    return bool(sent) and sent[-1].settled_by is SettledBy.PERSON
