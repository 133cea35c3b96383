"""What a simulated BTHome sensor broadcasts reaches whoever scans."""

from random import Random

import pytest

from firmware_sims.bthome import sensor
from firmware_sims.kit.faults import Fault
from tests.sims.radio_room import radio_room, until

SERVICE = "0000fcd2-0000-1000-8000-00805f9b34fb"


@pytest.mark.parametrize("model", ["plain", "encrypted", "addressed"])
async def test_every_frame_reaches_the_air(model: str):
    instrument = sensor(model, "254001", Random(1))
    sent: list[bytes] = []
    async with radio_room(instrument, speed=3.0) as room:
        await room.listen()

        def heard() -> list[bytes]:
            told = instrument.broadcast()
            if told is not None and told.data not in sent:
                sent.append(told.data)
            return list(
                dict.fromkeys(
                    each.service_data[SERVICE] for each in room.heard if each.service_data
                )
            )

        await until(lambda: len(heard()) >= 4)

    assert sent[:4] == heard()[:4]
    assert "BTHome 254001" in {each.local_name for each in room.heard}


async def test_silent_it_is_still_there_and_speaks_again_afterwards():
    instrument = sensor("plain", "254001", Random(1))
    instrument.set_fault(Fault.SILENCE, on=True)
    async with radio_room(instrument) as room:
        await room.listen()
        await until(lambda: any(each.local_name for each in room.heard))
        assert not any(each.service_data for each in room.heard)

        instrument.set_fault(Fault.SILENCE, on=False)
        await until(lambda: any(each.service_data for each in room.heard))


async def test_out_of_reach_it_is_not_heard():
    instrument = sensor("plain", "254001", Random(1))
    async with radio_room(instrument) as room:
        await room.listen()
        await until(lambda: room.heard)
        instrument.set_fault(Fault.LINK_LOSS, on=True)
        await until(lambda: instrument.elapsed > 5.0)
        room.heard.clear()
        await until(lambda: instrument.elapsed > 10.0)
        assert not room.heard

        instrument.set_fault(Fault.LINK_LOSS, on=False)
        await until(lambda: room.heard)
