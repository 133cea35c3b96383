"""Whatever dies, and whenever: what was shown as saved is attached exactly once."""

import pytest

from firmware_sims.demo.children import Children
from tests.faults.nemesis import TRUSTING, Nemesis

pytestmark = pytest.mark.integration
FEW, MANY = (80, 9), (500, 30)


def raged(folder, amount, **how):
    captures, kills = amount
    with Children(folder) as children:
        nemesis = Nemesis(children, **how)
        nemesis.set_up()
        return nemesis.rage(captures, kills, seed=7)


def holds(outcome, amount):
    captures, kills = amount
    assert captures == len(outcome.shown)
    assert kills == outcome.kills.total()
    assert 3 == len(outcome.kills)
    assert [] == outcome.lost
    assert [] == outcome.doubled
    assert 0 == outcome.waiting


@pytest.mark.timeout(180)
def test_nothing_saved_is_lost_or_doubled(tmp_path):
    holds(raged(tmp_path, FEW), FEW)


@pytest.mark.timeout(180)
def test_control_an_outbox_closed_on_puback_loses_captures(tmp_path):
    outcome = raged(tmp_path, FEW, agent=TRUSTING)

    assert outcome.lost


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_of_many_is_lost_or_doubled_in_many_kills(tmp_path):
    holds(raged(tmp_path, MANY), MANY)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_control_in_many_kills_an_outbox_closed_on_puback_loses_many(tmp_path):
    outcome = raged(tmp_path, MANY, agent=TRUSTING)

    assert len(outcome.lost) > 5
