"""The simulated sensors of the room say, byte for byte, what the protocol page says."""

from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest

from firmware_sims.ble_environmental_sensing import RoomSensor
from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.gatt import Said
from firmware_sims.kit.quantities import Quantity
from tests.sims.radio_room import characteristics, radio_room, read, until
from tests.sims.recorded import came
from tests.sims.set_ups import set_up

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SLUG = "ble-environmental-sensing"
BATTERY, SERIAL, FIRMWARE, CARBON_MONOXIDE = 0x2A19, 0x2A25, 0x2A26, 0x2BD0
UUIDS = {
    Quantity.TEMPERATURE: 0x2A6E,
    Quantity.RELATIVE_HUMIDITY: 0x2A6F,
    Quantity.ABSOLUTE_PRESSURE: 0x2A6D,
    Quantity.DEW_POINT: 0x2A7B,
    Quantity.CARBON_DIOXIDE_AMBIENT: 0x2B8C,
    Quantity.CONCENTRATION: 0x2BD1,
    Quantity.BATTERY_LEVEL: 0x2A19,
}


def sensor(model: str = "room", **values: str) -> RoomSensor:
    made = RoomSensor(model, "A1", Random(1))
    made.process(1.0, NOW)
    made.set_values({Quantity(code): Decimal(value) for code, value in values.items()})
    made.take_outgoing()
    return made


def shown(instrument: RoomSensor, quantity: Quantity) -> str | None:
    value = instrument.display.current.value(quantity)
    return None if value is None else f"{value:f}"


@pytest.mark.parametrize(
    ("quantity", "value", "data", "displayed"),
    [
        ("temperature", "-0.5", "ce ff", "-0.50"),
        ("temperature", "25.064", "ca 09", "25.06"),
        ("temperature", "-400", "01 80", "-327.67"),
        ("relative_humidity", "50.55", "bf 13", "50.55"),
        ("relative_humidity", "700", "fe ff", "655.34"),
        ("absolute_pressure", "101326.6", "12 76 0f 00", "101326.6"),
        ("dew_point", "-5.4", "fb", "-5"),
        ("carbon_dioxide_ambient", "1250", "e2 04", "1250"),
        ("carbon_dioxide_ambient", "99999", "fe ff", "65534"),
        ("battery_level", "100", "64", "100"),
    ],
)
def test_a_value_is_as_the_page_encodes_it_and_its_digits_are_displayed(
    quantity: str, value: str, data: str, displayed: str
):
    instrument = sensor(**{quantity: value})

    assert bytes.fromhex(data) == read(instrument, UUIDS[Quantity(quantity)])
    assert displayed == shown(instrument, Quantity(quantity))


@pytest.mark.parametrize(
    ("value", "data", "displayed"),
    [
        ("2", "02 00", "2"),
        ("1234", "d2 04", "1234"),
        ("2045", "fd 07", "2045"),
        ("2046", "cd 10", "2050"),
        ("5000000", "f4 41", "5000000"),
        ("99999999999999", "fd 77", "20450000000"),
    ],
)
def test_methane_has_as_many_digits_as_an_sfloat(value: str, data: str, displayed: str):
    instrument = sensor("gas", concentration=value)

    assert bytes.fromhex(data) == read(instrument, 0x2BD1)
    assert displayed == shown(instrument, Quantity.CONCENTRATION)
    assert "[ppb]" == instrument.display.current.as_json()["concentration"]["unit"]


def test_the_recorded_room_comes_out():
    values = {
        "temperature": "-0.5",
        "relative_humidity": "50.55",
        "absolute_pressure": "101326.6",
        "dew_point": "-5",
        "carbon_dioxide_ambient": "1250",
        "battery_level": "100",
    }
    room, gas = sensor(**values), sensor("gas")
    recording = [
        (int(whence[4:8], 16), data) for whence, data in came(SLUG.replace("-", "_"), "air")
    ]
    assert (CARBON_MONOXIDE, read(gas, CARBON_MONOXIDE)) == recording[3]
    for uuid, data in recording[:3] + recording[4:9]:
        assert data == read(room, uuid)

    over = sensor(carbon_dioxide_ambient="70000")
    assert (0x2B8C, read(over, 0x2B8C)) == recording[11]
    room.set_fault(Fault.SENSOR_DEFECT, on=True)
    for uuid, data in (*recording[9:11], recording[12]):
        assert data == read(room, uuid)


def test_serial_and_firmware_are_told():
    assert b"A1" == read(sensor(), SERIAL)
    assert b"1.0" == read(sensor(), FIRMWARE)


def test_carbon_monoxide_has_no_unit_and_is_not_displayed():
    instrument = sensor("gas")

    assert b"\x02\x00" == read(instrument, CARBON_MONOXIDE)
    assert Quantity.CARBON_MONOXIDE not in instrument.sensors
    assert CARBON_MONOXIDE not in characteristics(sensor())


