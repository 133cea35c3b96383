"""testo 330 and 350: one question at a time, blocks acknowledged, nothing taken over that no source explains."""

import struct

import pytest

from contract.reading import Status
from contract.unit import Unit
from drivers.catalog import BUILT_IN
from drivers.combustion.testo_330.commands import (
    ALL,
    FLUE_GAS_VALUES,
    FUEL,
    LEAVE_SLAVE_MODE,
    SERIAL,
    SLAVE_ON,
    VALUES,
    Directed,
    converse_over_usb,
    converse_with_330_1,
    converse_with_330_2,
    read_fuel,
)
from drivers.combustion.testo_330.envelope import Blocks
from drivers.combustion.testo_330.records import WITH_CONNECTOR, parse
from drivers.kit.crc import crc16_mcrf4xx
from drivers.kit.dialogue import (
    FrameRejected,
    FuelStated,
    IdentityStated,
    PollsSkipped,
    ReadingsReceived,
    Unmapped,
)
from drivers.kit.errors import FrameError
from drivers.kit.link import Received, Send
from tests.drivers.conversing import readings, rejections

ACK, NAK = bytes.fromhex("12800f"), bytes.fromhex("1280ff")


def block(parameters, number=0, total=1):
    body = struct.pack(">BHHB", 0x21, number, total, len(parameters)) + parameters
    return body + struct.pack("<H", crc16_mcrf4xx(body))


FIVE_POINT_TWO = struct.pack("<f", 5.2)


def record(*, ident=0x901, value=FIVE_POINT_TWO, unit=130, resolution=-1, dilution=1.0):
    return struct.pack("<BI4sHbf", 1, ident, value, unit, resolution, dilution)


def values(*records):
    return bytes((0x64, 0, 0, len(records))) + b"".join(records)


def sent(talk):
    return [each.data for each in talk.out.requests() if isinstance(each, Send)]


def told(talk):
    return list(talk.out.events())


def asked_for_values():
    """A conversation with a 330-2 LL, past its opening questions."""
    talk = converse_with_330_2()
    talk.connection_made(0.0)
    for parameters in ((61349163).to_bytes(4, "little"), (104).to_bytes(2, "little")):
        talk.receive(Received(block(parameters)), 0.0)
    sent(talk), told(talk)
    return talk


@pytest.mark.parametrize(
    ("parameters", "frame"),
    [
        (b"\x42", "12 00 00 00 01 01 42 EF D3"),
        (SLAVE_ON, "12 00 00 00 01 02 20 01 22 B7"),
        (b"\x85", "12 00 00 00 01 01 85 5C 61"),
        (FLUE_GAS_VALUES, "12 00 00 00 01 01 9C 1C EC"),
        (Directed().command(b"\x00\x10"), "12 00 00 00 01 09 4F 00 00 00 00 00 00 00 10 97 81"),
        (Directed().command(SERIAL), "12 00 00 00 01 09 4F 00 00 00 00 00 00 00 21 9D A1"),
        (Directed().command(b"\x01\x21"), "12 00 00 00 01 09 4F 00 00 00 00 00 00 01 21 45 B8"),
        (Directed().command(VALUES, ALL), "12 00 00 00 01 0A 4F 00 00 00 00 00 00 1B 25 00 2D 7A"),
        (
            Directed().command(VALUES, b"\x02"),
            "12 00 00 00 01 0A 4F 00 00 00 00 00 00 1B 25 02 3F 59",
        ),
        (Directed().command(FUEL, ALL), "12 00 00 00 01 0A 4F 00 00 00 00 00 00 02 25 00 A6 63"),
    ],
)
def test_questions_are_the_published_bytes(parameters, frame):
    assert (bytes.fromhex(frame),) == Blocks().wrap(parameters)


def test_the_last_words_to_a_330_1_leave_the_slave_mode():
    assert bytes.fromhex("12 00 00 00 01 02 20 00 AB A6") == LEAVE_SLAVE_MODE
    for link in BUILT_IN["testo-330-1-ll"].links:
        assert (Send(LEAVE_SLAVE_MODE),) == link.parting


