"""The Modbus half of a simulated instrument, against a client that is not ours."""

import asyncio
from random import Random
from typing import ClassVar

import pytest
from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from firmware_sims.air import Setup, bench
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.modbus import INPUT, ModbusDevice

pytestmark = [pytest.mark.integration, pytest.mark.timeout(20)]


class Counter(ModbusDevice):
    """Holds its own address in every input register below 200."""

    slug = "counter"
    known_faults = frozenset(Fault)
    known_acts: ClassVar[frozenset[Act]] = frozenset()
    refresh_seconds = 1.0
    device = 17

    @property
    def state(self) -> str:
        return "ready"

    def displayed_values(self):
        return {}

    def do(self, act: Act, text: str) -> None:
        """Nothing can be done to it."""

    def register(self, function: int, address: int) -> int | None:
        return address if function == INPUT and address < 200 else None


@pytest.fixture
def counter() -> Counter:
    return Counter(name="counter", serial="1", chance=Random(1))


def over_a_line(counter: Counter) -> AsyncModbusSerialClient:
    return AsyncModbusSerialClient(counter.place, timeout=0.5, retries=0, reconnect_delay=0)


def over_tcp(counter: Counter) -> AsyncModbusTcpClient:
    host, port = counter.place.split(":")
    return AsyncModbusTcpClient(host, port=int(port), timeout=0.5, retries=0, reconnect_delay=0)


async def asked(client, **what):
    await client.connect()
    try:
        return await client.read_input_registers(
            what.get("address", 3), count=what.get("count", 2), device_id=what.get("device", 17)
        )
    except ModbusException as error:
        return error
    finally:
        client.close()


@pytest.mark.parametrize(("tcp_port", "client"), [(None, over_a_line), (0, over_tcp)])
async def test_registers_are_answered_and_what_is_not_there_is_refused(counter, tcp_port, client):
    setup = Setup(instruments=(counter,), radio=False, lan=False, tcp_port=tcp_port)
    async with bench(setup):
        answered = await asked(client(counter))
        refused = await asked(client(counter), address=199)
        too_many = await asked(client(counter), address=0, count=125)

    assert [3, 4] == answered.registers
    assert 2 == refused.exception_code
    assert list(range(125)) == too_many.registers


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        (Fault.SILENCE, False),
        (Fault.CORRUPT_BYTE, False),
        (Fault.WRONG_CHECK, False),
        (Fault.DELAY, False),
        (Fault.SPLIT, True),
    ],
)
async def test_a_fault_keeps_the_answer_from_being_one(counter, fault, answers):
    async with bench(Setup(instruments=(counter,), radio=False, lan=False)):
        counter.set_fault(fault, on=True)
        said = await asked(over_a_line(counter))
        counter.set_fault(fault, on=False)
        await asyncio.sleep(1.6 if fault is Fault.DELAY else 0)
        again = await asked(over_a_line(counter))

    assert answers is not isinstance(said, ModbusException)
    assert [3, 4] == again.registers


async def test_a_busy_device_says_so_and_another_address_says_nothing(counter):
    async with bench(Setup(instruments=(counter,), radio=False, lan=False)):
        nobody = await asked(over_a_line(counter), device=18)
        counter.set_fault(Fault.BUSY, on=True)
        busy = await asked(over_a_line(counter))

    assert isinstance(nobody, ModbusException)
    assert 6 == busy.exception_code
