"""Saved means on disk, in a chain, until a receipt that fits."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agent.adapters.store import captures
from agent.adapters.store.database import Database, StoreDamagedError
from agent.ports import StoreRefusedError
from contract import chain
from contract.signing import VerifyingKey
from contract.wire.base import Place
from contract.wire.down import Outcome, Receipt
from tests.agent.conftest import AGENT_KEY, opened
from tests.agent.making import note, receipt_for
from tests.contract.making import AT

DATABASES = Path(__file__).parents[1] / "fixtures" / "databases"
SCHEMAS = Path(captures.__file__).parent


async def test_captures_are_chained_and_signed(store):
    saved = [(await store.captures.append("i-1", [note(str(n))]))[0] for n in range(3)]

    assert [1, 2, 3] == [each.link.seq for each in saved]
    assert [chain.FIRST, saved[0].link.hash, saved[1].link.hash] == [
        s.link.previous for s in saved
    ]
    for each in saved:
        VerifyingKey(AGENT_KEY.public).check(str(each.link), each.sig)
        assert each.link.statement == chain.digest(each.text)


async def test_what_is_saved_is_there_after_a_restart(tmp_path):
    async with opened(tmp_path / "a.db") as first:
        [saved] = await first.captures.append("i-1", [note()])
    async with opened(tmp_path / "a.db") as second:
        assert [saved] == await second.captures.unsent(10)
        [after] = await second.captures.append("i-1", [note()])

    assert saved.link.hash == after.link.previous


async def test_several_captures_are_saved_together_or_not_at_all(store):
    def broken(_):
        raise ValueError("no statement")

    with pytest.raises(ValueError, match="no statement"):
        await store.captures.append("i-1", [note(), broken])

    assert [] == await store.captures.unsent(10)
    [saved] = await store.captures.append("i-1", [note()])
    assert 1 == saved.link.seq


async def test_a_cancelled_caller_leaves_its_capture_whole_and_the_next_one_untouched(store):
    async with asyncio.TaskGroup() as tasks:
        doomed = [
            tasks.create_task(store.captures.append("i-1", [note(str(n))])) for n in range(20)
        ]
        await asyncio.sleep(0)
        for each in doomed:
            each.cancel()
    [last] = await store.captures.append("i-1", [note("last")])

    stored = await store.captures.of_intervention("i-1")
    assert list(range(1, len(stored) + 1)) == [each.link.seq for each in stored]
    assert stored[-1] == last


async def test_a_receipt_closes_what_it_names(store):
    saved = [(await store.captures.append("i-1", [note(str(n))]))[0] for n in range(3)]

    settled = await store.captures.settle(receipt_for(*saved[:2]))
    assert (2, False) == (settled.closed, settled.new_epoch)
    assert 1 == await store.captures.depth()
    assert 0 == (await store.captures.settle(receipt_for(*saved[:2]))).closed


async def test_a_quarantined_capture_is_done_and_keeps_the_reason(store):
    saved = await store.captures.append("i-1", [note()])
    await store.captures.settle(receipt_for(*saved, outcome=Outcome.QUARANTINED, reason="unknown"))

    [kept] = await store.captures.of_intervention("i-1")
    assert (Outcome.QUARANTINED, "unknown") == (kept.outcome, kept.reason)


async def test_a_receipt_for_another_capture_at_our_place_closes_nothing_and_opens_an_epoch(store):
    saved = await store.captures.append("i-1", [note()])
    settled = await store.captures.settle(receipt_for(*saved, link="f" * 64))
    [after] = await store.captures.append("i-1", [note()])

    assert (0, 1, True) == (settled.closed, settled.mismatched, settled.new_epoch)
    assert saved[0].link.epoch != after.link.epoch
    assert (1, chain.FIRST) == (after.link.seq, after.link.previous)
    assert 2 == await store.captures.depth()


async def test_a_receipt_that_says_forked_closes_and_opens_an_epoch(store):
    saved = await store.captures.append("i-1", [note()])
    settled = await store.captures.settle(receipt_for(*saved, outcome=Outcome.FORKED))

    assert (1, True) == (settled.closed, settled.new_epoch)


async def test_a_gateway_that_is_ahead_shows_a_restored_store(store):
    saved = await store.captures.append("i-1", [note()])
    settled = await store.captures.settle(receipt_for(*saved, head=9))

    assert (1, True) == (settled.closed, settled.new_epoch)


async def test_a_receipt_for_a_former_epoch_leaves_the_present_one(store):
    old = await store.captures.append("i-1", [note()])
    await store.captures.settle(receipt_for(*old, link="f" * 64))
    [new] = await store.captures.append("i-1", [note()])

    assert not (await store.captures.settle(receipt_for(*old, link="f" * 64))).new_epoch
    [after] = await store.captures.append("i-1", [note()])
    assert new.link.epoch == after.link.epoch


async def test_a_receipt_beyond_the_store_opens_an_epoch(store):
    [saved] = await store.captures.append("i-1", [note()])
    ahead = receipt_for(saved).ranges[0].model_copy(update={"first": 5, "last": 7})
    settled = await store.captures.settle(Receipt(agent="van-7", id="x", at=AT, ranges=(ahead,)))

    assert (0, True) == (settled.closed, settled.new_epoch)


async def test_a_restored_copy_and_its_original_write_forks_that_differ(tmp_path):
    async with opened(tmp_path / "a.db") as first:
        await first.captures.append("i-1", [note()])
    shutil.copy(tmp_path / "a.db", tmp_path / "b.db")
    forks = []
    for name in ("a.db", "b.db"):
        async with opened(tmp_path / name) as either:
            forks += await either.captures.append("i-1", [note(name)])

    assert forks[0].place == forks[1].place
    assert forks[0].link.hash != forks[1].link.hash


async def test_a_close_knows_the_last_capture_of_every_epoch(store):
    old = await store.captures.append("i-1", [note()])
    await store.captures.append("i-2", [note(intervention="i-2")])
    await store.captures.settle(receipt_for(*old, link="f" * 64))
    placings = []

    def build(placing):
        placings.append(placing)
        return note()(placing)

    await store.captures.append("i-1", [build])
    [placing] = placings
    assert (Place(epoch=old[0].link.epoch, seq=1),) == placing.earlier


async def test_a_damaged_store_is_kept_and_named(tmp_path):
    path = tmp_path / "a.db"
    async with opened(path) as first:
        for n in range(200):
            await first.captures.append("i-1", [note(str(n) * 50)])
    data = bytearray(path.read_bytes())
    data[8192:12288] = b"\xff" * 4096
    path.write_bytes(data)

    with pytest.raises(StoreDamagedError, match="keep the file"):
        async with Database(path).open():
            pass
    assert bytes(data) == path.read_bytes()


@pytest.mark.parametrize("synchronous", ["FULL"])
async def test_every_commit_is_synchronous(tmp_path, synchronous):
    async with opened(tmp_path / "a.db") as store:
        modes = []

        async def job(connection):
            for pragma in ("journal_mode", "synchronous"):
                [row] = await connection.execute_fetchall(f"PRAGMA {pragma}")
                modes.append(row[0])

        await store.database.write(job)

    assert ["wal", {"FULL": 2}[synchronous]] == modes


async def test_a_full_disk_refuses_tells_and_recovers_without_a_restart(store):
    [before] = await store.captures.append("i-1", [note()])

    async def limit(connection, pages):
        await connection.execute(f"PRAGMA max_page_count={pages}")

    [row] = await store.database.read("PRAGMA page_count")
    await _outside(store, lambda c: limit(c, row[0]))
    saved = 1 + await _fill(store)
    assert saved == len(await store.captures.of_intervention("i-1"))

    await _outside(store, lambda c: limit(c, 1_000_000))
    [after] = await store.captures.append("i-1", [note()])
    assert saved + 1 == after.link.seq
    assert before in await store.captures.unsent(1000)


async def _fill(store):
    for count in range(500):
        try:
            await store.captures.append("i-1", [note("x" * 2000)])
        except StoreRefusedError as refused:
            assert "disk is full" in str(refused)  # noqa: PT017 - how many were saved before matters
            return count
    pytest.fail("the page limit was never reached")


async def _outside(store, job):
    """Reach the writer's connection by the back door: a page limit stands for a full disk."""
    await job(store.database._writer)


def test_the_first_schema_is_never_edited():
    [now, then] = [
        path.read_text()
        for path in (SCHEMAS / "schema_0001.sql", DATABASES / "agent_schema_0001.sql")
    ]

    assert then == now


async def test_a_store_of_the_first_schema_still_opens(tmp_path):
    path = tmp_path / "old.db"
    _make_old(path)
    async with opened(path) as store:
        [saved] = await store.captures.append("i-1", [note()])

    assert 1 == saved.link.seq


def _make_old(path):
    schema = (DATABASES / "agent_schema_0001.sql").read_text()
    with closing(sqlite3.connect(path)) as old:
        old.executescript(schema + "PRAGMA user_version=1;")
