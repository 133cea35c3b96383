"""The simulated instruments there are, and how one is named on a command line."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from firmware_sims.kit.instrument import Instrument
from firmware_sims.line_scanner import LineScanner
from firmware_sims.testo_300 import FlueGasAnalyser
from firmware_sims.testo_smart_probe import SmartProbe
from firmware_sims.testo_smart_probe_models import MODELS


class UnknownInstrumentError(ValueError):
    """No such instrument; the message says which there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A simulator: `make(model, serial, chance)` builds one instrument."""

    slug: str
    title: str
    links: tuple[str, ...]
    """The first is the usual one."""
    models: tuple[str, ...]
    serial: str
    """Of the instrument that is made when none is named."""
    make: Callable[[str, str, Random], Instrument]


ENTRIES: tuple[Entry, ...] = (
    Entry(
        slug=FlueGasAnalyser.slug,
        title="testo 300 combustion analyser",
        links=("ble", "http"),
        models=(),
        serial="61349163",
        make=lambda _, serial, chance: FlueGasAnalyser(serial, chance),
    ),
    Entry(
        slug=SmartProbe.slug,
        title="testo Smart Probe",
        links=("ble",),
        models=tuple(MODELS),
        serial="46512997",
        make=SmartProbe,
    ),
    Entry(
        slug=LineScanner.slug,
        title="barcode scanner, a code a line",
        links=("pty",),
        models=(),
        serial="1001",
        make=lambda _, serial, chance: LineScanner(serial, chance),
    ),
)

USUAL = ("testo-300", "testo-smart-probe:46512997:T549i", "testo-smart-probe:42001187:T115i")
"""What lies on the bench when nothing is named."""


def entry(slug: str) -> Entry:
    """Return the simulator of a slug."""
    for each in ENTRIES:
        if each.slug == slug:
            return each
    slugs = ", ".join(each.slug for each in ENTRIES)
    msg = f"instrument {slug!r} is not known; known are {slugs}"
    raise UnknownInstrumentError(msg)


def build(words: str, seed: int) -> Instrument:
    """Build the instrument named by `slug[:serial[:model]]`; its chance comes from the seed."""
    slug, _, rest = words.partition(":")
    serial, _, model = rest.partition(":")
    found = entry(slug)
    serial = serial or found.serial
    if found.models:
        model = model or found.models[0]
    if model and model not in found.models:
        models = ", ".join(found.models) or "none"
        msg = f"model {model!r} of {slug} is not known; known are {models}"
        raise UnknownInstrumentError(msg)
    if not serial.isascii() or not serial.isalnum():
        msg = f"serial {serial!r} is not of ASCII letters and digits"
        raise UnknownInstrumentError(msg)
    return found.make(model, serial, Random(f"{seed}:{slug}:{serial}"))
