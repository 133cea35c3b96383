"""The fifty devices through pymodbus and nothing else: the bound for an agent that reads them."""

import asyncio
import sys

from pymodbus.client import AsyncModbusTcpClient

EVERY = 0.5


async def _read_for_ever(port: str) -> None:
    host, _, number = port.rpartition(":")
    client = AsyncModbusTcpClient(host, port=int(number))
    await client.connect()
    while True:
        await client.read_input_registers(0, count=4, device_id=1)
        await asyncio.sleep(EVERY)


async def _read_all(ports: list[str]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for each in ports:
            tasks.create_task(_read_for_ever(each))
        sys.stdout.write("{}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_read_all(sys.argv[1:]))
