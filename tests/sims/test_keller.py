"""The simulated KELLER transmitters say what the protocol page says, and what the vendor's own library reads."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from keller_protocol.keller_protocol import KellerProtocol

from firmware_sims.keller import AbsoluteTransmitter, GaugeTransmitter, Transmitter
from firmware_sims.kit.cable import Cable
from firmware_sims.kit.check_value import crc16_modbus
from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.quantities import Quantity
from tests.sims.on_a_line import (
    ask,
    begun_on_a_line,
    check_what_happens_on_the_way,
    shown,
    with_fault,
)
from tests.sims.recorded import came
from tests.sims.set_ups import set_up

PRESSURES = {
    GaugeTransmitter: Quantity.GAUGE_PRESSURE,
    AbsoluteTransmitter: Quantity.ABSOLUTE_PRESSURE,
}
KINDS = tuple(PRESSURES)
INITIALISE, SERIAL, PRESSURE, TEMPERATURE = (
    bytes.fromhex(each)
    for each in ("01 30 34 00", "01 45 d3 c1", "01 49 01 50 d6", "01 49 03 91 57")
)
INITIALISE_ANY, PRESSURE_ANY = (bytes.fromhex(each) for each in ("fa 30 04 43", "fa 49 01 a1 a7"))


def transmitter(
    kind: type[Transmitter] = GaugeTransmitter, model: str = "without-echo"
) -> Transmitter:
    return begun_on_a_line(kind(model, "12345", Random(1)))


def sealed(body: str) -> bytes:
    covered = bytes.fromhex(body)
    return covered + crc16_modbus(covered).to_bytes(2, "big")


def test_the_check_value_of_the_page():
    assert bytes.fromhex("02 30 C4 00") == sealed("02 30")


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_of_the_page(kind: type[Transmitter]):
    instrument = transmitter(kind)
    instrument.set_values({PRESSURES[kind]: Decimal("1.01325")})
    ask(instrument, INITIALISE)

    assert [bytes.fromhex("01 49 3f 81 b2 2d 00 d7 84")] == ask(instrument, PRESSURE)
    assert "1.01325" == shown(instrument)[PRESSURES[kind]]
    assert "bar" == instrument.units[PRESSURES[kind]]


@pytest.mark.parametrize(
    ("folder", "kind"), [("keller_gauge", KINDS[0]), ("keller_absolute", KINDS[1])]
)
def test_the_recording_comes_out(folder: str, kind: type[Transmitter]):
    instrument = transmitter(kind)
    instrument.set_values({PRESSURES[kind]: Decimal("1.01325"), Quantity.TEMPERATURE: Decimal(21)})
    _, serial, pressure, _, temperature, _ = [frame for _, frame in came(folder, "made")]
    ask(instrument, INITIALISE_ANY)
    # In the recording the adapter repeats two of the questions, and noise comes once.
    assert [temperature[1:]] == ask(instrument, sealed("fa 49 03"))
    instrument.echo = True

    assert [serial] == ask(instrument, sealed("fa 45"))
    assert [pressure] == ask(instrument, PRESSURE_ANY)


def test_nothing_but_an_error_comes_before_it_was_initialised_each_time():
    instrument = transmitter()
    assert [sealed("01 c5 20")] == ask(instrument, SERIAL)
    assert "waiting" == instrument.state

    (firmware,) = ask(instrument, INITIALISE)
    assert 10 == len(firmware)
    assert [sealed("01 45 00 00 30 39")] == ask(instrument, SERIAL)
    assert "initialised" == instrument.state

    instrument.plugged_in()
    assert [sealed("01 c9 20")] == ask(instrument, PRESSURE)


def test_another_address_is_not_answered():
    assert [] == ask(transmitter(), sealed("02 30"))


def test_the_adapter_repeats_whatever_is_said():
    instrument = transmitter(model="with-echo")
    ask(instrument, INITIALISE)

    (said,) = ask(instrument, SERIAL)
    assert SERIAL + sealed("01 45 00 00 30 39") == said
    assert [sealed("02 30")] == ask(instrument, sealed("02 30"))
    assert b"\x01\x30\x34\x01" == b"".join(ask(instrument, b"\x01\x30\x34\x01\x00")[:4])


@pytest.mark.parametrize("question", ["01 49 02", "01 4a 01"])
def test_what_is_not_described_is_an_error(question: str):
    instrument = transmitter()
    ask(instrument, INITIALISE)

    (answer,) = ask(instrument, sealed(question))
    assert answer[1] & 0x80
    assert sealed(answer[:-2].hex()) == answer


def test_a_question_in_pieces_behind_noise_is_understood():
    instrument = transmitter()
    said = [piece for each in b"\x00" + INITIALISE for piece in ask(instrument, bytes((each,)))]

    assert 1 == len(said)


# --- set-ups and faults ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [(KINDS[0], "system-empty", "0.05"), (KINDS[1], "high-up", "0.8345")],
)
def test_a_set_up_is_displayed(kind: type[Transmitter], name: str, value: str):
    instrument = transmitter(kind)
    begun(instrument, set_up(kind.slug, name))

    assert value == shown(instrument)[PRESSURES[kind]]


def test_a_defect_is_a_status_of_the_pressure_alone():
    instrument = transmitter()
    ask(instrument, INITIALISE)
    begun(instrument, set_up("keller-gauge", "sensor-fault"))

    assert ask(instrument, PRESSURE)[0][6]
    assert not ask(instrument, TEMPERATURE)[0][6]
    assert None is shown(instrument)[Quantity.GAUGE_PRESSURE]
    assert None is not shown(instrument)[Quantity.TEMPERATURE]


def test_a_wrong_status_is_of_every_channel():
    instrument = with_fault(transmitter(), Fault.WRONG_STATUS)
    ask(instrument, INITIALISE)

    assert ask(instrument, PRESSURE)[0][6]
    assert ask(instrument, TEMPERATURE)[0][6]
    assert {None} == set(shown(instrument).values())


def test_a_busy_one_answers_an_error():
    assert [sealed("01 b0 03")] == ask(with_fault(transmitter(), Fault.BUSY), INITIALISE)


def test_a_wrong_check_value_stands_behind_a_right_answer():
    right, wrong = transmitter(), with_fault(transmitter(), Fault.WRONG_CHECK)
    (well,), (ill,) = ask(right, INITIALISE), ask(wrong, INITIALISE)

    assert well[:-2] == ill[:-2]
    assert well[-2:] != ill[-2:]


def test_what_goes_wrong_on_the_way():
    check_what_happens_on_the_way(transmitter(), INITIALISE)


# --- the vendor's own library ---------------------------------------------------------------------


@contextlib.asynccontextmanager
async def read_by_the_vendor(
    instrument: Transmitter,
) -> AsyncIterator[Callable[..., Any]]:
    """Yield what calls a function of the vendor's library while the instrument answers."""
    with Cable(instrument) as cable:
        master = KellerProtocol(instrument.place, timeout=1.0, echo=instrument.echo)

        async def call(name: str, *arguments: int) -> Any:
            asked = asyncio.create_task(asyncio.to_thread(getattr(master, name), *arguments))
            while not asked.done():
                cable.tend()
                await asyncio.sleep(0.005)
            return await asked

        yield call


@pytest.mark.parametrize("address", [1, 250])
@pytest.mark.parametrize("model", ["with-echo", "without-echo"])
@pytest.mark.parametrize("kind", KINDS)
async def test_the_vendors_library_reads_what_is_displayed(
    kind: type[Transmitter], model: str, address: int
):
    instrument = transmitter(kind, model)
    async with read_by_the_vendor(instrument) as call:
        assert "5.20-12.40" == await call("f48", address)
        assert 12345 == await call("f69", address)
        pressure, temperature = await call("f73", address, 1), await call("f73", address, 3)

    displayed = {each: float(str(value)) for each, value in shown(instrument).items()}
    assert pytest.approx(displayed[PRESSURES[kind]], rel=1e-7) == pressure
    assert pytest.approx(displayed[Quantity.TEMPERATURE], rel=1e-7) == temperature


async def test_the_vendors_library_sees_an_error_before_it_was_initialised():
    async with read_by_the_vendor(transmitter(model="with-echo")) as call:
        with pytest.raises(Exception, match="Device Error number: 201"):
            await call("f73", 1, 1)
