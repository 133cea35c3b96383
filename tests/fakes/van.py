"""An agent's use cases on a real store, with fake instruments: everything but the wires."""

import asyncio
import itertools
from contextlib import asynccontextmanager

from agent.paying import payments
from agent.usecases.capturing import Capturing
from agent.usecases.changes import Changes, Subject
from agent.usecases.choosing import Chooser
from agent.usecases.drafting import Drafter
from agent.usecases.files import Files
from agent.usecases.importing import Importing
from agent.usecases.keeper import Hooks
from agent.usecases.live import LiveValues
from agent.usecases.payments.terminals import Terminals
from agent.usecases.payments.till import Around
from agent.usecases.procedures import Procedures
from agent.usecases.roster import Roster
from agent.usecases.scans import Scans
from agent.usecases.signing import Signing
from agent.usecases.work import Work
from drivers.catalog import BUILT_IN


class Van:
    def __init__(self, store, clock, spawn):
        numbers = itertools.count(1)
        self.store, self.clock, self.spawn = store, clock, spawn
        self.live = LiveValues()
        self.changes = Changes()
        self.changed, self.scanned, self.pressed, self.saved = [], [], [], []
        self.learned = []
        drafter = Drafter(clock, self.live, BUILT_IN, lambda: f"{next(numbers):032x}")
        self.drafter = drafter
        self.work = Work(store.records, store.captures, drafter)
        self.scans = Scans(self.work, store.captures, drafter, clock)
        self.files = Files(lambda: self.changes.tell(Subject.FILE))
        self.importing = Importing(
            self.files, self.work, store.captures, drafter, self.saved.append
        )
        self.procedures = Procedures(self.work, store.captures, drafter, clock, self.saved.append)
        self.signing = Signing(self.work, store.captures, drafter, self.saved.append)
        self.known_terminals = {}
        self.payments = payments(
            Terminals(self.known_terminals, store.payments, clock),
            store.payments,
            self.work,
            drafter,
            Around(clock, spawn, self._paid),
        )
        self.roster = Roster(
            records=store.records,
            catalogue=BUILT_IN,
            live=self.live,
            clock=clock,
            chance=lambda: 0.0,
            spawn=spawn,
            hooks=Hooks(
                changed=self.changed.append,
                scanned=self.scans.scanned,
                pressed=self.pressed.append,
                learned=self.learned.append,
            ),
        )
        self.chooser = Chooser(self.live, drafter, self.roster.paired, BUILT_IN)
        self.capturing = Capturing(
            work=self.work,
            captures=store.captures,
            live=self.live,
            drafter=drafter,
            clock=clock,
            chooser=self.chooser,
            new_id=lambda: f"t{next(numbers)}",
            saved=self.saved.append,
        )

    def _paid(self, attempt):
        self.changes.tell(Subject.PAYMENT, attempt.id)
        self.saved.append(attempt.intervention)


@asynccontextmanager
async def van(store, clock):
    async with asyncio.TaskGroup() as tasks:
        running = []

        def spawn(work):
            running.append(tasks.create_task(work))
            return running[-1]

        yield Van(store, clock, spawn)
        for task in running:
            task.cancel()


async def until(holds, within=3.0):
    """Let the loop turn until ``holds``."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.005)
