"""`releve scan`, `releve read` and `releve record`: an instrument on the bench, without an agent."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from agent.cli import output, where
from agent.cli.bonded import bonded
from agent.cli.events import documents, sentence
from agent.cli.known import File, Slug, chosen, known_instruments, told
from agent.cli.recording import RecordedLink, Recorder
from agent.cli.serial_lines import serial_lines
from agent.ports import LinkLostError, Sighting, Watcher
from agent.usecases.session import converse
from drivers.kit.description import Instrument
from drivers.kit.dialogue import FaultStated, FrameRejected, IdentityStated, InstrumentEvent


def _seconds(value: float) -> float:
    if not 0.1 <= value <= 86_400:
        raise typer.BadParameter("from 0.1 to 86400 seconds")
    return value


Seconds = Annotated[float, typer.Option(help="How long to go on.", callback=_seconds)]
Serial = Annotated[str | None, typer.Option(help="Only the instrument with this serial.")]

Took = Callable[[InstrumentEvent], None]


def scan(
    *,
    seconds: Seconds = 5.0,
    ble_backend: where.BackendOption = None,
    as_json: output.AsJson = False,
) -> None:
    """List what shows itself: instruments on radio, network and USB, serial lines and bonded devices, each with why.

    Example: releve scan --seconds 10
    """
    catalogue = known_instruments(None)
    watchers = where.everywhere(catalogue, ble_backend)
    found = asyncio.run(_scan(watchers, seconds))
    for sighting in found:
        identity = sighting.identity
        document: dict[str, object] = {
            "id": identity.id,
            "slug": identity.slug,
            "model": identity.model,
            "serial": identity.serial,
            "address": identity.address,
            "medium": sighting.medium,
            "rssi": sighting.rssi,
            "grade": sighting.instrument.grade,
            "why": BECAUSE[sighting.medium],
        }
        output.document(document, _found, as_json=as_json)
    for document in (*serial_lines(catalogue), *bonded(catalogue)):
        output.document(document, _line, as_json=as_json)
    if not found:
        remedy = where.trouble(watchers) or "switch it on, bring it near, or scan longer"
        output.fail(f"no instrument showed itself: {remedy}")


BECAUSE = {
    "ble": "it advertises the name or the service of this instrument",
    "advertisement": "it advertises the data of this instrument",
    "lan": "it announces itself on the network",
    "rfcomm": "a device of this name is bonded; whether it is near shows when it is spoken with",
    "usb": "its USB vendor and product are those of this instrument",
}
"""Why something that shows itself is taken for an instrument, by medium."""


def _found(document: dict[str, object]) -> str:
    return "{id:<34} {model:<8} {medium:<13} {address}  {why}".format(**document)


def _line(document: dict[str, object]) -> str:
    return "{path:<48} {medium:<7} {what}  may be {may_be}".format(**document)


def read(
    slug: Slug = None,
    *,
    file: File = None,
    seconds: Seconds = 10.0,
    serial: Serial = None,
    port: where.PortOption = None,
    device: where.DeviceOption = None,
    ble_backend: where.BackendOption = None,
    bind_key: where.BindKeyOption = None,
    as_json: output.AsJson = False,
) -> None:
    """Print what an instrument says, live.

    Example: releve read testo-smart-probe --serial 46512997 --seconds 30
    """
    instrument = chosen(slug, file)
    said = useful = 0
    identities = set[IdentityStated]()

    def took(event: InstrumentEvent) -> None:
        nonlocal said, useful
        useful += not isinstance(event, FrameRejected | FaultStated)
        if isinstance(event, IdentityStated):  # some say it in every round
            if event in identities:
                return
            identities.add(event)
        for document in documents(event):
            said += 1
            output.document(document, sentence, as_json=as_json)

    watchers = where.of(instrument, where.Told(port, device, ble_backend))
    wanted = Wanted(instrument.slug, serial, where.bind_key(bind_key, instrument))
    ended = asyncio.run(_listen(watchers, wanted, seconds, took=took))
    if ended is not None:
        output.fail(f"the link ended: {ended}")
    if not said:
        remedy = where.trouble(watchers) or _to_do(instrument, serial)
        output.fail(f"no {instrument.slug} spoke: {remedy}")
    if not useful:
        output.fail(f"{instrument.slug} said nothing that can be used: see `releve doctor`")


def _to_do(instrument: Instrument, serial: str | None) -> str:
    if not instrument.links:
        return "it is not known over what its values come; `releve decode` reads recorded bytes"
    if serial is not None:
        return f"none said that its serial is {serial}; some say none: then leave --serial out"
    if not instrument.quantities:
        return "use it while it is listened to; it says nothing by itself"
    return "switch it on, bring it near, and see `releve scan`"


def record(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="SLUG RECORDING",
            help="The kind of instrument, which --file names too, and where to write the recording (TOML).",
        ),
    ],
    *,
    file: File = None,
    seconds: Seconds = 10.0,
    serial: Serial = None,
    port: where.PortOption = None,
    device: where.DeviceOption = None,
    ble_backend: where.BackendOption = None,
    bind_key: where.BindKeyOption = None,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="A simulator speaks: the recording proves nothing.")
    ] = False,
) -> None:
    """Record what an instrument says as a test fixture; addresses are scrubbed, and serials where a frame stays whole.

    Example: releve record testo-smart-probe pressure.toml --seconds 5
    """
    slug, path = told(words, file, "where to write the recording")
    instrument, recording = chosen(slug, file), _new_file(path)
    recorder = Recorder(instrument.slug, synthetic=synthetic)
    watchers = where.of(instrument, where.Told(port, device, ble_backend))
    wanted = Wanted(instrument.slug, serial, where.bind_key(bind_key, instrument))
    listening = _listen(watchers, wanted, seconds, took=recorder.said, recorder=recorder)
    ended = asyncio.run(listening)
    if recorder.empty:
        why = ended or where.trouble(watchers)
        output.fail(
            f"no {instrument.slug} spoke: nothing was recorded" + (f"; {why}" if why else "")
        )
    try:
        recording.write_text(recorder.toml(), encoding="utf-8")
    except OSError as error:
        output.fail(f"{recording}: {error.strerror}")
    output.line(
        f"{recording}: {recorder.summary()}; {recorder.scrubbed()}; now compare it with what the screen showed"
    )


def _new_file(path: str) -> Path:
    """Return where a recording is written; leaves with 2 where it cannot be."""
    recording = Path(path)
    if recording.exists():
        output.misused(f"{recording} exists: a recording is never written over")
    if not recording.absolute().parent.is_dir():
        output.misused(f"{recording.absolute().parent} is not there: make the folder first")
    return recording


async def _scan(watchers: list[Watcher], seconds: float) -> list[Sighting]:
    found: dict[tuple[str, str], Sighting] = {}

    def seen(sighting: Sighting) -> None:
        found[sighting.identity.id, sighting.medium] = sighting

    with suppress(TimeoutError):
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
            for watcher in watchers:
                tasks.create_task(watcher.watch(seen))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Wanted:
    """The instrument to speak with, and what opens its words."""

    slug: str
    serial: str | None
    key: bytes | None


async def _listen(
    watchers: list[Watcher],
    wanted: Wanted,
    seconds: float,
    *,
    took: Took,
    recorder: Recorder | None = None,
) -> str | None:
    """Speak with the first fitting instrument that shows itself, for ``seconds``; return why the link ended before."""
    sightings: asyncio.Queue[Sighting] = asyncio.Queue()

    def seen(sighting: Sighting) -> None:
        identity = sighting.identity
        fits = identity.slug == wanted.slug and wanted.serial in {
            None,
            identity.serial or wanted.serial,
        }
        if fits and sightings.empty():
            sightings.put_nowait(sighting)

    async def speak() -> None:
        sighting = await sightings.get()
        known = wanted.serial in {None, sighting.identity.serial}
        async with aclosing(_conversation(sighting, wanted.key, recorder)) as events:
            async for event in events:
                known = _is_wanted(event, wanted.serial) or known
                if known:
                    took(event)

    ended: str | None = None
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
                for watcher in watchers:
                    tasks.create_task(watcher.watch(seen))
                tasks.create_task(speak())
    except* LinkLostError as lost:
        ended = str(lost.exceptions[0])
    return ended


def _is_wanted(event: InstrumentEvent, serial: str | None) -> bool:
    """Tell whether it says that it is the one that is wanted; raises LinkLostError when it is another."""
    stated = event.serial if isinstance(event, IdentityStated) else None
    if stated is not None and serial not in {None, stated}:
        raise LinkLostError(f"another instrument answers, with serial {stated}")
    return stated is not None


def _conversation(
    sighting: Sighting, key: bytes | None, recorder: Recorder | None
) -> AsyncGenerator[InstrumentEvent, None]:
    link = sighting.connect()
    if recorder is not None:
        recorder.begin(sighting)
        link = RecordedLink(link, recorder)
    return converse(
        link,
        sighting.converse(key),
        asyncio.Queue(),
        silence=None,
        opened=lambda: None,
        parting=sighting.parting,
    )
