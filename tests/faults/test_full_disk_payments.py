"""Payments on a disk that is full to the last byte: none begins there, and what has begun is written to its end."""

import asyncio
import os
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from agent.adapters.store.payments import SqlitePayments
from agent.adapters.store.reserve import SIZE, Reserve
from agent.ports import StoreFullError
from agent.usecases.payments import till
from agent.usecases.payments.attempt import State, step
from agent.usecases.payments.events import Answer, Sending, WasSent
from agent.usecases.payments.journal import NoRoomError
from agent.usecases.payments.order import Order
from agent.usecases.work import WorkError
from contract.payment.stated import Operation
from contract.wire.statement import Payment
from drivers.payment.dialogue import AboutToSend, Answered, Sent, TakenOn
from tests.agent.conftest import OpenStore, opened
from tests.agent.paying import APPROVED, EUROS, PAYS, ScriptedLine, attempt, recorded, terminal
from tests.agent.test_pages import assigned
from tests.contract.making import BY
from tests.fakes.clock import FakeClock
from tests.fakes.van import van

pytestmark = pytest.mark.timeout(60)
PIECE = 4096


class Disk:
    """A small disk, and what others keep on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reserve = folder / "payments.reserve"
        self._ballast = folder / "photos"

    def fill(self) -> None:
        """Fill it to the last byte."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (PIECE, 1):
                with suppress(OSError):
                    while file.write(bytes(size)):
                        pass
        assert 0 == os.statvfs(self.folder).f_bavail

    def free(self) -> None:
        self._ballast.unlink()

    @property
    def held(self) -> bool:
        return self.reserve.exists() and self.reserve.stat().st_size == SIZE

    @asynccontextmanager
    async def opened(self, *, reserved=True):
        """Open the store on it, with the reserve that an agent has, or with none."""
        async with opened(self.folder / "agent.db") as store:
            reserve = Reserve(self.reserve) if reserved else None
            payments = SqlitePayments(store.database, store.captures, reserve)
            yield replace(store, payments=payments)


@pytest.fixture
def disk(small_disk):
    return Disk(small_disk)


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(till, "AGAIN_AFTER", 0.02)


async def begun(store):
    """Return a payment that was sent to its terminal."""
    found = await store.payments.open(attempt())
    for event in (Sending(), WasSent()):
        found = await recorded(store, found, event, step(found, event))
    return found


async def ended(store, before, drafter):
    answer = Answer(replace(APPROVED, reference=before.id))
    return await recorded(store, before, answer, step(before, answer), drafter)


async def captured(store):
    saved = await store.captures.of_intervention("i-1")
    return [each.statement.state for each in saved if isinstance(each.statement, Payment)]


@asynccontextmanager
async def drafting(store):
    async with van(store, FakeClock()) as running:
        yield running.drafter


async def test_no_payment_begins_where_its_end_could_not_be_written_down(disk):
    async with disk.opened() as store:
        disk.fill()

        with pytest.raises(NoRoomError):
            await store.payments.open(attempt())

        assert [] == await store.payments.attempts()
    assert not disk.reserve.exists(), "half a reserve is no reserve"


async def test_the_end_of_a_payment_is_written_down_where_not_a_byte_was_left(disk):
    async with disk.opened() as store, drafting(store) as drafter:
        sent = await begun(store)
        assert disk.held
        disk.fill()

        assert State.APPROVED is (await ended(store, sent, drafter)).state
        assert not disk.reserve.exists()
    async with disk.opened() as again:
        assert [State.APPROVED] == [each.state for each in await again.payments.attempts()]
        assert ["approved"] == await captured(again)


async def test_control_without_the_reserve_its_end_is_not_written_down(disk):
    async with disk.opened(reserved=False) as store, drafting(store) as drafter:
        sent = await begun(store)
        disk.fill()

        with pytest.raises(StoreFullError):
            await ended(store, sent, drafter)

        assert [State.SENT] == [each.state for each in await store.payments.attempts()]
        assert [] == await captured(store)


