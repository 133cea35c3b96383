"""Writing pages from templates, in the language of the reader."""

from datetime import UTC, date, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contract.forms.french import FRENCH
from contract.instrument import called
from contract.words import translated
from gateway.api import texts

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Writer:
    """Writes a page in the language of the reader."""

    def __init__(self, request: Request, lang: str | None = None) -> None:
        self.language = texts.chosen(lang, request.headers.get("accept-language", ""))
        self._asked = f"lang={lang}" if lang in texts.LANGUAGES else ""
        self._path = request.url.path

    def page(self, template: str, status: int = HTTPStatus.OK, **values: Any) -> HTMLResponse:
        """Return a page."""
        language = self.language
        shown = _environment.get_template(template).render(
            language=language,
            other="en" if language == "fr" else "fr",
            path=self._path,
            t=partial(texts.text, language=language),
            number=partial(texts.number, language=language),
            money=partial(texts.money, language=language),
            unit=partial(texts.unit, language=language),
            moment=partial(moment, language=language),
            to=self.to,
            day=partial(day, language=language),
            called=called,
            said=self._said,
            **values,
        )
        return HTMLResponse(shown, status, headers={"Vary": "Accept-Language"})

    def _said(self, reason: str) -> str:
        return translated(reason, FRENCH, ",") if self.language == "fr" else reason

    def to(self, path: str, **query: str | None) -> str:
        said = [f"{name}={value}" for name, value in query.items() if value]
        if self._asked:
            said.append(self._asked)
        return f"{path}?{'&'.join(said)}" if said else path


def moment(value: str | datetime | None, language: str) -> str:
    """Write a time for people, in UTC and saying so."""
    if value is None:
        return "–"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    pattern = "%d/%m/%Y %H:%M:%S" if language == "fr" else "%Y-%m-%d %H:%M:%S"
    return f"{at.astimezone(UTC).strftime(pattern)} UTC"


def day(value: str, language: str) -> str:
    """Write a day for people; one that no calendar has, as an agent may send it, stays as it is."""
    try:
        on = date.fromisoformat(value)
    except ValueError:
        return value
    return on.strftime("%d/%m/%Y" if language == "fr" else "%Y-%m-%d")