@pytest.mark.parametrize(
    "answer", [bytes.fromhex("21800f"), block(b"\x00"), bytes.fromhex("2180ff")]
)
def test_a_330_1_is_put_into_slave_mode_before_its_values_are_asked_for(answer):
    talk = converse_with_330_1()
    talk.connection_made(0.0)

    assert list(Blocks().wrap(SLAVE_ON)) == sent(talk)
    talk.receive(Received(answer), 0.1)
    assert list(Blocks().wrap(FLUE_GAS_VALUES)) == sent(talk)


def test_serial_number_and_fuel_are_asked_once_and_values_again_and_again():
    talk = converse_with_330_2()
    talk.connection_made(0.0)
    talk.receive(Received(block((61349163).to_bytes(4, "little"))), 0.1)
    talk.receive(Received(block((104).to_bytes(2, "little"))), 0.2)
    sent(talk)

    assert [IdentityStated(serial="61349163"), FuelStated("natural gas")] == told(talk)
    for number in range(3):
        talk.receive(Received(block(values(record()))), 0.3 + number)
        talk.timer_fired(talk.next_timer)
        assert list(Blocks().wrap(Directed().command(VALUES, ALL))) == sent(talk)


@pytest.mark.parametrize("cut", [16, 60, 99])
def test_every_block_but_the_last_is_acknowledged_and_their_parameters_are_joined(cut):
    whole = values(*(record() for _ in range(6)))
    talk = asked_for_values()

    talk.receive(Received(block(whole[:cut], 0, 2)), 0.1)
    assert [ACK] == sent(talk)
    talk.receive(Received(block(whole[cut:], 1, 2)), 0.2)
    assert [] == sent(talk)
    assert [Status.OK] == [each.status for each in readings(told(talk))]


def test_a_block_that_comes_twice_is_acknowledged_twice_and_counts_once():
    whole = values(record(), record(ident=0x906, unit=131))
    talk = asked_for_values()
    for each in (block(whole[:10], 0, 2), block(whole[:10], 0, 2), block(whole[10:], 1, 2)):
        talk.receive(Received(each), 0.1)

    assert [ACK, ACK] == sent(talk)
    assert 2 == len(readings(told(talk)))


def test_a_late_block_of_another_answer_is_never_mixed_with_this_one():
    old = values(record(), record(ident=0x902, unit=131))
    new = values(record(value=struct.pack("<f", 9.9)), record(ident=0x902, unit=131))
    talk = asked_for_values()
    for each in (block(old[:20], 0, 2), block(new[:20], 0, 2), block(new[20:], 1, 2)):
        talk.receive(Received(each), 0.1)

    said = told(talk)
    assert [] == readings(said)
    assert 2 == len(rejections(said))


def test_a_late_serial_number_is_never_taken_for_a_fuel():
    talk = converse_with_330_2()
    talk.connection_made(0.0)
    talk.timer_fired(3.0)
    talk.receive(Received(block((61349163).to_bytes(4, "little"))), 3.1)

    assert not [each for each in told(talk) if isinstance(each, FuelStated | IdentityStated)]


def test_a_block_out_of_turn_is_dropped():
    talk = asked_for_values()
    talk.receive(Received(block(b"\x00" * 9, 2, 4)), 0.1)

    assert ["block 2 where block 0 was due"] == [each.reason for each in rejections(told(talk))]


def test_a_damaged_block_is_asked_for_again_and_not_for_ever():
    damaged = bytearray(block(values(record())))
    damaged[12] ^= 1
    talk = asked_for_values()
    for _ in range(4):
        talk.receive(Received(bytes(damaged)), 0.1)

    assert [NAK, NAK] == sent(talk)
    assert 4 == len(rejections(told(talk)))


