"""The simulated DISTO says, byte for byte, what the protocol page says, and says it by indication."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest

from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.quantities import Quantity
from firmware_sims.leica_disto import COMMANDS, DISTANCE, MODEL, UNIT, LaserMeter
from tests.sims.radio_room import characteristics, radio_room, read, until
from tests.sims.recorded import came
from tests.sims.set_ups import set_up

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def meter(distance: str = "1.5") -> LaserMeter:
    made = LaserMeter("2001", Random(1))
    made.process(1.0, NOW)
    made.set_values({Quantity.DISTANCE: Decimal(distance)})
    return made


def shown(instrument: LaserMeter) -> Decimal | None:
    return instrument.display.current.value(Quantity.DISTANCE)


def test_a_pressed_button_measures_and_says_what_is_displayed():
    instrument = meter()
    instrument.do(Act.PRESS_BUTTON, "")

    assert [bytes.fromhex("00 00 c0 3f")] == instrument.take_outgoing()
    assert Decimal("1.5") == shown(instrument)


def test_the_recording_comes_out():
    instrument = meter()
    said: list[tuple[str, bytes]] = []
    for _ in range(2):
        instrument.do(Act.PRESS_BUTTON, "")
        said += [(DISTANCE, frame) for frame in instrument.take_outgoing()]
    instrument.unit_code = bytes.fromhex("01 00")
    said.insert(1, (UNIT, read(instrument, UNIT)))

    assert came("leica_disto", "distance_in_an_unknown_unit") == said


def test_nothing_was_measured_before_the_first_button():
    instrument = LaserMeter("2001", Random(1))
    instrument.process(1.0, NOW)

    assert shown(instrument) is None
    assert [] == instrument.take_outgoing()


def test_a_distance_stays_displayed_until_the_next():
    instrument = meter()
    for _ in range(5):
        instrument.process(1.0, NOW)
    before = shown(instrument)
    instrument.do(Act.PRESS_BUTTON, "")

    assert Decimal("1.5") == before
    assert shown(instrument) not in {None, before}


def test_toggled_it_measures_each_second_until_toggled_again():
    instrument = meter()
    instrument.do(Act.TOGGLE_MEASUREMENT, "")
    for _ in range(3):
        instrument.process(1.0, NOW)
    assert 3 == len(set(instrument.take_outgoing()))
    assert "measuring" == instrument.state

    instrument.do(Act.TOGGLE_MEASUREMENT, "")
    instrument.process(1.0, NOW)
    assert [] == instrument.take_outgoing()
    assert "ready" == instrument.state


def test_held_the_button_says_the_held_distance():
    instrument = meter()
    instrument.hold = True
    instrument.set_values({Quantity.DISTANCE: Decimal(7)})
    instrument.do(Act.PRESS_BUTTON, "")

    assert [bytes.fromhex("00 00 c0 3f")] == instrument.take_outgoing()
    assert Decimal("1.5") == shown(instrument)


def test_the_unit_has_two_bytes_and_the_model_is_a_text():
    assert 2 == len(read(meter(), UNIT))
    assert "DISTO D2" == read(meter(), MODEL).decode()


def test_the_characteristics_are_those_of_the_page():
    offered = characteristics(meter())

    assert ["3ab10101", "3ab10102", "3ab10109", "3ab1010c"] == [str(uuid)[:8] for uuid in offered]
    assert offered[DISTANCE].indicate
    assert not offered[DISTANCE].notify
    assert offered[COMMANDS].write is not None


# --- set-ups and faults ---------------------------------------------------------------------------


def test_a_long_wall():
    instrument = begun(LaserMeter("2001", Random(1)), set_up("leica-disto", "long-wall"))

    assert Decimal("12.345") == instrument.display.current.value(Quantity.DISTANCE)


@pytest.mark.parametrize("act", [Act.PRESS_BUTTON, Act.TOGGLE_MEASUREMENT])
def test_without_a_reflection_nothing_is_said(act: Act):
    instrument = meter()
    begun(instrument, set_up("leica-disto", "no-reflection"))
    instrument.do(act, "")
    instrument.process(1.0, NOW)

    assert shown(instrument) is None
    assert [] == instrument.take_outgoing()


def test_in_silence_it_measures_and_says_nothing():
    instrument = meter()
    instrument.set_fault(Fault.SILENCE, on=True)
    instrument.do(Act.PRESS_BUTTON, "")

    assert [] == instrument.take_outgoing()


# --- over the air ---------------------------------------------------------------------------------


async def test_a_distance_is_indicated():
    instrument = meter()
    async with radio_room(instrument) as room:
        peer = await room.connect()
        said = await room.subscribe(peer, DISTANCE)
        instrument.hold = True
        instrument.do(Act.PRESS_BUTTON, "")
        await until(lambda: said)

    assert [bytes.fromhex("00 00 c0 3f")] == said


async def test_a_duplicate_is_indicated_twice_and_a_late_one_late():
    instrument = meter()
    instrument.hold = True
    async with radio_room(instrument) as room:
        peer = await room.connect()
        said = await room.subscribe(peer, DISTANCE)
        for fault in (Fault.DUPLICATE, Fault.DELAY):
            instrument.set_fault(fault, on=True)
        instrument.do(Act.PRESS_BUTTON, "")
        await asyncio.sleep(1.2)
        before = len(said)
        await until(lambda: len(said) == 2)

    assert 0 == before


async def test_a_link_that_ends_before_the_confirmation_does_not_hold_up_the_next():
    instrument = meter()
    instrument.hold = True
    async with radio_room(instrument) as room:
        peer = await room.connect()
        peer.gatt_client.on_att_handle_value_indication = lambda _: None
        await room.subscribe(peer, DISTANCE)
        instrument.do(Act.PRESS_BUTTON, "")
        await asyncio.sleep(0.2)
        room.peripheral.drop_link()
        await asyncio.sleep(0.1)

        again = await room.connect()
        said = await room.subscribe(again, DISTANCE)
        instrument.do(Act.PRESS_BUTTON, "")
        await until(lambda: said)

    assert 1 == len(said)
