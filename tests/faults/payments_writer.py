"""Take payments through the agent's own journal, and say on standard output what is written down: run under strace.

python -m tests.faults.payments_writer FOLDER SYNCHRONOUS COUNT
"""

import asyncio
import os
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from agent.adapters.store.captures import SqliteCaptureStore
from agent.adapters.store.database import Database
from agent.adapters.store.payments import SqlitePayments
from agent.usecases.drafting import Drafter
from agent.usecases.live import LiveValues
from agent.usecases.payments.attempt import Effect, step
from agent.usecases.payments.events import Answer, Sending, WasSent, WasTaken
from agent.usecases.payments.journal import Recording
from agent.usecases.payments.writing import draft
from contract.signing import SigningKey
from drivers.catalog import BUILT_IN
from tests.agent.paying import APPROVED, DECLINED, NOW, attempt
from tests.fakes.clock import FakeClock

STEPS = ("begun", "sending", "was_sent", "was_taken", "answer")
STATES = ("created", "sending", "sent", "pending")
"""After each step but the last one."""
ENDS = ("approved", "declined")
"""Of each payment in turn."""


def id_of(number: int) -> str:
    return f"PAY{number:07}"


def end_of(number: int) -> str:
    return ENDS[number % len(ENDS)]


def events(number: int):
    """Return what happens to a payment after it was begun."""
    stated = APPROVED if end_of(number) == "approved" else DECLINED
    answer = Answer(replace(stated, reference=id_of(number)))
    return (Sending(mark="0042"), WasSent(), WasTaken(handle="h"), answer)


async def main(folder: str, synchronous: str, payments: int) -> None:
    database = Database(Path(folder) / "agent.db", synchronous=synchronous)
    captures = SqliteCaptureStore(database, "van-7", SigningKey.from_seed(b"a" * 32))
    journal = SqlitePayments(database, captures, None)
    salts, written = count(1), count(1)
    drafter = Drafter(FakeClock(), LiveValues(), BUILT_IN, lambda: f"{next(salts):032x}")

    def say() -> None:
        os.write(1, b"ACK %d\n" % next(written))

    async with database.open(), asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(database.run())
        await captures.open_head()
        os.write(1, b"ACK 0\n")
        for number in range(payments):
            before = await journal.open(attempt(id=id_of(number), key=f"key-{number}"))
            say()
            for event in events(number):
                after, effects = step(before, event)
                recording = Recording(
                    before=before,
                    after=after,
                    event=event,
                    effects=effects,
                    at=NOW,
                    capture=draft(drafter, after) if Effect.CAPTURE in effects else None,
                )
                before = await journal.record(recording)
                say()
        writer.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
