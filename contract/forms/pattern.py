"""A field's pattern, searched for in time that grows with the answer alone, whatever the form says."""

from pydantic_core import SchemaError, SchemaValidator, core_schema

LONGEST = 200
"""Characters of a pattern."""


class PatternError(ValueError):
    """A pattern cannot be used; the message says why and what to do."""


class Pattern:
    """A regular expression without look-around and without references back: those alone can take for ever."""

    def __init__(self, text: str) -> None:
        """Raise PatternError unless the pattern can be used."""
        if len(text) > LONGEST:
            raise PatternError(f"is longer than {LONGEST} characters: shorten it")
        try:
            self._search = SchemaValidator(core_schema.str_schema(pattern=text))
        except SchemaError as error:
            why = str(error).rpartition("error: ")[2].rpartition("SchemaError: ")[2].strip()
            raise PatternError(f"is no regular expression that we can use: {why}") from error

    def fits(self, answer: str) -> bool:
        """Tell whether the pattern occurs in ``answer``."""
        return self._search.isinstance_python(answer)
