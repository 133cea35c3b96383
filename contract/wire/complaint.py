"""What is wrong with a value, in plain words, by the type of pydantic's error."""

from collections.abc import Mapping

from pydantic_core import ErrorDetails

from contract.wire.base import FIELD_NAME, NAME
from contract.words import Words, literal

SENTENCES: Mapping[str, str] = {
    "missing": "is required",
    "extra_forbidden": "is not known here: look at its spelling",
    "json_invalid": "is not JSON: {error}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match {pattern}",
    "string_type": "must be text",
    "string_unicode": "has characters that are not Unicode",
    "too_short": "give at least {min_length}",
    "too_long": "give at most {max_length}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "path_type": "must be a path",
    "tuple_type": "must be a list",
    "dict_type": "must be a table, in JSON an object",
    "model_type": "must be a table, in JSON an object",
    "model_attributes_type": "must be a table, in JSON an object",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "date_type": "must be a day, as in 2026-11-24",
    "date_parsing": "must be a day, as in 2026-11-24",
    "date_from_datetime_parsing": "must be a day, as in 2026-11-24",
    "date_from_datetime_inexact": "must be a day, as in 2026-11-24",
    "datetime_type": "must be a time with its zone, as in 2026-11-24T08:00:00+01:00",
    "datetime_parsing": "must be a time with its zone, as in 2026-11-24T08:00:00+01:00",
    "datetime_from_date_parsing": "must be a time with its zone, as in 2026-11-24T08:00:00+01:00",
    "timezone_aware": "must be a time with its zone, as in 2026-11-24T08:00:00+01:00",
}
"""Templates of words, by type."""

OF_PATTERNS: Mapping[str, str] = {
    NAME: "must be 1 to 64 characters of a-z, 0-9 and '-'",
    FIELD_NAME: "must be 1 to 64 characters of a-z, 0-9 and '_', a letter first",
}


def complaint(error: ErrorDetails) -> Words:
    """Return what is wrong; what we raised ourselves as we said it, what no table knows as pydantic says it."""
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return _own(context["error"])
    sentence = OF_PATTERNS.get(str(context.get("pattern"))) or SENTENCES.get(error["type"])
    return literal(error["msg"]) if sentence is None else Words(sentence, **context)


def _own(error: ValueError) -> Words:
    said = error.args[0] if error.args else ""
    return said if isinstance(said, Words) else literal(str(error))