async def test_the_reserve_is_taken_again_once_there_is_room(disk):
    async with disk.opened() as store, drafting(store) as drafter:
        sent = await begun(store)
        disk.fill()
        await ended(store, sent, drafter)
        disk.fill()
        with pytest.raises(NoRoomError):
            await store.payments.open(attempt(id="K7WQ2M9XHU", key="key-2"))

        disk.free()
        await store.payments.open(attempt(id="K7WQ2M9XHU", key="key-2"))

        assert disk.held


# --- the whole till -------------------------------------------------------------------------------


class FillingLine(ScriptedLine):
    """A terminal while whose payment somebody fills the disk."""

    async def _tell(self, event, told, asked):
        if callable(event):
            event()
        else:
            await super()._tell(event, told, asked)


ORDER = Order(
    key="key-1", operation=Operation.CHARGE, money=EUROS, intervention="i-1", terminal="tpe"
)
FULL_AT = range(4)
"""Before it is sent, once it is about to be, once it is, and once the terminal has it."""


@asynccontextmanager
async def paying(store: OpenStore, line):
    async with van(store, FakeClock()) as running:
        running.known_terminals["tpe"] = terminal(line)
        yield running.payments


async def paired(store):
    async with van(store, FakeClock()) as running:
        await assigned(running)
        running.known_terminals["tpe"] = terminal(ScriptedLine())
        await running.payments.terminals.pair("tpe", BY)


def filling(disk, at):
    events = [AboutToSend(), Sent(), TakenOn(), Answered(APPROVED)]
    return FillingLine(*events[:at], disk.fill, *events[at:])


async def settled(payments, id_):
    async with asyncio.timeout(5):
        while (found := await payments.one(id_)).open and found.state is not State.UNKNOWN:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    return found


async def test_a_till_refuses_a_payment_on_a_full_disk_and_says_why(disk):
    line = ScriptedLine(*PAYS)
    async with disk.opened() as store:
        await paired(store)
        disk.fill()
        async with paying(store, line) as payments:
            with pytest.raises(WorkError, match="the disk is full") as refused:
                await payments.ask(ORDER, BY)

    assert ("payment", 0, []) == (refused.value.field, line.sent, line.asked)


@pytest.mark.parametrize("at", FULL_AT)
async def test_a_till_settles_a_payment_during_which_the_disk_becomes_full(disk, at):
    async with disk.opened() as store:
        await paired(store)
        line = filling(disk, at)
        async with paying(store, line) as payments:
            asked, _ = await payments.ask(ORDER, BY)
            assert State.APPROVED is (await settled(payments, asked.id)).state
    async with disk.opened() as again:
        assert [State.APPROVED] == [each.state for each in await again.payments.attempts()]
        assert (["approved"], 1) == (await captured(again), line.sent)


@pytest.mark.parametrize("at", FULL_AT)
async def test_without_a_reserve_a_payment_is_unknown_once_there_is_room_and_never_lost(disk, at):
    async with disk.opened(reserved=False) as store:
        await paired(store)
        line = filling(disk, at)
        async with paying(store, line) as payments:
            asked, _ = await payments.ask(ORDER, BY)
            await asyncio.sleep(0.1)
            stuck = await payments.one(asked.id)
            disk.free()
            found = await settled(payments, asked.id)

    assert stuck.open, "while nothing can be written down nothing is settled"
    # What was not sent is proved not to be; of all else somebody has to look.
    assert found.state is (State.UNKNOWN if line.sent else State.NOT_SENT)


@pytest.mark.parametrize("at", FULL_AT)
async def test_a_till_that_ends_on_a_full_disk_takes_the_payment_up_again(disk, at):
    async with disk.opened(reserved=False) as store:
        await paired(store)
        line = filling(disk, at)
        async with paying(store, line) as payments:
            asked, _ = await payments.ask(ORDER, BY)
            await asyncio.sleep(0.1)
    disk.free()
    async with disk.opened() as again, paying(again, line) as payments:
        await payments.till.recover()
        found = await payments.one(asked.id)

    assert found.state is (State.UNKNOWN if line.sent else State.NOT_SENT)
    assert line.sent <= 1