def test_a_reader_that_meets_a_status_does_not_stall():
    """The public application's own reader waits for a frame for ever."""
    talk = asked_for_values()
    talk.receive(Received(bytes.fromhex("21800f") + block(values(record()))), 0.1)

    assert 1 == len(readings(told(talk)))


def test_what_the_instrument_does_not_take_is_reported_and_asked_again_on_the_beat():
    talk = asked_for_values()
    talk.receive(Received(bytes.fromhex("2180ff")), 0.1)

    [rejected] = told(talk)
    assert "did not take" in rejected.reason
    talk.timer_fired(talk.next_timer)
    assert 1 == len(sent(talk))


def test_an_answer_that_never_comes_is_reported_and_the_question_asked_again():
    talk = asked_for_values()
    for number in range(1, 4):
        talk.timer_fired(3.0 * number)

    assert ["no answer"] * 3 == [each.reason for each in told(talk)]
    assert 3 == len(sent(talk))


def test_polls_that_a_slow_answer_made_impossible_are_counted_and_none_is_queued():
    talk = asked_for_values()
    talk.receive(Received(block(values(record()))), 0.5)
    talk.timer_fired(1.5)
    talk.receive(Received(block(values(record()))), 4.1)

    assert PollsSkipped(2) in told(talk)
    assert 1 == len(sent(talk))
    assert 4.5 == talk.next_timer


@pytest.mark.parametrize("noise", [b"\x00\x55", bytes(range(9)), b"\xff" * 5])
def test_noise_before_an_answer_is_skipped(noise):
    talk = asked_for_values()
    talk.receive(Received(noise + block(values(record()))), 0.1)

    assert 1 == len(readings(told(talk)))


@pytest.mark.parametrize(
    ("code", "status", "detail"),
    [
        (0x80, Status.ERROR, "external error"),
        (0x81, Status.ABOVE_RANGE, None),
        (0x82, Status.BELOW_RANGE, None),
        (0x83, Status.ERROR, "out of range"),
        (0x84, Status.ERROR, "sensor defect"),
        (0x85, Status.NOT_MEASURED, None),
        (0x8A, Status.NOT_MEASURED, None),
        (0x86, Status.ERROR, "no number: 86 00 00 00"),
        (0x7FC00000, Status.ERROR, "no number: 00 00 c0 7f"),
        (0x7F800000, Status.ERROR, "no number: 00 00 80 7f"),
    ],
)
def test_a_code_in_the_place_of_a_value_is_no_value(code, status, detail):
    [reading] = readings(parse(values(record(value=code.to_bytes(4, "little"))), WITH_CONNECTOR))

    assert (None, status, detail) == (reading.value, reading.status, reading.detail)


@pytest.mark.parametrize(
    ("resolution", "shown"), [(-1, "5.2"), (1, "5.2"), (-2, "5.20"), (0, "5")]
)
def test_a_value_has_the_digits_that_the_instrument_shows(resolution, shown):
    [reading] = readings(parse(values(record(resolution=resolution)), WITH_CONNECTOR))

    assert shown == str(reading.value)


def test_a_diluted_value_is_refused_as_nothing_says_whether_it_is_before_or_after():
    [reading] = readings(parse(values(record(dilution=5.0)), WITH_CONNECTOR))

    assert (None, Status.ERROR, "diluted 5 times") == (
        reading.value,
        reading.status,
        reading.detail,
    )


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"ident": 0x103, "unit": 1}, "instrument temperature"),
        ({"ident": 0x21281}, "excess air"),
        ({"ident": 0x999}, "ident 00000999"),
        ({"unit": 117}, "oxygen in unit 117"),
        ({"unit": 999}, "oxygen in unit 999"),
        ({"unit": 1}, "oxygen in unit 1"),
    ],
)
def test_what_no_source_explains_fills_no_field(changed, name):
    assert [Unmapped(name)] == list(parse(values(record(**changed)), WITH_CONNECTOR))


