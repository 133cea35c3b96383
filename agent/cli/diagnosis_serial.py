"""Look at serial lines."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import aclosing, suppress
from pathlib import Path

from serial.tools import list_ports

from agent.adapters.modbus import ModbusDevice, ModbusPlace
from agent.adapters.serial_line import SerialLine
from agent.cli.diagnosis import Finding
from agent.cli.serial_lines import BY_ID, names
from agent.ports import Link, LinkLostError
from agent.usecases.session import converse
from drivers.kit.description import Conversation, Instrument, LineSettings, ModbusLink, SerialLink
from drivers.kit.dialogue import FrameRejected, InstrumentEvent
from drivers.kit.link import LinkEvent, Received, Request


def findings(port: str | None) -> list[Finding]:
    """Look at one line, or at all there are."""
    if port is not None:
        return list(_line(port))
    lasting = names()
    ports = [lasting.get(each.device, each.device) for each in list_ports.comports()]
    if not ports:
        return [
            Finding(
                about="serial lines",
                good=False,
                found="there are none",
                remedy="plug the instrument or its adapter in; after a few seconds look again",
            )
        ]
    return [each for name in ports for each in _line(name)]


def _line(port: str) -> Iterator[Finding]:
    path = Path(port)
    if not path.exists():
        yield Finding(
            about=port,
            good=False,
            found="no such device",
            remedy=f"plug it in; a name under {BY_ID} stays the same when it comes back",
        )
        return
    if not os.access(path, os.R_OK | os.W_OK):
        yield Finding(
            about=port,
            good=False,
            found="this user may not use it",
            remedy=f"add the user to the group {path.group()} and sign in again",
        )
        return
    holders = _holders(os.path.realpath(port))
    if holders:
        yield Finding(
            about=port,
            good=False,
            found=f"another program holds it: {', '.join(holders)}",
            remedy="end that program, or give the instrument a line of its own",
        )
        return
    yield Finding(about=port, good=True, found="there, and free")


def _holders(device: str) -> list[str]:
    """Return the programs that have a device open, as far as this user may see."""
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        with suppress(OSError):
            if any(os.path.realpath(each) == device for each in (process / "fd").iterdir()):
                found.append(f"{(process / 'comm').read_text().strip()} ({process.name})")
    return found


async def answer(instrument: Instrument, port: str, seconds: float) -> list[Finding]:
    """Speak with the instrument for a while, and tell how it went."""
    spoken = _spoken(instrument, port)
    if spoken is None:
        return [
            Finding(
                about=port,
                good=False,
                found=f"{instrument.slug} does not speak on a line",
                remedy="see `releve instruments`",
            )
        ]
    link, conversation, settings = spoken
    heard = _Heard(link)
    try:
        await _listen(heard, conversation, seconds)
    except LinkLostError as error:
        return [Finding(about=port, good=False, found=str(error), remedy=_wiring(settings))]
    return [heard.finding(port, instrument, settings)]


def _spoken(instrument: Instrument, port: str) -> tuple[Link, Conversation, LineSettings] | None:
    for link in instrument.links:
        match link:
            case SerialLink(line=line):
                return SerialLine(port, line), link.converse(), line
            case ModbusLink(line=line):
                place = ModbusPlace(instrument, link, port, link.device, {})
                return ModbusDevice(place), link.converse(), line
            case _:
                pass
    return None


async def _listen(heard: "_Heard", conversation: Conversation, seconds: float) -> None:
    events = converse(heard, conversation, asyncio.Queue(), silence=None, opened=lambda: None)
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds), aclosing(events):
            async for event in events:
                heard.told(event)


class _Heard:
    """A Link that counts what comes, and what it became."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._bytes = 0
        self._used = 0

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        def delivering(event: LinkEvent) -> None:
            self._bytes += len(event.data) if isinstance(event, Received) else 0
            deliver(event)

        await self._link.open(delivering, lost)

    async def carry_out(self, request: Request) -> LinkEvent | None:
        return await self._link.carry_out(request)

    async def close(self) -> None:
        await self._link.close()

    def told(self, event: InstrumentEvent) -> None:
        """Count what can be used."""
        self._used += not isinstance(event, FrameRejected)

    def finding(self, port: str, instrument: Instrument, line: LineSettings) -> Finding:
        """Return what was heard, in words."""
        if self._used:
            return Finding(about=port, good=True, found=f"{instrument.slug} answers")
        if self._bytes:
            return Finding(
                about=port,
                good=False,
                found="bytes come, and none of them make sense",
                remedy=f"compare the line's settings: {instrument.slug} wants {_settings(line)}",
            )
        return Finding(about=port, good=False, found="nobody answers", remedy=_wiring(line))


def _settings(line: LineSettings) -> str:
    return f"{line.baud_rate} baud, {line.data_bits}{line.parity[0].upper()}{line.stop_bits}"


def _wiring(line: LineSettings) -> str:
    return (
        f"look at power, wiring (A and B, or RX and TX), address, and settings: {_settings(line)}"
    )
