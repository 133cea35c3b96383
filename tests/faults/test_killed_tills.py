"""Kill -9 at every step of a payment, with everything that can go wrong at the terminal: nobody pays twice.

The terminal is a process of its own, with a ledger on disk: that is believed.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from firmware_sims.testing import Simulator, bench
from tests.faults.killed_till import SPEED

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
OF_THE_TERMINAL = (
    None,
    "answer_lost",
    "answer_late",
    "answer_duplicated",
    "cut_before_authorisation",
    "cut_after_authorisation",
    "rebooted_before_authorisation",
    "rebooted_after_authorisation",
    "wrong_reference",
    "wrong_amount",
    "wrong_currency",
)
OF_FRAMES = ("acknowledgement_lost", "request_not_acknowledged", "request_refused", "wrong_check")
SETTLED = {"approved": 1, "declined": 0, "cancelled": 0, "not_sent": 0}
"""How often the terminal took money, by what the agent says."""
RECOVERS_WITHIN = 0.5
"""Real seconds after a restart for the terminal to say what became of a payment."""
SHARES = 6
"""Into so many parts the steps are split; a quick run kills at one of them for each fault."""
NUMBERS = count(12500)
"""Each payment is of an amount of its own."""


@dataclass(frozen=True)
class Place:
    """A kind of terminal, as `releve sim` starts it and as the agent is told of it."""

    slug: str
    flags: tuple[str, ...]
    options: dict[str, object]
    on_line: bool
    faults: tuple[str | None, ...]


PLACES = {
    "concert-v2": Place("concert-v2", (), {}, True, (*OF_THE_TERMINAL, *OF_FRAMES)),
    "zvt": Place(
        "zvt",
        ("--password", "271828"),
        {"password": "271828"},
        False,
        (
            *(each for each in OF_THE_TERMINAL if each != "wrong_reference"),
            *("acknowledgement_lost", "request_not_acknowledged", "request_refused"),
            *("wrong_terminal", "completion_lost", "contradiction"),
        ),
    ),
    "zvt-that-undoes": Place(
        "zvt",
        ("--password", "271828", "--auto-reversal"),
        {"password": "271828"},
        False,
        (None, "cut_after_authorisation", "answer_late", "completion_lost"),
    ),
    "sumup": Place(
        "sumup",
        (),
        {
            "app": "releve",
            "affiliate_key": "affiliate",
            "api_key": "key-of-the-simulated-merchant",
        },
        False,
        (
            *(None, "answer_lost", "cut_before_authorisation", "cut_after_authorisation"),
            *("server_error_though_taken", "refuse_reference", "not_found_yet", "unknown_status"),
            *("wrong_reference", "wrong_amount", "wrong_currency"),
        ),
    ),
    "caisse-ap": Place(
        "caisse-ap",
        ("--knows-status",),
        {"knows_state": True},
        False,
        (*OF_THE_TERMINAL, "contradiction"),
    ),
}
CASES = [
    pytest.param(name, fault, id=f"{name}-{fault or 'none'}")
    for name, place in PLACES.items()
    for fault in place.faults
]


class Tills:
    """Has payments taken by processes that may be killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.killed_till"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def do(self, **job) -> dict:
        print(json.dumps(job), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=10)


@pytest.fixture(autouse=True)
def loopback(socket_enabled):
    """Open the sockets that are closed to other tests."""


@pytest.fixture(scope="module")
def tills():
    made = Tills()
    yield made
    made.close()


@pytest.fixture(scope="module")
def terminals(tmp_path_factory):
    """Start each terminal once; every payment has its own reference there."""
    folder = tmp_path_factory.mktemp("terminals")
    with bench(folder) as releve:
        started = {}

        def terminal(name):
            place = PLACES[name]
            if name not in started:
                flags = (
                    *place.flags,
                    *("--ledger", str(folder / f"{name}.jsonl"), "--speed", str(SPEED)),
                    *("--late-seconds", "20"),
                    *(() if name == "sumup" else ("--reboot-seconds", "4")),
                )
                started[name] = releve.simulator(place.slug, *flags)
            return started[name]

        yield terminal


@pytest.fixture
def case(name, fault, tills, terminals, tmp_path):
    number = [each.id for each in CASES].index(f"{name}-{fault or 'none'}")
    return Case(number, tills, terminals(name), PLACES[name], fault, tmp_path)


