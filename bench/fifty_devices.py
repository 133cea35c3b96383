"""Fifty simulated Modbus devices, each on a TCP port, in one process; prints one JSON line when ready."""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import SystemRandom as Random
from typing import ClassVar

from firmware_sims.kit.cable import on_tcp
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.lifetime import asked_to_end
from firmware_sims.kit.modbus import ModbusDevice
from firmware_sims.kit.quantities import Quantity
from firmware_sims.kit.ready import say_ready

DEVICES = 50
REGISTERS = 4


class Device(ModbusDevice):
    """Four input registers: how often it was read, and the rest constant."""

    slug = "bench-device"
    known_faults: ClassVar[frozenset[Fault]] = frozenset()
    known_acts: ClassVar[frozenset[Act]] = frozenset()
    refresh_seconds = 3600.0

    def __init__(self, serial: str) -> None:
        super().__init__(name=f"device {serial}", serial=serial, chance=Random())
        self.reads = 0

    @property
    def state(self) -> str:
        return "ready"

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        return {}

    def do(self, act: Act, text: str) -> None:
        """Nothing."""

    def register(self, function: int, address: int) -> int | None:
        if function != 4 or address >= REGISTERS:
            return None
        self.reads += not address
        return self.reads & 0x7FFF if not address else 208


async def _serve(counts: Path) -> None:
    devices = [Device(str(number)) for number in range(DEVICES)]
    async with contextlib.AsyncExitStack() as stack, asked_to_end(with_parent=True) as end:
        jacks = [await stack.enter_async_context(on_tcp(each)) for each in devices]
        say_ready({"ports": [each.place for each in devices]})
        while not end.is_set():
            for each, jack in zip(devices, jacks, strict=True):
                each.process(0.1, datetime.now(UTC))
                jack.tend()
            said = {"at": time.monotonic(), "reads": [each.reads for each in devices]}
            counts.with_suffix(".new").write_text(json.dumps(said))
            counts.with_suffix(".new").replace(counts)
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
