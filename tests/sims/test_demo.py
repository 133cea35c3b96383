"""The demonstration's check can fail."""

import sys

import pytest

from firmware_sims.demo.alone import FolderError, alone
from firmware_sims.demo.check import Check
from firmware_sims.demo.children import Child, in_words
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

        def ended(self, _within):
            return None

    told: list[Step] = []
    outcome = Check(Stage(), told.append).run()

    assert not outcome.held
    assert ["the agent did not start"] == [each.seen for each in told]


def test_a_process_that_ended_by_itself_is_a_step_that_does_not_hold():
    class Stage:
        def start_agent(self):
            raise MissedError("nothing answers")

        def ended(self, _within):
            return "agent ended by itself with exit code 1"

    outcome = Check(Stage(), lambda _: None).run()

    assert "agent ended by itself with exit code 1" == outcome.steps[-1].seen
    assert not outcome.held


# --- what a process said last ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"event": "gone", "reason": "no broker", "level": "error"}', "gone: no broker"),
        ('{"error": "OSError", "event": "request failed"}', "request failed: OSError"),
        ('{"event": "stopping"}', "stopping"),
        ('{"level": "info"}', '{"level": "info"}'),
        ('"a text"', '"a text"'),
        ("7", "7"),
        ("releve: data x is not a folder", "releve: data x is not a folder"),
    ],
)
def test_an_entry_of_a_log_is_said_in_words_and_any_other_line_whole(line, said):
    assert said == in_words(line)


def test_a_process_that_ended_is_told_in_one_line_of_its_own(tmp_path):
    log = tmp_path / "agent.log"
    log.write_text('{"event": "of an earlier run"}\n')
    script = "import sys; [sys.stderr.write('{\"event\": \"entry ' + 'x' * 300 + '\"}\\n') for _ in range(4)]"
    child = Child("agent", [sys.executable, "-c", script], log, {})
    told = child.end()
    child.kill()

    assert f"agent ended by itself with exit code 0: entry {'x' * 300}" == told


def test_a_process_that_said_nothing_is_not_told_by_the_log_of_an_earlier_one(tmp_path):
    log = tmp_path / "agent.log"
    log.write_text('{"event": "of an earlier run"}\n')
    child = Child("agent", [sys.executable, "-c", ""], log, {})
    told = child.end()
    child.kill()

    assert told.endswith(": it said nothing")


# --- the folder -----------------------------------------------------------------------------------


def test_a_folder_is_held_by_one_demonstration_at_a_time(tmp_path):
    with alone(tmp_path), pytest.raises(FolderError, match="already; stop it, or name another"):  # noqa: SIM117
        with alone(tmp_path):
            pass
    with alone(tmp_path):
        pass


def test_a_folder_that_is_none_is_refused(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(FolderError, match="is not a folder"), alone(path):
            pass
