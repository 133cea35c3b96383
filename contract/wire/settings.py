"""What is wrong with settings, in plain words: where each stands, and how it is set."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
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


def complaints(
    error: ValidationError,
    prefix: str,
    flags: Mapping[str, str],
    file: SettingsFile,
    given: Mapping[str, object],
) -> str:
    """Return what is wrong, one a line: where it stands in the file, unless a flag was given, and how it is set."""
    in_file = file.values.keys() - given.keys()
    return "\n".join(
        (_place(each, file) if each["loc"][0] in in_file else "") + _wrong(each, prefix, flags)
        for each in error.errors(include_url=False, include_input=False)
    )


def _place(error: ErrorDetails, file: SettingsFile) -> str:
    return f"{file.name}:{line_of(file.text, error['loc'])}: "


def _wrong(error: ErrorDetails, prefix: str, flags: Mapping[str, str]) -> str:
    place = ".".join(str(part) for part in error["loc"])
    name = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        return f"{place}: there is no such setting; look at its spelling"
    ways = [flags[name]] if name in flags else []
    ways.append(f"{prefix}{name.upper()}")
    return f"{place}: {complaint(error)}; set it with {', '.join(ways)} or in the settings file"
