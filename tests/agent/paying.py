"""Attempts, and a terminal that does as the test says."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from agent.usecases.payments.attempt import Attempt, State
from agent.usecases.payments.journal import Recording
from agent.usecases.payments.terminals import Terminal
from agent.usecases.payments.writing import draft
from contract.instrument import Grade
from contract.payment.money import Money
from contract.payment.stated import Operation, Stated, Verdict, Why
from contract.wire.payment import CapturedTerminal
from drivers.payment.dialogue import AboutToSend, Answered, CannotAskError, Sent, TakenOn
from drivers.payment.kinds import CAISSE_AP
from tests.contract.making import BY

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
EUROS = Money(12500, "EUR")
TERMINAL = CapturedTerminal(
    name="tpe", kind="caisse-ap", address="10.0.0.9:8888", grade=Grade.PUBLISHED_CODE
)
APPROVED = Stated(
    verdict=Verdict.APPROVED, why=Why.AUTHORISED, money=EUROS, reference="K7WQ2M9XHT"
)
DECLINED = Stated(verdict=Verdict.DECLINED, why=Why.REFUSED, reference="K7WQ2M9XHT")


def attempt(**how) -> Attempt:
    made = Attempt(
        id="K7WQ2M9XHT",
        key="key-1",
        operation=Operation.CHARGE,
        money=EUROS,
        intervention="i-1",
        terminal=TERMINAL,
        by=BY,
        begun=NOW,
    )
    return replace(made, **how)


async def recorded(store, before, event, made, drafter=None) -> Attempt:
    after, effects = made
    capture = draft(drafter, after) if drafter else None
    return await store.payments.record(
        Recording(
            before=before, after=after, event=event, effects=effects, at=NOW, capture=capture
        )
    )


class ScriptedLine:
    """A TerminalLine: each operation tells the events it was given, then waits if so told."""

    def __init__(self, *script, can=(), later=(), refuses=""):
        self.script = script
        self.can = frozenset(can)
        self.later = list(later)
        """What it says when it is asked, or listened to, afterwards: a tuple of events each time."""
        self.refuses = refuses
        self.asked = []
        self.cancelled = 0
        self.sent = 0
        """How often its first byte left."""

    def check(self, asked):
        if self.refuses:
            raise CannotAskError(self.refuses)

    async def operate(self, asked, told):
        self.asked.append(asked)
        for each in self.script:
            await self._tell(each, told, asked)

    async def enquire(self, asked, told):
        await self._say_later(asked, told)

    async def listen(self, asked, told):
        await self._say_later(asked, told)

    async def _say_later(self, asked, told):
        for each in self.later.pop(0) if self.later else ():
            await self._tell(each, told, asked)

    async def _tell(self, event, told, asked):
        if isinstance(event, asyncio.Event):
            await event.wait()
            return
        if isinstance(event, Answered) and event.stated.reference == APPROVED.reference:
            event = replace(event, stated=replace(event.stated, reference=asked.reference))
        await told(event)
        self.sent += isinstance(event, AboutToSend)

    def cancel(self):
        self.cancelled += 1


PAYS = (AboutToSend(), Sent(), TakenOn(), Answered(APPROVED))
REFUSES = (AboutToSend(), Sent(), TakenOn(), Answered(DECLINED))


def terminal(line, name="tpe", address="10.0.0.9:8888") -> Terminal:
    return Terminal(name=name, kind=CAISSE_AP, address=address, line=line, partial=False)


STATES = tuple(State)
