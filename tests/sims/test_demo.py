"""The demonstration's check can fail."""

import pytest

from firmware_sims.demo.check import Check
from firmware_sims.demo.comparison import compared
from firmware_sims.demo.http import MissedError
from firmware_sims.demo.outcome import Outcome, Step

FIELD = {"value": "0.075", "unit": "bar", "status": "ok", "at": "x", "instrument": None}
READING = {"quantity": "differential_pressure", "value": "7482", "unit": "Pa"}
DISPLAYED = {"differential_pressure": {"value": "7482", "unit": "Pa"}}


def test_a_field_equals_what_was_displayed():
    assert compared(FIELD, READING, DISPLAYED, "code")["equal"]
    assert compared(FIELD, {**READING, "value": "7482.0"}, DISPLAYED, "code")["equal"]


@pytest.mark.parametrize(
    ("reading", "displayed"),
    [
        ({**READING, "value": "7483"}, DISPLAYED),
        ({**READING, "unit": "mbar"}, DISPLAYED),
        (READING, {}),
        (READING, {"differential_pressure": {"value": "7482", "unit": "mbar"}}),
    ],
)
def test_what_differs_from_the_display_is_not_equal(reading, displayed):
    assert not compared(FIELD, reading, displayed, "code")["equal"]


def test_a_scanned_field_equals_the_code():
    assert compared({**FIELD, "value": "366"}, None, {}, "366")["equal"]
    assert not compared({**FIELD, "value": "366"}, None, {}, "367")["equal"]


def test_one_step_that_does_not_hold_is_enough():
    held, broken = Step("a", held=True, seen=""), Step("b", held=False, seen="")

    assert Outcome([held, held]).held
    assert not Outcome([held, broken]).held
    assert not Outcome([]).held


def test_the_check_ends_at_the_first_step_that_does_not_hold():
    class Stage:
        def start_agent(self):
            raise MissedError("the agent did not start")

        def ended(self):
            return None

    told: list[Step] = []
    outcome = Check(Stage(), told.append).run()

    assert not outcome.held
    assert ["the agent did not start"] == [each.seen for each in told]


def test_a_process_that_ended_by_itself_is_a_step_that_does_not_hold():
    class Stage:
        def start_agent(self):
            raise MissedError("nothing answers")

        def ended(self):
            return "agent ended by itself with exit code 1"

    outcome = Check(Stage(), lambda _: None).run()

    assert "agent ended by itself with exit code 1" == outcome.steps[-1].seen
    assert not outcome.held
