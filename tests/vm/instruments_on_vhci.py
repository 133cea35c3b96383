"""Runs in the guest: the simulated instruments, on the air of a controller that the kernel takes for its own.

Says ``ready``; then ``lose SERIAL`` on the standard input loses that instrument's link once.
"""

import asyncio
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from decimal import Decimal

from bumble import hci
from bumble.transport import open_transport

from firmware_sims.catalogue import build
from firmware_sims.kit.instrument import Instrument
from firmware_sims.kit.quantities import Quantity
from firmware_sims.peripheral import Peripheral
from firmware_sims.radio import Air, AirController

TICK_SECONDS = 0.05
# To a controller that claims one of these the kernel of Debian 12 answers by waiting for the enhanced connection
# event, which bumble does not send: it holds back every other command for seconds, and never ends the link.
CLAIMED_IN_VAIN = (
    hci.LeFeatureMask.LL_PRIVACY
    | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
    | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING
)
OWN_ADDRESS = hci.Address("00:1B:DC:06:00:01", hci.Address.PUBLIC_DEVICE_ADDRESS)
"""The kernel refuses to switch on a controller without a public address."""


def instruments() -> list[Instrument]:
    analyser, probe = (build(each, seed=1) for each in ("testo-300", "testo-smart-probe"))
    analyser.set_values({Quantity.OXYGEN: Decimal("5.2")})
    analyser.hold = True
    return [analyser, probe]


async def commands() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    return reader


async def keep_time(peripherals: list[Peripheral]) -> None:
    clock = asyncio.get_running_loop().time
    before = clock()
    while True:
        await asyncio.sleep(TICK_SECONDS)
        now = clock()
        for each in peripherals:
            each.instrument.process(now - before, datetime.now(UTC))
            each.tend()
        before = now


async def main() -> None:
    air = Air()
    peripherals = [Peripheral(each, air) for each in instruments()]
    for each in peripherals:
        await each.start()
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        kernel = await stack.enter_async_context(await open_transport("vhci"))
        controller = AirController("hci0", air)
        controller.public_address = OWN_ADDRESS
        controller.le_features &= ~CLAIMED_IN_VAIN
        controller.host = kernel.sink
        kernel.source.set_packet_sink(controller)
        running = [tasks.create_task(keep_time(peripherals))]
        running += [tasks.create_task(each.speak()) for each in peripherals]
        print("ready", flush=True)  # noqa: T201 - what the parent waits for
        reader = await commands()
        while line := await reader.readline():
            serial = line.decode().removeprefix("lose ").strip()
            for each in peripherals:
                if each.instrument.serial == serial:
                    each.drop_link()
        for task in running:
            task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
