"""Write a page: templates, language, numbers and times for people."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agent.api import reasons, texts, texts_of_gs1
from agent.api.texts_of_codes import UNITS
from contract.instrument import called

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
        self._asked = f"?lang={lang}" if lang in texts.LANGUAGES else ""
        self._path = request.url.path
        self._pays = bool(request.app.state.services.payments.terminals.all())

    def shell(self, place: str, content: str, moves: Iterable[str]) -> HTMLResponse:
        """Return a page without data; its content is fetched from ``content``, again whenever one of ``moves`` does."""
        return self._write(
            "shell.html",
            place=place,
            content=content,
            triggers=", ".join(("load", *(f"moved-{each} from:body" for each in moves))),
            browser_words=_browser_words(self.language),
            path=quote(self._path),
            pays=self._pays,
        )

    def fragment(self, template: str, **values: Any) -> HTMLResponse:
        """Return a part of a page."""
        return self._write(template, **values)

    def path(self, *parts: str) -> str:
        """Return a path on this agent, each part escaped."""
        return "".join(f"/{quote(each, safe='')}" for each in parts)

    def to(self, path: str) -> str:
        """Return a link that keeps the language that was asked for."""
        return f"{path}{self._asked.replace('?', '&') if '?' in path else self._asked}"

    def _write(self, template: str, **values: Any) -> HTMLResponse:
        language = self.language
        return HTMLResponse(
            _environment.get_template(template).render(
                language=language,
                other="en" if language == "fr" else "fr",
                t=partial(texts.text, language=language),
                said=partial(reasons.said, language=language),
                called=partial(_called, language=language),
                number=partial(texts.number, language=language),
                unit=partial(texts.unit, language=language),
                moment=partial(moment, language=language),
                day=partial(day, language=language),
                age=texts.age,
                gs1=partial(texts_of_gs1.element, language=language),
                path_of=self.path,
                to=self.to,
                **values,
            )
        )


def _called(vendor: str, model: str, language: str) -> str | None:
    return reasons.said(called(vendor, model), language)


def moment(value: datetime, language: str) -> str:
    """Write a time for people, in the time of this place, and say which that is."""
    pattern = "%d/%m/%Y %H:%M %Z" if language == "fr" else "%Y-%m-%d %H:%M %Z"
    return value.astimezone().strftime(pattern)


def day(value: date | str | None, language: str) -> str:
    """Write a day for people; one that no calendar has, as an older capture may hold it, stays as it is."""
    if value is None:
        return "–"
    try:
        on = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    return on.strftime("%d/%m/%Y" if language == "fr" else "%Y-%m-%d")


def _browser_words(language: str) -> str:
    return json.dumps(
        {
            "language": language,
            "texts": {key: texts.text(key, language) for key in texts.IN_THE_BROWSER},
            "units": {code: texts.unit(code, language) for code in UNITS},
        }
    )
