"""Instruments that people describe in TOML."""

import pytest

from contract.quantity import Quantity
from contract.reading import Status
from contract.unit import Unit
from contract.wire.position import line_of
from drivers.generic.file import InstrumentFileError, read
from drivers.kit.description import BleLink, BroadcastLink, ModbusLink, SerialLink
from drivers.kit.dialogue import FaultStated, FrameRejected, ReadingsReceived
from drivers.kit.link import AdvertisementSeen, Notified, ReadRegisters, Received, RegistersRead
from tests.drivers.conversing import readings, rejections, said

HEAD = """\
slug = "acme-x1"
vendor = "Acme"
model = "X1"
grade = "manual"
source = "Acme X1 manual, rev 2, p. 9"
"""
MODBUS = (
    HEAD
    + """
[modbus]
baud_rate = 19200
parity = "even"
device = 7

[[modbus.value]]
quantity = "oxygen"
unit = "%"
table = "input"
address = 3
type = "u16"
scale = "0.01"
absent = [65535]

[[modbus.value]]
quantity = "flue_gas_temperature"
unit = "Cel"
table = "input"
address = 4
type = "f32"
word_order = "little"

[[modbus.status]]
table = "holding"
address = 0
bit = 2
means = "sensor defect"
"""
)
LINES = (
    HEAD
    + """
[lines]
separator = ";"
columns = 3
decimal_sign = ","

[[lines.value]]
column = 2
quantity = "carbon_monoxide"
unit = "[ppm]"
absent = ["----"]
above = ["OVER"]

[[lines.value]]
column = 3
quantity = "draught"
unit = "hPa"
"""
)
BLE = (
    HEAD
    + """
[ble]
local_name = "X1 {serial}"
service = "181a"
notify = true

[[ble.value]]
characteristic = "2a6e"
quantity = "temperature"
unit = "Cel"
type = "s16"
byte_order = "little"
scale = "0.01"
absent = [-32768]
"""
)
ADVERTISED = (
    HEAD
    + """
[advertisement]
manufacturer_data = 886
length = 3

[[advertisement.value]]
offset = 1
quantity = "gauge_pressure"
unit = "mbar"
type = "u16"
byte_order = "big"
plus = "-100"
"""
)


def described(text: str):
    return read(text, "x1.toml")


def values(instrument, data: bytes) -> list[tuple[str | None, Status]]:
    return [
        (None if each.value is None else str(each.value), each.status)
        for each in readings(instrument.decode(data))
    ]


def test_registers_are_read_in_blocks_with_the_settings_of_the_line():
    instrument = described(MODBUS)
    [link] = instrument.links
    assert isinstance(link, ModbusLink)
    talk = link.converse()
    talk.connection_made(0.0)

    assert [ReadRegisters("holding", 0, 1), ReadRegisters("input", 3, 3)] == list(
        talk.out.requests()
    )
    assert (19200, "even", 7) == (link.line.baud_rate, link.line.parity, link.device)


def heard(status: int, *registers: int) -> list:
    [link] = described(MODBUS).links
    return said(
        link.converse(),
        [
            RegistersRead(ReadRegisters("holding", 0, 1), (status,)),
            RegistersRead(ReadRegisters("input", 3, 3), registers),
        ],
    )


def test_registers_become_readings_with_the_digits_of_their_scale():
    oxygen, flue = readings(heard(0, 520, 0x0000, 0x42C8))

    assert ("5.20", Unit.PERCENT) == (str(oxygen.value), oxygen.unit)
    assert ("100", Quantity.FLUE_GAS_TEMPERATURE) == (str(flue.value), flue.quantity)


def test_a_raw_number_that_stands_for_no_value_is_never_one():
    oxygen, _ = readings(heard(0, 65535, 0, 0x42C8))

    assert (None, Status.NOT_MEASURED) == (oxygen.value, oxygen.status)


def test_a_status_bit_takes_the_value_from_all_readings():
    events = heard(0b100, 520, 0, 0x42C8)

    assert {(None, Status.ERROR, "sensor defect")} == {
        (each.value, each.status, each.detail) for each in readings(events)
    }
    assert FaultStated("sensor defect") in events
    assert all(each.value is not None for each in readings(heard(0b011, 520, 0, 0x42C8)))


def test_columns_are_read_with_the_files_decimal_sign():
    instrument = described(LINES)
    [link] = instrument.links

    assert isinstance(link, SerialLink)
    assert [("42", Status.OK), ("-0.12", Status.OK)] == values(instrument, b"a; 42 ;-0,12\r\n")
    assert [(None, Status.NOT_MEASURED), ("1", Status.OK)] == values(instrument, b"a;----;1\n")
    assert [(None, Status.ABOVE_RANGE), ("1", Status.OK)] == values(instrument, b"a;OVER;+1\n")


@pytest.mark.parametrize("line", [b"a;42", b"a;42;1;1", b"a;x;1", b"a;42;1.5", b"\xff;42;1"])
def test_a_line_that_is_not_whole_is_rejected_whole(line):
    events = list(described(LINES).decode(line))

    assert [] == readings(events)
    assert 1 == len(rejections(events))


