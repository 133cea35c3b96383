"""Every instrument this agent knows: the built-in ones, those of other packages, and those described in files."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from agent.settings import SettingsError
from drivers.catalog import BUILT_IN, Catalogue
from drivers.kit.description import Instrument

GROUP = "releve.drivers"
"""Entry points: an ``Instrument``, or a sequence of them."""


@dataclass(frozen=True, slots=True)
class Known:
    """The instruments, and what could not be loaded, in words."""

    catalogue: Catalogue
    troubles: tuple[str, ...] = ()


def load(files: Iterable[Path] = ()) -> Known:
    """Return all instruments. A package that fails is reported; a file that fails raises SettingsError."""
    found: dict[str, Instrument] = dict(BUILT_IN)
    troubles: list[str] = []
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        try:
            loaded = point.load()
            for each in [loaded] if isinstance(loaded, Instrument) else list(loaded):
                _add(found, each)
        except Exception as error:
            troubles.append(f"{point.name} ({point.value}): {error}")
    for file in files:
        _add_described(found, file)
    return Known(found, tuple(troubles))


def _add_described(found: dict[str, Instrument], file: Path) -> None:
    from drivers.generic.file import InstrumentFileError, read  # noqa: PLC0415 - most agents read no such file

    try:
        _add(found, read(file.read_text(encoding="utf-8"), str(file)))
    except OSError as error:
        raise SettingsError(f"instrument_files: {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"instrument_files: {file}: save it as UTF-8") from error
    except InstrumentFileError as error:
        raise SettingsError(f"instrument_files: {error}") from error
    except ValueError as error:
        raise SettingsError(f"instrument_files: {file}: {error}") from error


def _add(found: dict[str, Instrument], each: Instrument) -> None:
    if each.slug in found:
        raise ValueError(f"the slug {each.slug!r} is taken: choose another")
    found[each.slug] = each
