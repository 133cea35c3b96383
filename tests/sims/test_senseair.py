"""The simulated Senseair modules say, byte for byte, what the protocol page says."""

from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest

from firmware_sims.kit.cable import Outlet
from firmware_sims.kit.check_value import crc16_modbus
from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.quantities import Quantity
from firmware_sims.senseair import CarbonDioxideModule
from tests.sims.recorded import came
from tests.sims.set_ups import set_up

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
CO2 = Quantity.CARBON_DIOXIDE_AMBIENT
K30_IR4 = bytes.fromhex("68 04 00 03 00 01 c8 f3")
ANY_IR4 = bytes.fromhex("fe 04 00 03 00 01 d5 c5")
ANY_BLOCK = bytes.fromhex("fe 04 00 00 00 04 e5 c6")


def module(model: str = "K30") -> CarbonDioxideModule:
    made = CarbonDioxideModule(model, "3001", Random(1))
    made.process(2.0, NOW)
    return made


def ask(instrument: CarbonDioxideModule, request: bytes) -> list[bytes]:
    """Ask over the line, with what its faults do to the answer."""
    instrument.heard(request)
    return Outlet(instrument).pieces()


def sealed(body: str) -> bytes:
    covered = bytes.fromhex(body)
    check = crc16_modbus(covered)
    return covered + bytes((check & 255, check >> 8))


@pytest.mark.parametrize(
    ("request_bytes", "value", "answer"),
    [
        (K30_IR4, 769, "68 04 02 03 01 24 09"),
        (ANY_IR4, 904, "fe 04 02 03 88 ad b2"),
    ],
)
def test_a_question_of_the_page_gets_the_answer_of_the_page(
    request_bytes: bytes, value: int, answer: str
):
    instrument = module()
    instrument.set_values({CO2: Decimal(value)})

    assert [bytes.fromhex(answer)] == ask(instrument, request_bytes)
    assert Decimal(value) == instrument.display.current.value(CO2)


def test_the_block_holds_status_two_unknown_registers_and_the_concentration():
    instrument = module()
    instrument.set_values({CO2: Decimal(904)})

    assert [sealed("fe 04 08 0000 0000 0000 0388")] == ask(instrument, ANY_BLOCK)


def test_the_recording_comes_out():
    instrument = module()
    instrument.set_values({CO2: Decimal(769)})
    (_, well), (_, faulty) = came("senseair", "made")

    assert [sealed("fe 04 08" + well.hex())] == ask(instrument, ANY_BLOCK)
    instrument.set_fault(Fault.SENSOR_DEFECT, on=True)
    assert [sealed("fe 04 08" + faulty.hex())] == ask(instrument, ANY_BLOCK)


def test_an_s8_answers_what_any_module_answers_and_not_the_address_of_a_k30():
    instrument = module("S8")

    assert [] == ask(instrument, K30_IR4)
    assert 1 == len(ask(instrument, ANY_IR4))


@pytest.mark.parametrize(
    ("request_body", "exception"),
    [
        ("fe 04 0004 0001", "fe 84 02"),
        ("fe 04 0001 0004", "fe 84 02"),
        ("fe 03 0003 0001", "fe 83 02"),
        ("fe 06 0001 0001", "fe 86 01"),
    ],
)
def test_what_is_not_there_is_refused(request_body: str, exception: str):
    assert [sealed(exception)] == ask(module(), sealed(request_body))


def test_a_question_with_a_wrong_check_value_is_not_answered():
    wrong = ANY_IR4[:-1] + bytes((ANY_IR4[-1] ^ 1,))

    assert [] == ask(module(), wrong)


def test_held_it_answers_what_it_held():
    instrument = module()
    instrument.set_values({CO2: Decimal(904)})
    instrument.hold = True
    instrument.sensors[CO2].move_to(2000.0)
    instrument.process(2.0, NOW)

    assert [bytes.fromhex("fe 04 02 03 88 ad b2")] == ask(instrument, ANY_IR4)


# --- set-ups and faults ---------------------------------------------------------------------------


def test_a_stuffy_room_is_over_two_thousand():
    instrument = begun(module(), set_up("senseair", "stuffy-room"))

    assert Decimal(2140) == instrument.display.current.value(CO2)


def test_a_sensor_fault_is_a_fatal_error_without_value():
    instrument = module()
    begun(instrument, set_up("senseair", "sensor-fault"))

    assert instrument.display.current.value(CO2) is None
    (answer,) = ask(instrument, ANY_BLOCK)
    assert "0001" == answer[3:5].hex()


def test_a_wrong_status_is_a_bit_that_the_page_does_not_describe_and_takes_the_value():
    instrument = module()
    instrument.set_fault(Fault.WRONG_STATUS, on=True)

    (answer,) = ask(instrument, ANY_BLOCK)
    status = int.from_bytes(answer[3:5], "big")
    assert status
    assert not status & 0b11
    assert instrument.display.current.value(CO2) is None


def test_a_busy_module_says_so():
    instrument = module()
    instrument.set_fault(Fault.BUSY, on=True)

    assert [sealed("fe 84 06")] == ask(instrument, ANY_BLOCK)


def test_a_wrong_check_value_stands_behind_a_right_answer():
    instrument = module()
    instrument.set_values({CO2: Decimal(904)})
    instrument.set_fault(Fault.WRONG_CHECK, on=True)

    (answer,) = ask(instrument, ANY_IR4)
    right = bytes.fromhex("fe 04 02 03 88 ad b2")
    assert right[:-2] == answer[:-2]
    assert right[-2:] != answer[-2:]


@pytest.mark.parametrize(
    ("fault", "pieces"), [(Fault.SILENCE, 0), (Fault.DUPLICATE, 2), (Fault.DELAY, 0)]
)
def test_so_many_answers_leave_at_once(fault: Fault, pieces: int):
    instrument = module()
    instrument.set_fault(fault, on=True)

    assert pieces == len(ask(instrument, ANY_IR4))


def test_a_late_answer_leaves_a_second_and_a_half_later():
    instrument = module()
    outlet = Outlet(instrument)
    instrument.set_fault(Fault.DELAY, on=True)
    instrument.heard(ANY_IR4)
    outlet.pieces()
    instrument.process(1.6, NOW)

    assert 1 == len(outlet.pieces())


def test_a_split_answer_is_the_same_in_pieces():
    instrument = module()
    whole = ask(instrument, ANY_BLOCK)[0]
    instrument.set_fault(Fault.SPLIT, on=True)

    pieces = ask(instrument, ANY_BLOCK)
    assert len(pieces) > 1
    assert whole == b"".join(pieces)


def test_a_corrupt_byte_is_told_by_the_check_value():
    instrument = module()
    instrument.set_fault(Fault.CORRUPT_BYTE, on=True)

    (answer,) = ask(instrument, ANY_BLOCK)
    assert sealed(answer[:-2].hex()) != answer
