"""The simulated testo 330 say, byte for byte, what the protocol page says."""

from decimal import Decimal
from random import Random

import pytest

from firmware_sims.kit.check_value import crc16_mcrf4xx
from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.kit.quantities import Quantity
from firmware_sims.testo_330 import Analyser1, Analyser2, BlockAnalyser
from firmware_sims.testo_analyser import ROWS
from tests.sims.on_a_line import (
    ask,
    begun_on_a_line,
    check_what_happens_on_the_way,
    shown,
    with_fault,
)
from tests.sims.recorded import came
from tests.sims.set_ups import set_up

SIX = dict(list(ROWS.items())[:6])
SENSED = {
    Quantity.FLUE_GAS_TEMPERATURE: Decimal("62.4"),
    Quantity.COMBUSTION_AIR_TEMPERATURE: Decimal("19.8"),
    Quantity.OXYGEN: Decimal("5.2"),
    Quantity.CARBON_MONOXIDE: Decimal(42),
    Quantity.CARBON_DIOXIDE: Decimal("8.95"),
}
IDENTIFY = "12 00 00 00 01 01 42 EF D3"
SLAVE_ON = "12 00 00 00 01 02 20 01 22 B7"
SLAVE_OFF = "12 00 00 00 01 02 20 00 AB A6"
VALUES_1 = "12 00 00 00 01 01 9C 1C EC"
SERIAL = "12 00 00 00 01 09 4F 00 00 00 00 00 00 00 21 9D A1"
FUEL = "12 00 00 00 01 0A 4F 00 00 00 00 00 00 02 25 00 A6 63"
VALUES = "12 00 00 00 01 0A 4F 00 00 00 00 00 00 1B 25 00 2D 7A"
ACK, NAK = "12 80 0F", "12 80 FF"
DONE, REFUSED = [bytes.fromhex("21 80 0F")], [bytes.fromhex("21 80 FF")]

RECORDS = (
    "01 01 01 00 00 9A 99 79 42 01 00 FF 00 00 80 3F"
    "01 02 01 00 00 66 66 9E 41 01 00 FF 00 00 80 3F"
    "01 01 09 00 00 66 66 A6 40 82 00 FF 00 00 80 3F"
    "01 02 09 00 00 00 00 28 42 83 00 00 00 00 80 3F"
    "01 09 09 00 00 33 33 0F 41 82 00 FE 00 00 80 3F"
    "01 06 09 00 00 84 00 00 00 83 00 00 00 00 80 3F"
)
LIST = bytes.fromhex("00 00 00 06" + RECORDS)
ONE = bytes.fromhex("21 00 00 00 01 64") + LIST + bytes.fromhex("17 0F")
FIRST = bytes.fromhex("21 00 00 00 02 3C") + LIST[:60] + bytes.fromhex("B1 DC")
SECOND = bytes.fromhex("21 00 01 00 02 28") + LIST[60:] + bytes.fromhex("05 71")


def analyser(kind: type[BlockAnalyser] = Analyser2, model: str = "one-block") -> BlockAnalyser:
    return begun_on_a_line(kind(model, "61349163", Random(1)))


def of_the_page(kind: type[BlockAnalyser], model: str = "one-block") -> BlockAnalyser:
    """Return an instrument that senses what the page tells, with a defective NO sensor."""
    made = analyser(kind, model)
    made.rows = SIX
    made.defective = Quantity.NITRIC_OXIDE
    made.set_fault(Fault.SENSOR_DEFECT, on=True)
    made.set_values(SENSED)
    return made


def framed(parameters: str) -> bytes:
    covered = bytes.fromhex(f"12 00 00 00 01 {len(bytes.fromhex(parameters)):02x} {parameters}")
    return covered + crc16_mcrf4xx(covered).to_bytes(2, "little")


# --- vectors and recordings -----------------------------------------------------------------------