@dataclass
class Case:
    """One kind of terminal with one thing wrong, and a store for each payment."""

    number: int
    tills: Tills
    terminal: Simulator
    place: Place
    fault: str | None
    folder: Path
    trials: int = 0

    def steps(self) -> list[str]:
        """Return the steps of a payment that is not killed."""
        _, whole = self.pay()
        self.mend()
        return steps_of(whole["steps"])

    def pay(self, kill=None) -> tuple[dict, dict]:
        """Return where the payment was asked for, and how that ended; killed at a step, if one is given."""
        self.trials += 1
        folder = self.folder / str(self.trials)
        folder.mkdir()
        job = {
            "folder": str(folder),
            "kind": self.place.slug,
            **self.where(),
            "on_line": self.place.on_line,
            "within": 8.0,
        }
        if self.fault:
            self.terminal.fault(self.fault, on=True, times=1)
        ordered = {
            "key": "key-1",
            "minor_units": next(NUMBERS),
            "kill": kill,
            "unknown_within": 0.0,
        }
        ended = self.tills.do(**job, **ordered)
        return job, ended

    def where(self) -> dict:
        ready = self.terminal.ready
        if "reader" not in ready:
            return {"address": self.terminal.port, "options": self.place.options}
        there = {"merchant": ready["merchant"], "url": ready["url"]}
        return {"address": ready["reader"], "options": {**self.place.options, **there}}

    def taken(self, attempt: dict) -> int:
        """Return how often the terminal took this amount and has it."""
        rows = self.terminal.ledger()
        undone = {row["undoes"] for row in rows if "undoes" in row}
        return sum(
            row["amount"] == attempt["minor_units"] and row["n"] not in undone
            for row in rows
            if "undoes" not in row
        )

    def mend(self) -> None:
        if self.fault:
            self.terminal.fault(self.fault, on=False)


def steps_of(seen: list[str]) -> list[str]:
    """Return the steps up to the end of a payment, or to where nobody knows it."""
    ends = [seen.index(each) for each in ("after Answer", "after Unclear") if each in seen]
    return list(dict.fromkeys(seen[: min(ends, default=len(seen)) + 1]))


def killed_at(case, steps) -> int:
    """Pay, killed at each of these steps; return how often that happened."""
    killed = 0
    for step in steps:
        job, ended = case.pay(kill=step)
        killed += ended["killed"]
        case.mend()
        check(case, job, case.tills.do(**job, unknown_within=RECOVERS_WITHIN))
    return killed


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("name", "fault"), CASES)
def test_killed_at_a_step_nobody_pays_twice_and_nothing_paid_is_forgotten(case, record_property):
    steps = case.steps()
    # Over the faults every step has its turn.
    chosen = steps[case.number % SHARES :: SHARES]

    killed = killed_at(case, chosen)

    record_property("kills", killed)
    assert len(steps) >= 8
    # On a slow machine a payment takes another course now and then.
    assert killed >= len(chosen) // 2


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "fault"), CASES)
def test_killed_at_every_step_nobody_pays_twice_and_nothing_paid_is_forgotten(
    case, record_property
):
    steps = case.steps()

    killed = killed_at(case, steps)

    record_property("kills", killed)
    assert killed >= len(steps) // 2


def check(case, job, recovered) -> None:
    """Hold what the agent says after its restart against the ledger of the terminal."""
    assert 0 == recovered["code"]
    for each in recovered["attempts"]:
        taken = case.taken(each)
        assert taken <= 1
        if each["state"] == "unknown":
            # Somebody looks at the terminal.
            recovered = case.tills.do(**job, unknown_within=0.0, decide=bool(taken))
            assert 0 == recovered["code"]
            each = recovered["attempts"][0]  # noqa: PLW2901 - as it stands now
        assert SETTLED[each["state"]] == taken, each
        assert (each["id"] in recovered["captured"]) is bool(taken)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("name", "fault", "step"),
    [
        ("concert-v2", "answer_lost", "before Unclear"),
        ("caisse-ap", None, "before Answer"),
        ("zvt", None, "before Answer"),
    ],
)
def test_control_a_till_that_sends_again_after_its_restart_charges_twice(case, step):
    assert any(_charged_twice(case, step) for _ in range(5))


def _charged_twice(case, step) -> bool:
    job, ended = case.pay(kill=step)
    case.mend()
    again = case.tills.do(**job, unknown_within=4.0, careless=True)
    return ended["killed"] and any(case.taken(each) == 2 for each in again["attempts"])
