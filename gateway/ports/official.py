"""Official PDFs that users supply, and whose fields are filled."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from contract.forms.official import Entry

__all__ = ["Entry", "Official", "OfficialPdfError"]


class OfficialPdfError(Exception):
    """The official PDF is not there, or is not the one the form speaks of; the message says what to do."""


class Official(Protocol):
    """The official PDFs."""

    async def fill(self, form: str, entries: Mapping[str, Entry], wanted: Iterable[str]) -> bytes:
        """Return the PDF of a form with these entries, by the names of its fields.

        ``wanted`` are all the fields it must have. Raises OfficialPdfError.
        """
        ...