def test_all_values_in_one_block():
    instrument = of_the_page(Analyser2)

    assert [ONE] == ask(instrument, VALUES)
    assert {
        **{each: str(value) for each, value in SENSED.items()},
        Quantity.NITRIC_OXIDE: None,
    } == (shown(instrument))


def test_all_values_in_two_blocks_with_the_acknowledgement_between():
    instrument = of_the_page(Analyser2, "several-blocks")

    assert [FIRST] == ask(instrument, VALUES)
    assert [SECOND] == ask(instrument, ACK)
    assert [] == ask(instrument, ACK)


def test_a_block_is_sent_again_as_often_as_it_is_asked_for():
    instrument = of_the_page(Analyser2, "several-blocks")
    ask(instrument, VALUES)

    assert [FIRST] == ask(instrument, NAK)
    assert [FIRST] == ask(instrument, NAK)
    assert [SECOND] == ask(instrument, ACK)
    assert [SECOND] == ask(instrument, NAK)


@pytest.mark.parametrize(
    ("name", "model"), [("boiler", "one-block"), ("boiler_in_two_blocks", "several-blocks")]
)
def test_the_recordings_of_the_330_2_come_out(name: str, model: str):
    instrument = of_the_page(Analyser2, model)
    instrument.fuel = 104
    answers = [frame for _, frame in came("testo_330_2_ll", name)]
    instrument.serial = str(int.from_bytes(answers[0][6:10], "little"))

    said = [piece for each in (SERIAL, FUEL, VALUES, ACK) for piece in ask(instrument, each)]
    assert answers == said


def test_the_recording_of_the_330_1_comes_out():
    instrument = of_the_page(Analyser1)

    said = [piece for each in (SLAVE_ON, VALUES_1) for piece in ask(instrument, each)]
    assert [frame for _, frame in came("testo_330_1_ll", "boiler")] == said


def test_every_set_of_blocks_is_the_same_list():
    one, several = analyser(), analyser(model="several-blocks")
    (whole,) = ask(one, VALUES)
    said = ask(several, VALUES)
    while more := ask(several, ACK):
        said += more

    assert 4 == len(said)
    assert whole[6:-2] == b"".join(each[6:-2] for each in said)
    assert all(crc16_mcrf4xx(each) == 0 for each in said)


def test_each_record_names_its_quantity_and_the_unit_in_which_it_is_displayed():
    units = {"Cel": 1, "1": 22, "%": 130, "[ppm]": 131, "Pa": 137}
    idents = {
        Quantity.CARBON_MONOXIDE_UNDILUTED: 0x00000904,
        Quantity.DEW_POINT: 0x00000109,
        Quantity.DRAUGHT: 0x00000301,
        Quantity.EXCESS_AIR_RATIO: 0x00021282,
        Quantity.FLUE_GAS_LOSS_NET: 0x00020B01,
        Quantity.EFFICIENCY_NET: 0x00020B03,
    }
    instrument = analyser()
    (answer,) = ask(instrument, VALUES)
    records = [answer[at : at + 16] for at in range(10, len(answer) - 2, 16)]

    for quantity, record in zip(instrument.rows, records, strict=True):
        assert units[instrument.units[quantity]] == int.from_bytes(record[9:11], "little")
        displayed = shown(instrument)[quantity]
        assert displayed is not None
        assert len(displayed.partition(".")[2]) == -record[11] & 0xFF
        if quantity in idents:
            assert idents[quantity] == int.from_bytes(record[1:5], "little")


# --- the conversation -----------------------------------------------------------------------------


def test_values_of_the_330_1_come_in_slave_mode_alone_and_the_keypad_is_locked_meanwhile():
    instrument = analyser(Analyser1)
    assert REFUSED == ask(instrument, VALUES_1)

    assert DONE == ask(instrument, SLAVE_ON)
    assert "slave" == instrument.state
    with pytest.raises(ControlError, match="toggle_measurement"):
        instrument.do(Act.TOGGLE_MEASUREMENT, "")
    instrument.plugged_in()
    assert "slave" == instrument.state

    assert DONE == ask(instrument, SLAVE_OFF)
    instrument.do(Act.TOGGLE_MEASUREMENT, "")
    assert "stopped" == instrument.state


