"""What takes payments in an agent, on its own store, with somebody who watches every step it takes.

The watcher is told before and after each thing that leaves a trace outside of the program: what is written down, and
what is said to the terminal. There it may end the program.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from agent.adapters.payment_line import StreamLine
from agent.adapters.store.captures import SqliteCaptureStore
from agent.adapters.store.database import Database
from agent.adapters.store.payments import SqlitePayments
from agent.adapters.store.records import SqliteRecords
from agent.adapters.sumup_line import SumupLine
from agent.paying import payments
from agent.usecases.drafting import Drafter
from agent.usecases.live import LiveValues
from agent.usecases.payments.taking import Payments
from agent.usecases.payments.terminals import Terminal, Terminals
from agent.usecases.payments.till import Around
from agent.usecases.work import Work
from contract.signing import SigningKey
from contract.wire.down import Assignment
from contract.wire.intervention import Intervention
from drivers.catalog import BUILT_IN
from drivers.payment.kinds import STREAMS, SUMUP
from drivers.payment.profile import SumupProfile
from tests.contract.making import BY

Watch = Callable[[str], Awaitable[None]]
KEY = SigningKey.from_seed(b"a" * 32)


class WatchedJournal(SqlitePayments):
    """The journal, watched."""

    watch: Watch

    async def open(self, attempt):
        await self.watch("before begun")
        kept = await super().open(attempt)
        await self.watch("after begun")
        return kept

    async def record(self, recording):
        name = type(recording.event).__name__
        await self.watch(f"before {name}")
        after = await super().record(recording)
        await self.watch(f"after {name}")
        return after


class WatchedLink:
    """The way to a terminal, watched."""

    def __init__(self, link, watch: Watch) -> None:
        self._link, self._watch = link, watch
        self._said = 0

    async def open(self, deliver, lost) -> None:
        await self._watch("before connecting")
        await self._link.open(deliver, lost)
        await self._watch("after connecting")

    async def carry_out(self, action) -> None:
        self._said += 1
        await self._watch(f"before saying {self._said}")
        await self._link.carry_out(action)
        await self._watch(f"after saying {self._said}")

    async def close(self) -> None:
        await self._link.close()


@dataclass(frozen=True)
class At:
    """A terminal, as the settings would name it."""

    kind: str
    address: str
    options: Mapping[str, object]
    on_line: bool

    def terminal(self, connect, watch: Watch) -> Terminal:
        if self.kind == SUMUP.slug:
            line = SumupLine(SumupProfile(**self.options), self.address)
            return Terminal(name="tpe", kind=SUMUP, address=self.address, line=line, partial=False)
        kind = STREAMS[self.kind]
        speaking = kind.speak(self.options, self.on_line)
        return Terminal(
            name="tpe",
            kind=kind,
            address=self.address,
            line=StreamLine(speaking, lambda: WatchedLink(connect(), watch)),
            partial=speaking.partial,
        )


@dataclass(frozen=True)
class WatchedTill:
    payments: Payments
    journal: WatchedJournal
    captures: SqliteCaptureStore


@asynccontextmanager
async def watched_till(database: Database, *, terminal, watch, clock, spawn, chance):
    """Open the store and take up what an earlier life left."""
    captures = SqliteCaptureStore(database, "van-7", KEY)
    async with database.open():
        spawn(database.run())
        await captures.open_head()
        records = SqliteRecords(database)
        journal = WatchedJournal(database, captures, None)
        journal.watch = watch
        drafter = Drafter(clock, LiveValues(), BUILT_IN, lambda: f"{chance.getrandbits(128):032x}")
        work = Work(records, captures, drafter)
        terminals = Terminals({"tpe": terminal}, journal, clock)
        taking = payments(
            terminals,
            journal,
            work,
            drafter,
            Around(clock, spawn, lambda attempt: None),
            new_id=lambda: "".join(chance.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=10)),
        )
        await _assigned(records)
        await terminals.pair("tpe", BY)
        await taking.till.recover()
        yield WatchedTill(taking, journal, captures)


async def _assigned(records) -> None:
    for revision, id_ in enumerate(("i-1", "i-2"), start=1):
        visit = Intervention(id=id_, title="Entretien", amount_due="125.00", currency="EUR")
        await records.keep_assignment(
            Assignment(agent="van-7", revision=revision, intervention=visit)
        )
