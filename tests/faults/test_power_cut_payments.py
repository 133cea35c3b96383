"""What was written down of a payment survives a power cut, with its capture; with a laxer store losses are found."""

import json
import sqlite3
from contextlib import closing

import pytest

from tests.faults import power_cut
from tests.faults.payments_writer import STATES, STEPS, end_of, id_of
from tests.faults.test_power_cut import losses, recorded, survives

PAYMENTS = 24


@pytest.fixture(scope="module")
def operations(strace, tmp_path_factory):
    """What the journal does on a disk while payments are taken."""
    found = recorded_payments(strace, tmp_path_factory.mktemp("full"), "FULL")
    assert PAYMENTS * len(STEPS) == max(
        each.number for each in found if isinstance(each, power_cut.Acknowledged)
    )
    return found


def recorded_payments(strace, folder, synchronous):
    return recorded(strace, folder, synchronous, "payments_writer", PAYMENTS)


def remembers(path, acknowledged):
    """Tell whether the file holds every step that was acknowledged, at most the one under way, and nothing else."""
    if not survives(path, 0):
        return False
    with closing(sqlite3.connect(path)) as store:
        attempts = store.execute(
            "SELECT id, state, document FROM payment ORDER BY rowid"
        ).fetchall()
        told = store.execute(
            "SELECT payment, json_extract(event, '$.event'), state FROM payment_event ORDER BY n"
        )
        history = told.fetchall()
        captured = store.execute("SELECT epoch, seq, statement FROM capture ORDER BY n").fetchall()
    return (
        acknowledged <= len(history) <= acknowledged + 1
        and history == steps(len(history))
        and [(id_, state) for id_, state, _ in attempts] == standing(history)
        and agree(attempts, captured)
    )


def steps(count):
    """Return the first steps of all payments, as the journal is to have them."""
    found = []
    for n in range(count):
        number, at = divmod(n, len(STEPS))
        state = STATES[at] if at < len(STATES) else end_of(number)
        found.append((id_of(number), STEPS[at], state))
    return found


def standing(history):
    """Return how each payment stands after its latest step."""
    return list({id_: state for id_, _, state in history}.items())


def agree(attempts, captured):
    """Tell whether each payment that ended, and no other, is captured as it ended, where its attempt says."""
    ended = [
        (id_, state, tuple(json.loads(document)["captured"].values()))
        for id_, state, document in attempts
        if state not in STATES
    ]
    same = all(json.loads(document)["state"] == state for _, state, document in attempts)
    said = [(json.loads(text), (epoch, seq)) for epoch, seq, text in captured]
    return same and ended == [(each["attempt"], each["state"], place) for each, place in said]


@pytest.mark.timeout(120)
def test_no_cut_loses_a_step_of_a_payment(operations):
    assert 0 == losses(operations, 500, remembers)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_cut_of_three_thousand_loses_a_step_of_a_payment(operations):
    assert 0 == losses(operations, 3000, remembers, seed=2)


@pytest.mark.timeout(120)
def test_control_without_synchronous_commits_steps_are_lost(strace, tmp_path):
    lax = recorded_payments(strace, tmp_path, "NORMAL")

    assert losses(lax, 200, remembers) > 200 * 0.3


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM payment_event WHERE n = (SELECT max(n) FROM payment_event)",
        "UPDATE payment_event SET state = 'sent' WHERE event LIKE '%answer%'",
        "DELETE FROM capture WHERE seq = (SELECT max(seq) FROM capture)",
        "DROP TRIGGER payment_settled; UPDATE payment SET state = 'declined' WHERE id = 'PAY0000000'",
    ],
)
def test_control_whatever_is_missing_or_does_not_agree_is_noticed(operations, tmp_path, damage):
    written = [each for each in operations if not isinstance(each, power_cut.Acknowledged)]
    path = whole(written, tmp_path)
    assert remembers(path, PAYMENTS * len(STEPS))

    with closing(sqlite3.connect(path)) as store:
        store.executescript(damage)
        store.commit()

    assert not remembers(path, PAYMENTS * len(STEPS))


def whole(written, folder):
    """Rebuild the store as it is when nothing is cut."""

    class Last:
        """Chance that keeps everything."""

        def randrange(self, _, end):
            return end - 1

        def choice(self, _):
            return "all"

    power_cut.cut([power_cut.Acknowledged(0), *written], Last(), folder)
    return folder / "agent.db"
