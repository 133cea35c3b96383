"""Sentences for people, said in English, that remember how they were made, so that they can be said in French too."""

from collections.abc import Mapping, Sequence
from decimal import Decimal


class Words(str):
    """A sentence in English. ``template`` and ``parts`` are what another language is made from.

    A part that is words itself, such as a code of ours, is translated with the sentence; any other part stays as it is.
    """

    template: str
    parts: Mapping[str, object]

    def __new__(cls, template: str, **parts: object) -> "Words":
        said = super().__new__(cls, template.format(**parts))
        said.template = template
        said.parts = parts
        return said


def literal(text: str) -> Words:
    """Return words that are ``text`` as it stands, braces too."""
    return Words(text.replace("{", "{{").replace("}", "}}"))


def translated(text: str, templates: Mapping[str, str], decimal_sign: str = ".") -> str:
    """Return ``text`` in the language of ``templates``, by English template; as it is where that knows it not."""
    if not isinstance(text, Words):
        return templates.get(text, text)
    parts = {name: _part(part, templates, decimal_sign) for name, part in text.parts.items()}
    return templates.get(text.template, text.template).format(**parts)


def _part(part: object, templates: Mapping[str, str], decimal_sign: str) -> object:
    match part:
        case Words():
            return translated(part, templates, decimal_sign)
        case Decimal():
            return str(part).replace(".", decimal_sign)
        case _:
            return part


def first_accepted(header: str, languages: Sequence[str]) -> str | None:
    """Return the first of ``languages`` that an Accept-Language header names, None when it names none."""
    codes = (each.split(";")[0].strip().lower()[:2] for each in header.split(","))
    return next((each for each in codes if each in languages), None)


def counted(count: int, noun: str) -> str:
    """Return how many, in English: "1 key", "2 keys"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
