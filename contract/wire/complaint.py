"""What is wrong with a value, in plain words, by the type of pydantic's error."""

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from contract.wire.base import NAME

SENTENCES: Mapping[str, str] = {
    "missing": "is required",
    "value_error": "{error}",
    "string_too_short": "must not be empty",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "path_type": "must be a path",
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
}


def complaint(error: ErrorDetails) -> str:
    """Return what is wrong; what the table does not know is said as pydantic says it."""
    context = error.get("ctx", {})
    if context.get("pattern") == NAME:
        return "must be 1 to 64 characters of a-z, 0-9 and '-'"
    sentence = SENTENCES.get(error["type"])
    return error["msg"] if sentence is None else sentence.format(**context)


def of_settings(error: ValidationError, prefix: str, flags: Mapping[str, str]) -> str:
    """Return what is wrong with settings, one a line, and how each is set: by flag, environment or file."""
    return "\n".join(
        _of_setting(each, prefix, flags)
        for each in error.errors(include_url=False, include_input=False)
    )


def _of_setting(error: ErrorDetails, prefix: str, flags: Mapping[str, str]) -> str:
    place = ".".join(str(part) for part in error["loc"])
    name = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        return f"{place}: there is no such setting; look at its spelling"
    ways = [flags[name]] if name in flags else []
    ways.append(f"{prefix}{name.upper()}")
    return f"{place}: {complaint(error)}; set it with {', '.join(ways)} or in the settings file"
