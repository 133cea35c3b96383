"""Takes payments in processes that end as by kill -9 at a step that the test names.

python -m tests.faults.killed_till: reads one job a line on standard input, as JSON, has it done by a process of its own
that is forked from this one, and says on standard output how that ended. Seconds pass SPEED times as fast in it.
"""

import asyncio
import json
import os
import secrets
import selectors
import signal
import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from random import Random

import structlog
import sumup
import sumup.errors  # noqa: F401

from agent.adapters.serial_line import SerialLine
from agent.adapters.store.database import Database
from agent.usecases.payments.attempt import State
from agent.usecases.payments.order import Order
from contract.payment.money import Money
from contract.payment.stated import Operation
from contract.wire.payment import PaymentState
from contract.wire.statement import Payment
from drivers.kit.description import LineSettings
from drivers.payment.kinds import STREAMS
from tests.contract.making import BY
from tests.fakes.clock import FakeClock
from tests.faults.careless import sending_again
from tests.faults.watched_till import At, watched_till

SPEED = 80.0
LOOK = 0.02
"""Real seconds between two looks at what became of a payment."""
ENDED = frozenset({State.APPROVED, State.DECLINED, State.CANCELLED, State.NOT_SENT})


class _Hasty(selectors.DefaultSelector):
    def select(self, timeout=None):
        return super().select(timeout / SPEED if timeout else timeout)


class HastyLoop(asyncio.SelectorEventLoop):
    """Its seconds are short."""

    def __init__(self) -> None:
        super().__init__(_Hasty())

    def time(self) -> float:
        return super().time() * SPEED


async def _done(job: dict, pipe: int) -> None:
    steps: list[str] = []

    async def watch(step: str) -> None:
        steps.append(step)
        if step == job.get("kill"):
            os.kill(os.getpid(), signal.SIGKILL)

    folder = Path(job["folder"])
    at = At(job["kind"], job["address"], job["options"], job["on_line"])
    line = STREAMS[at.kind].line if at.kind in STREAMS else LineSettings()
    connect = partial(SerialLine, at.address, line)
    async with asyncio.TaskGroup() as tasks:
        store = watched_till(
            Database(folder / "agent.db"),
            terminal=at.terminal(connect, watch),
            watch=watch,
            clock=FakeClock(),
            spawn=tasks.create_task,
            chance=Random(secrets.randbits(64)),
        )
        async with store as till:
            told = {**await _told(till, job), "steps": steps}
            os.write(pipe, json.dumps(told).encode())
            # It ends as it lived.
            os._exit(0)


async def _told(till, job: dict) -> dict:
    if "minor_units" in job:
        await till.payments.ask(_order(job), BY)
    await _settled(till, job)
    if "decide" in job:
        [open_] = [each for each in await till.payments.all() if each.open]
        await till.payments.decide(open_.id, BY, paid=job["decide"], reason="looked at it")
    attempts = await till.payments.all()
    saved = await till.captures.of_intervention("i-1")
    latest = {
        each.statement.attempt: each.statement.state
        for each in saved
        if isinstance(each.statement, Payment)
    }
    return {
        "attempts": [
            {"id": each.id, "state": each.state, "minor_units": each.money.minor_units}
            for each in attempts
        ],
        "captured": [each for each, state in latest.items() if state is PaymentState.APPROVED],
        "orphans": len(await till.payments.orphans()),
    }


def _order(job: dict) -> Order:
    return Order(
        key=job["key"],
        operation=Operation.CHARGE,
        money=Money(job["minor_units"], "EUR"),
        intervention="i-1",
        terminal="tpe",
    )


async def _settled(till, job: dict) -> None:
    """Wait until all is settled; where nobody knows, no longer than is said."""
    for states in range(1, round(job["within"] / LOOK) + 1):
        left = {each.state for each in await till.payments.all()} - ENDED
        if not left or (left == {State.UNKNOWN} and states * LOOK >= job["unknown_within"]):
            return
        await asyncio.sleep(SPEED * LOOK)


def _child(job: dict, pipe: int) -> None:
    careless = sending_again() if job.get("careless") else nullcontext()
    with careless, asyncio.Runner(loop_factory=HastyLoop) as runner:
        runner.run(_done(job, pipe))


def _forked(job: dict) -> dict:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _child(job, writing)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error!r}\n".encode())
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        said = told.read()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {
        "killed": killed,
        "code": os.waitstatus_to_exitcode(status),
        **json.loads(said or "{}"),
    }


def main() -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    for line in sys.stdin:
        print(json.dumps(_forked(json.loads(line))), flush=True)  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
