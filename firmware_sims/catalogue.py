"""The simulated instruments there are, ours and those of other packages, and how one is named."""

from collections.abc import Iterable
from importlib.metadata import entry_points
from random import Random
from typing import cast

from firmware_sims.entries import ENTRIES
from firmware_sims.entries_of_terminals import TERMINALS
from firmware_sims.kit.entry import Entry
from firmware_sims.kit.instrument import Instrument

GROUP = "releve.sims"
"""Entry points: an `Entry`, or several."""

USUAL = ("testo-300", "testo-smart-probe:46512997:T549i", "testo-smart-probe:42001187:T115i")
"""What lies on the bench when nothing is named."""


class UnknownInstrumentError(ValueError):
    """No such instrument; the message says which there are."""


def _loaded() -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    found = {each.slug: each for each in (*ENTRIES, *TERMINALS)}
    troubles: list[str] = []
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        try:
            for each in _several(point.load()):
                if each.slug in found:
                    troubles.append(f"{point.name}: the slug {each.slug!r} is taken")
                else:
                    found[each.slug] = each
        except Exception as error:
            troubles.append(f"{point.name}: {error}")
    return tuple(found.values()), tuple(troubles)


def _several(loaded: object) -> Iterable[Entry]:
    each = [loaded] if isinstance(loaded, Entry) else loaded
    if not isinstance(each, Iterable):
        msg = f"{loaded!r} is no simulator"
        raise TypeError(msg)
    return [one for one in cast("Iterable[object]", each) if isinstance(one, Entry)]


ALL, TROUBLES = _loaded()
"""Every simulator, and what could not be loaded, in words."""


def entry(slug: str) -> Entry:
    """Return the simulator of a slug."""
    for each in ALL:
        if each.slug == slug:
            return each
    slugs = ", ".join(each.slug for each in ALL)
    msg = f"instrument {slug!r} is not known; known are {slugs}"
    raise UnknownInstrumentError(msg)


def build(words: str, seed: int) -> Instrument:
    """Build the instrument named by `slug[:serial[:model]]`; its chance comes from the seed."""
    found, serial, model = named(words)
    return found.make(model, serial, chance(seed, found.slug, serial))


def chance(seed: int, slug: str, serial: str) -> Random:
    """Return the chance of one instrument: the same for the same seed."""
    return Random(f"{seed}:{slug}:{serial}")


def named(words: str) -> tuple[Entry, str, str]:
    """Return what `slug[:serial[:model]]` names, with its serial and model; raise `UnknownInstrumentError`."""
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
    if found.serial_is_number and (not serial.isdecimal() or int(serial) >= 1 << 32):
        msg = f"serial {serial!r} of {slug} is not a number below {1 << 32}"
        raise UnknownInstrumentError(msg)
    return found, serial, model
