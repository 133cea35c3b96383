"""What is wrong with settings, in plain words: where each stands, and how it is set."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from contract.wire.complaint import complaint
from contract.wire.position import line_of


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file as it was read: its name, its text, and what that says; empty when none was named."""

    name: str = ""
    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])


def decoded(value: object) -> object:
    """Return a setting that the environment holds as JSON; raises ValueError. Anything but text is left as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError("must be a list or a table; in the environment, as JSON") from error


@dataclass(frozen=True, slots=True)
class Ways:
    """How the settings of a program are set."""

    prefix: str
    """Of the names in the environment."""
    flags: Mapping[str, str]
    names: Collection[str]
    """The settings there are."""


def complaints(
    error: ValidationError, ways: Ways, file: SettingsFile, given: Mapping[str, object]
) -> str:
    """Return what is wrong, one a line: where it stands in the file, unless a flag was given, and how it is set."""
    in_file = file.values.keys() - given.keys()
    return "\n".join(
        (_place(each, file) if each["loc"][0] in in_file else "") + _wrong(each, ways)
        for each in error.errors(include_url=False, include_input=False)
    )


def _place(error: ErrorDetails, file: SettingsFile) -> str:
    return f"{file.name}:{line_of(file.text, error['loc'])}: "


def _wrong(error: ErrorDetails, ways: Ways) -> str:
    place = ".".join(str(part) for part in error["loc"])
    name = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        close = get_close_matches(name, ways.names, n=1) if len(error["loc"]) == 1 else []
        meant = f"did you mean {close[0]}?" if close else "look at its spelling"
        return f"{place}: there is no such setting; {meant}"
    able = [ways.flags[name]] if name in ways.flags else []
    able.append(f"{ways.prefix}{name.upper()}")
    return f"{place}: {complaint(error)}; set it with {', '.join(able)} or in the settings file"
