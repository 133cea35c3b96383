"""The simulated leak tester says, byte for byte, what the protocol page says, and runs its cycles."""

from decimal import Decimal
from random import Random

import pytest

from firmware_sims.ateq_f6 import LEAK, LeakTester
from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.kit.physics import Behaviour
from tests.sims.on_a_line import (
    NOW,
    ask,
    begun_on_a_line,
    check_what_happens_on_the_way,
    modbus_sealed,
    shown,
    with_fault,
)
from tests.sims.recorded import came
from tests.sims.set_ups import set_up

QUESTION = "ff 03 00 30 00 0d 91 de"
ANSWER = bytes.fromhex(
    "ff 03 1a 00 00 01 00 00 00 01 00 ff ff 90 d0 03 00 b0 36 00 00d2 04 00 00 70 17 00 00 3d d8"
)


def leak_tester(model: str = "usual", leak: str = "1.234") -> LeakTester:
    """Return one that waits for its start key, at 250.000 mbar."""
    made = LeakTester(model, "6201", Random(1))
    made.by_itself = False
    made = begun_on_a_line(made)
    made.sensors[LEAK].behaviour = steady(made.sensors[LEAK].behaviour.level)
    made.pressure.behaviour = steady(250.0)
    made.pressure.move_to(250.0)
    made.set_values({LEAK: Decimal(leak)})
    return made


def steady(level: float) -> Behaviour:
    return Behaviour(level=level)


def cycle(instrument: LeakTester) -> list[str]:
    """Press start; return its states until it has finished, one a second."""
    instrument.do(Act.TOGGLE_MEASUREMENT, "")
    states: list[str] = []
    while instrument.running:
        states.append(instrument.state)
        instrument.process(1.0, NOW)
    return states


def words(instrument: LeakTester) -> bytes:
    (answer,) = ask(instrument, QUESTION)
    return answer[3:-2]


# --- vectors and recordings -----------------------------------------------------------------------


def test_the_question_of_the_page_gets_the_answer_of_the_page():
    instrument = leak_tester()
    cycle(instrument)

    assert [ANSWER] == ask(instrument, QUESTION)
    assert {LEAK: "1.234"} == shown(instrument)


def test_older_result_and_its_own_of_the_recording_come_out():
    (_, older), (_, running), (_, own) = came("ateq_f6", "cycle")
    instrument = leak_tester(leak="9.999")
    cycle(instrument)
    assert older == words(instrument)

    instrument.set_values({LEAK: Decimal("1.234")})
    instrument.do(Act.TOGGLE_MEASUREMENT, "")
    instrument.process(6.5, NOW)
    # What stands beside step and pressure meanwhile is not stated.
    assert running[8:18] == words(instrument)[8:18]

    instrument.process(6.5, NOW)
    assert own == words(instrument)


def test_another_firmware_says_finished_otherwise():
    assert 65525 == int.from_bytes(words(leak_tester("other-firmware"))[8:10], "little")


@pytest.mark.parametrize(
    ("request_body", "exception"),
    [
        ("ff 03 0030 000e", "ff 83 02"),
        ("ff 03 002f 0001", "ff 83 02"),
        ("ff 04 0030 000d", "ff 84 02"),
        ("ff 05 0001 ff00", "ff 85 01"),
    ],
)
def test_what_is_not_there_is_refused(request_body: str, exception: str):
    assert [modbus_sealed(exception)] == ask(leak_tester(), modbus_sealed(request_body))


def test_another_address_is_not_answered():
    assert [] == ask(leak_tester(), modbus_sealed("01 03 0030 000d"))


# --- cycles ---------------------------------------------------------------------------------------


def test_a_cycle_has_three_steps_and_displays_nothing_before_its_end():
    instrument = leak_tester()
    assert {LEAK: None} == shown(instrument)
    assert "ready" == instrument.state

    instrument.do(Act.TOGGLE_MEASUREMENT, "")
    steps: list[int] = []
    while instrument.running:
        assert {LEAK: None} == shown(instrument)
        steps.append(words(instrument)[8])
        instrument.process(1.0, NOW)
    assert [4, 4, 4, 5, 5, 5, 6, 6, 6, 6] == steps
    assert "finished" == instrument.state


def test_a_result_stays_until_the_next_cycle():
    instrument = leak_tester()
    cycle(instrument)
    instrument.set_values({LEAK: Decimal("2.5")})
    for _ in range(60):
        instrument.process(1.0, NOW)
    assert {LEAK: "1.234"} == shown(instrument)

    instrument.do(Act.TOGGLE_MEASUREMENT, "")
    assert {LEAK: None} == shown(instrument)
    assert "d2040000" == words(instrument)[18:22].hex()


def test_a_cycle_cannot_be_started_twice():
    instrument = leak_tester()
    instrument.do(Act.TOGGLE_MEASUREMENT, "")

    with pytest.raises(ControlError):
        instrument.do(Act.TOGGLE_MEASUREMENT, "")


def test_left_alone_it_runs_cycle_after_cycle():
    instrument = begun_on_a_line(LeakTester("usual", "6201", Random(1)))
    states: list[str] = []
    for _ in range(70):
        states.append(instrument.state)
        instrument.process(1.0, NOW)

    assert 3 == sum(a != "step 4" == b for a, b in zip(["ready", *states], states, strict=False))


def test_held_it_stays_where_it_is():
    instrument = leak_tester()
    cycle(instrument)
    instrument.by_itself = True
    instrument.hold = True
    for _ in range(60):
        instrument.process(1.0, NOW)

    assert [ANSWER] == ask(instrument, QUESTION)


# --- set-ups and faults ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status", "displayed"),
    [("tight", 1, "0.400"), ("leaking-installation", 2, "41.700"), ("pressure-error", 0x10, None)],
)
def test_a_set_up_ends_so(name: str, status: int, displayed: str | None):
    instrument = leak_tester()
    begun(instrument, set_up("ateq-f6", name))
    cycle(instrument)

    assert status == words(instrument)[6]
    assert {LEAK: displayed} == shown(instrument)


def test_a_negative_leak_is_said_as_such():
    instrument = leak_tester(leak="-0.5")
    cycle(instrument)

    assert "0cfeffff" == words(instrument)[18:22].hex()


def test_a_status_that_is_not_described_takes_the_value():
    instrument = with_fault(leak_tester(), Fault.WRONG_STATUS)
    cycle(instrument)

    assert "2080" == words(instrument)[6:8].hex()
    assert {LEAK: None} == shown(instrument)


def test_a_busy_one_says_so():
    assert [modbus_sealed("ff 83 06")] == ask(with_fault(leak_tester(), Fault.BUSY), QUESTION)


def test_a_wrong_check_value_stands_behind_a_right_answer():
    instrument = with_fault(leak_tester(), Fault.WRONG_CHECK)
    cycle(instrument)
    (answer,) = ask(instrument, QUESTION)

    assert ANSWER[:-2] == answer[:-2]
    assert ANSWER[-2:] != answer[-2:]


def test_what_goes_wrong_on_the_way():
    check_what_happens_on_the_way(leak_tester(), bytes.fromhex(QUESTION))
