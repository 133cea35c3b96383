"""The simulated MH-Z19 says, byte for byte, what the protocol page says."""

from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest

from firmware_sims.kit.cable import Outlet
from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.quantities import Quantity
from firmware_sims.winsen_mhz19 import RoomModule, checked
from tests.sims.recorded import came
from tests.sims.set_ups import set_up

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
READ = bytes.fromhex("ff 01 86 00 00 00 00 00 79")
ANSWER = bytes.fromhex("ff 86 02 60 47 00 00 00 d1")


def module() -> RoomModule:
    made = RoomModule("1901", Random(1))
    made.process(1.0, NOW)
    made.set_values(
        {Quantity.CARBON_DIOXIDE_AMBIENT: Decimal(608), Quantity.TEMPERATURE: Decimal(31)}
    )
    return made


def ask(instrument: RoomModule, request: bytes) -> list[bytes]:
    """Ask over the line, with what its faults do to the answer."""
    instrument.heard(request)
    return Outlet(instrument).pieces()


def shown(instrument: RoomModule) -> dict[Quantity, Decimal | None]:
    return dict(instrument.display.current.values)


def test_the_question_of_the_page_gets_the_answer_of_the_page():
    instrument = module()

    assert [ANSWER] == ask(instrument, READ)
    assert {
        Quantity.CARBON_DIOXIDE_AMBIENT: Decimal(608),
        Quantity.TEMPERATURE: Decimal(31),
    } == shown(instrument)


def test_the_recording_comes_out():
    assert [frame for _, frame in came("winsen_mhz19", "made")] == ask(module(), READ)


@pytest.mark.parametrize(
    ("value", "displayed", "byte"),
    [("-12.4", -12, 28), ("21.6", 22, 62), ("-60", -40, 0), ("300", 214, 254)],
)
def test_a_temperature_is_a_whole_number_in_one_byte(value: str, displayed: int, byte: int):
    instrument = module()
    instrument.set_values({Quantity.TEMPERATURE: Decimal(value)})

    (answer,) = ask(instrument, READ)
    assert byte == answer[4]
    assert Decimal(displayed) == shown(instrument)[Quantity.TEMPERATURE]
    assert checked(answer[:-1]) == answer


def test_it_says_nothing_unasked():
    instrument = module()
    for _ in range(10):
        instrument.process(1.0, NOW)

    assert [] == Outlet(instrument).pieces()


@pytest.mark.parametrize(
    "request_bytes",
    [READ[:-1] + b"\x78", b"\xff\x02" + READ[2:], b"\xfe" + READ[1:], READ[:8]],
)
def test_a_frame_that_is_none_is_not_answered(request_bytes: bytes):
    assert [] == ask(module(), request_bytes)


def test_a_question_behind_rubbish_is_found():
    assert [ANSWER] == ask(module(), b"\xff\x01\x86" + READ)


def test_a_question_in_two_pieces_is_one():
    instrument = module()

    assert [] == ask(instrument, READ[:4])
    assert [ANSWER] == ask(instrument, READ[4:])


def test_plugged_in_again_it_has_forgotten_half_a_question():
    instrument = module()
    instrument.heard(READ[:4])
    instrument.plugged_in()

    assert [] == ask(instrument, READ[4:])


@pytest.mark.parametrize("command", ["ff 01 87 00 00 00 00 00 78", "ff 01 88 07 d0 00 00 00 a0"])
def test_whoever_adjusts_it_is_found_out(command: str):
    instrument = module()
    ask(instrument, READ)
    assert "ready" == instrument.state

    assert [] == ask(instrument, bytes.fromhex(command))
    assert "adjusted" == instrument.state


# --- set-ups and faults ---------------------------------------------------------------------------


def test_a_stuffy_room_is_over_two_thousand():
    instrument = module()
    begun(instrument, set_up("winsen-mhz19", "stuffy-room"))

    assert Decimal(2140) == shown(instrument)[Quantity.CARBON_DIOXIDE_AMBIENT]
    assert "085c" == ask(instrument, READ)[0][2:4].hex()


def test_a_wrong_check_value_stands_behind_a_right_answer():
    instrument = module()
    instrument.set_fault(Fault.WRONG_CHECK, on=True)

    (answer,) = ask(instrument, READ)
    assert ANSWER[:-1] == answer[:-1]
    assert ANSWER[-1] != answer[-1]


@pytest.mark.parametrize(
    ("fault", "pieces"), [(Fault.SILENCE, 0), (Fault.DUPLICATE, 2), (Fault.DELAY, 0)]
)
def test_so_many_answers_leave_at_once(fault: Fault, pieces: int):
    instrument = module()
    instrument.set_fault(fault, on=True)

    assert pieces == len(ask(instrument, READ))


def test_a_split_answer_is_the_same_in_pieces():
    instrument = module()
    instrument.set_fault(Fault.SPLIT, on=True)

    pieces = ask(instrument, READ)
    assert len(pieces) > 1
    assert ANSWER == b"".join(pieces)


def test_a_corrupt_byte_is_told_by_start_or_check_value():
    instrument = module()
    instrument.set_fault(Fault.CORRUPT_BYTE, on=True)
    for _ in range(50):
        (answer,) = ask(instrument, READ)
        assert answer[:2] != ANSWER[:2] or checked(answer[:-1]) != answer
