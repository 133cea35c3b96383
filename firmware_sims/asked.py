"""What was asked of one simulator on the command line, and whether it can be had."""

from collections.abc import Iterable
from dataclasses import dataclass

import typer

from firmware_sims.catalogue import UnknownInstrumentError, build
from firmware_sims.kit.entry import Entry, begun
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.instrument import ControlError, Instrument
from firmware_sims.kit.serving import LOOPBACK
from firmware_sims.testo_300_lan import ANNOUNCEMENT_PORT

LINKS_OF_OPTIONS = {"hci_port": "ble", "port": "tcp", "udp_port": "http", "udp_address": "http"}
"""Options that say something of one link only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked of one simulator; None was not asked."""

    link: str | None
    serial: str
    model: str | None
    setup: str | None
    faults: tuple[str, ...]
    seed: int
    port: int | None
    hci_port: int | None
    udp_port: int | None
    udp_address: str | None

    @property
    def udp(self) -> tuple[str, int]:
        """Where it announces itself."""
        port = ANNOUNCEMENT_PORT if self.udp_port is None else self.udp_port
        return self.udp_address or LOOPBACK, port


def means(option: str, each: Entry) -> bool:
    """Whether an option says something of this simulator."""
    if option == "model":
        return bool(each.models)
    if option == "setup":
        return bool(each.setups)
    return LINKS_OF_OPTIONS.get(option) in {None, *each.links}


def one(each: Entry, asked: Asked) -> tuple[Instrument, str]:
    """Return the simulator and its link; raises BadParameter for what cannot be had."""
    link = chosen_link(each, asked)
    instrument = built(f"{each.slug}:{asked.serial}:{asked.model or ''}", asked.seed)
    if asked.setup is not None:
        if asked.setup not in each.setups:
            known = ", ".join(each.setups) or "none"
            raise typer.BadParameter(f"{each.slug} has {known}", param_hint="--setup")
        begun(instrument, each.setups[asked.setup])
    put_in(instrument, asked.faults)
    return instrument, link


def chosen_link(each: Entry, asked: Asked) -> str:
    """Return the link that was asked for, the usual one if none was; raises BadParameter."""
    link = asked.link or each.links[0]
    if link not in each.links:
        raise typer.BadParameter(f"{each.slug} has {', '.join(each.links)}", param_hint="--link")
    _refuse_options_of_another(link, asked)
    return link


def put_in(instrument: Instrument, faults: Iterable[str]) -> None:
    """Put in faults as NAME or, where they are counted, NAME:TIMES; raises BadParameter."""
    for words in faults:
        name, colon, times = words.partition(":")
        if name not in instrument.known_faults:
            known = ", ".join(sorted(instrument.known_faults))
            message = f"{instrument.slug} knows {known}"
            raise typer.BadParameter(message, param_hint="--fault")
        if colon and (not times.isdecimal() or not int(times)):
            message = f"{words}: write how often after the colon, as {name}:1"
            raise typer.BadParameter(message, param_hint="--fault")
        try:
            instrument.set_fault(Fault(name), on=True, times=int(times) if colon else None)
        except ControlError as error:
            counted = ", ".join(sorted(error.allowed)) or "none"
            message = f"{words}: {instrument.slug} counts {counted}"
            raise typer.BadParameter(message, param_hint="--fault") from error


def _refuse_options_of_another(link: str, asked: Asked) -> None:
    for name, wanted in LINKS_OF_OPTIONS.items():
        if getattr(asked, name) is not None and wanted != link:
            option = f"--{name.replace('_', '-')}"
            raise typer.BadParameter(
                f"it goes with --link {wanted}, and the link is {link}: "
                f"write --link {wanted}, or leave {option} out",
                param_hint=option,
            )


def built(words: str, seed: int) -> Instrument:
    """Return the instrument that slug, serial and model name; raises BadParameter when there is none."""
    try:
        return build(words, seed)
    except UnknownInstrumentError as error:
        raise typer.BadParameter(str(error)) from error