def test_lines_of_fixed_width_are_cut_at_their_places():
    text = LINES.replace('separator = ";"\ncolumns = 3\n', "length = 10\n")
    text = text.replace("column = 2", "start = 1\nwidth = 4").replace(
        "column = 3", "start = 5\nwidth = 6"
    )
    instrument = described(text)

    assert [("42", Status.OK), ("-0.1", Status.OK)] == values(instrument, b"  42  -0,1")
    assert [] == values(instrument, b"  42  -0,1 ")


def test_characteristics_are_notified_and_the_name_states_the_serial():
    [link] = described(BLE).links
    assert isinstance(link, BleLink)
    service = "0000181a-0000-1000-8000-00805f9b34fb"
    known = link.identify(AdvertisementSeen("X1 12-34", service_uuids=frozenset({service})))
    events = said(
        link.converse(), [Notified("00002a6e-0000-1000-8000-00805f9b34fb", bytes.fromhex("ca09"))]
    )

    assert known is not None
    assert "12-34" == known.serial
    assert link.identify(AdvertisementSeen("X1 12-34")) is None
    assert link.identify(AdvertisementSeen("X2 1", service_uuids=frozenset({service}))) is None
    assert ["25.06"] == [str(each.value) for each in readings(events)]


def test_advertisements_are_read_by_maker_and_length():
    instrument = described(ADVERTISED)
    [link] = instrument.links
    assert isinstance(link, BroadcastLink)
    heard = said(
        link.converse(None),
        [
            AdvertisementSeen(manufacturer_data={886: bytes.fromhex("000100")}),
            AdvertisementSeen(manufacturer_data={886: bytes.fromhex("0001")}),
            AdvertisementSeen(manufacturer_data={887: bytes.fromhex("000100")}),
        ],
    )

    assert ReadingsReceived is type(heard[0])
    assert ["156"] == [str(each.value) for each in readings(heard)]
    assert [FrameRejected] == [type(each) for each in heard[1:]]
    assert link.identify(AdvertisementSeen(manufacturer_data={886: b"xxx"})) is not None
    assert link.identify(AdvertisementSeen(manufacturer_data={1: b"xxx"})) is None


FAULTS = [
    (HEAD, 1, "exactly one of modbus, lines, ble and advertisement"),
    (MODBUS.replace('"oxygen"', '"oxigen"'), 13, "modbus.value.1.quantity"),
    (MODBUS.replace('unit = "%"', 'unit = "Pa"'), 12, "cannot be stated in Pa"),
    (MODBUS.replace('scale = "0.01"', "scale = 0.01"), 18, "modbus.value.1.scale"),
    (MODBUS.replace('scale = "0.01"', 'skale = "0.01"'), 18, "skale"),
    (MODBUS.replace('word_order = "little"\n', ""), 21, "word_order is needed"),
    (MODBUS.replace("address = 4", "address = 70000"), 25, "modbus.value.2.address"),
    (LINES.replace("columns = 3\n", ""), 7, "the check that a line is whole"),
    (BLE.replace('"2a6e"', '"2A6E"'), 13, "must be a UUID in small letters, as 2a6e"),
    (MODBUS.replace('scale = "0.01"', 'scale = ".1"'), 18, "'.1' is not a number"),
    (MODBUS.replace("device = 7", 'device = 7\nevery = "1 s"'), 11, "every: must be a number"),
    (LINES.replace("columns = 3\n", "columns = 3\nevery = 2\n"), 7, "say poll too"),
    (ADVERTISED.replace("offset = 1", "offset = 2"), 7, "and the data has length"),
    (ADVERTISED.replace("manufacturer_data = 886\n", ""), 7, "service_data or manufacturer_data"),
    (HEAD.replace('"acme-x1"', '"Acme X1"'), 1, "must be 1 to 64 characters of a-z, 0-9 and '-'"),
]


@pytest.mark.parametrize(("text", "line", "complaint"), FAULTS)
def test_a_fault_is_named_with_its_line(text, line, complaint):
    with pytest.raises(InstrumentFileError) as caught:
        described(text)

    first = next(each for each in str(caught.value).splitlines() if complaint in each)
    assert first.startswith(f"x1.toml:{line}: ")


def test_what_is_no_toml_is_named_with_its_line():
    with pytest.raises(InstrumentFileError, match=r"x1.toml: .*line 2"):
        described('slug = "a"\nvendor = \n')


def test_a_place_that_is_not_in_the_text_is_the_nearest_table():
    assert 9 == line_of("a=1\n\n\n\n\n\n\n\n[[b.c]]\n", ("b", "c", 0, "missing"))


def test_a_column_that_no_line_has_is_refused():
    with pytest.raises(InstrumentFileError, match="is in column 5, and a line has 3"):
        read(LINES.replace("column = 3", "column = 5"), "x1.toml")


def test_a_number_with_two_signs_is_no_number():
    talk = read(LINES, "x1.toml").links[0].converse()

    assert [] == readings(said(talk, [Received(b"x;+-5;1,0\r\n")]))
