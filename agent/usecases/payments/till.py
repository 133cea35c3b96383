"""Takes payments at terminals: each asked for once, each followed until it is settled."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog

from agent.ports import Clock, StoreRefusedError
from agent.usecases.drafting import Drafter
from agent.usecases.payments.attempt import (
    UNDER_WAY,
    Attempt,
    Effect,
    State,
    StepError,
    step,
)
from agent.usecases.payments.events import (
    Decided,
    Event,
    Restarted,
    Withdrawn,
)
from agent.usecases.payments.hearing import event_of
from agent.usecases.payments.journal import JournalConflictError, PaymentJournal, Recording
from agent.usecases.payments.line import TerminalLine, Told
from agent.usecases.payments.terminals import Terminal, Terminals
from agent.usecases.payments.writing import draft
from contract.payment.stated import Unsent
from contract.wire.captured import Technician
from drivers.payment.dialogue import (
    AboutToSend,
    PaymentEvent,
    Rejected,
    Showing,
    Shown,
)
from drivers.payment.kinds import Can

log = structlog.get_logger()

AGAIN_AFTER = 5.0
"""Seconds before something is tried again that needs nobody."""
ENQUIRIES = (0.0, 5.0, 15.0, 60.0, 300.0)
"""Seconds before each question after an attempt that nobody knows the end of: the terminal may be away, or busy yet."""

Spawn = Callable[[Coroutine[Any, Any, None]], object]


@dataclass(frozen=True, slots=True)
class Around:
    """The agent around a till."""

    clock: Clock
    spawn: Spawn
    changed: Callable[[Attempt], None]
    """Told of every step that is on disk."""
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep


class Till:
    """Carries attempts through, one step at a time, each on disk before what follows from it."""

    def __init__(
        self, journal: PaymentJournal, terminals: Terminals, drafter: Drafter, around: Around
    ) -> None:
        self._journal = journal
        self._terminals = terminals
        self._drafter = drafter
        self._around = around
        self._shown: dict[str, Showing] = {}
        self._conversing: dict[str, asyncio.Task[Any]] = {}

    def shown(self, attempt: str) -> Showing | None:
        """Return what happens at the terminal now, None where it says nothing."""
        return self._shown.get(attempt)

    def begin(self, attempt: Attempt, terminal: Terminal) -> None:
        """Have an attempt that is in the journal carried through."""
        self._around.spawn(self._carry_through(attempt, terminal))

    async def recover(self) -> None:
        """Take up what an earlier life of the agent left; run this before anything begins."""
        for attempt in await self._journal.attempts(only_open=True):
            self._follow(await self.record(attempt.id, Restarted()))

    def _follow(self, attempt: Attempt) -> None:
        if attempt.state is State.UNKNOWN:
            self._around.spawn(self._follow_up(attempt))

    async def ask_again(self, attempt: Attempt) -> Attempt:
        """Ask the terminal what became of an attempt, and return it as it stands then; raises StepError."""
        line = self._line(attempt)
        if attempt.state is not State.UNKNOWN or line is None or Can.TELL_STATE not in line.can:
            raise StepError(f"{attempt.id} cannot be asked about")
        self._end(attempt.id)
        await self._asked(attempt, line)
        after = await self.attempt(attempt.id)
        self._follow(after)
        return after

    async def _asked(self, attempt: Attempt, line: TerminalLine) -> None:
        """Ask in a task of its own: a person who settles it meanwhile ends the question, not whoever waits for it."""

        async def ask() -> None:
            with self._known(attempt.id):
                await self._converse(
                    attempt.id, lambda told: line.enquire(attempt.asked, told), asked=True
                )

        asking = asyncio.create_task(ask())
        try:
            await asyncio.wait({asking})
        finally:
            asking.cancel()

    def can(self, attempt: Attempt) -> frozenset[Can]:
        """Return what the terminal of an attempt can do about it."""
        line = self._line(attempt)
        return frozenset() if line is None else line.can

    async def cancel(self, attempt: Attempt) -> Attempt:
        """Give up what is not sent, and ask the terminal to stop what is; raises StepError where it cannot."""
        try:
            after = await self.record(attempt.id, Withdrawn(Unsent.WITHDRAWN))
        except StepError:
            now, line = await self.attempt(attempt.id), self._line(attempt)
            # Only what is under way there now: the terminal may be at somebody else's by then.
            going_on = now.state in UNDER_WAY and attempt.id in self._conversing
            if line is None or Can.CANCEL not in line.can or not going_on:
                raise
            line.cancel()
            return now
        self._end(attempt.id)
        return after

    async def decide(self, attempt: str, by: Technician, *, paid: bool, reason: str) -> Attempt:
        """Write down what a person saw; raises StepError when there is nothing to decide."""
        after = await self.record(attempt, Decided(by, paid, reason))
        self._end(attempt)
        return after

    async def attempt(self, attempt: str) -> Attempt:
        """Return an attempt as it stands; raises StepError for one that there is not."""
        found = await self._journal.attempt(attempt)
        if found is None:
            raise StepError(f"there is no attempt {attempt}")
        return found

    async def record(self, attempt: str, event: Event) -> Attempt:
        """Write down what an event makes of an attempt; raises StepError and StoreRefusedError."""
        while True:
            before = await self.attempt(attempt)
            after, effects = step(before, event)
            if after == before and not effects:
                return after
            recording = Recording(
                before=before,
                after=after,
                event=event,
                effects=effects,
                at=self._around.clock.now(),
                capture=draft(self._drafter, after) if Effect.CAPTURE in effects else None,
            )
            try:
                after = await self._journal.record(recording)
            except JournalConflictError:
                continue
            self._tell(after, effects)
            return after

    def _tell(self, attempt: Attempt, effects: tuple[Effect, ...]) -> None:
        if not attempt.open:
            self._shown.pop(attempt.id, None)
        if Effect.ORPHAN in effects:
            log.error(
                "a terminal's answer fits no payment: look at the terminal",
                terminal=attempt.terminal.name,
                payment=attempt.id,
            )
        elif attempt.state is State.UNKNOWN:
            log.error("nobody knows whether this was paid", payment=attempt.id, why=attempt.doubt)
        self._around.changed(attempt)

    def _line(self, attempt: Attempt) -> TerminalLine | None:
        """Return the way to the terminal that was asked, None where it is not there any more."""
        terminal = self._terminals.get(attempt.terminal.name)
        asked = (attempt.terminal.kind, attempt.terminal.address)
        if terminal is None or (terminal.kind.slug, terminal.address) != asked:
            return None
        return terminal.line

    async def _carry_through(self, attempt: Attempt, terminal: Terminal) -> None:
        with self._known(attempt.id):
            await self._converse(
                attempt.id,
                lambda told: terminal.line.operate(attempt.asked, told),
                partial=terminal.partial,
            )
        await self._leave(attempt.id)

    async def _leave(self, attempt: str) -> None:
        """See to it that an attempt that nobody speaks about any more is settled, or known to be unknown."""
        while True:
            try:
                if (await self.attempt(attempt)).state is State.CREATED:
                    await self.record(attempt, Withdrawn(Unsent.NOT_SAVED))
                self._follow(await self.record(attempt, Restarted()))
            except StoreRefusedError as refused:
                log.warning("a payment is not written down", payment=attempt, why=str(refused))
                await self._around.rest(AGAIN_AFTER)
            except StepError:
                # Somebody settled it in between: look again.
                continue
            else:
                return

    async def _follow_up(self, attempt: Attempt) -> None:
        """Ask the terminal what became of an attempt, and hear whether it says so by itself."""
        line = self._line(attempt)
        if line is None:
            return
        with self._known(attempt.id):
            for rest in ENQUIRIES if Can.TELL_STATE in line.can else ():
                await self._around.rest(rest)
                await self._converse(
                    attempt.id, lambda told: line.enquire(attempt.asked, told), asked=True
                )
                if (await self.attempt(attempt.id)).state is not State.UNKNOWN:
                    return
            while Can.ANSWER_LATE in line.can:
                if (await self.attempt(attempt.id)).state is not State.UNKNOWN:
                    return
                await self._converse(attempt.id, lambda told: line.listen(attempt.asked, told))
                await self._around.rest(AGAIN_AFTER)

    @contextmanager
    def _known(self, attempt: str) -> Generator[None]:
        """Have the conversation of this task ended when a person settles what it is about."""
        task = asyncio.current_task()
        if task is not None:
            self._conversing[attempt] = task
        try:
            yield
        finally:
            if self._conversing.get(attempt) is task:
                del self._conversing[attempt]

    def _end(self, attempt: str) -> None:
        task = self._conversing.pop(attempt, None)
        if task is not None:
            task.cancel()

    async def _converse(
        self,
        attempt: str,
        way: Callable[[Told], Awaitable[None]],
        *,
        asked: bool = False,
        partial: bool = False,
    ) -> None:
        async def told(event: PaymentEvent) -> None:
            if isinstance(event, AboutToSend):
                await self._check_ours(attempt)
            found = self._event(attempt, event, asked=asked, partial=partial)
            if found is not None:
                await self.record(attempt, found)
            elif isinstance(event, Shown):
                self._around.changed(await self.attempt(attempt))

        try:
            await way(told)
        except (StoreRefusedError, StepError) as error:
            log.warning("a conversation ends early", payment=attempt, reason=str(error))
        except Exception as error:
            # Whatever a terminal says, the agent lives, and the attempt is known to be unknown.
            log.error("a conversation broke off", payment=attempt, kind=type(error).__name__)  # noqa: TRY400 - its text may hold a card

    async def _check_ours(self, attempt: str) -> None:
        """Withdraw an attempt whose terminal is no longer one of ours, and raise StepError."""
        terminal = self._terminals.get((await self.attempt(attempt)).terminal.name)
        if terminal is None or await self._terminals.pairing(terminal) is None:
            await self.record(attempt, Withdrawn(Unsent.WITHDRAWN))
            raise StepError(f"the terminal of {attempt} is not paired any more")

    def _event(
        self, attempt: str, event: PaymentEvent, *, asked: bool, partial: bool
    ) -> Event | None:
        """Return what an event of the terminal is to the attempt, None when it is nothing to it."""
        match event:
            case Shown(what=what):
                self._shown[attempt] = what
            case Rejected(reason=reason):
                log.warning("a terminal said what is no part of its protocol", reason=reason)
            case _:
                pass
        return event_of(event, asked=asked, partial=partial)
