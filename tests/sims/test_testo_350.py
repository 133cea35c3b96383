"""The simulated testo 350 says, byte for byte, what the protocol page says."""

from decimal import Decimal
from random import Random

import pytest

from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.kit.quantities import Quantity
from firmware_sims.testo_350 import Analyser350
from tests.sims.on_a_line import ask, begun_on_a_line, check_what_happens_on_the_way, shown
from tests.sims.recorded import came
from tests.sims.set_ups import set_up

SERIAL = "22 01 00 00 00 40"
IDENT = "22 01 00 00 00 42"
VALUES = "22 0A 00 00 00 4F 5E 01 2C CC AA 03 1B 25 00"
TYPE = "22 09 00 00 00 4F 5E 01 2C CC AA 03 21 25"
FUEL = "22 0A 00 00 00 4F 5E 01 2C CC AA 03 02 25 00"
DEFECT = "01 00 00 0C 01 01 09 00 00 84 00 00 00 82 00 FE 00 00 80 3F"


def analyser() -> Analyser350:
    return begun_on_a_line(Analyser350("61525036", Random(1)))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (SERIAL, "22 08 00 00 00 00 00 00 00 2C CC AA 03"),
        (IDENT, "22 06 00 00 00 00 00 00 00 5E 01"),
        (TYPE, "22 01 00 00 00 01"),
    ],
)
def test_a_question_of_the_page_gets_the_answer_of_the_page(question: str, answer: str):
    assert [bytes.fromhex(answer)] == ask(analyser(), question)


def test_with_a_defective_oxygen_sensor_the_list_begins_as_captured():
    instrument = begun(analyser(), set_up("testo-350", "probe-missing"))
    assert isinstance(instrument, Analyser350)

    (answer,) = ask(instrument, VALUES)
    assert bytes.fromhex("22 C4 00 00 00" + DEFECT) == answer[:25]
    assert 5 + 0xC4 == len(answer)


def test_the_transcript_comes_out():
    said = [piece for each in (SERIAL, IDENT) for piece in ask(analyser(), each)]

    assert [frame for _, frame in came("testo_350", "transcript")] == said


def test_fuel_and_first_records_of_the_recording_come_out():
    instrument = analyser()
    instrument.fuel = 104
    values = {"flue_gas_temperature": "62.4", "combustion_air_temperature": "19.8"}
    instrument.set_values({Quantity(each): Decimal(value) for each, value in values.items()})
    _, _, (_, fuel), (_, listed) = came("testo_350", "boiler")

    assert [fuel] == ask(instrument, FUEL)
    (answer,) = ask(instrument, VALUES)
    assert listed[9 : 9 + 32] == answer[9 + 16 : 9 + 48]


def test_oxygen_is_displayed_with_two_decimals():
    instrument = analyser()
    instrument.set_values({Quantity.OXYGEN: Decimal("5.237")})

    assert "5.24" == shown(instrument)[Quantity.OXYGEN]


@pytest.mark.parametrize(
    "question",
    [
        VALUES.replace("5E 01", "5F 01"),
        VALUES.replace("2C CC", "2D CC"),
        VALUES.replace("1B 25 00", "1B 25 09"),
        "22 09 00 00 00 4F 5E 01 2C CC AA 03 21 A5",
        "22 01 00 00 00 99",
    ],
)
def test_what_it_does_not_know_is_not_answered(question: str):
    assert [] == ask(analyser(), question)


def test_header_and_body_come_in_one_read_or_in_many():
    question = bytes.fromhex(SERIAL + IDENT)
    together = ask(analyser(), question)
    instrument = analyser()

    assert 2 == len(together)
    assert together == [piece for each in question for piece in ask(instrument, bytes((each,)))]


def test_noise_in_front_is_lost():
    assert 1 == len(ask(analyser(), "00 22 FF FF FF FF" + SERIAL))


def test_a_new_cable_begins_afresh():
    instrument = analyser()
    ask(instrument, "22 0A 00")
    instrument.plugged_in()

    assert 1 == len(ask(instrument, SERIAL))


def test_stopped_and_with_a_wrong_status_nothing_is_displayed():
    instrument = analyser()
    instrument.set_fault(Fault.WRONG_STATUS, on=True)
    assert {None} == set(shown(instrument).values())
    assert 0x80 == ask(instrument, VALUES)[0][14]

    instrument.do(Act.TOGGLE_MEASUREMENT, "")
    assert 0x85 == ask(instrument, VALUES)[0][14]


@pytest.mark.parametrize("fault", [Fault.CORRUPT_BYTE, Fault.WRONG_CHECK, Fault.BUSY])
def test_what_usb_or_the_page_leaves_out_cannot_go_wrong(fault: Fault):
    with pytest.raises(ControlError):
        analyser().set_fault(fault, on=True)


def test_what_goes_wrong_on_the_way():
    check_what_happens_on_the_way(analyser(), bytes.fromhex(VALUES))
