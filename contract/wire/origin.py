"""Origins of pages, as browsers send them (RFC 6454), and schemes of apps."""

import re
from urllib.parse import urlsplit

_USUAL = {("http", 80), ("https", 443)}


class OriginError(ValueError):
    """A text is not the origin of a page."""


def checked_origin(text: str) -> str:
    """Return an origin as browsers send it; raises OriginError that says how one is written."""
    try:
        parts = urlsplit(text)
        whole = f"{parts.scheme}://{parts.netloc}"
        fits = parts.scheme in {"http", "https"} and parts.hostname and text == whole.lower()
        if fits and "@" not in parts.netloc and (parts.scheme, parts.port) not in _USUAL:
            return text
    except ValueError:  # a port that is none
        pass
    raise OriginError(
        f"{text!r} is no origin: write it as in https://forms.example.net or http://localhost:8080, "
        "in small letters, without a path and without the usual port"
    )


_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,63}", re.ASCII)
BROWSERS_OWN = frozenset(
    {
        *("about", "blob", "chrome", "data", "file", "filesystem", "http", "https"),
        *("javascript", "vbscript", "view-source", "ws", "wss"),
    }
)
"""Never the scheme of an app."""


class SchemeError(ValueError):
    """A text is not the scheme of an app."""


def checked_scheme(text: str) -> str:
    """Return the scheme of an app; raises SchemeError."""
    if not _SCHEME.fullmatch(text) or text in BROWSERS_OWN:
        raise SchemeError(
            f"{text!r} is no scheme of an app: write it in small letters and without ://, as in truecontext"
        )
    return text