@pytest.mark.parametrize("model", ["room", "gas"])
def test_each_second_every_value_is_told_by_its_own_characteristic(model: str):
    instrument = sensor(model)
    instrument.process(1.0, NOW)
    frames = [each for each in instrument.take_outgoing() if isinstance(each, Said)]

    assert {UUIDS[quantity] for quantity in instrument.sensors} == {each.uuid for each in frames}
    for each in frames:
        assert each == read(instrument, each.uuid)
        assert characteristics(instrument)[each.uuid].notify


def test_held_values_stay():
    instrument = sensor(temperature="21.5")
    instrument.hold = True
    for _ in range(5):
        instrument.process(1.0, NOW)

    assert "21.50" == shown(instrument, Quantity.TEMPERATURE)
    assert "6608" == read(instrument, 0x2A6E).hex()


def test_the_service_alone_is_advertised():
    assert [0x181A] == [each.uuid for each in sensor().services() if each.advertised]


# --- set-ups and faults ---------------------------------------------------------------------------


def test_a_stuffy_room():
    instrument = sensor()
    begun(instrument, set_up(SLUG, "stuffy-room"))

    assert "5c08" == read(instrument, 0x2B8C).hex()
    assert ("26.50", "68.20") == (
        shown(instrument, Quantity.TEMPERATURE),
        shown(instrument, Quantity.RELATIVE_HUMIDITY),
    )


def test_a_gas_leak_is_half_a_percent_of_methane():
    instrument = sensor("gas")
    begun(instrument, set_up(SLUG, "gas-leak"))

    assert "5000000" == shown(instrument, Quantity.CONCENTRATION)


@pytest.mark.parametrize(
    ("model", "quantity", "data"),
    [
        ("room", Quantity.TEMPERATURE, "00 80"),
        ("room", Quantity.RELATIVE_HUMIDITY, "ff ff"),
        ("room", Quantity.CARBON_DIOXIDE_AMBIENT, "ff ff"),
        ("gas", Quantity.CONCENTRATION, "ff 07"),
    ],
)
def test_a_defect_is_what_stands_for_no_value(model: str, quantity: Quantity, data: str):
    instrument = sensor(model)
    begun(instrument, set_up(SLUG, "sensor-fault"))

    assert bytes.fromhex(data) == read(instrument, UUIDS[quantity])
    assert shown(instrument, quantity) is None


@pytest.mark.parametrize("quantity", [Quantity.ABSOLUTE_PRESSURE, Quantity.DEW_POINT])
def test_what_cannot_say_that_there_is_no_value_goes_on(quantity: Quantity):
    instrument = sensor()
    instrument.set_fault(Fault.SENSOR_DEFECT, on=True)

    assert shown(instrument, quantity) is not None


def test_a_low_battery_is_told():
    instrument = sensor()
    begun(instrument, set_up(SLUG, "low-battery"))

    assert b"\x04" == read(instrument, BATTERY)
    assert "4" == shown(instrument, Quantity.BATTERY_LEVEL)


def test_in_silence_nothing_is_said():
    instrument = sensor()
    instrument.set_fault(Fault.SILENCE, on=True)
    instrument.process(1.0, NOW)

    assert [] == instrument.take_outgoing()


# --- over the air ---------------------------------------------------------------------------------


async def test_it_is_found_by_its_service_read_and_heard():
    instrument = sensor(temperature="-0.5", carbon_dioxide_ambient="1250")
    instrument.hold = True
    async with radio_room(instrument) as room:
        await room.listen()
        await until(lambda: any(each.service_uuids for each in room.heard))
        peer = await room.connect()
        temperatures = await room.subscribe(peer, 0x2A6E)
        parts = await room.subscribe(peer, 0x2B8C)
        pressure = await room.find(peer, 0x2A6D).read_value()
        await until(lambda: temperatures and parts)

    assert {"0000181a-0000-1000-8000-00805f9b34fb"} == {
        uuid for each in room.heard for uuid in each.service_uuids
    }
    assert {b"\xce\xff"} == set(temperatures)
    assert {b"\xe2\x04"} == set(parts)
    assert read(instrument, 0x2A6D) == pressure


async def test_duplicates_come_in_pairs():
    instrument = sensor()
    instrument.set_fault(Fault.DUPLICATE, on=True)
    async with radio_room(instrument) as room:
        peer = await room.connect()
        temperatures = await room.subscribe(peer, 0x2A6E)
        before = instrument.display.current.counter
        await until(lambda: len(temperatures) >= 8)
        sets = instrument.display.current.counter - before

    assert 3 <= sets <= 5
