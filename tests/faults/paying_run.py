"""One run: a customer who owes something, an honest technician, a terminal where things go wrong, a crashing agent.

The technician takes another payment only where the agent says that the one before was not made, presses twice, has a
second browser open, and says what became of a payment only after a look at the terminal, which keeps its own ledger.
"""

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from agent.adapters.store.database import Database
from agent.usecases.payments.attempt import Attempt, State
from agent.usecases.payments.order import Order
from agent.usecases.work import WorkError
from contract.payment.money import Money
from contract.payment.stated import Operation
from drivers.payment.kinds import Can
from firmware_sims.kit.faults import Fault
from firmware_sims.payment.customer import Customer, Habit
from firmware_sims.payment.terminal import Terminal
from tests.contract.making import BY
from tests.fakes.clock import FakeClock
from tests.faults.simulated_line import Bench
from tests.faults.watched_till import At, watched_till

PATIENCE = 3600.0
"""Seconds of a visit, at most."""
LIVES = 6
HABITS = (Habit.PAYS, Habit.PAYS, Habit.PAYS, Habit.REFUSES, Habit.ABANDONS, Habit.SLOW)
LASTING = frozenset({Fault.BUSY, Fault.SILENCE, Fault.LINK_LOSS})
"""Faults that have no number: they end after a while."""


@dataclass
class Run:
    """What outlives the agent: the terminal, what the technician remembers, and chance."""

    chance: Random
    folder: Path
    at: At
    terminal: Terminal
    authorised: Counter[str] = field(default_factory=Counter)
    """How often the terminal took money, by attempt."""
    orders: int = 0
    lives: int = 0
    crashes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    ended: list[Attempt] = field(default_factory=list)

    def taken(self, attempt: Attempt) -> int:
        """Return how often the terminal took money for an attempt, and has it; each asks for an amount of its own."""
        return self.standing()[attempt.money.minor_units]

    def standing(self) -> Counter[int]:
        """Return how often the terminal took each amount, what it undid by itself left out."""
        undone = self.terminal.ledger.undone()
        rows = self.terminal.ledger.rows
        return Counter(
            row.amount for row in rows if row.undoes is None and row.number not in undone
        )


async def carried_out(run: Run) -> None:
    """Let agents live one after the other until all is settled."""
    bench = Bench(run.terminal, on_line=run.at.on_line)
    ticking = asyncio.create_task(bench.run())
    try:
        while run.lives < LIVES:
            run.lives += 1
            last = run.lives == LIVES
            if await _life(run, bench, 0 if last else _crash_point(run.chance)):
                return
    finally:
        ticking.cancel()


def _crash_point(chance: Random) -> int:
    """Return after how many steps the agent crashes; 0: it does not."""
    return chance.choice((0, chance.randint(1, 12), chance.randint(1, 40)))


async def _life(run: Run, bench: Bench, crash_at: int) -> bool:
    """Let one agent live; return whether the visit was over, or False after a crash."""
    crashed, steps = asyncio.Event(), 0
    tasks: set[asyncio.Task] = set()

    async def watch(_: str) -> None:
        nonlocal steps
        steps += 1
        if crashed.is_set() or steps == crash_at:
            crashed.set()
            # Nothing of it goes on: not a word is written or said any more.
            await asyncio.Event().wait()

    def spawn(work):
        task = asyncio.create_task(work)
        tasks.add(task)
        return task

    terminal = run.at.terminal(bench.connect, watch)
    store = watched_till(
        Database(run.folder / "agent.db"),
        terminal=terminal,
        watch=watch,
        clock=FakeClock(),
        spawn=spawn,
        chance=run.chance,
    )
    life = spawn(_lived(store, run, bench))
    end = spawn(crashed.wait())
    await asyncio.wait({life, end}, return_when=asyncio.FIRST_COMPLETED)
    over = life.done()
    if over:
        life.result()
    run.crashes += crashed.is_set()
    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    bench.link = None
    return over