@pytest.mark.parametrize("question", [IDENTIFY, SERIAL, VALUES])
def test_what_has_no_published_answer_is_refused(question: str):
    assert REFUSED == ask(analyser(Analyser1), question)


@pytest.mark.parametrize(
    "parameters",
    [
        "9C",
        "4F 5E 01 00 00 00 00 1B 25 00",
        "4F 00 00 00 00 00 00 1B 25",
        "4F 00 00 00 00 00 00 1B 25 04",
        "4F 00 00 00 00 00 00 21 A5 01",
    ],
)
def test_the_330_2_refuses_what_it_does_not_know(parameters: str):
    assert REFUSED == ask(analyser(), framed(parameters))


def test_a_question_with_a_wrong_check_value_is_refused():
    assert REFUSED == ask(analyser(), VALUES[:-2] + "7B")


def test_what_comes_in_pieces_and_behind_noise_is_understood():
    instrument = of_the_page(Analyser2)
    question = b"\x00\xff" + bytes.fromhex(VALUES)
    said = [piece for each in question for piece in ask(instrument, bytes((each,)))]

    assert [ONE] == said


def test_stopped_the_values_are_empty():
    instrument = analyser()
    instrument.do(Act.TOGGLE_MEASUREMENT, "")

    (answer,) = ask(instrument, VALUES)
    assert {0x85} == {answer[at] for at in range(6 + 4 + 5, len(answer) - 2, 16)}
    assert {None} == set(shown(instrument).values())


# --- set-ups and faults ---------------------------------------------------------------------------


def test_an_air_leak_is_displayed():
    instrument = begun(analyser(), set_up("testo-330-2-ll", "air-leak"))

    assert Decimal("14.8") == instrument.display.current.value(Quantity.OXYGEN)


def test_without_its_probe_oxygen_is_defect_and_what_needs_it_empty():
    instrument = analyser()
    begun(instrument, set_up("testo-330-2-ll", "probe-missing"))

    (answer,) = ask(instrument, VALUES)
    records = [answer[at : at + 16] for at in range(10, len(answer) - 2, 16)]
    codes = dict(zip(instrument.rows, (each[5] for each in records), strict=True))
    assert 0x84 == codes[Quantity.OXYGEN]
    assert 0x85 == codes[Quantity.CARBON_DIOXIDE]
    assert None is shown(instrument)[Quantity.EFFICIENCY_NET]
    assert None is not shown(instrument)[Quantity.DRAUGHT]


@pytest.mark.parametrize(("oxygen", "code"), [("21.5", 0x81), ("-0.5", 0x82)])
def test_out_of_range_it_says_on_which_side(oxygen: str, code: int):
    instrument = analyser()
    instrument.set_values({Quantity.OXYGEN: Decimal(oxygen)})

    (answer,) = ask(instrument, VALUES)
    assert code == answer[10 + 2 * 16 + 5]
    assert None is shown(instrument)[Quantity.OXYGEN]


def test_a_wrong_status_is_a_code_in_place_of_each_value():
    (answer,) = ask(with_fault(analyser(), Fault.WRONG_STATUS), VALUES)

    assert {0x80} == {answer[at] for at in range(15, len(answer) - 2, 16)}


def test_a_busy_one_does_not_acknowledge():
    assert REFUSED == ask(with_fault(analyser(), Fault.BUSY), VALUES)


def test_a_wrong_check_value_stands_behind_a_right_answer():
    (answer,) = ask(with_fault(of_the_page(Analyser2), Fault.WRONG_CHECK), VALUES)

    assert ONE[:-2] == answer[:-2]
    assert 0 != crc16_mcrf4xx(answer)


def test_what_goes_wrong_on_the_way():
    check_what_happens_on_the_way(analyser(), bytes.fromhex(VALUES))
