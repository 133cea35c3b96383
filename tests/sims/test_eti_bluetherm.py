"""The simulated ETI thermometers say, byte for byte, what the protocol page says."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest

from firmware_sims.eti_bluetherm import COMMANDS, SERVICE, SETTINGS, UUID, Thermometer
from firmware_sims.eti_bluetherm_models import MODELS
from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.gatt import Said
from firmware_sims.kit.quantities import Quantity
from tests.sims.radio_room import characteristics, radio_room, read, until
from tests.sims.recorded import came
from tests.sims.set_ups import set_up

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
FIRST, SECOND = UUID.format("01"), UUID.format("03")
BATTERY, SERIAL, FIRMWARE = 0x2A19, 0x2A25, 0x2A26
RECORDED = bytes.fromhex("d7 b7 ac 41")


def thermometer(model: str = "ThermaQBlue") -> Thermometer:
    made = Thermometer(model, "23146558", Random(1))
    made.process(1.0, NOW)
    made.take_outgoing()
    return made


def recorded() -> Thermometer:
    """Return the instrument of the public dump, at that moment."""
    made = thermometer()
    made.sensor_names[Quantity.TEMPERATURE] = "Rocket Group"
    made.set_values(
        {Quantity.TEMPERATURE: Decimal("21.589766"), Quantity.BATTERY_LEVEL: Decimal(100)}
    )
    return made


def said(instrument: Thermometer) -> list[tuple[str, bytes]]:
    frames = instrument.take_outgoing()
    return [(str(each.uuid), bytes(each)) for each in frames if isinstance(each, Said)]


def second_by_second(instrument: Thermometer, seconds: int) -> list[tuple[str, bytes]]:
    for _ in range(seconds):
        instrument.process(1.0, NOW)
    return said(instrument)


def command(instrument: Thermometer, written: str) -> list[tuple[str, bytes]]:
    write = characteristics(instrument)[COMMANDS].write
    assert write is not None
    write(bytes.fromhex(written))
    return said(instrument)


@pytest.mark.parametrize(
    ("uuid", "vector"),
    [
        (FIRST, "d7 b7 ac 41"),
        (SECOND, ""),
        (UUID.format("07"), "ff ff ff ff ff ff ff ff 52 6f 63 6b 65 74 20 47 72 6f 75 70"),
        (SETTINGS, "00 01 00 00 00 00 11"),
        (BATTERY, "64"),
        (SERIAL, b"23146558".hex()),
        (FIRMWARE, b"1.05".hex()),
    ],
)
def test_what_is_read_is_what_the_dump_of_the_page_holds(uuid: int | str, vector: str):
    assert bytes.fromhex(vector) == read(recorded(), uuid)


def test_the_recorded_dump_comes_out():
    instrument = recorded()
    short = {f"0000{uuid:04x}": uuid for uuid in (BATTERY, SERIAL, FIRMWARE)}
    for whence, data in came("eti_bluetherm", "thermaq_blue_gatt_dump"):
        assert data == read(instrument, short.get(whence[:8], whence))


def test_the_displayed_temperature_is_the_shortest_decimal_of_the_float():
    shown = recorded().display.current

    assert Decimal("21.589766") == shown.value(Quantity.TEMPERATURE)
    assert Decimal(100) == shown.value(Quantity.BATTERY_LEVEL)


def test_a_temperature_comes_each_second_and_is_what_is_displayed():
    instrument = thermometer()
    frames = second_by_second(instrument, 4)

    assert [FIRST] * 4 == [uuid for uuid, _ in frames]
    assert 4 == len({data for _, data in frames})
    assert (FIRST, read(instrument, FIRST)) == frames[-1]


def test_a_second_probe_has_a_characteristic_of_its_own_and_is_said_to_be_enabled():
    instrument = thermometer("ThermaQBlueTwoProbes")
    instrument.set_values({Quantity.SECOND_TEMPERATURE: Decimal("-0.5")})
    instrument.hold = True

    frames = dict(second_by_second(instrument, 1))
    assert {FIRST, SECOND} == set(frames)
    assert bytes.fromhex("00 00 00 bf") == frames[SECOND] == read(instrument, SECOND)
    assert "00010000000111" == read(instrument, SETTINGS).hex()


def test_held_the_same_temperature_is_said_again():
    instrument = recorded()
    instrument.hold = True

    assert [(FIRST, RECORDED)] * 3 == second_by_second(instrument, 3)


def test_a_pressed_button_is_told_and_readings_follow():
    instrument = recorded()
    instrument.do(Act.PRESS_BUTTON, "")

    assert [(COMMANDS, b"\x01\x00"), (FIRST, RECORDED)] == said(instrument)


@pytest.mark.parametrize(
    ("written", "notified"),
    [
        ("10 00", [(FIRST, RECORDED)]),
        ("20 00", []),
        ("30 00", []),
        ("40 00", []),
        ("99 00", [(COMMANDS, b"\x04\x00")]),
        ("10", [(COMMANDS, b"\x04\x00")]),
    ],
)
def test_a_command_is_followed_or_called_invalid(written: str, notified: list[tuple[str, bytes]]):
    assert notified == command(recorded(), written)


@pytest.mark.parametrize(
    ("model", "name", "kind"),
    [
        ("ThermaQBlue", "23146558 ThermaQ Blue", 1),
        ("ThermaQBlueTwoProbes", "23146558 ThermaQ Blue", 1),
        ("BlueThermOne", "23146558 BlueTherm One", 1),
        ("ThermapenBlue", "23146558 ThermapenBlue", 2),
        ("RayTempBlue", "23146558 RayTemp Blue", 3),
        ("TempTestBlue", "23146558 TempTest Blue", 2),
    ],
)
def test_the_local_name_is_serial_and_product_and_the_sensor_has_its_kind(
    model: str, name: str, kind: int
):
    instrument = thermometer(model)

    assert name == instrument.name
    assert kind == read(instrument, SETTINGS)[6] & 0x0F


def test_every_model_is_tried_here():
    assert 6 == len(MODELS)


def test_the_maker_is_advertised_and_the_service_is_not():
    instrument = thermometer()

    assert (0x0376, b"") == (instrument.broadcast().maker, instrument.broadcast().data)
    assert not any(service.advertised for service in instrument.services())


# --- set-ups and faults ---------------------------------------------------------------------------


def test_a_missing_probe_is_a_sensor_error_and_not_a_number():
    instrument = thermometer("ThermaQBlueTwoProbes")
    begun(instrument, set_up("eti-bluetherm", "probe-missing"))

    frames = dict(second_by_second(instrument, 1))
    assert b"\xff\xff\xff\xff" == frames[FIRST] == read(instrument, FIRST)
    assert b"\xff\xff\xff\xff" != frames[SECOND]
    assert instrument.display.current.value(Quantity.TEMPERATURE) is None


def test_the_recorded_constants_come_out():
    instrument = thermometer()
    instrument.set_fault(Fault.SENSOR_DEFECT, on=True)
    instrument.do(Act.PRESS_BUTTON, "")
    constants = came("eti_bluetherm", "sensor_error_and_notifications")

    assert constants[:2] == said(instrument)
    assert (SECOND, read(instrument, SECOND)) == constants[2]


def test_a_cold_store_is_below_zero():
    instrument = thermometer()
    begun(instrument, set_up("eti-bluetherm", "cold-store"))

    assert "333393c1" == read(instrument, FIRST).hex()


def test_a_low_battery_is_told():
    instrument = thermometer()
    begun(instrument, set_up("eti-bluetherm", "low-battery"))

    assert b"\x04" == read(instrument, BATTERY)
    assert Decimal(4) == instrument.display.current.value(Quantity.BATTERY_LEVEL)


def test_in_silence_nothing_is_said_whatever_is_done():
    instrument = thermometer()
    instrument.set_fault(Fault.SILENCE, on=True)
    instrument.do(Act.PRESS_BUTTON, "")

    assert [] == second_by_second(instrument, 3)
    assert [] == command(instrument, "10 00")
    assert [] == command(instrument, "99 00")


# --- over the air ---------------------------------------------------------------------------------


async def test_name_and_maker_are_heard_and_each_characteristic_speaks_for_itself():
    instrument = recorded()
    instrument.hold = True
    async with radio_room(instrument) as room:
        await room.listen()
        await until(lambda: any(each.local_name for each in room.heard))
        await until(lambda: any(each.manufacturer_data for each in room.heard))
        peer = await room.connect()
        temperatures = await room.subscribe(peer, FIRST)
        notices = await room.subscribe(peer, COMMANDS)
        instrument.do(Act.PRESS_BUTTON, "")
        await until(lambda: len(temperatures) >= 2 and notices)

    assert {"23146558 ThermaQ Blue"} == {each.local_name for each in room.heard} - {None}
    assert {0x0376: b""} in [each.manufacturer_data for each in room.heard]
    assert SERVICE not in {uuid for each in room.heard for uuid in each.service_uuids}
    assert {RECORDED} == set(temperatures)
    assert [b"\x01\x00"] == notices


async def test_what_comes_late_comes_in_the_pace_in_which_it_was_said():
    instrument = thermometer()
    async with radio_room(instrument, speed=5.0) as room:
        peer = await room.connect()
        instrument.set_fault(Fault.DELAY, on=True)
        temperatures = await room.subscribe(peer, FIRST)
        await asyncio.sleep(1.2)
        early = len(temperatures)
        await asyncio.sleep(1.3)

    assert early <= 1
    assert len(temperatures) >= 3


@pytest.mark.parametrize(("fault", "reachable"), [(Fault.LINK_LOSS, False), (Fault.SILENCE, True)])
async def test_out_of_reach_it_is_not_heard_and_silent_it_still_is(fault: Fault, reachable: bool):
    instrument = thermometer()
    async with radio_room(instrument) as room:
        instrument.set_fault(fault, on=True)
        await asyncio.sleep(0.2)
        await room.listen()
        await asyncio.sleep(0.5)

    assert reachable is bool(room.heard)