async def _lived(store, run: Run, bench: Bench) -> None:
    async with store as till:
        await _visit(till.payments, run, bench)
        run.ended = await till.payments.all()


async def _visit(payments, run: Run, bench: Bench) -> None:
    began = asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - began < PATIENCE:
        attempts = await payments.all("i-1")
        open_ = next((each for each in attempts if each.open), None)
        paid = any(each.state is State.APPROVED for each in attempts)
        if open_ is None and (paid or run.orders >= 4):
            return
        if open_ is None:
            await _order(payments, run, attempts[-1].id if attempts else "")
        elif open_.state is State.UNKNOWN:
            await _settle(payments, open_, run, bench)
        elif run.chance.random() < 0.05:
            with contextlib.suppress(WorkError):
                await payments.cancel(open_.id)
        await asyncio.sleep(run.chance.choice((0.01, 0.3, 2.0, 10.0)))


async def _order(payments, run: Run, seen: str) -> None:
    run.orders += 1
    _prepare(run)
    orders = [_wanted(f"key-{run.orders}", seen, run)] * run.chance.choice((1, 1, 2))
    if run.chance.random() < 0.3:
        orders.append(_wanted(f"browser-{run.orders}", seen, run))
    await asyncio.gather(*(payments.ask(each, BY) for each in orders), return_exceptions=True)


def _wanted(key: str, seen: str, run: Run) -> Order:
    return Order(
        key=key,
        operation=Operation.CHARGE,
        money=Money(12500 + run.orders, "EUR"),
        intervention="i-1",
        terminal="tpe",
        after=seen,
    )


def _prepare(run: Run) -> None:
    """Have the customer do something, and something go wrong."""
    terminal, chance = run.terminal, run.chance
    terminal.customer = Customer(
        habit=chance.choice(HABITS), seconds=chance.choice((0.5, 5.0, 40))
    )
    faults = sorted(terminal.known_faults)
    for each in chance.sample(faults, chance.choice((0, 1, 1, 2))):
        run.faults[each] += 1
        terminal.set_fault(each, on=True, times=1 if each in terminal.counted_faults else None)
    asyncio.create_task(_mended(run, chance.choice((1.0, 20.0))))  # noqa: RUF006 - ends by itself


async def _mended(run: Run, after: float) -> None:
    await asyncio.sleep(after)
    for each in list(run.terminal.faults & LASTING):
        run.terminal.set_fault(each, on=False)


async def _settle(payments, attempt: Attempt, run: Run, bench: Bench) -> None:
    """Ask the terminal, or look at it: a person does so when it is idle."""
    what = run.chance.random()
    if what < 0.2 and Can.TELL_STATE in payments.till.can(attempt):
        with contextlib.suppress(WorkError):
            await payments.ask_again(attempt.id)
    elif what < 0.5 and bench.idle:
        with contextlib.suppress(WorkError):
            await payments.decide(
                attempt.id, BY, paid=bool(run.taken(attempt)), reason="looked at the terminal"
            )


def wrong(run: Run) -> list[str]:
    """Return what must never be, of a run that ended."""
    found = []
    taken = {each.id: run.taken(each) for each in run.ended}
    for each in run.ended:
        count = taken[each.id]
        if count > 1:
            found.append(f"{each.id} was charged {count} times")
        if count and each.state not in {State.APPROVED, State.UNKNOWN}:
            found.append(f"{each.id} was charged, and is {each.state}")
        if not count and each.state is State.APPROVED:
            found.append(f"{each.id} is approved, and was not charged")
    if sum(taken.values()) > 1:
        found.append("the customer paid twice")
    if sum(taken.values()) != run.standing().total():
        found.append("the terminal took money that no attempt asked for")
    if any(
        each.state in {State.CREATED, State.SENDING, State.SENT, State.PENDING}
        for each in run.ended
    ):
        found.append("an attempt is neither settled nor waits for a person")
    return found
