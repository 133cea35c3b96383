"""The line from the broker into the inbox: take what waits, commit, acknowledge, answer."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from contract.wire.down import Outcome
from contract.wire.event import SealedType
from contract.wire.statement import Kind
from gateway.ports.chance import Chance, Clock
from gateway.ports.inbox import (
    NEVER_ASSIGNED,
    UNKNOWN_INTERVENTION,
    Committed,
    Examined,
    Inbox,
    Proven,
    StoreUnavailableError,
)
from gateway.ports.line import Down, Line, Received
from gateway.ports.meter import Counted, Meter
from gateway.usecases.examination import Opened, examine, open_message
from gateway.usecases.receipts import Sealer, receipt_topic, receipts

BATCH_CAPTURES = 200
BATCH_MESSAGES = 1000
LONGEST_PAUSE = 5.0
CAPTURES = "/captures"

Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the intake works with."""

    tenant: str
    sealer: Sealer
    line: Line
    down: Down
    inbox: Inbox
    meter: Meter
    clock: Clock
    elapsed: Callable[[], float]
    """Seconds on a clock that only goes forward."""
    chance: Chance
    pause: Pause
    other: Callable[[Sequence[Received]], Awaitable[None]]
    """Takes the messages that are no captures; raises StoreUnavailableError."""
    committed: Callable[[], None]
    """Told after every commit."""


class Intake:
    """Takes messages in, one batch at a time, in the order of their arrival."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._with = surroundings
        self.store_answers = True

    async def run(self) -> None:
        """Take messages in until cancelled."""
        while True:
            await self._with.line.waiting()
            await self.take()

    async def take(self) -> None:
        """Take in what waits, up to one batch. Nothing is acknowledged before its commit."""
        taken, opened = self._pop()
        if not taken:
            return
        captures = [each for each in taken if each.topic.endswith(CAPTURES)]
        others = [each for each in taken if not each.topic.endswith(CAPTURES)]
        committed: Committed | None = None
        messages: list[Examined] = []
        delay = 0.1
        while True:
            try:
                if captures and committed is None:
                    messages = await self._examined(opened)
                    committed = await self._commit(messages)
                if others:
                    await self._with.other(others)
                break
            except StoreUnavailableError:
                self.store_answers = False
                self._with.meter.count(Counted.STORE_FAILURES)
                await self._with.pause(delay)
                delay = min(delay * 2, LONGEST_PAUSE)
        self.store_answers = True
        self._with.committed()
        for each in taken:
            self._with.line.acknowledge(each)
        if committed is not None:
            self._answer(messages, committed)

    def _pop(self) -> tuple[list[Received], list[Opened | Examined]]:
        taken: list[Received] = []
        opened: list[Opened | Examined] = []
        captures = 0
        while captures < BATCH_CAPTURES and len(taken) < BATCH_MESSAGES:
            received = self._with.line.pop()
            if received is None:
                break
            taken.append(received)
            if received.topic.endswith(CAPTURES):
                one = open_message(received, self._with.tenant)
                captures += len(one.event.data.captures) if isinstance(one, Opened) else 1
                opened.append(one)
        return taken, opened

    async def _examined(self, opened: Iterable[Opened | Examined]) -> list[Examined]:
        inbox = self._with.inbox
        keys = await inbox.keys(
            {each.event.data.key for each in opened if isinstance(each, Opened)}
        )
        proved = iter(examine([each for each in opened if isinstance(each, Opened)], keys))
        examined = [next(proved) if isinstance(each, Opened) else each for each in opened]
        pairs = {
            (capture.intervention, capture.link.agent)
            for message in examined
            for capture in message.proven
            if capture.intervention is not None
        }
        strangers = pairs - await inbox.assigned(pairs)
        if not strangers:
            return examined
        known = await inbox.known({intervention for intervention, _ in strangers})
        faults = {
            (intervention, agent): (
                NEVER_ASSIGNED if intervention in known else UNKNOWN_INTERVENTION
            ).format(intervention)
            for intervention, agent in strangers
        }
        return [
            replace(message, proven=tuple(_marked(each, faults) for each in message.proven))
            for message in examined
        ]

    async def _commit(self, messages: Sequence[Examined]) -> Committed:
        started = self._with.elapsed()
        committed = await self._with.inbox.commit(messages)
        seconds = self._with.elapsed() - started
        self._with.meter.batch(sum(len(each.proven) for each in messages), seconds)
        proven = [each for message in messages for each in message.proven]
        await self._with.inbox.advance(
            {
                each.intervention
                for each in proven
                if each.kind == Kind.TRANSITION and each.intervention and not each.fault
            },
            {(each.link.agent, each.link.epoch) for each in proven},
        )
        return committed

    def _answer(self, messages: Sequence[Examined], committed: Committed) -> None:
        here = self._with
        now = here.clock()
        for receipt in receipts(messages, committed, now, lambda: here.chance(16).hex()):
            payload = here.sealer.sealed(SealedType.RECEIPT, receipt, receipt.id, now)
            here.down.publish(receipt_topic(here.tenant, receipt.agent), payload)
            here.meter.count(Counted.RECEIPTS)
        self._count(messages, committed)

    def _count(self, messages: Sequence[Examined], committed: Committed) -> None:
        count = self._with.meter.count
        count(Counted.RECEIVED, sum(len(each.proven) for each in messages))
        count(Counted.REFUSED, sum(len(each.refused) for each in messages))
        fresh = [each.outcome for each in committed.settled.values() if not each.repeat]
        count(Counted.ATTACHED, fresh.count(Outcome.ATTACHED))
        count(Counted.QUARANTINED, fresh.count(Outcome.QUARANTINED))
        count(Counted.FORKED, fresh.count(Outcome.FORKED))
        count(Counted.ABSORBED, sum(len(each.proven) for each in messages) - len(fresh))


def _marked(capture: Proven, faults: dict[tuple[str, str], str]) -> Proven:
    fault = faults.get((capture.intervention or "", capture.link.agent))
    return capture if fault is None else replace(capture, fault=fault)