def test_a_quantity_that_is_stated_twice_is_taken_once():
    both = values(
        record(ident=0x909), record(ident=0x911, value=struct.pack("<f", 9.9)), record(unit=1)
    )
    heard = list(parse(both, WITH_CONNECTOR))

    assert ["5.2"] == [str(each.value) for each in readings(heard)]
    assert Unmapped("carbon_dioxide in % was stated before") in heard


def test_a_smoke_number_is_a_number_whatever_its_unit():
    mean = record(ident=0x83021B01, value=struct.pack("<f", 1.0), unit=0, resolution=0)
    [reading] = readings(parse(values(mean), WITH_CONNECTOR))

    assert ("1", Unit.ONE) == (str(reading.value), reading.unit)


@pytest.mark.parametrize("size", [0, 3, 5, 19, 21])
def test_a_list_of_another_length_than_it_says_is_rejected(size):
    with pytest.raises(FrameError):
        list(parse(values(record())[:size] + bytes(max(0, size - 20)), WITH_CONNECTOR))


@pytest.mark.parametrize(
    ("parameters", "name"),
    [("6800", "natural gas"), ("d207", "fuel 2002"), ("ad0f", "G20")],
)
def test_the_fuel_is_named_or_shown_as_its_number(parameters, name):
    assert [FuelStated(name)] == list(read_fuel(bytes.fromhex(parameters)))


@pytest.mark.parametrize("parameters", ["", "68", "680000", "68000000", "6800000000"])
def test_what_is_no_fuel_number_is_rejected(parameters):
    with pytest.raises(FrameError):
        list(read_fuel(bytes.fromhex(parameters)))


# --- over USB -------------------------------------------------------------------------------------


def usb(text):
    body = bytes.fromhex(text)
    return bytes((0x22,)) + struct.pack("<I", len(body)) + body


def test_a_350_is_asked_who_it_is_before_anything_else_and_named_in_every_command():
    talk = converse_over_usb()
    talk.connection_made(0.0)
    assert [bytes.fromhex("2201000000"), b"\x40"] == sent(talk)
    talk.receive(Received(usb("00000000 2CCCAA03")), 0.1)
    assert [bytes.fromhex("2201000000"), b"\x42"] == sent(talk)
    talk.receive(Received(usb("00000000 5E01")), 0.2)
    assert [bytes.fromhex("220a000000"), bytes.fromhex("4F5E012CCCAA03022500")] == sent(talk)
    talk.receive(Received(usb("6800")), 0.3)

    assert [bytes.fromhex("220a000000"), bytes.fromhex("4F5E012CCCAA031B2500")] == sent(talk)
    assert [IdentityStated(serial="61525036"), FuelStated("natural gas")] == told(talk)


def test_a_350_that_does_not_say_who_it_is_is_asked_nothing_else():
    talk = converse_over_usb()
    talk.connection_made(0.0)
    sent(talk)
    talk.timer_fired(3.0)

    assert [bytes.fromhex("2201000000"), b"\x40"] == sent(talk)


def test_the_first_record_of_the_transcript_is_a_defect_of_the_oxygen_sensor():
    first = bytes.fromhex("0101090000840000008200FE0000803F")
    [reading] = readings(parse(bytes((1, 0, 0, 1)) + first, WITH_CONNECTOR))

    assert ("oxygen", None, "sensor defect") == (reading.quantity, reading.value, reading.detail)


@pytest.mark.parametrize("junk", ["00", "23 01 00 00 00", "22 00 00 00 00", "22 ff ff ff 7f 00"])
def test_bytes_without_a_header_are_dropped_and_the_next_answer_is_read(junk):
    talk = converse_over_usb()
    talk.connection_made(0.0)
    talk.receive(Received(bytes.fromhex(junk).ljust(5, b"\x00")), 0.1)
    talk.receive(Received(usb("00000000 2CCCAA03")), 0.2)

    said = told(talk)
    assert isinstance(said[0], FrameRejected)
    assert IdentityStated(serial="61525036") in said
    assert not [each for each in said if isinstance(each, ReadingsReceived)]
