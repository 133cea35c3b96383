"""Runs by the seed, in virtual time: whatever goes wrong, nobody pays twice and nothing that was paid is forgotten."""

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from firmware_sims.payment.caisse_ap import CaisseApOnALine, CaisseApTerminal, Style
from firmware_sims.payment.concert_v2 import BareConcertTerminal, ConcertTerminal
from firmware_sims.payment.fitting import Fitting
from firmware_sims.payment.zvt.paying import Style as ZvtStyle
from firmware_sims.payment.zvt.terminal import ZvtOnALine, ZvtTerminal
from tests.faults import virtual_time
from tests.faults.careless import sending_again
from tests.faults.paying_run import Run, carried_out, wrong
from tests.faults.watched_till import At

PASSWORD = "271828"
LINE, NETWORK = "/dev/ttyACM0", "127.0.0.1:8888"


def concert(chance, fitting):
    return At("concert-v2", LINE, {}, True), ConcertTerminal("7001", chance, fitting)


def bare_concert(chance, fitting):
    at = At("concert-v2", NETWORK, {"handshake": False}, False)
    return at, BareConcertTerminal("7001", chance, fitting)


def caisse_ap(chance, fitting):
    knows = chance.random() < 0.5
    echoes = chance.random() < 0.7
    style = Style(knows_status=knows, gives_reference_back=echoes)
    at = At("caisse-ap", NETWORK, {"knows_state": knows, "echoes": echoes}, False)
    return at, CaisseApTerminal("7002", chance, fitting, style)


def caisse_ap_on_line(chance, fitting):
    return At("caisse-ap", LINE, {}, True), CaisseApOnALine("7002", chance, fitting)


def zvt(chance, fitting):
    at = At("zvt", NETWORK, {"password": PASSWORD}, False)
    return at, zvt_of(ZvtTerminal, chance, fitting)


def zvt_on_line(chance, fitting):
    at = At("zvt", LINE, {"password": PASSWORD}, True)
    return at, zvt_of(ZvtOnALine, chance, fitting)


def zvt_of(kind, chance, fitting):
    style = ZvtStyle(
        password=PASSWORD,
        auto_reversal=chance.random() < 0.3,
        forgets_receipts=chance.random() < 0.1,
    )
    return kind("7003", chance, fitting, style)


KINDS = (concert, bare_concert, caisse_ap, caisse_ap_on_line, zvt, zvt_on_line)


@dataclass
class Summary:
    runs: int = 0
    crashes: int = 0
    wrong: list[str] = field(default_factory=list)
    states: Counter = field(default_factory=Counter)
    faults: Counter = field(default_factory=Counter)
    charged: int = 0


def runs(seeds, kinds=KINDS) -> Summary:
    summary = Summary()
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            run = made(seed, Path(folder), kinds)
            virtual_time.run(carried_out(run))
            summary.wrong += [f"seed {seed}: {each}" for each in wrong(run)]
        summary.runs += 1
        summary.crashes += run.crashes
        summary.states.update(each.state.value for each in run.ended)
        summary.faults.update(run.faults)
        summary.charged += len(run.terminal.ledger.rows)
    return summary


def made(seed, folder, kinds) -> Run:
    chance = Random(seed)
    fitting = Fitting(
        ledger=folder / "ledger.jsonl",
        late_seconds=chance.choice((5.0, 200.0)),
        reboot_seconds=chance.choice((5.0, 60.0)),
    )
    at, terminal = chance.choice(kinds)(chance, fitting)
    return Run(chance, folder, at, terminal)


def report(summary: Summary) -> str:
    return (
        f"{summary.runs} runs, {summary.crashes} crashes, {summary.charged} charges, "
        f"{dict(summary.states)}, {len(summary.faults)} faults"
    )


@pytest.mark.timeout(300)
def test_whatever_goes_wrong_nobody_pays_twice(record_property):
    summary = runs(range(100))

    record_property("payments", report(summary))
    assert [] == summary.wrong
    assert summary.crashes > 20
    assert {"approved", "declined", "not_sent"} <= set(summary.states)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_whatever_goes_wrong_in_two_thousand_runs_nobody_pays_twice(record_property):
    summary = runs(range(1000, 3000))

    record_property("payments", report(summary))
    assert [] == summary.wrong


@pytest.mark.timeout(120)
def test_control_a_till_that_sends_again_charges_twice():
    """Without the rule that nothing is sent again after its first byte, the same runs find it."""
    with sending_again():
        summary = runs(range(40))

    assert any("charged 2 times" in each for each in summary.wrong)
