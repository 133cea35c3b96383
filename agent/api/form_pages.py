"""Pages of form engines: of which origins they are, and which routes they may call. Each still needs a token."""

import re
from collections.abc import Iterable

ROUTES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (method, re.compile(path, re.ASCII))
    for method, path in (
        ("GET", r"/v1/health"),
        ("GET", r"/v1/session"),
        ("POST", r"/v1/session"),
        ("DELETE", r"/v1/session"),
        ("GET", r"/v1/instruments"),
        ("GET", r"/v1/instruments/[^/]+/live"),
        ("POST", r"/v1/captures"),
        ("GET", r"/v1/captures/[^/]+(/events)?"),
        ("GET", r"/v1/interventions(/[^/]+)?"),
        ("GET", r"/v1/forms/[^/]+/[^/]+"),
        ("GET", r"/component/[^/]+"),
    )
)
"""What having fields filled needs: no pairing, no typing, no closing, no page of the technician."""

HEADERS = (
    (b"access-control-allow-methods", b"GET, POST, DELETE"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"600"),
)


class FormPages:
    """Decides which foreign pages may call what."""

    def __init__(self, origins: Iterable[str] = ()) -> None:
        self._origins = frozenset(each.encode() for each in origins)

    def may(self, origin: bytes, method: str, path: str) -> bool:
        """Tell whether a page may call a route."""
        return origin in self._origins and any(
            method == known and pattern.fullmatch(path) for known, pattern in ROUTES
        )

    def preflight(
        self, method: str, path: str, headers: Iterable[tuple[bytes, bytes]]
    ) -> bytes | None:
        """Return the origin of a page whose browser asks beforehand for what the page may do; None otherwise."""
        if method != "OPTIONS":
            return None
        said = dict(headers)
        wanted = said.get(b"access-control-request-method", b"").decode("ascii", "replace")
        origin = said.get(b"origin", b"")
        return origin if self.may(origin, wanted, path) else None


def readable(origin: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers that let a page of an origin read an answer."""
    return ((b"access-control-allow-origin", origin), (b"vary", b"Origin"))
