"""Walk a JSON document of which nothing is known."""

import json
from collections.abc import Mapping
from typing import TypeGuard

from drivers.kit.errors import FrameError

Object = Mapping[str, object]


def load(body: bytes) -> Object:
    """Return the object that ``body`` holds; raises FrameError. A byte order mark is skipped."""
    try:
        document: object = json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FrameError("not UTF-8", body) from error
    except (ValueError, RecursionError) as error:
        raise FrameError("not a JSON document", body) from error
    if not is_object(document):
        raise FrameError("a JSON document that is no object", body)
    return document


def is_object(value: object) -> TypeGuard[Object]:
    """Tell whether a value is a JSON object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Tell whether a value is a JSON array."""
    return isinstance(value, list)


def objects(value: object) -> list[Object]:
    """Return the objects in ``value``, an array or a single object; anything else is left out."""
    items = value if is_list(value) else [value]
    return [item for item in items if is_object(item)]


def text(owner: Object, key: str) -> str | None:
    """Return the text under ``key``, None when there is none or it is empty."""
    value = owner.get(key)
    return value if isinstance(value, str) and value else None
