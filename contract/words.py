"""Sentences for people, said in English, that remember how they were made, so that they can be said in French too."""

from collections.abc import Mapping


class Words(str):
    """A sentence in English. ``template`` and ``parts`` are what another language is made from.

    A part may be words itself.
    """

    template: str
    parts: Mapping[str, object]

    def __new__(cls, template: str, **parts: object) -> "Words":
        said = super().__new__(cls, template.format(**parts))
        said.template = template
        said.parts = parts
        return said


def translated(text: str, templates: Mapping[str, str]) -> str:
    """Return ``text`` in the language of ``templates``, by English template; as it is where that knows it not."""
    if not isinstance(text, Words):
        return templates.get(text, text)
    template = templates.get(text.template)
    if template is None:
        return str(text)
    parts = {
        name: translated(part, templates) if isinstance(part, str) else part
        for name, part in text.parts.items()
    }
    return template.format(**parts)
