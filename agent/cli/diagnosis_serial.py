"""Look at serial lines."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from serial.tools import list_ports

from agent.adapters.modbus import ModbusDevice, ModbusPlace
from agent.adapters.places import on_network
from agent.adapters.serial_line import SerialLine
from agent.cli.diagnosis import Finding
from agent.cli.diagnosis_talk import Heard, listened
from agent.cli.serial_lines import BY_ID, names
from agent.ports import Link, LinkLostError
from drivers.kit.description import Instrument, LineSettings, ModbusLink, Parity, SerialLink

LineLink = SerialLink | ModbusLink
Connect = Callable[[Instrument, LineLink, str, LineSettings], Link]
PTMX = frozenset({"/dev/ptmx", "/dev/pts/ptmx"})
PARITIES: tuple[Parity, ...] = ("none", "even", "odd")


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
    if on_network(port) is not None:
        yield Finding(
            about=port, good=True, found="on the network: whether it answers, a try tells"
        )
        return
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
            remedy=f"add the user to the group {_group(path)} and sign in again",
        )
        return
    device = os.path.realpath(port)
    holders = _holders(device)
    if holders:
        yield Finding(
            about=port,
            good=False,
            found=f"another program holds it: {', '.join(holders)}",
            remedy="end that program, or give the instrument a line of its own",
        )
        return
    yield Finding(about=port, good=True, found="there, and free")


def _group(path: Path) -> str:
    try:
        return path.group()
    except (KeyError, NotImplementedError):
        return str(path.stat().st_gid)


def _holders(device: str) -> list[str]:
    """Return the programs that have a device open, as far as this user may see."""
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        with suppress(OSError):
            held = {os.path.realpath(each) for each in (process / "fd").iterdir()}
            # Whoever made a pseudo-terminal holds its other end, and is what should answer.
            if device in held and not held & PTMX:
                found.append(
                    f"{(process / 'comm').read_text(errors='replace').strip()} ({process.name})"
                )
    return found


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What is tried: an instrument on a line, for so many seconds at a time."""

    instrument: Instrument
    link: LineLink
    port: str
    seconds: float
    connect: Connect

    async def with_line(self, line: LineSettings) -> Heard:
        """Speak with it; raises LinkLostError."""
        parting = self.link.parting if isinstance(self.link, SerialLink) else ()
        link = self.connect(self.instrument, self.link, self.port, line)
        return await listened(link, self.link.converse(), self.seconds, parting)


async def answer(
    instrument: Instrument, port: str, seconds: float, connect: Connect | None = None
) -> list[Finding]:
    """Speak with the instrument for a while, and tell how it went."""
    link = next(
        (one for one in instrument.links if isinstance(one, SerialLink | ModbusLink)), None
    )
    if link is None:
        return [
            Finding(
                about=port,
                good=False,
                found=f"{instrument.slug} does not speak on a line",
                remedy="see `releve instruments`",
            )
        ]
    attempt = _Attempt(instrument, link, port, seconds, connect or _connected)
    try:
        heard = await attempt.with_line(link.line)
    except LinkLostError as error:
        return [Finding(about=port, good=False, found=str(error), remedy=_wiring(link.line))]
    if heard.used:
        return [Finding(about=port, good=True, found=f"{instrument.slug} answers")]
    # What speaks only when somebody uses it would not be heard with another parity either.
    asks = heard.bytes or instrument.quantities
    better = await _other_parity(attempt) if asks else None
    return [better or _silent(port, instrument, link.line, heard)]


async def _other_parity(attempt: _Attempt) -> Finding | None:
    """Try the same line with each other parity: nothing else of a wrong setting can be told from silence."""
    usual = attempt.link.line
    for parity in PARITIES:
        if parity == usual.parity:
            continue
        with suppress(LinkLostError):
            heard = await attempt.with_line(replace(usual, parity=parity))
            if heard.used:
                slug = attempt.instrument.slug
                return Finding(
                    about=attempt.port,
                    good=False,
                    found=f"{slug} answers with parity {parity}, and not as it leaves the factory",
                    remedy=f"set the instrument to {_settings(usual)}",
                )
    return None


def _silent(port: str, instrument: Instrument, line: LineSettings, heard: Heard) -> Finding:
    if heard.bytes:
        return Finding(
            about=port,
            good=False,
            found="bytes come, and none of them make sense: a wrong speed, or another instrument",
            remedy=f"compare the line's settings: {instrument.slug} wants {_settings(line)}",
        )
    return Finding(about=port, good=False, found="nobody answers", remedy=_wiring(line))


def _connected(instrument: Instrument, link: LineLink, port: str, line: LineSettings) -> Link:
    if isinstance(link, SerialLink):
        return SerialLine(port, line)
    told = replace(link, line=line)
    return ModbusDevice(ModbusPlace(instrument, told, port, link.device, {}))


def _settings(line: LineSettings) -> str:
    return f"{line.baud_rate} baud, {line.data_bits}{line.parity[0].upper()}{line.stop_bits}"


def _wiring(line: LineSettings) -> str:
    return (
        f"look at power, wiring (A and B, or RX and TX), address, and settings: {_settings(line)}"
    )
