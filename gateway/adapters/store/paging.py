"""Cursors of lists: opaque to whoever pages, readable to us."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import ConfigDict, TypeAdapter

from gateway.ports.office import CursorError, Page

Row = TypeVar("Row")

_PARTS = TypeAdapter(list[str | int], config=ConfigDict(strict=True))


def encode(*parts: str | int) -> str:
    """Return the cursor that stands for a place in a list."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode(cursor: str, *kinds: type[str] | type[int]) -> list[str | int]:
    """Return the parts of a cursor, each of the kind asked for; raises CursorError."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = _PARTS.validate_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except ValueError as error:
        raise CursorError("not a cursor this list gave") from error
    if [type(part) for part in parts] != list(kinds) or not all(map(_storable, parts)):
        raise CursorError("not a cursor this list gave")
    return parts


def _storable(part: str | int) -> bool:
    return abs(part) < 2**63 if isinstance(part, int) else "\0" not in part


def page(rows: Sequence[Row], limit: int, cursor_of: Callable[[Row], str]) -> Page[Row]:
    """Make a page of rows, of which one more than ``limit`` were asked for."""
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(shown, cursor_of(shown[-1]) if more else None)
