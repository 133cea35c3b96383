"""The shape of a scenario file: its tables and keys, and in words what is wrong with one."""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Serial = Annotated[str, Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class InstrumentTable(_Table):
    """One instrument, as the flags of `releve sim SLUG` would have it; what is left out is usual."""

    slug: str
    serial: Serial | None = None
    model: str | None = None
    link: str | None = None
    setup: str | None = None
    faults: tuple[str, ...] = Field(default=(), strict=False)


class StepTable(_Table):
    """What happens at a moment: values first, then hold, faults and the act of a hand."""

    at: float = Field(ge=0)
    """Seconds after the ready line, in the time of the instruments."""
    say: str = ""
    instrument: Serial | None = None
    set: dict[str, str] = {}
    hold: bool | None = None
    fault: dict[str, bool] = {}
    act: str | None = None
    text: str = ""

    @property
    def does(self) -> bool:
        """Whether it asks anything of an instrument."""
        return bool(self.set or self.fault or self.act) or self.hold is not None


class ScenarioFile(_Table):
    """A whole file."""

    instrument: tuple[InstrumentTable, ...] = Field(min_length=1, strict=False)
    step: tuple[StepTable, ...] = Field(min_length=1, strict=False)


class ScenarioError(ValueError):
    """A file that cannot be played; one line for each thing that is wrong, with its remedy."""


TABLES: Mapping[str, type[_Table]] = {"instrument": InstrumentTable, "step": StepTable}

EXAMPLES = {
    "slug": "testo-300",
    "serial": "61349163",
    "instrument": "61349163",
    "model": "T549i",
    "link": "tcp",
    "setup": "air-leak",
    "faults": "silence",
    "set": "5.2",
    "act": "press_button",
    "text": "3760012345678",
    "say": "The seal is replaced.",
}
"""Of the texts, by their key."""

REMEDIES = {
    "float_type": "write a number of seconds, as 12.5",
    "finite_number": "write a number of seconds, as 12.5",
    "greater_than_equal": "write a time that is not before 0",
    "bool_type": "write true or false",
    "string_too_short": "write at least one character",
    "dict_type": 'write a table in braces, as {oxygen = "5.2"}',
    "tuple_type": 'write a list in brackets, as ["silence"]',
}
"""By the kind of trouble that pydantic names."""


def read(path: Path) -> ScenarioFile:
    """Return what a file says; raise `ScenarioError` for what has another shape."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        wrong = f"line {line} is not in UTF-8; save the file as text in UTF-8"
        raise ScenarioError(f"{path}: {wrong}") from error
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: is no TOML; mend this place: {error}") from error
    try:
        return ScenarioFile.model_validate(said)
    except ValidationError as error:
        faults = error.errors()
        # A list of which an item is wrong is said to be too short as well: it is not.
        lists = {each["loc"][:1] for each in faults if len(each["loc"]) > 1}
        lines = [_in_words(path, dict(each)) for each in faults if each["loc"] not in lists]
        raise ScenarioError("\n".join(lines)) from error


def _in_words(path: Path, trouble: Mapping[str, Any]) -> str:
    loc: tuple[int | str, ...] = trouble["loc"]
    where, keys = "", loc
    table: type[_Table] = ScenarioFile
    first, *rest = loc
    if rest and isinstance(rest[0], int):
        where, keys = f" {first} {rest[0] + 1}:", loc[2:]
        table = TABLES[str(first)]
    key = ".".join(str(each + 1 if isinstance(each, int) else each) for each in keys)
    if not where and key in TABLES:
        states = {"missing": "is missing", "too_short": "is empty"}
        wrong = states.get(trouble["type"], "has another shape")
        return f"{path}: {key} {wrong}; write at least one, each under [[{key}]]"
    if not key:
        return f"{path}:{where} it is no table; write each under [[{first}]]"
    if trouble["type"] == "extra_forbidden":
        return f"{path}:{where} there is no key {key!r}; {_known(key, table)}"
    if trouble["type"] == "missing":
        return f"{path}:{where} {key} is missing; write it"
    return f"{path}:{where} {key}: {_remedy(trouble, str(keys[0]))}"


def _remedy(trouble: Mapping[str, Any], key: str) -> str:
    if trouble["type"] == "string_type":
        return f'write it in quotes, as "{EXAMPLES[key]}"'
    return REMEDIES.get(trouble["type"], str(trouble["msg"]))


def _known(key: str, table: type[_Table]) -> str:
    keys = sorted(table.model_fields)
    close = get_close_matches(key, keys, n=1)
    meant = f"did you mean {close[0]!r}? " if close else ""
    return f"{meant}known are {', '.join(keys)}"
