"""What was shown as saved survives a power cut; with a laxer store the same harness finds losses."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from contract import chain
from tests.faults import power_cut

SAVED = 60
CUTS = 1000


def recorded(strace, folder, synchronous, writer="store_writer", count=SAVED):
    """Run a writer on the agent's own store under strace and return what it did."""
    log = folder / "strace.log"
    data = folder / "data"
    data.mkdir()
    command = [strace, "-f", "-xx", "-s", "200000", "-o", log]
    command += [
        "-e",
        "trace=openat,close,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat",
    ]
    command += [sys.executable, "-m", f"tests.faults.{writer}", data, synchronous, str(count)]
    root = Path(__file__).parents[2]
    subprocess.run(
        command,
        check=True,
        cwd=root,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    return power_cut.parse(log, data)


def losses(operations, cuts, survives, seed=1):
    """Return after how many cuts something acknowledged was gone or the store could not be read."""
    chance = Random(seed)
    lost = 0
    shared = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a folder of our own in it
    for _ in range(cuts):
        with tempfile.TemporaryDirectory(dir=shared) as folder:
            acknowledged = power_cut.cut(operations, chance, Path(folder))
            lost += not survives(Path(folder) / "agent.db", acknowledged)
    return lost


def survives(path, acknowledged):
    try:
        with closing(sqlite3.connect(path)) as store:
            [[verdict]] = store.execute("PRAGMA integrity_check")
            rows = store.execute("SELECT seq, link, hash FROM capture ORDER BY seq").fetchall()
            [[seq, head]] = store.execute("SELECT seq, link FROM head")
    except (sqlite3.DatabaseError, ValueError):
        return False
    links = [chain.parse(link) for _, link, _ in rows]
    whole = [each.seq for each in links] == list(range(1, len(rows) + 1))
    chained = all(b.previous == a.hash for a, b in pairwise(links))
    at_head = not links or (links[-1].seq, links[-1].hash) == (seq, head)
    return verdict == "ok" and whole and chained and at_head and len(rows) >= acknowledged


@pytest.mark.timeout(120)
def test_no_cut_loses_a_saved_capture(strace, tmp_path):
    operations = recorded(strace, tmp_path, "FULL")

    assert SAVED == max(
        each.number for each in operations if isinstance(each, power_cut.Acknowledged)
    )
    assert 0 == losses(operations, CUTS, survives)


@pytest.mark.timeout(120)
def test_control_without_synchronous_commits_the_same_harness_finds_losses(strace, tmp_path):
    operations = recorded(strace, tmp_path, "NORMAL")

    assert losses(operations, CUTS, survives) > CUTS * 0.3
