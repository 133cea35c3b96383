"""Filling the fields of an official PDF (AcroForm) that the user supplies; nothing else of it is changed."""

import asyncio
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gateway.ports.official import Entry, OfficialPdfError

MAX_BYTES = 20_000_000
OFF = "/Off"
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)
"""What the library lets through of a PDF that is not as it should be."""


class OfficialPdfs:
    """Implements the port Official on a folder: the PDF of a form is called as the form's id."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._turn = asyncio.Semaphore(1)

    async def fill(self, form: str, entries: Mapping[str, Entry], wanted: Iterable[str]) -> bytes:
        """Return the PDF of a form with these entries; raises OfficialPdfError."""
        if self._folder is None:
            raise OfficialPdfError(
                "the setting official_forms names no folder: put the official PDF into one"
            )
        file = self._folder / f"{form}.pdf"
        async with self._turn:
            return await asyncio.to_thread(_filled, file, dict(entries), frozenset(wanted))


def _filled(file: Path, entries: Mapping[str, Entry], wanted: frozenset[str]) -> bytes:
    # Loading it takes longer than the rest of the gateway's API: whoever fills nothing does without.
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    content = _read(file)
    try:
        reader = PdfReader(io.BytesIO(content))
        known = reader.get_fields() or {}
        missing = sorted(wanted - known.keys())
        if missing:
            raise OfficialPdfError(
                f"{file.name} has no field {missing[0]} ({len(missing)} are missing): is it another edition?"
            )
        writer = PdfWriter(clone_from=reader)
        values = {name: _value(known[name], entry) for name, entry in entries.items()}
        writer.set_need_appearances_writer(True)
        for page in writer.pages:
            if "/Annots" in page:
                writer.update_page_form_field_values(page, values, auto_regenerate=False)
        written = io.BytesIO()
        writer.write(written)
        _check_written(file, PdfReader(written).get_fields() or {}, values)
    except (PyPdfError, *MALFORMED) as error:
        why = str(error) or type(error).__name__
        raise OfficialPdfError(f"{file.name} cannot be filled: {why[:200]}") from error
    return written.getvalue()


def _check_written(file: Path, written: Mapping[str, Any], values: Mapping[str, str]) -> None:
    """Raise OfficialPdfError unless each entry stands where it was put."""
    for name, value in values.items():
        stands = written[name].get("/V") if name in written else None
        if str(stands if stands is not None else OFF) != value:
            raise OfficialPdfError(f"{file.name} did not take the field {name}: is it the form?")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise OfficialPdfError(
            f"{file.name} cannot be read: {error.strerror}; put the official PDF there"
        ) from error
    if len(content) > MAX_BYTES:
        raise OfficialPdfError(f"{file.name} has more than {MAX_BYTES} bytes: is it the form?")
    return content


def _value(field: Any, entry: Entry) -> str:
    """Return an entry as the field takes it: a text, or the name of a state of a box or of a choice."""
    states = [str(each) for each in field.get("/_States_", ())]
    if isinstance(entry, bool):
        on = next((each for each in states if each != OFF), "/Yes")
        return on if entry else OFF
    return f"/{entry}" if f"/{entry}" in states else entry
